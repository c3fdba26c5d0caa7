use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::account::Platform;
use domain::request::Request as Recorded;
use integrations::slack::SlashCommand;
use serde_json::Value;
use uuid::Uuid;

use super::signed::{SignedForm, refuse};
use super::{Front, Manner};
use crate::{Command, Request, answer};

/// Slack gives up after three seconds, the network included.
///
/// <https://docs.slack.dev/interactivity/implementing-slash-commands/#responding_response_acknowledging>
const IN_TIME: Duration = Duration::from_millis(2_200);

/// Answers a slash command: at once when the answer is ready in time, else through the response URL.
pub(super) async fn receive(State(front): State<Front>, SignedForm(body, id): SignedForm) -> Response {
    let begun = Instant::now();
    let Ok(command) = SlashCommand::parse(&body) else { return refuse(StatusCode::BAD_REQUEST) };
    let text = typed(&command);
    if Command::parse(&text).is_ok_and(|it| it.acts()) {
        return act(front, command, text, id).await;
    }
    let (front, tracker) = (front.clone(), front.parts().tracker.clone());
    let (sender, mut ready) = tokio::sync::oneshot::channel::<Value>();
    tracker.spawn(async move {
        let request = Request { id, platform: Platform::Slack, text };
        let asker = front.person(&command.team_id, &command.user_id);
        let answer = answer(&front.parts().ctx, &request, asker).await;
        let message = front.message(&answer, &Manner::Alone).await;
        // The door no longer listens when it was too late: then the answer follows.
        if let Err(message) = sender.send(message) {
            front.send(id, &command.response_url, &message).await;
        }
    });
    let rest = IN_TIME.saturating_sub(begun.elapsed());
    match tokio::time::timeout(rest, &mut ready).await {
        Ok(Ok(message)) => Json(message).into_response(),
        Ok(Err(_)) => refuse(StatusCode::SERVICE_UNAVAILABLE),
        Err(_) => {
            ready.close();
            // It may have come between the clock and the closing.
            match ready.try_recv() {
                Ok(message) => Json(message).into_response(),
                Err(_) => StatusCode::OK.into_response(),
            }
        }
    }
}

/// A command that acts is recorded before it is acknowledged, and its answer always follows.
async fn act(front: Front, command: SlashCommand, text: String, id: Uuid) -> Response {
    let recorded = Recorded {
        id,
        platform: Platform::Slack.as_str().into(),
        tenant: command.team_id,
        account: command.user_id,
        command: text,
        shares: false,
        respond_to: command.response_url.expose().into(),
    };
    match front.record(recorded, &command.trigger_id).await {
        None => StatusCode::OK.into_response(),
        Some(failed) => Json(front.message(&failed, &Manner::Alone).await).into_response(),
    }
}

/// What was typed after `/pin`; an alias is a command of its own.
fn typed(command: &SlashCommand) -> String {
    let word = command.command.trim_start_matches('/').to_lowercase();
    match crate::help::is_command(&word) {
        true => format!("{word} {}", command.text),
        false => command.text.clone(),
    }
}
