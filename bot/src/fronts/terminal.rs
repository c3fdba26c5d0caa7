//! The terminal's front door: `POST /api/ask` with a personal token.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use cards::{Card, Text, Tone};
use console::intake::{Budget, Limits, single};
use console::{Ctx, Failure, RequestId, UserError, identity};
use domain::account::Platform;
use domain::generation::Generation;
use domain::person::Person;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use url::Url;

use crate::tell::{Asker, Drawn, tell};
use crate::{Answer, Outcome, Request};

const LIMITS: Limits =
    Limits { bytes: 64 * 1024, time: std::time::Duration::from_secs(10), types: &["application/json"] };

/// What a terminal asks.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The command as typed.
    pub text: String,
    /// In the demo: as whom.
    #[serde(rename = "as", default, skip_serializing_if = "Option::is_none")]
    pub as_person: Option<String>,
}

/// What it is answered.
#[derive(Serialize, Deserialize)]
pub struct Told<'a> {
    /// The answer.
    pub card: Cow<'a, Card>,
    /// The address below which its pages lie.
    pub public: Cow<'a, Url>,
    /// `ok`, `refused` or `failed`.
    pub outcome: Cow<'a, str>,
}

#[derive(Clone)]
struct Door {
    ctx: Ctx,
    public: Url,
    demo: Option<Arc<SecretString>>,
    budget: Budget,
}

/// The route; with a demo's token, that one answers as anybody.
pub fn router(ctx: Ctx, public: Url, demo: Option<SecretString>, budget: Budget) -> Router {
    let door = Door { ctx, public, demo: demo.map(Arc::new), budget };
    Router::new().route("/api/ask", post(ask)).with_state(door)
}

async fn ask(
    State(door): State<Door>,
    Extension(RequestId(id)): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(token) = single(&headers, AUTHORIZATION.as_str()).and_then(|it| it.strip_prefix("Bearer ")) else {
        return unknown();
    };
    let question = match LIMITS.read(&headers, body, &door.budget).await {
        Ok(whole) => serde_json::from_slice::<Question>(&whole.bytes),
        Err(status) => return (status, Json(Complaint { error: "the question could not be read" })).into_response(),
    };
    let Ok(question) = question else {
        let error = "a question is {\"text\": \"<command>\"}; only the demo takes \"as\"";
        return (StatusCode::BAD_REQUEST, Json(Complaint { error })).into_response();
    };
    let request = Request { id, platform: Platform::Terminal, text: question.text, place: None };
    let named = question.as_person.as_deref();
    let asker = Asker::find(&door.ctx, async |it| door.asker(it, token, named).await).await;
    let Some(asker) = asker.somebody() else { return unknown() };
    let (body, outcome) = tell(&door.ctx, &request, asker, async |answer: &Answer| door.drawn(answer)).await;
    (status(outcome), [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], body).into_response()
}

fn status(outcome: Outcome) -> StatusCode {
    match outcome {
        Outcome::Ok | Outcome::Refused => StatusCode::OK,
        Outcome::Failed => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl Door {
    /// The person whose token it is; with the demo's token, whoever is named.
    async fn asker(
        &self,
        generation: Generation,
        token: &str,
        named: Option<&str>,
    ) -> Result<Option<Arc<Person>>, Failure> {
        if let Some(demo) = &self.demo
            && bool::from(demo.expose_secret().as_bytes().ct_eq(token.as_bytes()))
        {
            let name = named.unwrap_or("ada");
            return match Person::named(&self.ctx.db, name).await? {
                Some(person) => Ok(Some(person.into())),
                None => Err(nobody(name).into()),
            };
        }
        let holder = identity::of_token(&self.ctx, generation, token).await?;
        if holder.is_some() && named.is_some() {
            return Err(UserError::new(
                "Only the demo answers as somebody else",
                "Leave out --as; you ask as yourself.",
            )
            .into());
        }
        Ok(holder)
    }

    /// The card with its address; the terminal itself tells how long ago a moment is.
    fn drawn(&self, answer: &Answer) -> Drawn {
        let told = Told {
            card: Cow::Borrowed(&answer.card),
            public: Cow::Borrowed(&self.public),
            outcome: answer.outcome.as_str().into(),
        };
        Drawn::json(&told, true)
    }
}

fn nobody(name: &str) -> UserError {
    let text =
        Text::plain("Nobody in the directory is called ").then(Text::code(name.chars().take(100).collect::<String>()));
    Card::new("Nobody by that name").tone(Tone::Warn).text(text).results(0).into()
}

#[derive(Serialize)]
struct Complaint {
    error: &'static str,
}

fn unknown() -> Response {
    let error = "this token is not known or no longer works: type `/pin link terminal` in Slack for a new one";
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")], Json(Complaint { error })).into_response()
}
