//! What people are told of pull requests, as it arrives in Slack.

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use domain::PgPool;
use integrations::fake::slack::{Slack, SlackMember};

use super::PEOPLE;
use crate::bench::company;
use crate::bench::report::Report;
use crate::bench::settled::none;

/// Everybody is found in the workspace by the address that the directory has.
pub fn workspace(slack: &Slack) {
    for number in 0..PEOPLE {
        let name = company::person(number);
        slack.member(SlackMember::new(format!("U0BENCH{number}"), &name, format!("{name}@pinconsole.example")));
    }
}

/// Lets nobody have been told anything: else what comes later would come as edits, and in lists.
pub async fn forget(db: &PgPool) -> Result<()> {
    for forget in ["delete from github.notice", "delete from notify.message"] {
        sqlx::query(forget).execute(db).await?;
    }
    Ok(())
}

/// Waits until all that people should be told is sent.
pub async fn arrived(db: &PgPool) -> Result<()> {
    let waits = "select exists (select from notify.message where state = 'waiting')";
    none(db, waits).await.context("not everything is told")?;
    let failed = "select min(error) from notify.message where state = 'dead'";
    let failed: Option<String> = sqlx::query_scalar(failed).fetch_one(db).await?;
    ensure!(failed.is_none(), "somebody could not be told: {}", failed.unwrap_or_default());
    Ok(())
}

/// Notes what Slack was called for since then, of so many events.
pub fn note(report: &mut Report, slack: &Slack, (when, since): (&str, DateTime<Utc>), events: f64) -> Result<()> {
    let posts = slack.log("chat.postMessage").into_iter().filter(|it| it.at >= since);
    let (messages, answers): (Vec<_>, Vec<_>) = posts.partition(|it| it.text("thread_ts").is_empty());
    let edits = slack.log("chat.update").into_iter().filter(|it| it.at >= since).count();
    ensure!(!messages.is_empty(), "nobody was told anything");
    for (what, count) in [("messages", messages.len()), ("answers in threads", answers.len()), ("edits", edits)] {
        report.note(&format!("{what} per 1,000 events, {when}"), "calls of Slack", count as f64 / events * 1_000.0);
    }
    Ok(())
}
