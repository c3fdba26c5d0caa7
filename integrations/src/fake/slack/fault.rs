use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;

/// What may go wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The answer comes late.
    Slow(Duration),
    /// The server fails.
    Broken,
    /// Slack wants fewer calls.
    Limited(Duration),
    /// The connection breaks.
    Reset,
    /// No answer comes.
    Hang,
}

/// Whether a call goes wrong before or after it did what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// It did nothing.
    Before,
    /// It did everything.
    After,
}

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    method: Option<&'static str>,
    trouble: Trouble,
    when: When,
}

impl Fault {
    /// Of whatever is called next.
    pub(super) fn any(trouble: Trouble) -> Self {
        Self { method: None, trouble, when: When::Before }
    }

    /// Of this method.
    pub(super) fn of(method: &'static str, trouble: Trouble, when: When) -> Self {
        Self { method: Some(method), trouble, when }
    }

    pub(super) fn means(&self, method: &str) -> bool {
        self.method.is_none_or(|it| it == method)
    }

    pub(super) fn is_before(&self) -> bool {
        self.when == When::Before
    }

    /// How long Slack asks to wait, if it does.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self.trouble {
            Trouble::Limited(wait) => Some(wait),
            Trouble::Slow(_) | Trouble::Broken | Trouble::Reset | Trouble::Hang => None,
        }
    }

    /// The answer instead of the right one; none if that only comes late.
    pub(super) async fn happen(self) -> Option<Response> {
        match self.trouble {
            Trouble::Slow(delay) => {
                tokio::time::sleep(delay).await;
                None
            }
            Trouble::Broken => Some((StatusCode::INTERNAL_SERVER_ERROR, "oh no").into_response()),
            Trouble::Limited(wait) => Some(limited(wait)),
            Trouble::Reset => Some(reset()),
            Trouble::Hang => std::future::pending().await,
        }
    }
}

/// <https://docs.slack.dev/apis/web-api/rate-limits/>
pub(super) fn limited(wait: Duration) -> Response {
    let headers = [(header::RETRY_AFTER, wait.as_secs().to_string())];
    (StatusCode::TOO_MANY_REQUESTS, headers, r#"{"ok":false,"error":"ratelimited"}"#).into_response()
}

/// An answer that breaks before its first byte, which takes the connection with it.
fn reset() -> Response {
    let broken = stream::once(async { Err::<Vec<u8>, _>(std::io::Error::other("reset")) });
    Body::from_stream(broken).into_response()
}
