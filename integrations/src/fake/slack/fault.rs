use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// The answer comes late.
    Slow(Duration),
    /// The server fails.
    Broken,
    /// Slack wants fewer calls.
    Limited(Duration),
}

impl Fault {
    /// The answer instead of the right one; none if that only comes late.
    pub(super) async fn happen(self) -> Option<Response> {
        match self {
            Self::Slow(delay) => {
                tokio::time::sleep(delay).await;
                None
            }
            Self::Broken => Some((StatusCode::INTERNAL_SERVER_ERROR, "oh no").into_response()),
            // <https://docs.slack.dev/apis/web-api/rate-limits/>
            Self::Limited(wait) => {
                let body = r#"{"ok":false,"error":"ratelimited"}"#;
                let headers = [(header::RETRY_AFTER, wait.as_secs().to_string())];
                Some((StatusCode::TOO_MANY_REQUESTS, headers, body).into_response())
            }
        }
    }
}
