//! What the disk of this machine allows at all: bare SQLite commits (write-ahead log, `synchronous=FULL`, checkpoints as
//! SQLite does them by itself) of the rows that a create must at least write. These are the document under its three
//! unique keys, ten index rows, one audit row with what changed, and one line of the log with request and answer. No
//! checks, no counts, no lists, no chain of hashes.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, params};

/// Index rows of one member.
const INDEX_ROWS: i64 = 10;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE resource (seq INTEGER PRIMARY KEY, id BLOB NOT NULL, uname TEXT NOT NULL, ext TEXT NOT NULL, doc TEXT NOT NULL);
    CREATE UNIQUE INDEX resource_id ON resource (id);
    CREATE UNIQUE INDEX resource_uname ON resource (uname);
    CREATE UNIQUE INDEX resource_ext ON resource (ext);
    CREATE TABLE attr (attr INTEGER, val TEXT, seq INTEGER, PRIMARY KEY (attr, val, seq)) WITHOUT ROWID;
    CREATE TABLE audit (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, change TEXT NOT NULL);
    CREATE TABLE log (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, exchange TEXT NOT NULL);
";

/// A database that only this limit is measured with.
pub struct CommitLimit {
    connection: Connection,
    document: String,
    exchange: String,
    written: i64,
}

impl CommitLimit {
    /// Makes the database. `document` is what is stored of a member, `answer` what a client reads of it.
    pub fn new(path: &Path, document: &str, answer: &str) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self {
            connection,
            document: document.to_owned(),
            exchange: format!("{document}{answer}"),
            written: 0,
        })
    }

    /// Commits for so long, so many members at a time; returns members a second.
    pub fn measure(&mut self, rows: u32, time: Duration) -> Result<f64> {
        let began = Instant::now();
        let first = self.written;
        while began.elapsed() < time {
            self.commit(rows)?;
        }
        Ok((self.written - first) as f64 / began.elapsed().as_secs_f64())
    }

    fn commit(&mut self, rows: u32) -> Result<()> {
        let transaction = self.connection.transaction()?;
        {
            let mut resource =
                transaction.prepare_cached("INSERT INTO resource VALUES (?1, ?2, ?3, ?4, ?5)")?;
            let mut attr = transaction.prepare_cached("INSERT INTO attr VALUES (?1, ?2, ?3)")?;
            let mut audit = transaction.prepare_cached("INSERT INTO audit VALUES (?1, ?2, ?3)")?;
            let mut log = transaction.prepare_cached("INSERT INTO log VALUES (?1, ?2, ?3)")?;
            for _ in 0..rows {
                self.written += 1;
                let seq = self.written;
                // Names come in no order.
                let mixed = seq.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15);
                let id = uuid::Uuid::now_v7();
                resource.execute(params![
                    seq,
                    id.as_bytes(),
                    format!("{mixed:016x}@example.com"),
                    format!("00u{mixed:017x}"),
                    self.document
                ])?;
                for number in 0..INDEX_ROWS {
                    attr.execute(params![
                        number,
                        format!("{:016x}", mixed.rotate_left(7)),
                        seq
                    ])?;
                }
                audit.execute(params![seq, seq, self.document])?;
                log.execute(params![seq, seq, self.exchange])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}
