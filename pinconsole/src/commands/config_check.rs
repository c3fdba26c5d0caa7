use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::commands::runtime::{environment, exit};
use crate::config::Config;
use crate::logging::say;

/// Says what is wrong with the configuration and the environment, or what is on and off.
pub fn run(path: Option<&Path>) -> Result<ExitCode> {
    let config = Config::read(path)?;
    let environment = environment()?;
    say(match path {
        Some(path) => format!("Configuration: {}", path.display()),
        None => "Configuration: the defaults; PINCONSOLE_CONFIG or --config names a file".into(),
    })?;
    say(format!("Database:  {}", on(environment.database_url.is_some(), "DATABASE_URL")))?;
    say(format!("Slack:     {}", on(environment.slack.is_some(), "SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN")))?;
    say(format!("GitHub:    {}", on(!environment.github_webhook.is_empty(), "GITHUB_WEBHOOK_SECRET")))?;
    say(format!("           {} as an app", on(environment.github.app.is_some(), "GITHUB_APP_ID")))?;
    say(format!("PagerDuty: {}", on(!environment.pagerduty_webhook.is_empty(), "PAGERDUTY_WEBHOOK_SECRET")))?;
    say(format!("Directory: {}", on(environment.ldap.is_some(), "LDAP_URL")))?;
    say(match config.catalog.paths.len() {
        0 => "Catalog:   off; catalog.paths names folders, files or globs".into(),
        n => format!("Catalog:   {n} paths"),
    })?;
    let schedule = &config.schedule;
    say(format!("Jobs:      directory {}, catalog {}, in {}", schedule.ldap, schedule.catalog, schedule.zone))?;
    let access = config.access()?;
    say(format!("Access:    {} policies in {}", access.policies().rules().len(), policies(&config)))?;
    say(match &access.administrators().group {
        Some(group) => format!("Administrators: the group {group}"),
        None => "Administrators: none; administrators.group names their group".into(),
    })?;
    say(format!("Listening: {} for signed requests, {} for pages", environment.listen, environment.web_listen))?;
    say(format!("Links to:  {}", environment.public_url))?;
    let problems = environment.ldap.as_ref().map(|it| config.ldap.problems(Some(it))).unwrap_or_default();
    for problem in &problems {
        say(format!("Wrong: {problem}"))?;
    }
    Ok(exit(problems.is_empty()))
}

fn policies(config: &Config) -> String {
    match config.access.policies.as_os_str().is_empty() {
        true => "the program".into(),
        false => config.access.policies.display().to_string(),
    }
}

fn on(is: bool, by: &str) -> String {
    if is { "on".into() } else { format!("off; {by} turns it on") }
}
