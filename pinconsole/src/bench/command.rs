//! A slash command as Slack sends it, signed, through Slack's door, with its look-up.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use chrono::Utc;
use integrations::fake::World;
use integrations::fake::slack::{SlackMember, TEAM};
use integrations::slack::Signature;
use secrecy::SecretString;

use super::client::{Connection, post};
use super::ground::Ground;
use super::limits::{Limits, hello_with};
use super::report::{Goal, Report};
use super::served::{SIGNING, Served};
use super::{catalog, company, keys, load, process};

const CALLERS: usize = 64;
const TIME: Duration = Duration::from_secs(3);

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let mut report = Report::new("command", format!("/pin catalog <name> from Slack, signed, {CALLERS} callers"));
    let database = ground.loaded().await?;
    let world = World::start().await?.tolerant();
    for caller in 0..CALLERS {
        let email = format!("{}@pinconsole.example", company::person(caller));
        world.slack().member(SlackMember::new(user(caller), company::person(caller), email));
    }
    let (served, limits) = (Served::start(ground, database, Some(&world))?, Limits::start(ground, database)?);
    let hello = Arc::new(vec![hello_with(&body(0))]);
    check(&served).await?;
    let cold = (served.cpu()?, ground.postgres_cpu()?);
    let first = load::once(served.signed, CALLERS, &Arc::new(signed())).await?;
    let cold = ((served.cpu()? - cold.0) / first.answers(), (ground.postgres_cpu()? - cold.1) / first.answers());
    report.note("ours, each name for the first time", "a second", first.rate());
    report.note("the same, 99 of 100 within", "ms", first.quantile(0.99));
    report.note("the same, CPU per 10,000, server", "s", cold.0 * 10_000.0);
    report.note("the same, CPU per 10,000, Postgres", "s", cold.1 * 10_000.0);
    for round in 0..=rounds {
        let asked = Arc::new(signed());
        let before = (served.cpu()?, ground.postgres_cpu()?, process::cpu(std::process::id())?);
        let ours = load::closed(served.signed, CALLERS, TIME, &asked).await?;
        let used =
            (served.cpu()? - before.0, ground.postgres_cpu()? - before.1, process::cpu(std::process::id())? - before.2);
        let key = keys::rate(database, TIME).await?;
        let before = limits.cpu()?;
        let axum = load::closed(limits.address, CALLERS, TIME, &hello).await?;
        let axum_used = limits.cpu()? - before;
        if round == 0 {
            continue;
        }
        report.aim("ours / Postgres key read", "times", Goal::AtLeast(0.6), ours.rate() / key);
        report.note("ours", "a second", ours.rate());
        report.note("Postgres key read", "a second", key);
        report.note("axum hello", "a second", axum.rate());
        report.note("ours, half within", "ms", ours.quantile(0.5));
        // A fifth of what Slack's own framework takes without any look-up, which was 29 ms.
        report.aim("ours, 99 of 100 within", "ms", Goal::AtMost(5.8), ours.quantile(0.99));
        let ten_thousands = ours.answers() / 10_000.0;
        // A quarter of what Slack's own framework takes without any look-up, which was 3.2 s.
        report.aim("CPU per 10,000, server", "s", Goal::AtMost(0.8), used.0 / ten_thousands);
        report.note("CPU per 10,000, Postgres", "s", used.1 / ten_thousands);
        report.note("CPU per 10,000, the client that measures", "s", used.2 / ten_thousands);
        report.note("CPU per 10,000, axum hello", "s", axum_used / axum.answers() * 10_000.0);
        report.note("memory of the server", "MB", served.resident()?);
        report.note("memory of axum hello", "MB", limits.resident()?);
        report.note("one fdatasync", "ms", ground.fdatasync()?);
    }
    Ok(report)
}

fn user(number: usize) -> String {
    format!("U0BENCH{}", number % CALLERS)
}

fn body(number: usize) -> String {
    let (user, name) = (user(number), catalog::name(number));
    format!(
        "token=old&team_id={TEAM}&team_domain=pin&channel_id=C0PIN&channel_name=general&user_id={user}&user_name={user}\
         &command=%2Fpin&text=catalog+{name}&api_app_id=A0PIN&is_enterprise_install=false\
         &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F{TEAM}%2F{number}%2Fabc&trigger_id={number}.1.bench"
    )
}

/// Each name once, signed now: a signature is good for five minutes.
fn signed() -> Vec<Vec<u8>> {
    (0..catalog::ENTITIES).map(|it| typed(it * 7_919 % catalog::ENTITIES)).collect()
}

fn typed(number: usize) -> Vec<u8> {
    let (body, now) = (body(number), Utc::now().timestamp().to_string());
    let signature = Signature::sign(&SecretString::from(SIGNING), &now, body.as_bytes());
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-slack-request-timestamp", now.as_str()),
        ("x-slack-signature", signature.as_str()),
    ];
    post("/slack/commands", &headers, &body)
}

/// What is measured must be the card of the entity, to everybody who asks; and nobody is a stranger later.
async fn check(served: &Served) -> Result<()> {
    let mut connection = Connection::open(served.signed).await?;
    for number in 0..CALLERS {
        let answer = String::from_utf8_lossy(connection.ask(&typed(number)).await?).into_owned();
        ensure!(answer.contains(&catalog::reference(number)), "not the card of the entity: {answer}");
    }
    Ok(())
}
