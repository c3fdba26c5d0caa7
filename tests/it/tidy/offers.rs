//! What an answer offers to press or to open is there: of the demo company, everything that a reader reaches by pressing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use bot::{Answer, Command, Outcome, help};
use cards::{Action, Ask, Card, Page, Span, Target};
use console::{Ctx, usage};
use domain::account::Platform;
use domain::person::Person;
use sqlx::PgPool;
use tower::ServiceExt;
use uuid::Uuid;

use super::none;
use crate::common::company;

/// How many questions are asked at the most; the company has more than anybody presses.
const QUESTIONS: usize = 300;

/// Questions whose answers refuse, but still offer something.
const MISTAKES: [&str; 5] = ["catalgo payments", "owns", "person", "payments", "help zeppelin"];

/// Questions that find a lot, a little, or nothing.
const MORE: [&str; 6] =
    ["catalog api", "catalog zeppelin", "person an", "team zeppelin", "owns nobody", "catalog group:payments"];

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn everything_that_answers_offer_is_there(db: PgPool) {
    company(&db).await;
    let walk = walk(&db).await;
    assert!(walk.asked > 100, "only {} questions were asked", walk.asked);
    assert!(walk.pages.len() > 100, "only {} pages were offered", walk.pages.len());
    let pages = pages(&db);
    let mut broken = walk.broken;
    for (page, from) in walk.pages {
        let request = Request::builder().uri(page.as_str()).body(Body::empty()).expect("a page is a path");
        let status = pages.clone().oneshot(request).await.expect("an answer").status();
        if !status.is_success() && !status.is_redirection() {
            broken.push(format!("`{from}` leads to {page}, which answers {status}"));
        }
    }
    none(broken);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_offer_that_is_not_there_is_found(db: PgPool) {
    company(&db).await;
    let asked = |command: &str| Ask { command: command.into(), page: None };
    let card = Card::new("A card")
        .read("Good", asked("help"))
        .read("Bad", asked("colour red"))
        .read("Gone", asked("team --page 0"));
    let commands: Vec<String> = offered(&card).0.into_iter().map(|it| it.command.clone()).collect();
    assert_eq!(commands.iter().filter(|it| Command::parse(it).is_err()).count(), 2);
    assert_eq!(ask(&db, "colour red").await.outcome, Outcome::Refused);
    let nowhere = Request::builder().uri("/person/zeppelin").body(Body::empty()).expect("a request");
    assert_eq!(pages(&db).oneshot(nowhere).await.expect("an answer").status().as_u16(), 404);
}

/// What a reader came by.
#[derive(Default)]
struct Walk {
    asked: usize,
    /// Each page with a question whose answer offers it.
    pages: BTreeMap<String, String>,
    broken: Vec<String>,
}

/// Asks what the examples ask, and then whatever the answers offer, nearest first.
async fn walk(db: &PgPool) -> Walk {
    let examples = help::commands().into_iter().flat_map(|it| Command::examples(it.get_name()));
    let begin = examples.copied().chain(MISTAKES).chain(MORE).map(String::from);
    let mut open: std::collections::VecDeque<String> = begin.collect();
    let (mut known, typed): (BTreeSet<String>, usize) = (open.iter().cloned().collect(), open.len());
    let mut walk = Walk::default();
    while let Some(command) = open.pop_front().filter(|_| walk.asked < QUESTIONS) {
        let answer = ask(db, &command).await;
        walk.asked += 1;
        // What a reader mistypes may be refused; what we offer may not.
        if answer.outcome == Outcome::Failed || (answer.outcome == Outcome::Refused && walk.asked > typed) {
            walk.broken.push(format!("`{command}` was offered, and answers: {}", answer.card.title));
        }
        let (asks, pages) = offered(&answer.card);
        walk.pages.extend(pages.into_iter().map(|it| (it.to_string(), command.clone())));
        for ask in asks {
            if let Err(error) = Command::parse(&ask.command) {
                walk.broken.push(format!("`{command}` offers `{}`, which does not parse: {error:?}", ask.command));
            } else if known.insert(ask.command.clone()) {
                open.push_back(ask.command.clone());
            }
        }
    }
    walk
}

/// The questions of a card's buttons, and every page that it leads to.
fn offered(card: &Card) -> (Vec<&Ask>, Vec<Page>) {
    let asks: Vec<&Ask> = card.actions.iter().filter_map(question).collect();
    let links = card.texts().flat_map(|it| &it.0).filter_map(page).cloned();
    let pages = asks.iter().filter_map(|it| it.page.clone()).chain(card.link.clone()).chain(links).collect();
    (asks, pages)
}

fn question(action: &Action) -> Option<&Ask> {
    match action {
        Action::Read { ask, .. } => Some(ask),
        Action::Act { .. } | Action::Form { .. } => None,
    }
}

fn page(span: &Span) -> Option<&Page> {
    match span {
        Span::Link { target: Target::Page(page), .. } => Some(page),
        Span::Link { .. } | Span::Plain(_) | Span::Code(_) | Span::Person { .. } | Span::Time { .. } => None,
    }
}

async fn ask(db: &PgPool, text: &str) -> Answer {
    let ctx = Ctx::new(db.clone(), usage::recorder().0);
    let request = bot::Request { id: Uuid::now_v7(), platform: Platform::Slack, text: text.into(), place: None };
    let asker = async { Ok(Person::named(db, "ada").await?.expect("Ada works there")) };
    bot::answer(&ctx, &request, asker).await
}

fn pages(db: &PgPool) -> Router {
    let help = |command: Option<&str>| match command {
        Some(name) => help::on(name).ok(),
        None => Some(help::all()),
    };
    let public = "http://127.0.0.1:8081/".parse().expect("an address");
    let ctx = Ctx::new(db.clone(), usage::recorder().0);
    web::router(web::State { ctx, public, help: Arc::new(help), demo: false })
}
