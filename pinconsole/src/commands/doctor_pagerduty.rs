//! What the doctor says of PagerDuty.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use domain::incidents::{Part, Reading};
use domain::{PgPool, timetable};
use integrations::pagerduty::{Address, Client};

use super::doctor::Finding;
use crate::environment::Environment;

/// Four readings, as they come by default.
const FRESH: TimeDelta = TimeDelta::minutes(20);

/// Whether its API answers.
pub(super) async fn api(address: Option<&Address>) -> Finding {
    let Some(address) = address else {
        return Finding::Off("set PAGERDUTY_API_TOKEN; until then nobody reads who is on call".into());
    };
    let client = match Client::new(address.clone()) {
        Ok(client) => client,
        Err(error) => return Finding::Bad(error.to_string()),
    };
    match client.priorities().await {
        Ok(_) => Finding::Good("its API answers".into()),
        Err(error) => Finding::Bad(error.to_string()),
    }
}

/// How its readings fare, and whether its events come, where both are set up.
pub(super) async fn kept(db: &PgPool, environment: &Environment) -> Vec<(&'static str, Finding)> {
    let mut findings = Vec::new();
    let unknown = |_| Finding::Bad("the database does not tell".into());
    if environment.pagerduty.is_some() {
        findings.push(("Last reading of PagerDuty", read(db).await.unwrap_or_else(unknown)));
        if !environment.pagerduty_webhook.is_empty() {
            findings.push(("Feed of PagerDuty's events", feed(db).await.unwrap_or_else(unknown)));
        }
    }
    findings
}

async fn read(db: &PgPool) -> Result<Finding> {
    let now = timetable::now(db).await?;
    let (mut oldest, mut never): (Option<DateTime<Utc>>, Vec<&str>) = (None, Vec::new());
    for part in Part::READ {
        match Reading::of(db, part).await? {
            Some(it) if it.error.is_some() => {
                let (why, word) = (it.error.unwrap_or_default(), part.as_str());
                return Ok(Finding::Bad(format!("its {word} could not be read, {} times so far: {why}", it.failures)));
            }
            Some(Reading { read_at: Some(at), .. }) => oldest = Some(oldest.map_or(at, |it| it.min(at))),
            Some(_) | None => never.push(part.as_str()),
        }
    }
    Ok(match oldest {
        None => Finding::Bad("it was never read: start `pinconsole serve`, which reads it".into()),
        Some(at) if now - at > FRESH => {
            Finding::Bad(format!("{} minutes ago: `pinconsole jobs` says why", (now - at).num_minutes()))
        }
        Some(_) if !never.is_empty() => Finding::Bad(format!("not read yet: {}", never.join(", "))),
        Some(at) => Finding::Good(format!("{} minutes ago", (now - at).num_minutes())),
    })
}

async fn feed(db: &PgPool) -> Result<Finding> {
    let now = timetable::now(db).await?;
    Ok(match Reading::of(db, Part::Feed).await? {
        None => Finding::Off("nobody asked PagerDuty for an event yet; `pinconsole serve` does so".into()),
        Some(it) if it.error.is_some() => Finding::Bad(it.error.unwrap_or_default()),
        Some(it) if now - it.known_since() > FRESH => {
            let minutes = (now - it.known_since()).num_minutes();
            Finding::Bad(format!("not asked for {minutes} minutes: `pinconsole jobs` says why"))
        }
        Some(it) => {
            let minutes = (now - it.known_since()).num_minutes();
            Finding::Good(format!("PagerDuty was asked for an event {minutes} minutes ago, and it came"))
        }
    })
}
