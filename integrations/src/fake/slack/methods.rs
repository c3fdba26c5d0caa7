//! The Web API, as far as the app uses it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{APP, Slack, TEAM, respond};

/// A method, what it needs, and what it takes.
struct Method {
    name: &'static str,
    scope: Option<&'static str>,
    arguments: &'static [&'static str],
    answer: fn(&Slack, &[(String, String)]) -> Value,
}

const METHODS: [Method; 2] = [
    // <https://docs.slack.dev/reference/methods/auth.test/>
    Method { name: "auth.test", scope: None, arguments: &["token"], answer: auth_test },
    // <https://docs.slack.dev/reference/methods/users.info/>
    Method {
        name: "users.info",
        scope: Some("users:read"),
        arguments: &["token", "user", "include_locale"],
        answer: users_info,
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
    if let Some(fault) = slack.called(&name)
        && let Some(answer) = fault.happen().await
    {
        return answer;
    }
    let form: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    match refusal(&slack, method, &headers, &form) {
        Some(code) => refuse(code),
        None => {
            let scopes = slack.state().scopes.join(",");
            ([("x-oauth-scopes", scopes)], axum::Json((method.answer)(&slack, &form))).into_response()
        }
    }
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
    let known = form.iter().all(|(name, _)| method.arguments.contains(&name.as_str()));
    match (scoped, known) {
        (false, _) => Some("missing_scope"),
        (_, false) => Some("invalid_arg_name"),
        _ => None,
    }
}

fn auth_test(_: &Slack, _: &[(String, String)]) -> Value {
    json!({
        "ok": true, "url": "https://pin.slack.example/", "team": "Pin", "user": "pinconsole", "team_id": TEAM,
        "user_id": APP, "bot_id": "B0PIN", "is_enterprise_install": false,
    })
}

fn users_info(slack: &Slack, form: &[(String, String)]) -> Value {
    let user = form.iter().find(|(name, _)| name == "user").map(|(_, it)| it.as_str()).unwrap_or_default();
    let state = slack.state();
    let with_email = state.scopes.iter().any(|it| it == "users:read.email");
    match state.members.get(user) {
        Some(member) => json!({ "ok": true, "user": member.json(with_email) }),
        None => json!({ "ok": false, "error": "user_not_found" }),
    }
}

fn refuse(code: &str) -> Response {
    axum::Json(json!({ "ok": false, "error": code })).into_response()
}
