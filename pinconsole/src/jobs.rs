//! The jobs of this program, from its configuration and environment.

use std::sync::Arc;

use anyhow::Result;
use chrono::TimeDelta;
use console::notify::SharedPace;
use console::notify::handover::Levels;
use domain::PgPool;
use integrations::files::{self, Vanished};
use integrations::ldap::LdapDirectory;
use integrations::{github, pagerduty};
use scheduler::Runner;
use scheduler::jobs::housekeeping::Sweep;
use scheduler::jobs::{Directory, Feed, Files, GitHub, Jobs, PagerDuty};

use crate::config::Config;
use crate::environment::Environment;

/// What runs the jobs that are configured.
pub fn runner(db: PgPool, config: &Config, environment: &Environment) -> Result<Runner> {
    let directory = directory(config, environment)?;
    let jobs = Jobs {
        schedule: config.schedule.clone(),
        directory,
        files: files(config),
        pagerduty: pagerduty(&db, config, environment)?,
        github: github(&db, environment)?,
        handover: (config.oncall.tell != Levels::Off).then_some(config.oncall),
        sweeps: sweeps(config.inbox),
    };
    Runner::new(db, holder(), jobs).map_err(anyhow::Error::msg)
}

/// The directory, where one is configured; refuses what must not be used, such as a password over an open connection.
pub fn directory(config: &Config, environment: &Environment) -> Result<Option<Directory>> {
    let Some(address) = environment.ldap.clone() else { return Ok(None) };
    let source = Arc::new(LdapDirectory::new(&config.ldap, address)?);
    Ok(Some(Directory { source, config: config.ldap.clone(), brake: config.brake }))
}

/// PagerDuty, where it is configured. Its events are waited for only where they are taken in.
fn pagerduty(db: &PgPool, config: &Config, environment: &Environment) -> Result<Option<PagerDuty>> {
    let Some(address) = environment.pagerduty.clone() else { return Ok(None) };
    let client = pagerduty::Client::new(address)?.paced(Arc::new(SharedPace(db.clone())));
    let feed = || Feed { url: events(environment), patience: Feed::PATIENCE };
    let feed = (!environment.pagerduty_webhook.is_empty()).then(feed);
    Ok(Some(PagerDuty { client, channel: config.incidents.on_call(), feed }))
}

/// GitHub, where it is configured. It is asked for missing events only where its events are taken in.
fn github(db: &PgPool, environment: &Environment) -> Result<Option<GitHub>> {
    let Some(client) = github_client(db, environment)? else { return Ok(None) };
    Ok(Some(GitHub { client, thought: GitHub::THOUGHT, events: !environment.github_webhook.is_empty() }))
}

/// A client of GitHub, where an app of ours is named.
pub fn github_client(db: &PgPool, environment: &Environment) -> Result<Option<github::Client>> {
    let Some(app) = &environment.github.app else { return Ok(None) };
    let client = github::Client::new(environment.github.address.clone(), app)?;
    Ok(Some(client.paced(Arc::new(SharedPace(db.clone())))))
}

/// Where PagerDuty's subscription must lead.
pub fn events(environment: &Environment) -> String {
    format!("{}/webhooks/pagerduty", environment.public_url.as_str().trim_end_matches('/'))
}

/// The catalog's files, where some are configured.
pub fn files(config: &Config) -> Option<Files> {
    let (catalog, folder) = (config.catalog.clone(), config.folder.clone());
    if catalog.paths.is_empty() {
        return None;
    }
    let keep = match catalog.vanished {
        Vanished::Keep => None,
        Vanished::Remove => Some(TimeDelta::days(i64::from(catalog.remove_after_days))),
    };
    Some(Files { read: Arc::new(move || files::read(&catalog, &folder)), keep })
}

/// This process, as people find it.
pub fn holder() -> String {
    let host = nix::unistd::gethostname().ok().and_then(|it| it.into_string().ok());
    format!("{}:{}", host.unwrap_or_else(|| "unknown".into()), std::process::id())
}

/// What is kept in bounds: what the program itself keeps, and events that are old.
fn sweeps(inbox: console::inbox::Config) -> Vec<Sweep> {
    let events = Sweep::new("events", move |db| async move {
        match console::inbox::keep_house(&db, inbox, chrono::Utc::now()).await {
            Ok(()) => Ok(0),
            Err(console::Failure::Internal(error)) => Err(error),
            Err(console::Failure::User(card)) => Err(anyhow::anyhow!("{}", card.title)),
        }
    });
    Sweep::own().into_iter().chain([events]).collect()
}
