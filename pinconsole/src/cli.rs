use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{ask, bench, config_check, demo, doctor, manifest, migrate, outbox, serve, sync};
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
    /// Look at the messages to people
    #[command(subcommand)]
    Outbox(outbox::Outbox),
    /// Bring the database to the shape that this program needs
    Migrate,
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check every configured system and say how to mend what fails
    Doctor,
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
enum SlackCommand {
    /// Print the app manifest to paste at api.slack.com/apps
    Manifest,
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
            Command::Outbox(it) => it.run(config),
            Command::Migrate => migrate::run(config),
            Command::Config(ConfigCommand::Check) => config_check::run(config),
            Command::Doctor => doctor::run(config),
            Command::Slack(SlackCommand::Manifest) => manifest::run(config),
            Command::Bench(it) => it.run(),
        };
        match result {
            Ok(code) => code,
            Err(error) => {
                logging::complain(&error);
                ExitCode::FAILURE
            }
        }
    }
}
