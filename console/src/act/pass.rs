//! Passing a review on: to whom, what is said of it, and what is noted.

use cards::{Card, Text, Tone};
use chrono::Utc;
use domain::PgConnection;
use domain::github::handing::Place;
use domain::github::{Next, Whole};
use domain::person::Person;
use domain::preference::Defaults;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Failure;
use crate::notify::pull as notices;

/// Who gets the review instead, and whether GitHub is told.
pub(super) async fn prepare(
    db: &mut PgConnection,
    (pull_request, person): (i64, Uuid),
    connected: bool,
) -> sqlx::Result<Value> {
    let next = Next::after(&mut *db, pull_request, person).await?;
    let place = Place::of(&mut *db, pull_request, person).await?;
    let there = connected && place.is_some_and(|it| !it.asked.is_empty());
    Ok(match next {
        None => json!({ "there": there }),
        Some(it) => json!({
            "there": there, "actor": it.actor_id, "github": it.login, "person": it.person.id, "login": it.person.name,
            "name": it.person.display, "team": it.team, "open": it.open,
        }),
    })
}

/// Whether GitHub is told.
pub(super) fn there(input: &Value) -> bool {
    input["there"] == Value::Bool(true)
}

/// What will happen.
pub(super) fn proposal(whole: &Whole, input: &Value) -> Card {
    let card = Card::new("Pass this review on?").tone(Tone::Warn).fact("Pull request", whole.reference());
    let said = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default().to_string();
    let next = !input["actor"].is_null();
    let card = match next {
        false => card.text(ALONE),
        true => {
            let open = crate::words::count(input["open"].as_i64().unwrap_or_default(), "review", "reviews");
            let why = format!(" ({}, {open} waiting)", said("team"));
            card.fact("Next", Text::person(said("login"), said("name")).then(why))
        }
    };
    card.text("You are not told of it and it is not listed as yours, until somebody asks you by name again.").text(
        match (there(input), next) {
            (true, true) => "GitHub asks them instead of you, too.",
            (true, false) => "GitHub takes you off those who are asked, too.",
            (false, _) => LISTED_STILL,
        },
    )
}

/// Notes that somebody passed it on, and asks who is next; whether those could be told.
pub(crate) async fn keep(
    (db, defaults): (&mut PgConnection, &Defaults),
    (pull_request, person): (i64, &Person),
    input: &Value,
) -> Result<bool, Failure> {
    let now = Utc::now();
    let next = input["person"].as_str().and_then(|it| it.parse::<Uuid>().ok());
    notices::choose((&mut *db, defaults), (pull_request, person.id), |it| {
        (it.passed_at, it.passed_to, it.passed_by) = (Some(now), next, None);
    })
    .await?;
    match input["actor"].as_i64() {
        Some(actor) => notices::invite((db, defaults), (pull_request, person), (actor, now)).await,
        None => Ok(false),
    }
}

/// What is true where GitHub was not told.
pub(crate) const LISTED_STILL: &str =
    "GitHub still lists you as asked: take yourself off there if that should change, too.";

pub(crate) const ALONE: &str = "Nobody else of your teams there can be asked: tell its author.";
