use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A no. <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api>
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    message: String,
}

impl Refusal {
    pub(super) fn of(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(super) fn not_found() -> Self {
        Self::of(StatusCode::NOT_FOUND, "Not Found")
    }

    pub(super) fn bad(message: &str) -> Self {
        Self::of(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn unprocessable(message: impl Into<String>) -> Self {
        Self::of(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    pub(super) fn credentials(message: &str) -> Self {
        Self::of(StatusCode::UNAUTHORIZED, message)
    }

    /// It took too long.
    pub(super) fn broken() -> Self {
        Self::of(StatusCode::BAD_GATEWAY, "This may be the result of a timeout")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status.as_u16().to_string();
        (self.status, axum::Json(json!({ "message": self.message, "status": status }))).into_response()
    }
}
