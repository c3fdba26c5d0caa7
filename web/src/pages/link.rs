use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cards::Card;
use console::{Failure, link_github};
use maud::html;

use crate::answer;
use crate::sheet::Sheet;
use crate::visit::Visit;

/// Links a GitHub account: where somebody is told what will happen, and where GitHub sends them back.
pub(crate) async fn link_github(visit: Visit) -> Response {
    let (state, code) = (visit.query.state(), visit.query.code());
    let reply = match (state, code, visit.query.is_refused()) {
        (None, ..) => return answer::missing(&visit),
        (Some(state), _, true) => link_github::give_up(visit.ctx(), state).await,
        (Some(state), Some(code), _) => link_github::finish(visit.ctx(), state, code).await,
        (Some(state), None, _) => match link_github::ask(visit.ctx(), state).await {
            Ok((card, url)) => return offer(&visit, &card, url.as_str()),
            Err(failure) => Err(failure),
        },
    };
    match reply {
        Ok(card) => shown(&visit, &card),
        Err(Failure::User(card)) => shown(&visit, &card),
        Err(failure @ Failure::Internal(_)) => answer::failed(&visit, &failure, StatusCode::OK),
    }
}

fn shown(visit: &Visit, card: &Card) -> Response {
    // What chat offers to press is pressed there.
    let card = Card { actions: Vec::new(), ..card.clone() };
    Sheet::of(&card).draw(visit).into_response()
}

fn offer(visit: &Visit, card: &Card, url: &str) -> Response {
    let link =
        html! { nav.actions aria-label="Next" { ul { li { a href=(url) rel="noreferrer" { "Sign in at GitHub" } } } } };
    Sheet::of(card).after(link).draw(visit).into_response()
}
