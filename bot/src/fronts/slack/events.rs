use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use console::{Failure, member};
use domain::pool::PATIENCE;
use integrations::slack::{Event, EventCallback};
use serde_json::json;

use super::Front;
use super::signed::{SignedJson, refuse};

/// Takes what happened in the workspace, before it is acknowledged: Slack sends again what was not.
/// <https://docs.slack.dev/apis/events-api/#responding>
pub(super) async fn receive(State(front): State<Front>, SignedJson(body): SignedJson) -> Response {
    match Event::parse(&body) {
        Ok(Event::UrlVerification { challenge }) => Json(json!({ "challenge": challenge })).into_response(),
        Ok(Event::Callback(event)) => match tokio::time::timeout(PATIENCE, front.happened(&event)).await {
            Ok(Ok(())) => StatusCode::OK.into_response(),
            Ok(Err(Failure::User(_)) | Err(Failure::Internal(_))) | Err(_) => {
                tracing::warn!("a change of a user in Slack could not be taken; Slack sends it again");
                refuse(StatusCode::SERVICE_UNAVAILABLE)
            }
        },
        Ok(Event::Unknown(_)) => StatusCode::OK.into_response(),
        Err(_) => refuse(StatusCode::BAD_REQUEST),
    }
}

impl Front {
    /// The app subscribes to changes of users only; any other event concerns nobody.
    async fn happened(&self, event: &EventCallback) -> Result<(), Failure> {
        if !event.is_user_change() {
            return Ok(());
        }
        let home = self.home().await?;
        match event.changed_user(home) {
            Some(profile) => member::changed(&self.parts().ctx, home, profile).await,
            None => Ok(()),
        }
    }
}
