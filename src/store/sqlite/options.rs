//! How a store is opened.

use std::time::Duration;

use crate::store::UniqueAttribute;

/// The settings of an SQLite store. The defaults suit a server with a gigabyte of memory and a million members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOptions {
    /// How many commits may wait for the writer before callers are told to come again.
    pub queue: usize,
    /// How many log lines may wait. Beyond it `log` waits for room, or is refused while the disk is full.
    pub log_queue: usize,
    /// Bytes the database may grow to; `None` leaves it to the disk. A full quota answers as a full disk does.
    pub quota_bytes: Option<u64>,
    /// Bytes of database pages the writer keeps in memory.
    pub writer_cache_bytes: u64,
    /// Bytes of database pages each reading connection keeps in memory.
    pub reader_cache_bytes: u64,
    /// How far apart the write-ahead log is written back into the database while it is small.
    pub checkpoint_pause: Duration,
    /// How many documents a filter without an index may look at before it is refused as too many.
    pub scan_budget: u64,
    /// The attributes of an admin's own schemas whose values are unique. Opening makes the database agree with them.
    pub unique: Vec<UniqueAttribute>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            queue: 4_096,
            log_queue: 8_192,
            quota_bytes: None,
            writer_cache_bytes: 64 << 20,
            reader_cache_bytes: 4 << 20,
            checkpoint_pause: Duration::from_millis(50),
            scan_budget: 2_000_000,
            unique: Vec::new(),
        }
    }
}
