//! The statement registry: every fixed piece of SQL, by name. What takes the place of checking SQL while compiling is a
//! test that prepares them all. Searches whose text depends on a filter are composed in `filter` and `requests`.

mod registry;

use rusqlite::{CachedStatement, Connection};

pub use registry::Statement;

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        /// One fixed statement.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Statement {
            $($(#[$doc])* $name,)*
        }

        impl Statement {
            /// All of them.
            #[cfg(test)]
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its text.
            pub const fn sql(self) -> &'static str {
                match self {
                    $(Self::$name => $sql,)*
                }
            }
        }
    };
}
use statements;

/// Prepares statements of the registry, each once per connection.
pub trait Statements {
    /// The prepared statement.
    fn statement(&self, statement: Statement) -> rusqlite::Result<CachedStatement<'_>>;
    /// Runs a statement without parameters.
    fn run(&self, statement: Statement) -> rusqlite::Result<()>;
}

impl Statements for Connection {
    fn statement(&self, statement: Statement) -> rusqlite::Result<CachedStatement<'_>> {
        self.prepare_cached(statement.sql())
    }

    fn run(&self, statement: Statement) -> rusqlite::Result<()> {
        self.statement(statement)?.raw_execute().map(|_| ())
    }
}
