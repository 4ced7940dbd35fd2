//! `provost token …`: bearer tokens. A secret is shown once, when it is made, and never again.

use std::collections::BTreeMap;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use serde::Serialize;

use super::confirm::confirm;
use super::connect::Reach;
use super::duration::{self, Span};
use super::error::CliError;
use super::output::{Cell, Column, Form, Row, Tone, text, time};
use super::session::{Session, note};
use super::written;
use crate::admin::link::{ConnectionAuth, credential_steps};
use crate::admin::types::{MemberId, NewToken, RotateToken, TokenRow, TokenScope};
use crate::admin::{AdminError, AdminErrorKind, AdminRead};

/// Bearer tokens for identity providers and admins.
#[derive(Debug, Subcommand)]
pub enum TokenVerb {
    /// Make a token and print its secret, alone, on standard output. It is shown this once.
    New(NewVerb),
    /// List tokens, without their secrets.
    List(ListVerb),
    /// Give a token a new secret and print it, alone, on standard output. The old one works on for a while.
    Rotate(RotateVerb),
    /// Make a token worthless from the next request on.
    Revoke(RevokeVerb),
}

/// Make a token and print its secret, alone, on standard output. It is shown this once.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost token new --name okta --ttl 365d
  (umask 077; provost token new --name laptop --scope admin --ttl 30d > prod.token)

A file with a token that others can read is refused where it is used, so it is made for its owner alone here.")]
pub struct NewVerb {
    /// Its name, 1 to 64 characters.
    #[arg(long, value_parser = parse_name)]
    name: String,
    /// What it opens.
    #[arg(long, value_enum, default_value_t)]
    scope: ScopeArgument,
    /// How long it lives, such as 90d; without it until it is revoked.
    #[arg(long, value_name = "SPAN", value_parser = duration::parse)]
    ttl: Option<Span>,
    /// The member to whom it belongs and with whom it ends: id, userName or e-mail address.
    #[arg(long, value_name = "MEMBER")]
    owner: Option<String>,
}

/// Reads the name of a token or an OAuth client. Suits clap.
pub fn parse_name(text: &str) -> Result<String, String> {
    if (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err("expected 1 to 64 printable characters".into())
    }
}

/// What a token opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ScopeArgument {
    /// The SCIM provider, for an identity provider.
    #[default]
    Scim,
    /// The admin API, for a remote console or command line.
    Admin,
}

impl From<ScopeArgument> for TokenScope {
    fn from(argument: ScopeArgument) -> Self {
        match argument {
            ScopeArgument::Scim => Self::Scim,
            ScopeArgument::Admin => Self::Admin,
        }
    }
}

/// List tokens, without their secrets.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost token list
  provost token list --all --json")]
pub struct ListVerb {
    /// Revoked and expired ones too.
    #[arg(long)]
    all: bool,
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Give a token a new secret and print it, alone, on standard output. The old one works on for a while.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost token rotate okta
  provost token rotate okta --overlap 24h
  provost token rotate okta --overlap 0 --yes        the old secret ends at once")]
pub struct RotateVerb {
    /// Its name, its id, or the beginning of its secret as the list shows it.
    #[arg(value_name = "TOKEN")]
    which: String,
    /// How long the old secret works beside the new one, 90d at most; 0 ends it at once.
    #[arg(long, value_name = "SPAN", default_value = "7d", value_parser = duration::parse_or_zero)]
    overlap: Span,
    /// How long the new secret lives; without it as long as the old one was made to live.
    #[arg(long, value_name = "SPAN", value_parser = duration::parse)]
    ttl: Option<Span>,
}

/// Make a token worthless from the next request on.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost token revoke okta
  provost token revoke prv_scim_4fK2 --yes")]
pub struct RevokeVerb {
    /// Its name, its id, or the beginning of its secret as the list shows it.
    #[arg(value_name = "TOKEN")]
    which: String,
}

/// The document of `token list`.
#[derive(Serialize)]
struct TokenList {
    items: Vec<ListedToken>,
}

/// The document of `token new --dry-run`.
#[derive(Serialize)]
struct Preview<'a> {
    dry_run: bool,
    token: &'a TokenRow,
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: TokenVerb) -> Result<(), CliError> {
    match verb {
        TokenVerb::New(verb) => new(session, verb).await,
        TokenVerb::List(verb) => list(session, &verb).await,
        TokenVerb::Rotate(verb) => rotate(session, &verb).await,
        TokenVerb::Revoke(verb) => revoke(session, &verb.which).await,
    }
}

async fn new(session: &mut Session, verb: NewVerb) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let issued = async {
        let owner = match verb.owner {
            Some(owner) => Some(reach.read().find_member(owner).await?.row),
            None => None,
        };
        let token = NewToken {
            name: verb.name,
            scope: verb.scope.into(),
            ttl_seconds: verb.ttl.map(|span| span.0),
            owner: owner.as_ref().map(|it| it.id),
        };
        let issued = reach.write()?.issue_token(token).await?;
        Ok::<_, CliError>((issued, owner.map(|it| it.user_name)))
    }
    .await;
    let (issued, owner) = reach.finish(issued).await?;
    if session.global.dry_run {
        return preview(session, &issued.token, owner.as_deref());
    }
    if session.out.form == Form::Json {
        return session.out.document(&issued);
    }
    note(&format!(
        "token {} ({}) is valid {}; its secret follows and is never shown again",
        issued.token.name,
        scope(issued.token.scope),
        ends(&issued.token, owner.as_deref()),
    ));
    session.out.line(&issued.secret)
}

/// What `token new --dry-run` answers: no secret, since there is no token.
fn preview(session: &mut Session, token: &TokenRow, owner: Option<&str>) -> Result<(), CliError> {
    if session.out.form == Form::Json {
        return session.out.document(&Preview {
            dry_run: true,
            token,
        });
    }
    let line = format!(
        "would make token {} ({}), valid {}; nothing changed",
        token.name,
        scope(token.scope),
        ends(token, owner),
    );
    session.out.line(&text::printable(&line))
}

/// Until when a token is valid. One that belongs to a member ends with their access, whatever else is said.
fn ends(token: &TokenRow, owner: Option<&str>) -> String {
    let end = token.expires.map_or_else(
        || "until it is revoked".to_owned(),
        |expires| format!("until {}", time::full(expires)),
    );
    match owner {
        Some(owner) => format!("{end}, or until {owner} loses their access, whichever comes first"),
        None => end,
    }
}

async fn list(session: &mut Session, verb: &ListVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let listed = async {
        let mut tokens = reach.read().tokens().await?;
        if !verb.all {
            tokens.retain(|token| is_live(token, session.now));
        }
        let items = with_owners(reach.read(), tokens).await?;
        let link = reach.read().link().await?;
        Ok::<_, AdminError>((items, link.auth, link.lacks_sso))
    }
    .await;
    let (items, auth, lacks_sso) = reach.finish(listed).await?;
    let document = TokenList { items };
    session.out.list(&document, &document.items, session.now)?;
    if document.items.is_empty() && session.out.form == Form::Table {
        let steps = credential_steps(auth, "okta", lacks_sso);
        note(&match auth {
            ConnectionAuth::Oauth2 => format!(
                "no tokens; an identity provider has an OAuth client here (scim.auth): {steps} makes one"
            ),
            ConnectionAuth::Bearer | ConnectionAuth::OwnedKey => {
                format!("no tokens; {steps} makes one")
            }
        });
    }
    Ok(())
}

async fn rotate(session: &mut Session, verb: &RotateVerb) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, tokens) = reach.keep(async |read| read.tokens().await).await?;
    let token = match find(tokens, &verb.which, session.now) {
        Ok(token) => token,
        Err(error) => return reach.finish(Err(error)).await,
    };
    let reach = if verb.overlap.0 == 0 {
        let question = format!(
            "Rotate {} without an overlap? Whoever uses the old secret ({}) is refused from the next request on.",
            token.name, token.prefix
        );
        confirm(session, reach, "token rotate", &question).await?
    } else {
        reach
    };
    let rotated = async {
        still_there(&reach, &token).await?;
        let rotation = RotateToken {
            overlap_seconds: verb.overlap.0,
            ttl_seconds: verb.ttl.map(|span| span.0),
        };
        let issued = reach.write()?.rotate_token(token.id, rotation).await?;
        // When the old one ends is the engine's to say: a token never lives longer for having been rotated.
        let tokens = reach.read().tokens().await?;
        let old = tokens.into_iter().find(|other| other.id == token.id);
        Ok::<_, CliError>((issued, old))
    }
    .await;
    let (issued, old) = reach.finish(rotated).await?;
    if session.global.dry_run {
        let name = &token.name;
        let line = format!("would give the token {name} another secret; nothing changed");
        return session.out.line(&text::printable(&line));
    }
    if session.out.form == Form::Json {
        return session.out.document(&issued);
    }
    let ends = old
        .filter(|old| old.revoked.is_none())
        .and_then(|old| old.expires)
        .map_or_else(
            || "has ended".to_owned(),
            |end| format!("works until {}", time::full(end)),
        );
    note(&format!(
        "token {}: the old secret {ends}; the new one follows and is never shown again",
        issued.token.name
    ));
    session.out.line(&issued.secret)
}

/// Refuses to go on with a token that changed while the question was open. It has no version; all of it that can
/// change and matters here is whether it still opens anything.
async fn still_there(reach: &Reach, token: &TokenRow) -> Result<(), CliError> {
    let tokens = reach.read().tokens().await?;
    let is_same = |now: &TokenRow| now.id == token.id && now.revoked == token.revoked;
    if tokens.iter().any(is_same) {
        return Ok(());
    }
    Err(CliError::ChangedMeanwhile {
        what: token.name.clone(),
    })
}

async fn revoke(session: &mut Session, name: &str) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, tokens) = reach.keep(async |read| read.tokens().await).await?;
    let token = match find(tokens, name, session.now) {
        Ok(token) => token,
        Err(error) => return reach.finish(Err(error)).await,
    };
    let used = token.last_used.map_or_else(
        || "never used".to_owned(),
        |used| format!("last used {}", time::relative(used, session.now)),
    );
    let question = format!(
        "Revoke {} ({}, {used}){}? Whoever uses it is refused from the next request on. It cannot be undone.",
        token.name,
        token.prefix,
        if token.rotated.is_some() || token.client.is_some() {
            ""
        } else {
            " and every secret it replaced"
        }
    );
    let reach = confirm(session, reach, "token revoke", &question).await?;
    let revoked = async {
        still_there(&reach, &token).await?;
        Ok::<_, CliError>(reach.write()?.revoke_token(token.id).await?)
    }
    .await;
    let done = reach.finish(revoked).await?;
    written::report(session, &done, &format!("revoke {}", token.name))
}

/// The token meant: an id is exact; a name or prefix means a live token before a dead one.
fn find(tokens: Vec<TokenRow>, name: &str, now: Timestamp) -> Result<TokenRow, CliError> {
    let mut found: Vec<TokenRow> = tokens
        .into_iter()
        .filter(|token| {
            token.id.to_string() == name
                || token.name == name
                || (!token.prefix.is_empty() && token.prefix == name)
        })
        .collect();
    if found.iter().any(|token| is_live(token, now)) {
        found.retain(|token| is_live(token, now));
    }
    // While a token is rotated two secrets have its name, and the new one is meant.
    if found
        .iter()
        .any(|token| token.name == name && token.rotated.is_none())
    {
        found.retain(|token| token.rotated.is_none() || token.id.to_string() == name);
    }
    let count = found.len();
    match (found.pop(), count) {
        (Some(token), 1) => Ok(token),
        (None, _) => Err(CliError::NoSuchToken {
            name: name.to_owned(),
        }),
        (Some(_), count) => Err(CliError::ManyTokens {
            name: name.to_owned(),
            count,
        }),
    }
}

/// Whether a token still opens anything.
fn is_live(token: &TokenRow, now: Timestamp) -> bool {
    token.revoked.is_none() && token.expires.is_none_or(|expires| expires > now)
}

fn scope(scope: TokenScope) -> &'static str {
    match scope {
        TokenScope::Scim => "scim",
        TokenScope::Admin => "admin",
    }
}

/// A token with the name of the member to whom it belongs.
#[derive(Serialize)]
struct ListedToken {
    #[serde(flatten)]
    token: TokenRow,
    /// Their `userName`.
    owner_name: Option<String>,
}

/// Asks for each owner once. One who is gone is told by their id, which the token has.
async fn with_owners(
    read: &dyn AdminRead,
    tokens: Vec<TokenRow>,
) -> Result<Vec<ListedToken>, AdminError> {
    let mut names: BTreeMap<MemberId, Option<String>> = BTreeMap::new();
    let mut listed = Vec::with_capacity(tokens.len());
    for token in tokens {
        let owner_name = match token.owner {
            None => None,
            Some(owner) => match names.get(&owner) {
                Some(name) => name.clone(),
                None => {
                    let found = match read.member(owner).await {
                        Ok(member) => Some(member.row.user_name),
                        Err(error) if error.kind == AdminErrorKind::NotFound => None,
                        Err(error) => return Err(error),
                    };
                    names.entry(owner).or_insert(found).clone()
                }
            },
        };
        listed.push(ListedToken { token, owner_name });
    }
    Ok(listed)
}

impl Row for ListedToken {
    const COLUMNS: &'static [Column] = &[
        Column::script("id"),
        Column::left("state", "STATE", 9),
        Column::left("name", "NAME", 20),
        Column::left("prefix", "SECRET", 14),
        Column::left("scope", "SCOPE", 5),
        Column::left("created", "MADE", 10),
        Column::left("last_used", "LAST USED", 10),
        Column::left("expires", "ENDS", 10),
        Column::script("revoked"),
        Column::script("rotated"),
        Column::script("client"),
        Column::script("owner"),
        Column::script("owner_name"),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        let (token, owner) = (&self.token, self.owner_name.as_deref());
        let ends = Cell::maybe_moment(token.expires, now, "never");
        // An owned key ends with the access of its owner.
        let ends = match (token.owner, token.expires) {
            (None, _) => ends,
            (Some(id), expires) => {
                let with =
                    owner.map_or_else(|| format!("with {id}"), |name| format!("with {name}"));
                let shown = match expires {
                    Some(_) => format!("{}, or {with}", ends.shown),
                    None => with,
                };
                Cell::both(shown, ends.raw)
            }
        };
        let state = match (token.revoked, is_live(token, now)) {
            (Some(_), _) => Cell::both("✗ revoked", "revoked").tone(Tone::Dim),
            (None, false) => Cell::both("⏸ expired", "expired").tone(Tone::Warn),
            (None, true) if token.rotated.is_some() => {
                Cell::both("⏸ old", "retiring").tone(Tone::Warn)
            }
            (None, true) if token.client.is_some() => {
                Cell::both("✓ oauth", "oauth").tone(Tone::Good)
            }
            (None, true) => Cell::both("✓ live", "live").tone(Tone::Good),
        };
        vec![
            Cell::text(token.id.to_string()),
            state,
            Cell::text(&token.name),
            Cell::both(format!("{}…", token.prefix), &token.prefix),
            Cell::text(scope(token.scope)),
            Cell::moment(token.created, now),
            Cell::maybe_moment(token.last_used, now, "never"),
            ends,
            Cell::maybe_moment(token.revoked, now, ""),
            Cell::maybe_moment(token.rotated, now, ""),
            Cell::text(
                token
                    .client
                    .map(|client| client.to_string())
                    .unwrap_or_default(),
            ),
            Cell::text(
                token
                    .owner
                    .map(|owner| owner.to_string())
                    .unwrap_or_default(),
            ),
            Cell::maybe(owner),
        ]
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::admin::types::TokenId;

    fn token(number: u128, name: &str, revoked: bool) -> TokenRow {
        TokenRow {
            id: TokenId(Uuid::from_u128(number)),
            name: name.into(),
            prefix: format!("prv_{number}"),
            scope: TokenScope::Scim,
            created: Timestamp::UNIX_EPOCH,
            expires: None,
            last_used: None,
            revoked: revoked.then_some(Timestamp::UNIX_EPOCH),
            rotated: None,
            client: None,
            owner: None,
        }
    }

    #[test]
    fn a_name_means_the_live_token() {
        let now = Timestamp::UNIX_EPOCH;
        let all = || vec![token(1, "okta", true), token(2, "okta", false)];
        assert_eq!(find(all(), "okta", now).unwrap().id, token(2, "", false).id);
        let dead = token(1, "okta", true).id.to_string();
        assert_eq!(find(all(), &dead, now).unwrap().prefix, "prv_1");
        assert_eq!(find(all(), "prv_2", now).unwrap().prefix, "prv_2");
        assert!(matches!(
            find(all(), "entra", now),
            Err(CliError::NoSuchToken { .. })
        ));
    }

    #[test]
    fn a_name_means_the_newest_secret_of_a_rotated_token() {
        let now = Timestamp::UNIX_EPOCH;
        let mut old = token(1, "okta", false);
        old.rotated = Some(now);
        let both = || vec![token(2, "okta", false), old.clone()];
        let id = |number| token(number, "", false).id;
        assert_eq!(find(both(), "okta", now).unwrap().id, id(2));
        assert_eq!(find(both(), "prv_1", now).unwrap().id, id(1));
        assert_eq!(find(both(), &id(1).to_string(), now).unwrap().id, id(1));
    }

    #[test]
    fn a_name_of_two_dead_tokens_is_not_guessed() {
        let both = vec![token(1, "okta", true), token(2, "okta", true)];
        assert!(matches!(
            find(both, "okta", Timestamp::UNIX_EPOCH),
            Err(CliError::ManyTokens { count: 2, .. })
        ));
    }
}
