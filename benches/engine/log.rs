//! Searching the request log, the size of things, and the start after a kill.

use std::time::Instant;

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};

use super::bench::Bench;
use super::wire::{Wire, request};
use crate::sample::Sample;
use crate::table::{Figure, Goal};

/// The log that the targets are meant for, in lines.
const LINES: f64 = 1e6;
/// How often a search or a start is repeated.
const REPEATS: usize = 5;

impl Bench {
    /// The first page of searches that hit little: the whole log is gone through where no index helps.
    pub async fn searches(&mut self) -> Result<()> {
        for _ in 0..3 {
            // Something to find.
            let path = "/scim/v2/Users/00000000-0000-7000-8000-000000000000";
            let missing = self.ask("GET", path, "").await;
            anyhow::ensure!(missing.is_err(), "nobody has this id");
        }
        let total = self.search("").await?.1;
        for (name, query, target) in [
            ("an indexed field", "code%3ANOT_FOUND", 50.0),
            ("free text", "nothingofthissort", 500.0),
        ] {
            let mut sample = Sample::default();
            for _ in 0..REPEATS {
                let asked = Instant::now();
                self.search(query).await?;
                sample.add(asked.elapsed());
            }
            let measured = sample.percentile(50);
            let name = format!("search {total} requests by {name}");
            self.table
                .add(Figure::value(name, measured, "ms", Goal::at_most(target)));
            if total < LINES {
                let scaled = measured * LINES / total;
                self.table.add(Figure::remark(
                    "  at most, for 1,000,000 requests",
                    format!("{scaled:.0} ms"),
                ));
            }
        }
        Ok(())
    }

    /// The first search after a start, before the engine knows what lies where in the log.
    pub async fn first_search(&mut self) -> Result<()> {
        let asked = Instant::now();
        let total = self.search("nothingofthissort").await?.1;
        let took = asked.elapsed().as_secs_f64() * 1e3;
        let name = format!("the first search by free text after a start, {total} requests");
        self.table
            .add(Figure::value(name, took, "ms", Goal::at_most(500.0)));
        Ok(())
    }

    async fn search(&self, query: &str) -> Result<(u16, f64)> {
        let mut wire = Wire::connect(self.engine.address).await?;
        let mut text = Vec::new();
        let path = format!("/admin/v1/requests?limit=100&query={query}");
        request(&mut text, &self.account.admin_token, "GET", &path, "");
        let status = wire.ask(&text).await?;
        anyhow::ensure!(status == 200, "{}", String::from_utf8_lossy(wire.body()));
        let page: serde_json::Value = serde_json::from_slice(wire.body())?;
        let total = page.get("log_total").and_then(serde_json::Value::as_f64);
        Ok((status, total.context("no log_total")?))
    }

    /// Memory and disk.
    pub fn sizes(&mut self) -> Result<()> {
        let members = self.members() as f64;
        let goal = Goal::at_most(200.0).and_at_best(120.0);
        self.table.add(Figure::value(
            format!("resident memory, {members} members"),
            self.engine.resident()?,
            "MiB",
            goal,
        ));
        let database =
            Connection::open_with_flags(self.account.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let bytes_of = |tables: &str| -> Result<f64> {
            let sql = format!(
                "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN
                 (SELECT name FROM sqlite_schema WHERE tbl_name IN ({tables}))"
            );
            Ok(database.query_row(&sql, [], |row| row.get::<_, i64>(0))? as f64)
        };
        let directory = bytes_of("'resource', 'card', 'attr', 'member', 'page_anchor'")?;
        let goal = Goal::at_most(3_300.0).and_at_best(2_500.0);
        self.table.add(Figure::value(
            "file bytes a member",
            directory / members,
            "B",
            goal,
        ));
        let rows = |table: &str| -> Result<f64> {
            let sql = format!("SELECT max(1, count(*)) FROM {table}");
            Ok(database.query_row(&sql, [], |row| row.get::<_, i64>(0))? as f64)
        };
        for (name, tables, table) in [
            (
                "file bytes an audited change",
                "'audit', 'audit_object'",
                "audit",
            ),
            (
                "file bytes a logged request",
                "'request_log', 'exchange'",
                "exchange",
            ),
        ] {
            let bytes = bytes_of(tables)? / rows(table)?;
            self.table
                .add(Figure::remark(name, format!("{bytes:.0} B")));
        }
        Ok(())
    }

    /// Kills the engine in the midst of its work and starts it again: milliseconds to the first answer.
    pub async fn restart(&mut self) -> Result<f64> {
        let path = format!("/scim/v2/Users/{}", self.id(0));
        let token = self.account.scim_token.clone();
        let mut text = Vec::new();
        let mut sample = Sample::default();
        for number in 0..REPEATS {
            let mut wire = Wire::connect(self.engine.address).await?;
            for change in 0..200 {
                let title = super::people::title_patch(&format!("Chief {number} {change}"));
                request(&mut text, &token, "PATCH", &path, &title);
                wire.ask(&text).await?;
            }
            self.engine.kill()?;
            let started = Instant::now();
            self.engine = self.account.serve()?;
            let mut wire = Wire::connect(self.engine.address).await?;
            request(&mut text, &token, "GET", &path, "");
            let status = wire.ask(&text).await?;
            sample.add(started.elapsed());
            anyhow::ensure!(status == 200, "the member is gone: {status}");
        }
        Ok(sample.percentile(50))
    }

    /// Adds the starts with few members and with many.
    pub fn restarts(&mut self, (few, before): (u64, f64), after: f64) {
        let many = self.members();
        self.table.add(Figure::value(
            format!("start after a kill to the first answer, {many} members"),
            after,
            "ms",
            Goal::at_most(150.0).and_at_best(50.0),
        ));
        self.table.add(Figure::times(
            format!("the same, {many} / {few} members"),
            (after, before),
            "ms",
            Goal::at_most(1.5).and_at_best(1.2),
        ));
    }
}
