//! What a query says, typed: what the store compiles to SQL and [`matches`](super::RequestQuery::matches) evaluates.
//!
//! Invariants of everything that comes out of [`parse`](super::RequestQuery::parse): no list is empty, no text is empty,
//! no [`Span`] is empty, methods and codes are in upper case. Texts are as written; they compare without case
//! ([`fold`](crate::directory::fold::fold)).

use jiff::{SignedDuration, Timestamp};

use crate::directory::{ObjectKind, Outcome};

/// One word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Whether it must not hold, written `-status:200`.
    pub negated: bool,
    /// What it asks.
    pub test: Test,
}

/// What a term asks. Of the values of a list one must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `status:>=400`: the HTTP status answered lies in one of these.
    Status(Vec<Span>),
    /// `method:PUT,PATCH`: the HTTP method is one of these, in upper case.
    Method(Vec<String>),
    /// `user:ada`, `team:Pay`, `subject:…`: whom or what the request was about.
    Subject {
        /// Only a subject of this kind; `None` for `subject:`.
        kind: Option<ObjectKind>,
        /// The label contains one of these without case, or the id equals it.
        any: Vec<String>,
    },
    /// `code:REACTIVATE`: the explain code is one of these, in upper case.
    Code(Vec<String>),
    /// `token:okta-1`: the name of the token equals one of these without case.
    Token(Vec<String>),
    /// `ua:okta`: the `User-Agent` contains one of these without case.
    UserAgent(Vec<String>),
    /// `idp:okta`: the guessed identity provider equals one of these without case.
    Idp(Vec<String>),
    /// `outcome:refused`: what became of it is one of these.
    Outcome(Vec<Outcome>),
    /// `since:2h`: it arrived at this moment or later.
    Since(Moment),
    /// `until:2026-05-03`: it arrived before this moment.
    Until(Moment),
    /// `changed:role`: the path of an attribute that it changed contains one of these without case.
    Changed(Vec<String>),
    /// `changes:>0`: the number of objects it changed lies in one of these.
    Changes(Vec<Span>),
    /// `id:4812`: the request id lies in one of these.
    Id(Vec<Span>),
    /// `ms:>500`: how long it took, **in microseconds**, lies in one of these.
    Duration(Vec<Span>),
    /// `path:/Users`: the path contains one of these without case.
    Path(Vec<String>),
    /// `resource:Users`: the resource type asked for equals one of these without case.
    Resource(Vec<String>),
    /// `"free text"`: something of the exchange contains this without case. What a line shows is path, subject, code,
    /// token, user agent and IdP; the store may look at the detail and the bodies, too.
    Text(String),
}

/// Numbers from one to another, both included. `>=400` ends at [`u64::MAX`], `<300` begins at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The least.
    pub from: u64,
    /// The greatest; never below `from`.
    pub to: u64,
}

impl Span {
    /// Whether a number lies in it.
    pub fn contains(self, number: u64) -> bool {
        (self.from..=self.to).contains(&number)
    }
}

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// So many seconds ago.
    Ago(u64),
    /// Then. Written without a zone it is UTC.
    At(Timestamp),
}

impl Moment {
    /// The point in time, seen from now. Ages beyond the beginning of time end there.
    pub fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(seconds) => i64::try_from(seconds)
                .ok()
                .and_then(|seconds| now.checked_sub(SignedDuration::from_secs(seconds)).ok())
                .unwrap_or(Timestamp::MIN),
        }
    }
}

/// The keys of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// HTTP status.
    Status,
    /// HTTP method.
    Method,
    /// The member it was about.
    User,
    /// The team it was about.
    Team,
    /// Whom or what it was about.
    Subject,
    /// The explain code.
    Code,
    /// The name of the token.
    Token,
    /// The `User-Agent` header.
    Ua,
    /// The guessed identity provider.
    Idp,
    /// What became of it.
    Outcome,
    /// Not before.
    Since,
    /// Before.
    Until,
    /// An attribute path that changed.
    Changed,
    /// How many objects changed.
    Changes,
    /// The number of the request.
    Id,
    /// How long it took, in milliseconds.
    Ms,
    /// The path asked for.
    Path,
    /// The resource type asked for.
    Resource,
}

impl Key {
    /// All of them, in the order in which help lists them.
    pub const ALL: [Self; 18] = [
        Self::Status,
        Self::Outcome,
        Self::Method,
        Self::User,
        Self::Team,
        Self::Subject,
        Self::Code,
        Self::Token,
        Self::Idp,
        Self::Ua,
        Self::Since,
        Self::Until,
        Self::Changed,
        Self::Changes,
        Self::Resource,
        Self::Path,
        Self::Ms,
        Self::Id,
    ];

    /// The word before the colon.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Method => "method",
            Self::User => "user",
            Self::Team => "team",
            Self::Subject => "subject",
            Self::Code => "code",
            Self::Token => "token",
            Self::Ua => "ua",
            Self::Idp => "idp",
            Self::Outcome => "outcome",
            Self::Since => "since",
            Self::Until => "until",
            Self::Changed => "changed",
            Self::Changes => "changes",
            Self::Id => "id",
            Self::Ms => "ms",
            Self::Path => "path",
            Self::Resource => "resource",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|key| key.as_str().eq_ignore_ascii_case(word))
    }

    /// What it asks, and how it is written, for help and completion.
    pub fn about(self) -> (&'static str, &'static str) {
        match self {
            Self::Status => ("HTTP status answered", "status:>=400"),
            Self::Method => ("HTTP method", "method:PUT,PATCH"),
            Self::User => ("member it was about, by name or id", "user:ada"),
            Self::Team => ("team it was about, by name or id", "team:Pay"),
            Self::Subject => ("whom or what it was about", "subject:ada"),
            Self::Code => ("code of the explanation", "code:REACTIVATE"),
            Self::Token => ("name of the token", "token:okta-1"),
            Self::Ua => ("part of the User-Agent header", "ua:okta"),
            Self::Idp => ("identity provider it looks like", "idp:okta"),
            Self::Outcome => ("what became of it", "outcome:refused"),
            Self::Since => ("not before", "since:2h"),
            Self::Until => ("before", "until:2026-05-03"),
            Self::Changed => ("attribute path it changed", "changed:role"),
            Self::Changes => ("how many objects it changed", "changes:>0"),
            Self::Id => ("number of the request", "id:4812"),
            Self::Ms => ("how long it took, in milliseconds", "ms:>500"),
            Self::Path => ("part of the path asked for", "path:/Users"),
            Self::Resource => ("resource type asked for", "resource:Users"),
        }
    }
}
