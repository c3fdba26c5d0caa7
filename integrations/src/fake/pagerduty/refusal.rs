use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What a route answers: a status with a body, or a no.
pub(super) type Answer = Result<(StatusCode, Value), Refusal>;

/// A no. <https://developer.pagerduty.com/docs/errors>
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    code: u32,
    message: &'static str,
    errors: Vec<String>,
}

impl Refusal {
    /// Something is wrong with what was sent.
    pub(super) fn input(error: impl Into<String>) -> Self {
        Self::of(StatusCode::BAD_REQUEST, 2001, "Invalid Input Provided").because(error)
    }

    pub(super) fn not_found() -> Self {
        Self::of(StatusCode::NOT_FOUND, 2100, "Not Found")
    }

    pub(super) fn resolved() -> Self {
        Self::of(StatusCode::BAD_REQUEST, 1001, "Incident Already Resolved")
    }

    pub(super) fn acknowledged() -> Self {
        Self::of(StatusCode::BAD_REQUEST, 1002, "Incident Already Acknowledged")
    }

    /// The `From` header names nobody.
    pub(super) fn stranger() -> Self {
        Self::of(StatusCode::BAD_REQUEST, 1008, "Requester User Not Found")
    }

    pub(super) fn limited() -> Self {
        Self::of(StatusCode::TOO_MANY_REQUESTS, 2020, "Rate Limit Exceeded")
    }

    pub(super) fn of(status: StatusCode, code: u32, message: &'static str) -> Self {
        Self { status, code, message, errors: vec![] }
    }

    fn because(mut self, error: impl Into<String>) -> Self {
        self.errors.push(error.into());
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = json!({ "message": self.message, "code": self.code, "errors": self.errors });
        (self.status, axum::Json(json!({ "error": error }))).into_response()
    }
}
