//! A chat page for the demo: the rooms of the fake Slack and what was said there, a prompt, buttons that can be pressed, and
//! incidents that can be played. Plain forms; no script.

mod dialog;
mod entry;
mod origin;
mod page;
mod play;
mod room;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Form, FromRef, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use serde::Deserialize;
use url::form_urlencoded;

use super::World;
use super::pagerduty::PagerDuty;
use super::slack::{CHANNEL, Exchange, Slack};
pub use play::{Stage, Staged};
use room::Seen;

/// A little longer than an answer usually takes; later ones appear when the page renews itself.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a page waits for what follows from what was played.
const GLIMPSE: Duration = Duration::from_millis(800);

/// What the page needs.
#[derive(Clone)]
struct Chat {
    slack: Slack,
    pagerduty: PagerDuty,
    stage: Arc<Stage>,
    seen: Seen,
}

impl FromRef<Chat> for Slack {
    fn from_ref(chat: &Chat) -> Self {
        chat.slack.clone()
    }
}

/// The page and what it posts to, below `/demo/chat`.
pub fn router(world: &World, stage: Stage) -> Router {
    let (slack, pagerduty) = (world.slack(), world.pagerduty());
    let chat = Chat { slack, pagerduty, stage: Arc::new(stage), seen: Seen::default() };
    Router::new()
        .route("/demo/chat", get(show).post(say))
        .route("/demo/chat/press", post(press))
        .route("/demo/chat/view", post(view))
        .route("/demo/chat/play", post(played))
        .route("/demo/chat.css", get(style))
        .layer(middleware::from_fn(origin::same))
        .layer(DefaultBodyLimit::max(64 << 10))
        .with_state(chat)
}

#[derive(Deserialize)]
struct Looking {
    #[serde(rename = "as")]
    user: Option<String>,
    room: Option<String>,
    /// Whether the page is to stay as it is.
    still: Option<String>,
}

async fn show(State(chat): State<Chat>, Query(looking): Query<Looking>) -> Response {
    let page = page::page(&chat, &looking);
    ([(header::CACHE_CONTROL, "no-store")], page).into_response()
}

#[derive(Deserialize)]
struct Said {
    #[serde(rename = "as")]
    user: String,
    text: String,
}

async fn say(State(slack): State<Slack>, Form(Said { user, text }): Form<Said>) -> Response {
    let text = text.trim();
    if !is_member(&slack, &user) {
        return nobody();
    }
    if text.starts_with('/') {
        let exchange = slack.command(&user, text).await;
        answered(&slack, &exchange).await;
    } else if !text.is_empty() {
        slack.say(&user, text);
    }
    back(&user, CHANNEL)
}

#[derive(Deserialize)]
struct Press {
    #[serde(rename = "as")]
    user: String,
    message: u64,
    action: String,
}

async fn press(State(slack): State<Slack>, Form(Press { user, message, action }): Form<Press>) -> Response {
    if !is_member(&slack, &user) {
        return nobody();
    }
    let room = slack.transcript().into_iter().find(|it| it.id == message).map(|it| it.channel);
    // A message that went away meanwhile has no button any more, which the page shows by itself.
    if let Some(exchange) = slack.press(&user, message, &action).await {
        match opens(&action) {
            true => filled(&slack, &user).await,
            false => answered(&slack, &exchange).await,
        }
    }
    back(&user, room.as_deref().unwrap_or(CHANNEL))
}

/// Answers of a view, or that it was closed: the verb, who, which view, and whatever was entered.
async fn view(State(slack): State<Slack>, Form(entered): Form<Vec<(String, String)>>) -> Response {
    let named = |name: &str| entered.iter().find(|it| it.0 == name).map(|it| it.1.as_str()).unwrap_or_default();
    let (user, id) = (named("as"), named("view"));
    if !is_member(&slack, user) {
        return nobody();
    }
    // A view that went away meanwhile is not on the next page, either.
    match named("verb") {
        "submit" => {
            let answers: Vec<(&str, &str)> = entered.iter().map(|(name, it)| (name.as_str(), it.as_str())).collect();
            slack.submit(user, id, &answers).await;
        }
        _ => {
            slack.close(user, id).await;
        }
    }
    back(user, named("room"))
}

#[derive(Deserialize)]
struct Played {
    #[serde(rename = "as")]
    user: String,
    room: String,
    play: String,
}

async fn played(State(chat): State<Chat>, Form(Played { user, room, play }): Form<Played>) -> Response {
    if !is_member(&chat.slack, &user) {
        return nobody();
    }
    let (before, members) = (chat.slack.transcript().len(), chat.stage.players(&chat.slack.members()));
    play::play(&chat.pagerduty, &chat.stage.incidents, &members, &play);
    // What follows is usually on the next page; else it appears when that renews itself.
    let told = chat.slack.until(|| chat.slack.transcript().len() > before);
    let _ = tokio::time::timeout(GLIMPSE, told).await;
    back(&user, &room)
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("style.css"))
}

/// Waits a little, so that the next page usually has the answer.
async fn answered(slack: &Slack, exchange: &Exchange) {
    // Without an answer yet the page comes all the same.
    let _ = tokio::time::timeout(PATIENCE, slack.answer(exchange)).await;
}

/// Whether a button of ours opens a form instead of bringing an answer.
fn opens(action: &str) -> bool {
    action.starts_with("form-")
}

/// Waits a little, so that the next page usually has the form.
async fn filled(slack: &Slack, user: &str) {
    let seen = || slack.modals().iter().any(|it| it.user == user && !dialog::waits(it));
    // Without it the page comes all the same, and renews itself.
    let _ = tokio::time::timeout(PATIENCE, slack.until(seen)).await;
}

fn is_member(slack: &Slack, user: &str) -> bool {
    slack.members().iter().any(|it| it.id == user && !it.deleted)
}

fn nobody() -> Response {
    (StatusCode::BAD_REQUEST, "No such member: go back and choose one.").into_response()
}

/// Where a member sees a room.
fn address(user: &str, room: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("as", user);
    if !room.is_empty() && room != CHANNEL {
        query.append_pair("room", room);
    }
    format!("/demo/chat?{}", query.finish())
}

/// Without a fragment: a browser goes to the same address with one without asking for the page again, so that it would never
/// be renewed.
fn back(user: &str, room: &str) -> Response {
    Redirect::to(&address(user, room)).into_response()
}
