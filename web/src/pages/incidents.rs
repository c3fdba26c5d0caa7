use axum::response::{IntoResponse, Response};
use console::{Asks, incident_list, incident_log};
use maud::{Markup, html};

use crate::answer;
use crate::at::At;
use crate::sheet::Sheet;
use crate::visit::Visit;

/// The open incidents, all of them, or those of what the words mean.
pub(crate) async fn incidents(visit: Visit) -> Response {
    let words = visit.query.words();
    match incident_list::answer(visit.ctx(), None, words, visit.query.page()).await {
        Ok(card) => Sheet::of(&card).above(tabs(&visit, words)).draw(&visit).into_response(),
        Err(failure) => answer::failed(&visit, &failure, axum::http::StatusCode::NOT_FOUND),
    }
}

/// One incident, with what happened to it.
pub(crate) async fn incident(visit: Visit, At([number]): At<1>) -> Response {
    let found = match incident_log::find(visit.ctx(), &number).await {
        Ok(it) => it,
        Err(failure) => return answer::failed(&visit, &failure, axum::http::StatusCode::NOT_FOUND),
    };
    let log = incident_log::answer(visit.ctx(), &found, visit.query.page()).await;
    let card = incident_log::shown(visit.ctx(), found).await.map(Some);
    match log {
        Ok(mut log) => {
            log.title = "What happened".into();
            log.tone = cards::Tone::Neutral;
            log.freshness = None;
            answer::loaded(&visit, &card, |card| Sheet::of(card).below(log.clone()))
        }
        Err(failure) => answer::failed(&visit, &failure, axum::http::StatusCode::NOT_FOUND),
    }
}

fn tabs(visit: &Visit, words: &str) -> Markup {
    let tabs = [("Open", "", Asks::incident_list(None, 1)), ("All", "all", Asks::incident_list(Some("all"), 1))];
    html! {
        nav.tabs aria-label="Which incidents" {
            ul {
                @for (label, its, ask) in &tabs {
                    @if let Some(page) = &ask.page {
                        li { a href=(visit.site.href(page)) aria-current=[(*its == words).then_some("page")] { (label) } }
                    }
                }
            }
        }
    }
}
