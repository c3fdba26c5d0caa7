//! Signing in at GitHub.
//!
//! <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app>

use std::collections::HashMap;

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use maud::{DOCTYPE, PreEscaped, html};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use super::GitHub;
use super::refusal::Refusal;
use super::rest::{Answered, Asked, By};
use super::state::CLIENT;

/// Who is about to sign in, and who has.
#[derive(Default)]
pub(super) struct SignIns {
    /// By code: who, where they go, and the digest of what whoever exchanges it must know.
    codes: HashMap<String, (i64, String, String)>,
    /// By token, whose.
    tokens: HashMap<String, i64>,
}

impl SignIns {
    pub(super) fn user(&self, token: &str) -> Option<i64> {
        self.tokens.get(token).copied()
    }
}

impl GitHub {
    /// Somebody follows this address and agrees; where GitHub sends them then.
    pub fn sign_in(&self, authorize: &Url, login: &str) -> Url {
        let given = authorize.query_pairs().into_owned().collect();
        self.agreed(&given, login).unwrap_or_else(|refusal| panic!("nobody can sign in by {authorize}: {refusal:?}"))
    }

    /// How many tokens of people who signed in still open something.
    pub fn open_sign_ins(&self) -> usize {
        self.state().sign_ins.tokens.len()
    }

    fn agreed(&self, given: &HashMap<String, String>, login: &str) -> Result<Url, Refusal> {
        let value =
            |name: &str| given.get(name).cloned().ok_or_else(|| Refusal::unprocessable(format!("{name} is missing")));
        if value("client_id")? != CLIENT.0 {
            return Err(Refusal::not_found());
        }
        if value("code_challenge_method")? != "S256" {
            return Err(Refusal::unprocessable("code_challenge_method must be S256"));
        }
        let (redirect, challenge, state) = (value("redirect_uri")?, value("code_challenge")?, value("state")?);
        let mut url = Url::parse(&redirect).map_err(|_| Refusal::unprocessable("redirect_uri is no address"))?;
        let code = Uuid::new_v4().simple().to_string();
        url.query_pairs_mut().append_pair("code", &code).append_pair("state", &state);
        self.tell(|it| {
            let who = it.actor(login);
            it.sign_ins.codes.insert(code, (who, redirect, challenge));
        });
        Ok(url)
    }
}

/// Lets whoever looks on choose who signs in.
pub(super) async fn authorize(State(github): State<GitHub>, Query(given): Query<HashMap<String, String>>) -> Response {
    let mut rest = given.clone();
    if let Some(login) = rest.remove("login") {
        return match github.agreed(&rest, &login) {
            Ok(url) => Redirect::to(url.as_str()).into_response(),
            Err(refusal) => refusal.into_response(),
        };
    }
    let mut people = github.people();
    people.sort_unstable();
    let link = |login: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&given).append_pair("login", login);
        format!("authorize?{}", query.finish())
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Sign in to the played GitHub" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Who are you at GitHub?" }
                p { "This GitHub is played: there is no password. Whoever you choose is the account that PinConsole links to you." }
                ul { @for login in &people { li { a href=(link(login)) { (login) } } } }
            }
        }
    };
    page.into_response()
}

const STYLE: &str = "body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem } \
    ul { columns: 10rem; padding-left: 1.2rem }";

/// Exchanges a code; what is wrong is told with the status of success, as GitHub does.
pub(super) async fn exchange(State(github): State<GitHub>, Form(given): Form<HashMap<String, String>>) -> Response {
    let value = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let no =
        |error: &str| axum::Json(json!({ "error": error, "error_description": "It is not taken." })).into_response();
    if (value("client_id"), value("client_secret")) != CLIENT {
        return no("incorrect_client_credentials");
    }
    let Some((who, redirect, challenge)) = github.tell(|it| it.sign_ins.codes.remove(value("code"))) else {
        return no("bad_verification_code");
    };
    if redirect != value("redirect_uri") {
        return no("redirect_uri_mismatch");
    }
    if challenge != URL_SAFE_NO_PAD.encode(Sha256::digest(value("code_verifier"))) {
        return no("bad_verification_code");
    }
    let token = format!("ghu_{}", Uuid::new_v4().simple());
    github.tell(|it| it.sign_ins.tokens.insert(token.clone(), who));
    axum::Json(json!({ "access_token": token, "token_type": "bearer", "scope": "", "expires_in": 28800 }))
        .into_response()
}

pub(super) fn user(github: &GitHub, _: &Asked, by: By) -> Answered {
    match by {
        By::User(id) => Ok((StatusCode::OK, (None, github.state().user(id)))),
        _ => Err(Refusal::of(StatusCode::FORBIDDEN, "Resource not accessible by integration")),
    }
}

pub(super) fn give_back(github: &GitHub, asked: &Asked, by: By) -> Answered {
    if by != By::Client || asked.ids[0] != CLIENT.0 {
        return Err(Refusal::not_found());
    }
    let token = asked.body["access_token"].as_str().unwrap_or_default();
    match github.tell(|it| it.sign_ins.tokens.remove(token)) {
        Some(_) => Ok((StatusCode::NO_CONTENT, (None, json!({})))),
        None => Err(Refusal::not_found()),
    }
}

/// Whether these are the app's id and secret.
pub(super) fn is_app(basic: &str) -> bool {
    STANDARD.decode(basic).is_ok_and(|it| it == format!("{}:{}", CLIENT.0, CLIENT.1).as_bytes())
}
