//! From a card, or the lack of one, to a response.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use cards::{Ask, Card, Page, Text, Tone};
use console::{Asks, Failure};

use crate::sheet::Sheet;
use crate::visit::Visit;

/// The page of a card; a way of writing its address other than the card's own leads there.
pub(crate) fn page(visit: &Visit, sheet: &Sheet<'_>) -> Response {
    match &sheet.card.link {
        Some(link) if path(link) != visit.path => see(visit, link),
        _ => sheet.draw(visit).into_response(),
    }
}

/// The page of what was loaded, as `dress` shows it.
pub(crate) fn loaded<'a>(
    visit: &Visit,
    card: &'a Result<Option<Card>, Failure>,
    dress: impl FnOnce(&'a Card) -> Sheet<'a>,
) -> Response {
    match card {
        Ok(Some(card)) => page(visit, &dress(card)),
        Ok(None) => missing(visit),
        Err(failure) => failed(visit, failure, StatusCode::NOT_FOUND),
    }
}

/// Why there is no answer. What failed on our side is logged here, once, and never shown.
pub(crate) fn failed(visit: &Visit, failure: &Failure, status: StatusCode) -> Response {
    match failure {
        Failure::User(card) => (status, Sheet::of(card).draw(visit)).into_response(),
        Failure::Internal(error) => {
            let id = visit.id.map(|it| tracing::field::display(it.0));
            tracing::error!(request = id, path = visit.path, ?error, "a page failed");
            let again = [(header::RETRY_AFTER, "5")];
            (StatusCode::SERVICE_UNAVAILABLE, again, Sheet::of(&broken(visit)).draw(visit)).into_response()
        }
    }
}

/// Nothing is at this address.
pub(crate) fn missing(visit: &Visit) -> Response {
    let card = Card::new("There is no such page")
        .text("What you look for may have another name now, or be gone. Search for it above, or begin at the start.")
        .read("Start", Ask { command: "help".into(), page: Some(Page::at([])) })
        .read("Help", Asks::help());
    (StatusCode::NOT_FOUND, Sheet::of(&card).draw(visit)).into_response()
}

/// Another address of ours, for good.
pub(crate) fn see(visit: &Visit, page: &Page) -> Response {
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, visit.site.href(page))]).into_response()
}

fn broken(visit: &Visit) -> Card {
    let card = Card::new("That did not work")
        .tone(Tone::Bad)
        .text("Something failed on our side, and it was noted. Try again in a minute.");
    match visit.id {
        Some(id) => card
            .text("If it stays, give this reference to the team that runs PinConsole:")
            .fact("Reference", Text::code(id.0.to_string())),
        None => card,
    }
}

fn path(page: &Page) -> &str {
    page.as_str().split('?').next().unwrap_or_default()
}
