use std::marker::PhantomData;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use console::intake::{Whole, refuse, single};
use domain::delivery::Content;

use crate::receive::Door;
use crate::source::Source;

/// A request whose signature was checked, as the bytes that were signed. There is no other way to get one.
pub struct Signed<S: Source> {
    pub(crate) headers: HeaderMap,
    pub(crate) whole: Whole,
    source: PhantomData<S>,
}

impl<S: Source> Signed<S> {
    /// How the body is written.
    pub(crate) fn content(&self) -> Content {
        match single(&self.headers, CONTENT_TYPE.as_str()) {
            Some(it) if it.trim_start().to_ascii_lowercase().starts_with("application/x-www-form") => Content::Form,
            _ => Content::Json,
        }
    }
}

impl<S: Source> FromRequest<Door<S>> for Signed<S> {
    type Rejection = Response;

    /// A request that claims no signature is refused before its body is read.
    async fn from_request(request: Request<Body>, door: &Door<S>) -> Result<Self, Response> {
        let (head, body) = request.into_parts();
        let Some(claims) = S::claims(&head.headers) else { return Err(refuse(StatusCode::UNAUTHORIZED)) };
        let whole = S::LIMITS.read(&head.headers, body, &door.budget).await.map_err(refuse)?;
        if !door.secrets.verify(&claims, &whole.bytes) {
            tracing::warn!(source = S::NAME.as_str(), "an event with a wrong signature was refused");
            return Err(refuse(StatusCode::UNAUTHORIZED));
        }
        Ok(Self { headers: head.headers, whole, source: PhantomData })
    }
}
