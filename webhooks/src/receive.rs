//! From a signed request to an answer.

use std::borrow::Cow;
use std::marker::PhantomData;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use chrono::Utc;
use console::intake::{Budget, refuse, single};
use domain::delivery::{Arrived, Content};
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::event::Event;
use crate::form;
use crate::inbox::Inbox;
use crate::scan::scan;
use crate::signature::Secrets;
use crate::signed::Signed;
use crate::source::Source;

/// What a receiver needs.
pub struct Door<S> {
    pub(crate) secrets: Secrets,
    pub(crate) budget: Budget,
    inbox: Inbox,
    source: PhantomData<S>,
}

impl<S> Clone for Door<S> {
    fn clone(&self) -> Self {
        Self {
            secrets: self.secrets.clone(),
            budget: self.budget.clone(),
            inbox: self.inbox.clone(),
            source: PhantomData,
        }
    }
}

/// The address of a sender; none where it has no secret.
pub(crate) fn door<S: Source>(secrets: &[SecretString], inbox: &Inbox, budget: &Budget) -> Router {
    if secrets.is_empty() {
        return Router::new();
    }
    let (secrets, budget, inbox) = (Secrets::new(secrets), budget.clone(), inbox.clone());
    let door = Door::<S> { secrets, budget, inbox, source: PhantomData };
    Router::new().route(&format!("/webhooks/{}", S::NAME.as_str()), post(receive::<S>)).with_state(door)
}

/// Acknowledges an event once it is committed, whether or not it came before.
async fn receive<S: Source>(State(door): State<Door<S>>, signed: Signed<S>) -> Response {
    let arrived = match read(&signed) {
        Ok(arrived) => arrived,
        Err((status, why)) => {
            counted(S::NAME, "refused");
            return unclear(status, &why);
        }
    };
    if arrived.state == domain::delivery::State::Ignored {
        tracing::info!(source = S::NAME.as_str(), event = arrived.event, "an event that needs nothing came in");
    }
    let stored = door.inbox.store(arrived, signed.whole).await;
    counted(S::NAME, if stored.is_ok() { "acknowledged" } else { "postponed" });
    match stored {
        Ok(()) => (StatusCode::ACCEPTED, [("content-type", "application/json")], "{\"accepted\":true}").into_response(),
        Err(_) => refuse(StatusCode::SERVICE_UNAVAILABLE),
    }
}

/// Counts a delivery, for whoever watches.
pub(crate) fn counted(source: domain::delivery::Source, outcome: &'static str) {
    metrics::counter!("pinconsole_deliveries_total", "source" => source.as_str(), "outcome" => outcome).increment(1);
}

/// What a signed request is, or why it is none.
fn read<S: Source>(signed: &Signed<S>) -> Result<Arrived, (StatusCode, String)> {
    let bad = |why: String| (StatusCode::BAD_REQUEST, why);
    let content = signed.content();
    let json = match content {
        Content::Json => Some(Cow::Borrowed(&signed.whole.bytes[..])),
        Content::Form => form::payload(&signed.whole.bytes).map(Cow::Owned),
    };
    let json = json.ok_or_else(|| bad("the form needs one field `payload`".into()))?;
    let scanned = scan(&json, S::FIELDS).map_err(|it| bad(it.as_str().into()))?;
    let event = S::event(&signed.headers, &scanned.fields, &json).map_err(|it| bad(it.0))?;
    match scanned.object {
        true => Ok(arrived(signed, content, event)),
        false => Err((StatusCode::UNPROCESSABLE_ENTITY, "the body is JSON, but no object".into())),
    }
}

fn arrived<S: Source>(signed: &Signed<S>, content: Content, event: Event) -> Arrived {
    let Event { external_id, event, action, subject, source_at, state } = event;
    Arrived {
        id: Uuid::now_v7(),
        source: S::NAME,
        external_id,
        event,
        action,
        subject,
        received_at: Utc::now(),
        source_at,
        state,
        content,
        headers: kept(signed),
        body: signed.whole.bytes.clone(),
    }
}

/// The longest value of a header that is kept.
const MAX_HEADER: usize = 200;

fn kept<S: Source>(signed: &Signed<S>) -> Value {
    let value = |name| single(&signed.headers, name).filter(|it| it.len() <= MAX_HEADER);
    let kept = S::KEPT.iter().filter_map(|name| Some(((*name).to_string(), Value::from(value(name)?))));
    Value::Object(kept.collect::<Map<_, _>>())
}

/// Whoever reads the sender's log is told what is wrong with a signed request.
fn unclear(status: StatusCode, why: &str) -> Response {
    (status, [("content-type", "application/json")], json!({ "error": why }).to_string()).into_response()
}
