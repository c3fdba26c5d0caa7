//! The Web API, as far as the app uses it.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{APP, Slack, TEAM, messages, modals, respond, rooms};
use crate::fake::slack::fault::limited;

/// What a method was called with.
pub(super) struct Arguments<'a> {
    form: &'a [(String, String)],
    pub(super) now: DateTime<Utc>,
}

impl Arguments<'_> {
    /// An argument, empty where it is missing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.form.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }

    /// An argument that is JSON.
    pub(super) fn json(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.text(name)).ok()
    }
}

/// What a method answers: fields besides `ok`, or Slack's code.
pub(super) type Answer = Result<Value, String>;

/// A method, what it needs, and what it takes.
struct Method {
    name: &'static str,
    scope: Option<&'static str>,
    arguments: &'static [&'static str],
    answer: fn(&Slack, &Arguments<'_>) -> Answer,
}

const METHODS: [Method; 10] = [
    // <https://docs.slack.dev/reference/methods/auth.test/>
    Method { name: "auth.test", scope: None, arguments: &[], answer: auth_test },
    // <https://docs.slack.dev/reference/methods/users.info/>
    Method {
        name: "users.info",
        scope: Some("users:read"),
        arguments: &["user", "include_locale"],
        answer: users_info,
    },
    // <https://docs.slack.dev/reference/methods/users.lookupByEmail/>
    Method { name: "users.lookupByEmail", scope: Some("users:read.email"), arguments: &["email"], answer: by_email },
    // <https://docs.slack.dev/reference/methods/conversations.open/>
    Method {
        name: "conversations.open",
        scope: Some("im:write"),
        arguments: &["users", "channel", "return_im", "prevent_creation"],
        answer: rooms::open,
    },
    // <https://docs.slack.dev/reference/methods/conversations.history/>
    Method {
        name: "conversations.history",
        scope: None,
        arguments: &["channel", "oldest", "latest", "inclusive", "limit", "cursor", "include_all_metadata"],
        answer: rooms::history,
    },
    // <https://docs.slack.dev/reference/methods/conversations.replies/>
    Method {
        name: "conversations.replies",
        scope: None,
        arguments: &["channel", "ts", "oldest", "latest", "inclusive", "limit", "cursor", "include_all_metadata"],
        answer: rooms::replies,
    },
    // <https://docs.slack.dev/reference/methods/chat.postMessage/>
    Method {
        name: "chat.postMessage",
        scope: Some("chat:write"),
        arguments: &[
            "channel",
            "text",
            "blocks",
            "metadata",
            "thread_ts",
            "reply_broadcast",
            "unfurl_links",
            "unfurl_media",
        ],
        answer: messages::post,
    },
    // <https://docs.slack.dev/reference/methods/chat.update/>
    Method {
        name: "chat.update",
        scope: Some("chat:write"),
        arguments: &["channel", "ts", "text", "blocks", "metadata"],
        answer: messages::update,
    },
    // <https://docs.slack.dev/reference/methods/views.open/>
    Method { name: "views.open", scope: None, arguments: &["trigger_id", "view"], answer: modals::open },
    // <https://docs.slack.dev/reference/methods/views.update/>
    Method {
        name: "views.update",
        scope: None,
        arguments: &["view_id", "external_id", "hash", "view"],
        answer: modals::update,
    },
];

impl Slack {
    /// The routes of the workspace.
    pub(in crate::fake) fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
            .route("/api/{method}", post(method))
            .route("/response/{id}", post(respond::respond))
            .layer(DefaultBodyLimit::max(1 << 20))
            .with_state(self.clone())
    }
}

async fn method(State(slack): State<Slack>, Path(name): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(method) = METHODS.iter().find(|it| it.name == name) else {
        slack.unexpected.note(format!("POST /api/{name}"));
        return refuse("unknown_method");
    };
    let now = Utc::now();
    let form: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let fault = slack.called(&name, &form, now);
    if let Some(fault) = fault.filter(|it| it.is_before())
        && let Some(answer) = fault.happen().await
    {
        return answer;
    }
    let answer = match refusal(&slack, method, &headers, &form) {
        Some(code) => refuse(code),
        None => match (method.answer)(&slack, &Arguments { form: &form, now }) {
            Ok(mut answer) => {
                answer["ok"] = true.into();
                let scopes = slack.state().scopes.join(",");
                ([("x-oauth-scopes", scopes)], axum::Json(answer)).into_response()
            }
            Err(code) if code == "ratelimited" => limited(Duration::from_secs(1)),
            Err(code) => refuse(&code),
        },
    };
    if let Some(fault) = fault.filter(|it| !it.is_before())
        && let Some(instead) = fault.happen().await
    {
        return instead;
    }
    answer
}

fn refusal(slack: &Slack, method: &Method, headers: &HeaderMap, form: &[(String, String)]) -> Option<&'static str> {
    let of_form = headers.get(header::CONTENT_TYPE).is_none_or(|it| it == "application/x-www-form-urlencoded");
    let bearer =
        headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok()).and_then(|it| it.strip_prefix("Bearer "));
    let token = bearer.or(form.iter().find(|(name, _)| name == "token").map(|(_, it)| it.as_str()));
    match token {
        _ if !of_form => return Some("invalid_post_type"),
        None => return Some("not_authed"),
        Some(it) if it != slack.token => return Some("invalid_auth"),
        Some(_) => {}
    }
    let scoped = method.scope.is_none_or(|scope| slack.state().scopes.iter().any(|it| it == scope));
    let known = form.iter().all(|(name, _)| name == "token" || method.arguments.contains(&name.as_str()));
    match (scoped, known) {
        (false, _) => Some("missing_scope"),
        (_, false) => Some("invalid_arg_name"),
        _ => None,
    }
}

fn auth_test(_: &Slack, _: &Arguments<'_>) -> Answer {
    Ok(json!({
        "url": "https://pin.slack.example/", "team": "Pin", "user": "pinconsole", "team_id": TEAM,
        "user_id": APP, "bot_id": "B0PIN", "is_enterprise_install": false,
    }))
}

fn users_info(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    let state = slack.state();
    let with_email = state.scopes.iter().any(|it| it == "users:read.email");
    let member = state.members.get(arguments.text("user")).ok_or("user_not_found")?;
    Ok(json!({ "user": member.json(with_email) }))
}

/// Closed accounts are not found.
fn by_email(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    let state = slack.state();
    let named = |it: &str| it.eq_ignore_ascii_case(arguments.text("email"));
    let mut members = state.members.values().filter(|it| !it.deleted);
    let member = members.find(|it| it.email.as_deref().is_some_and(named)).ok_or("users_not_found")?;
    Ok(json!({ "user": member.json(true) }))
}

fn refuse(code: &str) -> Response {
    axum::Json(json!({ "ok": false, "error": code })).into_response()
}
