//! Where the state lives, behind [`Store`]: one trait of whole use cases, not of SQL. SQLite is the default; PostgreSQL
//! implements the same trait. The store holds no rules: what may change was decided before; it makes sure that it
//! changes whole or not at all, that it is durable before anybody is told, and that what was decided still holds.

pub mod commit;
pub mod error;
pub mod events;
pub mod incidents;
pub mod rows;
pub mod sqlite;
pub mod sso;
pub mod traits;
pub mod unique;

pub use commit::{
    Account, ClientCredentials, CommitUnit, Committed, ConsentSecret, Precondition, RecoveryCodes,
    TokenSecret,
};
pub use error::StoreError;
pub use events::{
    AcceptedRequest, AsyncState, EventStore, FinishedRequest, NewEvent, Outbox, QueueLimit,
    QueuedEvent, Settlement, SigningKeyRow, StreamRow, StreamSecret,
};
pub use incidents::{IncidentListing, IncidentStore};
pub use sqlite::{OpenOptions, Source, copy, open};
pub use traits::{
    ClientRecord, Document, DocumentPage, DocumentPart, DocumentQuery, Found, Link, MemberKey,
    Store, TeamKey, Window,
};
pub use unique::{Compared, UniqueAttribute};
