use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use chrono::Utc;
use console::status::{self, Reading};
use domain::PgPool;
use domain::delivery::{self, State};
use domain::group::Group;
use domain::pool;
use domain::run::Source;
use integrations::files;
use integrations::ldap::{Directory, LdapDirectory};
use integrations::slack;

use crate::app;
use crate::commands::manifest::SCOPES;
use crate::commands::runtime::{block_on, environment, exit};
use crate::commands::{doctor_github, doctor_pagerduty};
use crate::config::Config;
use crate::environment::{Environment, SlackEnvironment};
use crate::logging::say;

/// What a check found.
pub(super) enum Finding {
    Good(String),
    Off(String),
    Bad(String),
}

/// Checks every configured system, and says how to mend what fails.
pub fn run(config: Option<&Path>) -> Result<ExitCode> {
    let config = Config::read(config)?;
    let environment = environment()?;
    block_on(async {
        let mut good = true;
        for (name, finding) in examine(&config, &environment).await {
            let (mark, text) = match finding {
                Finding::Good(text) => ("ok  ", text),
                Finding::Off(text) => ("off ", text),
                Finding::Bad(text) => {
                    good = false;
                    ("FAIL", text)
                }
            };
            say(format!("{mark}  {name}: {text}"))?;
        }
        Ok(exit(good))
    })
}

async fn examine(config: &Config, environment: &Environment) -> Vec<(&'static str, Finding)> {
    let mut findings = Vec::new();
    match app::database(config, environment) {
        Err(error) => findings.push(("Database", Finding::Bad(error.to_string()))),
        Ok(db) => {
            findings.push(("Database", database(&db).await));
            findings.push(("Messages to people", outbox(&db).await));
            findings.push(("Administrators", administrators(&db, config).await));
            if environment.ldap.is_some() {
                findings.push(("Last sync of the directory", last(&db, Source::Ldap).await));
            }
            if !config.catalog.paths.is_empty() {
                findings.push(("Last sync of the catalog", last(&db, Source::Files).await));
            }
            findings.extend(doctor_pagerduty::kept(&db, environment).await);
            findings.extend(doctor_github::kept(&db, environment).await);
        }
    }
    findings.push(("Directory", directory(config, environment).await));
    findings.push(("Catalog files", catalog(config).await));
    findings.push((
        "Slack",
        match &environment.slack {
            None => Finding::Off("set SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN".into()),
            Some(slack) => slack_finding(slack).await,
        },
    ));
    findings.push(("PagerDuty", doctor_pagerduty::api(environment.pagerduty.as_ref()).await));
    findings.push(("GitHub", doctor_github::api(&environment.github).await));
    findings.push(("GitHub's events", github(config, environment).await));
    findings.push(("PagerDuty's events", pagerduty(config, environment).await));
    findings.push(("Links", links(environment)));
    findings
}

async fn database(db: &PgPool) -> Finding {
    if let Err(why) = pool::probe(db).await {
        return Finding::Bad(why);
    }
    match (pool::ready(db).await, pool::version(db).await) {
        (Ok(()), Ok(version)) => Finding::Good(format!("Postgres {version}")),
        (Err(missing), _) => Finding::Bad(missing),
        (Ok(()), Err(_)) => Finding::Bad("the database does not answer: check DATABASE_URL and the server".into()),
    }
}

async fn outbox(db: &PgPool) -> Finding {
    match console::outbox::load(db).await {
        Ok(view) if view.dead() > 0 => Finding::Bad(format!(
            "{} could not be delivered: `pinconsole outbox list --state dead` says why",
            view.dead()
        )),
        Ok(view) => Finding::Good(format!("{} waiting", view.waiting())),
        Err(_) => Finding::Bad("the database does not tell".into()),
    }
}

async fn administrators(db: &PgPool, config: &Config) -> Finding {
    let Some(name) = &config.administrators.group else {
        return Finding::Off(match &config.administrators.channel {
            Some(channel) => format!(
                "told in the channel {channel}; set administrators.group in the configuration, too: until then nobody may act from chat"
            ),
            None => "set administrators.group in the configuration; until then nobody may act from chat, and nobody is told \
                     when a sync is stopped or a message cannot be delivered"
                .into(),
        });
    };
    let counted = async {
        match Group::named(db, name).await? {
            Some(group) => group.headcount(db).await.map(Some),
            None => sqlx::Result::Ok(None),
        }
    };
    match counted.await {
        Ok(Some(0)) => Finding::Bad(format!("nobody is in the group {name}: have the directory corrected")),
        Ok(Some(count)) => Finding::Good(match &config.administrators.channel {
            Some(channel) => format!("{count} in the group {name}, told in the channel {channel}"),
            None => format!("{count} in the group {name}, each told by direct message"),
        }),
        Ok(None) => Finding::Bad(format!(
            "the directory has no group {name}: correct administrators.group in the configuration, or sync the directory"
        )),
        Err(_) => Finding::Bad("the database does not tell".into()),
    }
}

async fn last(db: &PgPool, source: Source) -> Finding {
    let command = match source {
        Source::Ldap => "pinconsole sync ldap",
        Source::Files => "pinconsole sync catalog",
    };
    match Reading::of(db, source).await {
        Ok(reading) => match &reading.last {
            None => Finding::Bad(format!("{} was never read: run `{command}`", status::name(source))),
            Some(run) if run.outcome.good() && !reading.fresh(Utc::now()) => {
                let hours = (Utc::now() - run.finished_at).num_hours();
                Finding::Bad(format!("{hours} hours ago: `pinconsole jobs` says why; run `{command}` to read it now"))
            }
            Some(run) if run.outcome.good() && source == Source::Ldap && reading.problems.1 > 0 => {
                let first = reading.problems.0.first().map(ToString::to_string).unwrap_or_default();
                let count = reading.problems.1;
                let noun = if count == 1 { "problem" } else { "problems" };
                Finding::Bad(format!("{count} {noun}, all listed on the status page; the first: {first}"))
            }
            Some(run) if run.outcome.good() => {
                let minutes = (Utc::now() - run.finished_at).num_minutes();
                Finding::Good(format!("{minutes} minutes ago. {}", run.summary))
            }
            Some(run) => Finding::Bad(format!("{}: {}", run.outcome.as_str(), run.summary)),
        },
        Err(_) => Finding::Bad("the database does not tell".into()),
    }
}

async fn directory(config: &Config, environment: &Environment) -> Finding {
    let Some(address) = environment.ldap.clone() else { return Finding::Off("set LDAP_URL".into()) };
    let checked = match LdapDirectory::new(&config.ldap, address) {
        Ok(directory) => directory.check().await.map_err(|it| it.to_string()),
        Err(refused) => Err(refused.to_string()),
    };
    checked.map_or_else(Finding::Bad, Finding::Good)
}

async fn catalog(config: &Config) -> Finding {
    if config.catalog.paths.is_empty() {
        return Finding::Off("set catalog.paths in the configuration".into());
    }
    let (catalog, folder) = (config.catalog.clone(), config.folder.clone());
    let Ok(reading) = tokio::task::spawn_blocking(move || files::read(&catalog, &folder)).await else {
        return Finding::Bad("the files could not be read".into());
    };
    let text = format!("{} entities, {} problems", reading.found.len(), reading.problems.len());
    match (reading.complete, reading.problems.first()) {
        (true, None) => Finding::Good(text),
        (true, Some(first)) => Finding::Good(format!("{text}; the first: {first}")),
        (false, Some(first)) => Finding::Bad(format!("{text}; not everything could be read: {first}")),
        (false, None) => Finding::Bad(format!("{text}; not everything could be read")),
    }
}

async fn slack_finding(slack: &SlackEnvironment) -> Finding {
    let team = match app::slack_client(slack) {
        Ok(client) => client.team().await,
        Err(error) => return Finding::Bad(error.to_string()),
    };
    match team {
        Ok(team) => scopes(&team),
        Err(error) => Finding::Bad(error.to_string()),
    }
}

fn scopes(team: &slack::Team) -> Finding {
    let wanted = SCOPES.iter().map(|it| it.0);
    let missing: Vec<&str> = wanted.filter(|it| !team.scopes.iter().any(|has| has == it)).collect();
    match (team.scopes.is_empty(), missing.is_empty()) {
        (true, _) | (false, true) => Finding::Good(format!("workspace {} ({})", team.name, team.team_id)),
        (false, false) => Finding::Bad(format!(
            "the app lacks the scopes {}: install it again with the manifest that `pinconsole slack manifest` prints",
            missing.join(", ")
        )),
    }
}

async fn github(config: &Config, environment: &Environment) -> Finding {
    if environment.github_webhook.is_empty() {
        return Finding::Off("set GITHUB_WEBHOOK_SECRET".into());
    }
    let Ok(db) = app::database(config, environment) else {
        return Finding::Bad("there is no database for them".into());
    };
    match delivery::last(&db, delivery::Source::Github).await {
        Ok(Some(at)) => Finding::Good(format!("the last came {} minutes ago", (Utc::now() - at).num_minutes())),
        Ok(None) => Finding::Good(
            "none came yet: let a webhook of GitHub lead to /webhooks/github at the public listener's address".into(),
        ),
        Err(_) => Finding::Bad("the database does not tell".into()),
    }
}

async fn pagerduty(config: &Config, environment: &Environment) -> Finding {
    if environment.pagerduty_webhook.is_empty() {
        return Finding::Off("set PAGERDUTY_WEBHOOK_SECRET".into());
    }
    let Ok(db) = app::database(config, environment) else {
        return Finding::Bad("there is no database for them".into());
    };
    let source = delivery::Source::Pagerduty;
    let asked = async {
        let counts = delivery::counts(&db, Utc::now()).await?;
        let dead = counts.iter().find(|it| it.source == source.as_str() && it.state == State::Dead.as_str());
        let last = (delivery::last(&db, source).await?, delivery::last_ping(&db).await?);
        Ok::<_, sqlx::Error>((dead.map_or(0, |it| it.count), last))
    };
    let minutes = |at: chrono::DateTime<Utc>| (Utc::now() - at).num_minutes();
    match asked.await {
        Ok((dead, _)) if dead > 0 => Finding::Bad(format!(
            "{dead} could not be applied: `pinconsole inbox list --state dead --source pagerduty` says which, `inbox retry` tries again"
        )),
        Ok((_, (None, _))) => Finding::Good(
            "none came yet: let a webhook subscription lead to /webhooks/pagerduty at the public listener's address"
                .into(),
        ),
        Ok((_, (Some(last), ping))) => {
            let ping =
                ping.map_or("no ping came yet".into(), |it| format!("the last ping {} minutes ago", minutes(it)));
            Finding::Good(format!("the last came {} minutes ago, {ping}", minutes(last)))
        }
        Err(_) => Finding::Bad("the database does not tell".into()),
    }
}

fn links(environment: &Environment) -> Finding {
    let public = &environment.public_url;
    match public.scheme() {
        "https" => Finding::Good(public.to_string()),
        _ => {
            Finding::Off(format!("links lead to {public}: set PINCONSOLE_PUBLIC_URL to the address that readers open"))
        }
    }
}
