//! The command tree and the flags every command takes.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand};

use super::{
    client, completions, demo, doctor, guard, init, log, man, member, policy, provisioning,
    recover, rehearse, scim, serve, sessions, simulate, sso, status, stream, sync, team, token,
};
use crate::config::Overrides;

/// Where an identity provider meets an organisation's members and teams.
///
/// A SCIM 2.0 service provider with a terminal console. Without a command, `provost` opens the console: on the engine
/// of the data directory, which then also serves HTTP, or attached to the engine that already runs there.
#[derive(Debug, Parser)]
#[command(
    name = "provost",
    version,
    max_term_width = 100,
    disable_help_flag = true,
    after_help = "Examples:
  provost demo                                     look around, with simulated identity providers
  provost init --owner-email ada@example.com       make the account
  provost serve                                    run the engine without a console
  provost                                          open the console
  provost token new --name okta                    print a token for an identity provider

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused by policy or guard, 4 not found, 5 conflict"
)]
pub struct Arguments {
    /// The flags every command takes.
    #[command(flatten)]
    pub global: GlobalArguments,
    /// The command; none opens the console.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// What can be asked for, one noun or verb each.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make the account and its owner.
    Init(init::InitVerb),
    /// Run the engine and its HTTP server without a console.
    Serve(serve::ServeVerb),
    /// Try everything on a throw-away directory with simulated identity providers.
    Demo(demo::DemoVerb),
    /// Rehearse provisioning with a simulated identity provider, and see what to set before go-live.
    Rehearse(rehearse::RehearseVerb),
    /// The state of everything on one screen.
    Status(status::StatusVerb),
    /// Check configuration and state; each finding with its fix.
    Doctor(doctor::DoctorVerb),
    /// Bearer tokens for identity providers and admins.
    #[command(subcommand)]
    Token(token::TokenVerb),
    /// OAuth clients: identity providers that fetch short-lived access tokens (client credentials).
    #[command(subcommand)]
    Client(client::ClientVerb),
    /// Members: people in the organisation (SCIM Users).
    #[command(subcommand)]
    Member(member::MemberVerb),
    /// Teams: groups of members (SCIM Groups).
    #[command(subcommand)]
    Team(team::TeamVerb),
    /// The policy: what an identity provider's request means here.
    #[command(subcommand)]
    Policy(policy::PolicyVerb),
    /// Team sync: whether groups of an identity provider become teams.
    #[command(subcommand)]
    Sync(sync::SyncVerb),
    /// Provisioning: whether identity providers are let in.
    #[command(subcommand)]
    Provisioning(provisioning::ProvisioningVerb),
    /// Event streams: tell others what changed, as signed security events (RFC 9967).
    #[command(subcommand)]
    Stream(stream::StreamVerb),
    /// Guards: incidents, what is held, and who can let the others in.
    #[command(subcommand)]
    Guard(guard::GuardVerb),
    /// Recovery admins: kept for the day on which nobody else can sign in.
    #[command(subcommand)]
    Recover(recover::RecoverVerb),
    /// Single sign-on: members sign in at the identity provider (SAML 2.0).
    #[command(subcommand)]
    Sso(sso::SsoVerb),
    /// Sessions: who is signed in.
    #[command(subcommand)]
    Session(sessions::SessionVerb),
    /// Simulate what belongs to somebody else, to learn and to test with.
    #[command(subcommand)]
    Simulate(simulate::SimulateVerb),
    /// The request log: every exchange with an identity provider.
    #[command(subcommand)]
    Log(log::LogVerb),
    /// The SCIM provider: what it tolerates, and schemas of your own.
    #[command(subcommand)]
    Scim(scim::ScimVerb),
    /// Print the completions of a shell.
    Completions(completions::CompletionsVerb),
    /// Print the manual page.
    Man(man::ManVerb),
}

/// The flags every command takes. A flag goes over its variable, the variable over the configuration file.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArguments {
    /// Print help.
    #[arg(long, short, global = true, action = clap::ArgAction::HelpShort)]
    pub help: Option<bool>,
    /// The directory with the database and the engine's socket.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "PROVOST_DATA_DIR",
        hide_env_values = true
    )]
    pub data_dir: Option<PathBuf>,
    /// Where the state is kept: sqlite:FILE; by default a file in the data directory.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "PROVOST_DATABASE",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// Address and port of the HTTP server [default: 127.0.0.1:8470].
    #[arg(
        long,
        global = true,
        value_name = "ADDR",
        env = "PROVOST_LISTEN",
        hide_env_values = true
    )]
    pub listen: Option<String>,
    /// The URL by which identity providers reach this engine.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "PROVOST_PUBLIC_URL",
        hide_env_values = true
    )]
    pub public_url: Option<String>,
    /// Speak to the remote engine the configuration calls so.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "PROVOST_CONTEXT",
        hide_env_values = true,
        conflicts_with = "url"
    )]
    pub context: Option<String>,
    /// Speak to the engine at this URL, with the admin token of --token-file or PROVOST_TOKEN.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "PROVOST_URL",
        hide_env_values = true
    )]
    pub url: Option<String>,
    /// A file with an admin token for --url or --context; without it PROVOST_TOKEN.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "PROVOST_TOKEN_FILE",
        hide_env_values = true
    )]
    pub token_file: Option<PathBuf>,
    /// The configuration file.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "PROVOST_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,
    /// The certificate chain of the HTTP server, PEM.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "PROVOST_TLS_CERT",
        hide_env_values = true
    )]
    pub tls_cert: Option<PathBuf>,
    /// The private key of the HTTP server, PEM.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "PROVOST_TLS_KEY",
        hide_env_values = true
    )]
    pub tls_key: Option<PathBuf>,
    /// A proxy in front terminates TLS: a public address without a certificate is right.
    #[arg(long, global = true, env = "PROVOST_BEHIND_PROXY", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub behind_proxy: bool,
    /// What the engine says of itself: error, warn, info, debug or trace.
    #[arg(
        long,
        global = true,
        value_name = "LEVEL",
        env = "PROVOST_LOG",
        hide_env_values = true
    )]
    pub log_level: Option<String>,
    /// How the console looks: ansi16, mono, dark, light, or a TOML file with a theme of your own.
    #[arg(
        long,
        global = true,
        value_name = "NAME-or-FILE",
        env = "PROVOST_THEME",
        hide_env_values = true
    )]
    pub theme: Option<String>,
    /// Open the console on Home, and neither restore nor remember where it was left.
    #[arg(long, global = true, env = "PROVOST_FRESH", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub fresh: bool,
    /// Answer with one JSON document (`log tail`: one a line).
    #[arg(long, global = true)]
    pub json: bool,
    /// Refuse every change.
    #[arg(long, global = true, env = "PROVOST_READ_ONLY", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub read_only: bool,
    /// Do not ask before something is taken away.
    #[arg(long, global = true)]
    pub yes: bool,
    /// Show what a change would do without doing it, where that can be told.
    #[arg(long, global = true)]
    pub dry_run: bool,
}

impl GlobalArguments {
    /// What the settings are laid over with.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            config: self.config.clone(),
            data_dir: self.data_dir.clone(),
            database: self.database.clone(),
            listen: self.listen.clone(),
            public_url: self.public_url.clone(),
            context: self.context.clone(),
            read_only: self.read_only,
            tls_cert: self.tls_cert.clone(),
            tls_key: self.tls_key.clone(),
            behind_proxy: self.behind_proxy,
            log_level: self.log_level.clone(),
            theme: self.theme.clone(),
            fresh: self.fresh,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_tree_is_sound() {
        Arguments::command().debug_assert();
    }

    /// A token on the command line is seen by every user of the machine.
    #[test]
    fn no_flag_takes_a_secret() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                let name = argument.get_id().as_str();
                assert!(
                    !["token", "password", "secret"].contains(&name),
                    "--{name} would take a secret"
                );
            }
            command.get_subcommands().for_each(check);
        }
        check(&Arguments::command());
    }
}
