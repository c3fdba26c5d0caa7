use axum::response::{IntoResponse, Response};
use cards::Card;
use console::oncall::{self, At, Thing, gaps};
use console::{EntityRef, Failure};
use maud::{Markup, html};

use crate::answer;
use crate::at::At as Place;
use crate::sheet::Sheet;
use crate::visit::Visit;

/// Who is on call for everything, or for what the words mean.
pub(crate) async fn oncall(visit: Visit) -> Response {
    let words = visit.query.words();
    let card = match words.is_empty() {
        true => oncall::everybody::load(visit.ctx(), visit.query.page()).await.map(|it| oncall::everybody::card(&it)),
        // Nobody is signed in, so that "me" means nothing here.
        false => oncall::answer(visit.ctx(), None, words, (At::now(), visit.query.page())).await,
    };
    found(&visit, &card)
}

/// Who is on call for an entity, a group or by a person.
pub(crate) async fn oncall_of(visit: Visit, Place([kind, namespace, name]): Place<3>) -> Response {
    let Ok(reference) = EntityRef::new(&kind, &namespace, &name) else { return answer::missing(&visit) };
    shown(&visit, &reference.to_string()).await
}

/// Who is on call for a service, policy or schedule of PagerDuty.
pub(crate) async fn oncall_id(visit: Visit, Place([kind, id]): Place<2>) -> Response {
    match kind.as_str() {
        "service" | "policy" | "schedule" => shown(&visit, &format!("{kind}:{id}")).await,
        _ => answer::missing(&visit),
    }
}

/// When nobody is on call, at all or for what the words mean.
pub(crate) async fn gaps_page(visit: Visit) -> Response {
    let card = gaps::answer(visit.ctx(), visit.query.words(), visit.query.page()).await;
    found(&visit, &card)
}

async fn shown(visit: &Visit, words: &str) -> Response {
    let card = one(visit, words).await;
    answer::loaded(visit, &card, |card| Sheet::of(card).above(field(visit)))
}

async fn one(visit: &Visit, words: &str) -> Result<Option<Card>, Failure> {
    let Some(thing) = oncall::find(visit.ctx(), words).await?.into_iter().next() else { return Ok(None) };
    let scope = match &thing {
        Thing::Person(_) => oncall::Scope::default(),
        _ => oncall::scope(visit.ctx(), &thing).await?,
    };
    Ok(Some(oncall::of(visit.ctx(), thing, scope, (At::now(), visit.query.page())).await?))
}

/// What words found: its own page may be another one, so nobody is sent there.
fn found(visit: &Visit, card: &Result<Card, Failure>) -> Response {
    match card {
        Ok(card) => Sheet::of(card).above(field(visit)).draw(visit).into_response(),
        Err(failure) => answer::failed(visit, failure, axum::http::StatusCode::NOT_FOUND),
    }
}

/// The field that asks who is on call.
fn field(visit: &Visit) -> Markup {
    let words: String = visit.query.words().chars().filter(|it| !it.is_control()).take(MAX_WORDS).collect();
    html! {
        form.search.ask method="get" action=(visit.site.path(["oncall"])) {
            label.hidden for="for" { "Who is on call for a service, team, repository, path or person" }
            input id="for" name="q" type="search" value=(words) maxlength=(MAX_WORDS) autocomplete="off"
                autocapitalize="none" spellcheck="false" placeholder="Service, team, repository, path or person";
            button type="submit" { "Who is on call?" }
        }
    }
}

const MAX_WORDS: usize = 200;
