use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use console::subscriptions::Room;
use domain::account::Platform;
use domain::request::Request as Recorded;
use integrations::slack::{ResponseUrl, SlashCommand};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::signed::{SignedForm, refuse};
use super::{Front, Manner};
use crate::tell::{Asker, tell};
use crate::{Answer, Command, Request};

/// Slack gives up after three seconds, the network included.
///
/// <https://docs.slack.dev/interactivity/implementing-slash-commands/#responding_response_acknowledging>
pub(super) const IN_TIME: Duration = Duration::from_millis(2_200);

/// Answers a slash command: at once when the answer is ready in time, else through the response URL.
pub(super) async fn receive(State(front): State<Front>, SignedForm(body, id): SignedForm) -> Response {
    let begun = Instant::now();
    let Ok(command) = SlashCommand::parse(&body) else { return refuse(StatusCode::BAD_REQUEST) };
    let text = typed(&command);
    // What was told before only reads; to know that of the rest, it must be parsed.
    let told = front.parts().ctx.was_told(Platform::Slack, &text);
    if !told && Command::parse(&text).is_ok_and(|it| it.acts()) {
        return Box::pin(act(front, command, text, id)).await;
    }
    let rest = IN_TIME.saturating_sub(begun.elapsed());
    let request = Request { id, platform: Platform::Slack, text, place: Some(room(&command)) };
    let mut answer = Box::pin(read(front.clone(), command, request));
    match tokio::time::timeout(rest, &mut answer).await {
        Ok((message, _)) => ([(CONTENT_TYPE, "application/json")], message).into_response(),
        Err(_) => {
            let tracker = front.parts().tracker.clone();
            tracker.spawn(async move {
                let (message, to) = answer.await;
                if let Ok(message) = serde_json::from_slice::<&RawValue>(&message) {
                    front.send(id, &to, &message).await;
                }
            });
            StatusCode::OK.into_response()
        }
    }
}

/// The answer to a command that reads, and where it goes when it comes late.
async fn read(front: Front, command: SlashCommand, request: Request) -> (Bytes, ResponseUrl) {
    let ctx = &front.parts().ctx;
    let asker = Asker::find(ctx, async |it| front.person(it, &command.team_id, &command.user_id).await).await;
    let draw = async |answer: &Answer| front.message(answer, &Manner::Alone).await.into();
    let (message, _) = tell(ctx, &request, asker, draw).await;
    (message, command.response_url)
}

/// A command that acts is recorded before it is acknowledged, and its answer always follows.
async fn act(front: Front, command: SlashCommand, text: String, id: Uuid) -> Response {
    let recorded = Recorded {
        place: Some(room(&command).to_string()),
        id,
        platform: Platform::Slack.as_str().into(),
        tenant: command.team_id,
        account: command.user_id,
        command: text,
        shares: false,
        in_place: false,
        respond_to: command.response_url.expose().into(),
    };
    match front.record(recorded, &command.trigger_id).await {
        None => StatusCode::OK.into_response(),
        Some(failed) => Json(front.message(&failed, &Manner::Alone).await).into_response(),
    }
}

/// Where it was typed.
fn room(command: &SlashCommand) -> Room {
    Room::new(&command.channel_id, command.channel_name.clone())
}

/// What was typed after `/pin`; an alias is a command of its own.
fn typed(command: &SlashCommand) -> String {
    let word = command.command.trim_start_matches('/').to_lowercase();
    match crate::help::is_command(&word) {
        true => format!("{word} {}", command.text),
        false => command.text.clone(),
    }
}
