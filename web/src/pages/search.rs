use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cards::Card;
use console::search::{self, Scope};
use console::{Asks, EntityRef, Failure};
use maud::{Markup, html};

use crate::answer;
use crate::sheet::Sheet;
use crate::visit::Visit;

/// A page of what words find. A reference that leads somewhere is followed at once.
pub(crate) async fn search(visit: Visit) -> Response {
    let (words, scope, page) = (visit.query.words(), visit.query.scope(), visit.query.page());
    if words.is_empty() {
        let card = Card::new("Search").text("Type a name, or a part of one, of a service, a person or a team.");
        return Sheet::of(&card).draw(&visit).into_response();
    }
    if let (Scope::All, Ok(reference)) = (scope, EntityRef::parse(words, None, "default")) {
        match search::referenced(visit.ctx(), &reference).await {
            Ok(Card { link: Some(page), .. }) => return Redirect::to(&visit.site.href(&page)).into_response(),
            Ok(_) | Err(Failure::User(_)) => {}
            Err(failure) => return answer::failed(&visit, &failure, StatusCode::BAD_REQUEST),
        }
    }
    match search::load(visit.ctx(), words, scope, page).await {
        Ok(view) => {
            let card = search::card(&view);
            Sheet::of(&card).above(tabs(&visit, words, scope)).draw(&visit).into_response()
        }
        Err(failure) => answer::failed(&visit, &failure, StatusCode::BAD_REQUEST),
    }
}

/// The same words in everything, in people, in groups.
fn tabs(visit: &Visit, words: &str, scope: Scope) -> Markup {
    let words: String = words.chars().take(MAX_WORDS).collect();
    let tabs = [
        ("Everything", Scope::All, Asks::search(&words, 1)),
        ("People", Scope::People, Asks::people(&words, 1)),
        ("Groups", Scope::Groups, Asks::groups(&words, 1)),
    ];
    html! {
        nav.tabs aria-label="Kinds of matches" {
            ul {
                @for (label, its, ask) in &tabs {
                    @if let Some(page) = &ask.page {
                        li { a href=(visit.site.href(page)) aria-current=[(*its == scope).then_some("page")] { (label) } }
                    }
                }
            }
        }
    }
}

/// A search has no more characters than these.
const MAX_WORDS: usize = 100;
