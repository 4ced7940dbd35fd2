//! Looks at the whole database: whether SQLite finds its pages sound, whether the rows that are derived agree with what
//! they are derived from, and whether the audit chain is whole.

use rusqlite::Connection;

use super::audit;
use crate::store::sqlite::failure::Fallible;

/// SQLite's own findings are told up to this many.
const MOST: usize = 20;

/// A sentence, and a query that counts what contradicts it.
const AGREEMENTS: &[(&str, &str)] = &[
    (
        "live resources without a card, or cards without a live resource",
        "SELECT (SELECT count(*) FROM resource r WHERE deleted IS NULL AND NOT EXISTS (SELECT 1 FROM card c WHERE c.seq = r.seq))
            + (SELECT count(*) FROM card c WHERE NOT EXISTS (SELECT 1 FROM resource r WHERE r.seq = c.seq AND deleted IS NULL))",
    ),
    (
        "index rows without a live resource",
        "SELECT count(*) FROM attr a WHERE NOT EXISTS (SELECT 1 FROM card c WHERE c.seq = a.seq)",
    ),
    (
        "unique values without a live resource",
        "SELECT count(*) FROM unique_value u WHERE NOT EXISTS (SELECT 1 FROM card c WHERE c.seq = u.seq)",
    ),
    (
        "memberships without a live member or without a team",
        "SELECT count(*) FROM member m WHERE NOT EXISTS (SELECT 1 FROM card c WHERE c.seq = m.member AND c.kind = 1)
            OR NOT EXISTS (SELECT 1 FROM resource r WHERE r.seq = m.team AND r.kind = 2)",
    ),
    (
        "teams whose size is not the number of their members",
        "SELECT count(*) FROM resource r WHERE kind = 2 AND size != (SELECT count(*) FROM member m WHERE m.team = r.seq)",
    ),
    (
        "live counts that are not the number of live objects",
        "SELECT (members != (SELECT count(*) FROM card WHERE kind = 1))
            + (active_members != (SELECT count(*) FROM card WHERE kind = 1 AND active = 1))
            + (teams != (SELECT count(*) FROM card WHERE kind = 2))
            + (synced_teams != (SELECT count(*) FROM card WHERE kind = 2 AND origin = 1))
            + (log_rows != (SELECT count(*) FROM request_log))
         FROM tally",
    ),
    (
        "stretches whose live count is wrong",
        "SELECT count(*) FROM page_anchor a
         WHERE live != (SELECT count(*) FROM card c WHERE c.kind = a.kind AND c.seq >> 10 = a.bucket
            AND c.seq >= a.bucket << 10 AND c.seq < (a.bucket + 1) << 10)",
    ),
    (
        "log lines without an exchange, or exchanges without a line",
        "SELECT (SELECT count(*) FROM request_log l WHERE NOT EXISTS (SELECT 1 FROM exchange e WHERE e.id = l.id))
            + (SELECT count(*) FROM exchange e WHERE NOT EXISTS (SELECT 1 FROM request_log l WHERE l.id = e.id))",
    ),
];

/// What is wrong, one sentence each.
pub fn findings(connection: &Connection) -> Fallible<Vec<String>> {
    let mut findings = Vec::new();
    let mut sound = connection.prepare("PRAGMA integrity_check(20)")?;
    for line in sound.query_map([], |row| row.get::<_, String>(0))? {
        let line = line?;
        if line != "ok" && findings.len() < MOST {
            findings.push(line);
        }
    }
    for (sentence, count) in AGREEMENTS {
        let count: i64 = connection.query_row(count, [], |row| row.get(0))?;
        if count > 0 {
            findings.push(format!("{count} {sentence}"));
        }
    }
    findings.extend(audit::check_chain(connection)?);
    Ok(findings)
}
