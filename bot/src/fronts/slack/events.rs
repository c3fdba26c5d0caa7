use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use integrations::slack::Event;
use serde_json::json;

use super::signed::{SignedJson, refuse};

/// Answers whether this address is ours. The app subscribes to no events; one that comes all the same concerns nobody.
pub(super) async fn receive(SignedJson(body): SignedJson) -> Response {
    match Event::parse(&body) {
        Ok(Event::UrlVerification { challenge }) => Json(json!({ "challenge": challenge })).into_response(),
        Ok(Event::Callback(_) | Event::Unknown(_)) => StatusCode::OK.into_response(),
        Err(_) => refuse(StatusCode::BAD_REQUEST),
    }
}
