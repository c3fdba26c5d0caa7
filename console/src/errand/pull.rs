//! Who reviews, at GitHub itself: the next is asked, and whoever passed it on no longer. Both may be said twice.

use cards::{Card, Text, Tone};
use domain::PgConnection;
use domain::github::handing::Place;
use domain::incidents::errand::{Errand, State};
use domain::person::Person;
use domain::preference::Defaults;
use integrations::github::{Client, GitHubError, PullReference, Reviewers};
use serde_json::json;

use super::Parts;
use super::carry::{AGAIN, Ended, Later, Step, wait};
use super::settle::words;
use crate::Failure;
use crate::act::pass::{self, ALONE, LISTED_STILL};

/// Has GitHub ask the next instead of whoever asked for that. Where GitHub does not do it, it is passed on here all the same.
pub(super) async fn carry(parts: &Parts, errand: &Errand) -> Result<Step, Failure> {
    let Some(client) = &parts.github else { return Ok(here_alone(errand, "GitHub is not connected any more").into()) };
    let Ok(pull_request) = errand.target.parse() else {
        return Ok(here_alone(errand, "it names no pull request").into());
    };
    let place = Place::of(&mut *parts.db.acquire().await?, pull_request, errand.person_id).await?;
    let Some(place) = place else { return Ok(here_alone(errand, "the app is not installed there any more").into()) };
    if !errand.sending(&parts.db).await? {
        return Ok(Step::Lost);
    }
    Ok(match swap(client, &place, words(&errand.input, "github")).await {
        Ok(()) => Ended { passed: true, ..Ended::new(State::Done, card(errand), json!({ "github": "told" })) }.into(),
        Err(error) => missed(errand, &error),
    })
}

async fn swap(client: &Client, place: &Place, next: &str) -> Result<(), GitHubError> {
    let of = PullReference { installation: place.installation_id, repository: &place.repository, number: place.number };
    // In this order somebody is asked at any moment.
    if !next.is_empty() {
        client.request_reviewers(of, Reviewers { logins: &[next], teams: &[] }).await?;
    }
    let mine: Vec<&str> = place.asked.iter().map(String::as_str).collect();
    match mine.is_empty() {
        true => Ok(()),
        false => client.remove_reviewers(of, Reviewers { logins: &mine, teams: &[] }).await,
    }
}

fn missed(errand: &Errand, error: &GitHubError) -> Step {
    let later = |wait, unsent| Step::Later(Later { wait, unsent, why: error.to_string() });
    match error {
        GitHubError::Limited { retry_after } => later(*retry_after, true),
        GitHubError::Passing(_) => later(wait(errand), true),
        GitHubError::Unclear(_) => later(AGAIN, false),
        GitHubError::Credentials { .. }
        | GitHubError::Forbidden { .. }
        | GitHubError::Gone
        | GitHubError::Refused { .. }
        | GitHubError::Code(_)
        | GitHubError::TooMany(_)
        | GitHubError::Malformed(_) => here_alone(errand, &error.to_string()).into(),
    }
}

/// It was passed on here, and GitHub does not know of it.
pub(super) fn here_alone(errand: &Errand, why: &str) -> Ended {
    let card = passed(errand).tone(Tone::Warn).text(LISTED_STILL).fact("Why GitHub does not know", why);
    Ended { passed: true, ..Ended::new(State::Done, card.results(1), json!({ "github": "not told", "error": why })) }
}

fn card(errand: &Errand) -> Card {
    let card = passed(errand).tone(Tone::Good).results(1);
    match words(&errand.input, "github") {
        "" => card.text("GitHub no longer asks you."),
        _ => card.text("GitHub asks them instead of you."),
    }
}

fn passed(errand: &Errand) -> Card {
    let card = Card::new("Passed on");
    match words(&errand.input, "name") {
        "" => card.text(ALONE),
        name => card.fact("Passed to", Text::person(words(&errand.input, "login"), name)),
    }
}

/// Notes it here.
pub(super) async fn keep(
    (db, defaults): (&mut PgConnection, &Defaults),
    errand: &Errand,
    person: &Person,
) -> Result<(), Failure> {
    let Ok(pull_request) = errand.target.parse() else { return Ok(()) };
    pass::keep((db, defaults), (pull_request, person), &errand.input).await.map(|_| ())
}
