//! The statement registry: every fixed piece of SQL, by name. What takes the place of checking SQL while compiling is a
//! test that prepares them all. Searches whose text depends on a filter are composed in `filter` and `requests`.

mod admins;
mod registry;
mod sso;

use rusqlite::{CachedStatement, Connection};

pub use admins::AdminStatement;
pub use registry::Statement;
pub use sso::SsoStatement;

macro_rules! statements {
    ($registry:ident: $($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        /// One fixed statement.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $registry {
            $($(#[$doc])* $name,)*
        }

        impl $registry {
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

        impl super::Registered for $registry {
            fn text(self) -> &'static str {
                self.sql()
            }
        }
    };
}
use statements;

/// A statement of a registry.
pub trait Registered {
    /// Its text.
    fn text(self) -> &'static str;
}

/// Prepares statements of the registry, each once per connection.
pub trait Statements {
    /// The prepared statement.
    fn statement(&self, statement: impl Registered) -> rusqlite::Result<CachedStatement<'_>>;
    /// Runs a statement without parameters.
    fn run(&self, statement: Statement) -> rusqlite::Result<()>;
}

impl Statements for Connection {
    fn statement(&self, statement: impl Registered) -> rusqlite::Result<CachedStatement<'_>> {
        self.prepare_cached(statement.text())
    }

    fn run(&self, statement: Statement) -> rusqlite::Result<()> {
        self.statement(statement)?.raw_execute().map(|_| ())
    }
}
