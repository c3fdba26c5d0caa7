//! What the doctor says of GitHub.

use anyhow::Result;
use chrono::TimeDelta;
use domain::github::{ReadPart, Reading};
use domain::{PgPool, timetable};
use integrations::github::Client;

use super::doctor::Finding;
use crate::environment::{Environment, GitHub};

/// Three readings, as they come by default.
const FRESH: TimeDelta = TimeDelta::minutes(30);

/// Of teams, which are read each hour.
const FRESH_TEAMS: TimeDelta = TimeDelta::hours(3);

/// What of GitHub's events the picture of pull requests needs most.
const EVENTS: [&str; 5] = ["pull_request", "pull_request_review", "issue_comment", "check_run", "push"];

/// Whether its API answers, and knows the app.
pub(super) async fn api(github: &GitHub) -> Finding {
    let Some(app) = &github.app else {
        let sign_in = if github.credentials.is_some() { "" } else { ", and GITHUB_CLIENT_ID to link accounts" };
        return Finding::Off(format!("set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY{sign_in}; see docs/github.md"));
    };
    let client = match Client::new(github.address.clone(), app) {
        Ok(client) => client,
        Err(error) => return Finding::Bad(error.to_string()),
    };
    match client.itself().await {
        Err(error) => Finding::Bad(error.to_string()),
        Ok(it) if it.installations_count == Some(0) => {
            Finding::Bad(format!("the app {} is installed nowhere: install it in your organization", it.name))
        }
        Ok(it) => match EVENTS.iter().find(|event| !it.events.iter().any(|sent| sent == *event)) {
            Some(event) => Finding::Bad(format!(
                "the app {} is not sent the event {event}: subscribe it to those that docs/github.md names",
                it.name
            )),
            None => Finding::Good(format!("its API answers to the app {}", it.name)),
        },
    }
}

/// How its readings fare, where it is read.
pub(super) async fn kept(db: &PgPool, environment: &Environment) -> Vec<(&'static str, Finding)> {
    if environment.github.app.is_none() {
        return Vec::new();
    }
    let finding = read(db, !environment.github_webhook.is_empty()).await;
    vec![("Last reading of GitHub", finding.unwrap_or_else(|_| Finding::Bad("the database does not tell".into())))]
}

async fn read(db: &PgPool, events: bool) -> Result<Finding> {
    let now = timetable::now(db).await?;
    let mut oldest = None;
    for part in ReadPart::ALL.into_iter().filter(|it| events || *it != ReadPart::Deliveries) {
        let word = part.as_str();
        match (part, Reading::of(db, part).await?) {
            (_, Some(it)) if it.error.is_some() => {
                let (why, times) = (it.error.unwrap_or_default(), it.failures);
                return Ok(Finding::Bad(format!("its {word} could not be read, {times} times so far: {why}")));
            }
            // Of pull requests that moved there may be none.
            (ReadPart::Mergeability, _) => {}
            (_, Some(Reading { read_at: Some(at), .. })) => {
                let fresh = if part == ReadPart::Teams { FRESH_TEAMS } else { FRESH };
                if now - at > fresh {
                    let minutes = (now - at).num_minutes();
                    return Ok(Finding::Bad(format!("{word}: {minutes} minutes ago; `pinconsole jobs` says why")));
                }
                oldest = oldest.max(Some((now - at).num_minutes()));
            }
            (_, _) => return Ok(Finding::Bad(format!("{word} were not read yet: `pinconsole serve` reads them"))),
        }
    }
    Ok(Finding::Good(format!("{} minutes ago", oldest.unwrap_or_default())))
}
