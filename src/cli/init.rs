//! `provost init`: makes the account and its owner, once.

use clap::Args;

use super::connect;
use super::embedded;
use super::error::CliError;
use super::password;
use super::session::{Session, note};
use crate::admin::link::credential_steps;
use crate::admin::local::NewAccount;
use crate::admin::{AdminError, AdminErrorKind};

/// Make the account and its owner.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost init --owner-email ada@example.com
  pass show provost | provost init --owner-email ada@example.com --password-stdin
  provost init --owner-email ada@example.com --organisation 'Example Ltd' --preset rfc

Where an account exists already nothing changes, and the exit code is 5.")]
pub struct InitVerb {
    /// The owner's e-mail address.
    #[arg(long, value_name = "EMAIL")]
    owner_email: String,
    /// Read the owner's password from the first line of the standard input; without it, it is asked for.
    #[arg(long)]
    password_stdin: bool,
    /// The organisation's name; by default the domain of the e-mail address.
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// The policy preset.
    #[arg(long, value_name = "PRESET", default_value = "safe")]
    preset: String,
}

/// Makes it.
pub async fn run(session: &mut Session, verb: InitVerb) -> Result<(), CliError> {
    session.refuse_dry_run("init")?;
    session.refuse_remote("init")?;
    let settings = &session.settings;
    let data_dir = &settings.data_dir;
    if settings.read_only {
        return Err(CliError::ReadOnly {
            place: data_dir.path().display().to_string(),
        });
    }
    if connect::is_answering(&data_dir.socket()?) {
        // An engine runs only where there is an account.
        return Err(AdminError::new(
            AdminErrorKind::Conflict,
            format!(
                "there is an account in {} already, and its engine runs",
                data_dir.path().display()
            ),
        )
        .into());
    }
    let password = if verb.password_stdin {
        password::from_stdin()?
    } else {
        password::from_terminal()?
    };
    let organisation = verb.organisation.unwrap_or_else(|| {
        let domain = verb.owner_email.rsplit('@').next();
        domain.unwrap_or_default().to_owned()
    });
    data_dir.create()?;
    let lock = data_dir.lock()?;
    let account = NewAccount {
        organisation,
        preset: verb.preset,
        owner_email: verb.owner_email,
        password,
    };
    let (auth, lacks_sso) = embedded::init(settings, &lock, account).await?;
    drop(lock);
    note(&format!(
        "the account is in {}; next: {}, then `provost serve` or `provost`",
        session.settings.data_dir.path().display(),
        credential_steps(auth, "okta", lacks_sso)
    ));
    Ok(())
}
