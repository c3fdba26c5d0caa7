use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use chrono::Utc;
use console::RequestId;
pub(super) use console::intake::refuse;
use console::intake::{Limits, single};
use integrations::slack::Signature;
use uuid::Uuid;

use super::Front;

const BYTES: usize = 1024 * 1024;
const TIME: Duration = Duration::from_secs(10);

const FORM: Limits = Limits { bytes: BYTES, time: TIME, types: &["application/x-www-form-urlencoded"] };
const JSON: Limits = Limits { bytes: BYTES, time: TIME, types: &["application/json"] };

/// A form whose signature was checked. There is no other way to get one.
pub(super) struct SignedForm(pub(super) Bytes, pub(super) Uuid);

/// A JSON body whose signature was checked. There is no other way to get one.
pub(super) struct SignedJson(pub(super) Bytes);

impl FromRequest<Front> for SignedForm {
    type Rejection = Response;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Response> {
        verified(request, front, FORM).await.map(|(bytes, id)| Self(bytes, id))
    }
}

impl FromRequest<Front> for SignedJson {
    type Rejection = Response;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Response> {
        verified(request, front, JSON).await.map(|(bytes, _)| Self(bytes))
    }
}

/// The raw bytes of a request that Slack signed; a request without a signature is refused before its body is read.
async fn verified(request: Request<Body>, front: &Front, limits: Limits) -> Result<(Bytes, Uuid), Response> {
    let (head, body) = request.into_parts();
    let (signature, timestamp) =
        (single(&head.headers, "x-slack-signature"), single(&head.headers, "x-slack-request-timestamp"));
    let (Some(signature), Some(timestamp)) = (signature, timestamp) else { return Err(unsigned()) };
    let whole = match limits.read(&head.headers, body, &front.parts().budget).await {
        Ok(whole) => whole,
        Err(status) => return Err(refuse(status)),
    };
    match Signature::verify(&front.parts().signing, Utc::now(), timestamp, signature, &whole.bytes) {
        Ok(()) => {
            let id = head.extensions.get::<RequestId>().map_or_else(Uuid::now_v7, |it| it.0);
            Ok((whole.bytes, id))
        }
        Err(rejected) => {
            tracing::warn!(%rejected, "a request to Slack's door was refused");
            Err(unsigned())
        }
    }
}

fn unsigned() -> Response {
    refuse(StatusCode::UNAUTHORIZED)
}
