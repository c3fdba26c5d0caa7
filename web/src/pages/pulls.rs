use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cards::Card;
use console::pull::list::Part;
use console::{Failure, pull};
use maud::{Markup, html};

use crate::answer;
use crate::at::At;
use crate::sheet::Sheet;
use crate::visit::Visit;

/// The open pull requests: all, or those that the words mean; or who of a team has how much to review.
pub(crate) async fn pulls(visit: Visit) -> Response {
    let words = visit.query.words();
    let card = match visit.query.load() {
        true => pull::load::answer(visit.ctx(), None, words).await,
        // Nobody is signed in, so that "me" means nothing here.
        false => pull::list::answer(visit.ctx(), None, words, Part { page: visit.query.page(), all: false }).await,
    };
    shown(&visit, &card)
}

/// One pull request.
pub(crate) async fn pull(visit: Visit, At([owner, name, number]): At<3>) -> Response {
    let card = pull::answer(visit.ctx(), None, &format!("{owner}/{name}#{number}"), visit.query.page()).await;
    shown(&visit, &card)
}

fn shown(visit: &Visit, card: &Result<Card, Failure>) -> Response {
    match card {
        Ok(card) => Sheet::of(card).above(field(visit)).draw(visit).into_response(),
        Err(failure) => answer::failed(visit, failure, StatusCode::NOT_FOUND),
    }
}

/// The field that asks for pull requests.
fn field(visit: &Visit) -> Markup {
    let words: String = visit.query.words().chars().filter(|it| !it.is_control()).take(MAX_WORDS).collect();
    html! {
        form.search.ask method="get" action=(visit.site.path(["prs"])) {
            label.hidden for="of" { "Pull requests of a person, team, repository or service" }
            input id="of" name="q" type="search" value=(words) maxlength=(MAX_WORDS) autocomplete="off"
                autocapitalize="none" spellcheck="false" placeholder="Person, team, repository or service";
            button type="submit" { "Whose turn is it?" }
        }
    }
}

const MAX_WORDS: usize = 200;
