use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::commands::{
    ask, audit, bench, config_check, demo, doctor, health, inbox, jobs, manifest, migrate, notify, outbox,
    policy_check, serve, sync,
};
use crate::logging;

/// The internal developer portal that answers in chat, in the terminal and on the web
#[derive(Parser)]
#[command(name = "pinconsole", version, about, max_term_width = 100)]
pub struct Cli {
    /// The configuration file; without one, the defaults hold
    #[arg(long, env = "PINCONSOLE_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer chat, terminal and web, until a signal ends it
    Serve(serve::Serve),
    /// Run everything on a managed Postgres, with a company to try it on
    Demo,
    /// Ask a running PinConsole, as in chat
    Ask(ask::Ask),
    /// Read a source now
    #[command(subcommand)]
    Sync(sync::Sync),
    /// Say when each job last ran, how it went, and when it runs next
    Jobs(jobs::Jobs),
    /// Look at the messages to people
    #[command(subcommand)]
    Outbox(outbox::Outbox),
    /// Look at how people are told
    #[command(subcommand)]
    Notify(notify::Notify),
    /// Bring the database to the shape that this program needs
    Migrate,
    /// Look at the events that others sent us
    #[command(subcommand)]
    Inbox(inbox::Inbox),
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look at the policies that say who may do what
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Read what was done and by whom
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Check every configured system and say how to mend what fails
    Doctor,
    /// Say whether the program that runs here lives
    Health,
    /// Prepare Slack
    #[command(subcommand)]
    Slack(SlackCommand),
    /// Measure speed beside the limit of the machine
    Bench(bench::Bench),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Say what is wrong with the configuration and the environment
    Check,
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// Validate policies and run their tests
    Check(policy_check::PolicyCheck),
}

#[derive(Subcommand)]
enum SlackCommand {
    /// Print the app manifest to paste at api.slack.com/apps
    Manifest,
}

/// Prints the help that was asked for, or what is wrong with the arguments.
pub fn explain(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        error.exit();
    }
    let printed = error.print().and_then(|()| std::io::stdout().flush());
    ended(logging::told(printed).map(|()| ExitCode::SUCCESS))
}

/// The exit code; what failed goes to standard error with what to do.
fn ended(result: Result<ExitCode>) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(error) => {
            logging::complain(&error);
            ExitCode::FAILURE
        }
    }
}

impl Cli {
    /// Runs the subcommand; what failed goes to standard error with what to do.
    pub fn run(self) -> ExitCode {
        let config = self.config.as_deref();
        let result = match self.command {
            Command::Serve(it) => it.run(config),
            Command::Demo => demo::run(),
            Command::Ask(it) => it.run(),
            Command::Sync(it) => it.run(config),
            Command::Jobs(it) => it.run(config),
            Command::Inbox(it) => it.run(config),
            Command::Outbox(it) => it.run(config),
            Command::Notify(it) => it.run(config),
            Command::Migrate => migrate::run(config),
            Command::Config(ConfigCommand::Check) => config_check::run(config),
            Command::Policy(PolicyCommand::Check(it)) => it.run(config),
            Command::Audit(it) => it.run(config),
            Command::Doctor => doctor::run(config),
            Command::Health => health::run(),
            Command::Slack(SlackCommand::Manifest) => manifest::run(config),
            Command::Bench(it) => it.run(),
        };
        ended(result)
    }
}
