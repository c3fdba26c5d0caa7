use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::account::Platform;
use domain::request::Request as Recorded;
use integrations::slack::{BlockActions, Interaction, ResponseUrl};
use uuid::Uuid;

use super::forms::Opening;
use super::signed::{SignedForm, refuse};
use super::{Front, Manner};
use crate::{Answer, Command, Request, answer};

/// Takes a press. Pressing a button is typing its command, with the presser's own rights.
pub(super) async fn receive(State(front): State<Front>, SignedForm(body, id): SignedForm) -> Response {
    let press = match Interaction::parse(&body) {
        Ok(Interaction::BlockActions(press)) => press,
        Ok(Interaction::Submitted(submission)) => return front.submitted(*submission, id).await,
        Ok(Interaction::Closed(submission)) => {
            let tracker = front.parts().tracker.clone();
            tracker.spawn(async move { front.closed(*submission).await });
            return StatusCode::OK.into_response();
        }
        Ok(Interaction::Unknown(_)) => return StatusCode::OK.into_response(),
        Err(_) => return refuse(StatusCode::BAD_REQUEST),
    };
    if let Some(opening) = opening(&press, id) {
        let tracker = front.parts().tracker.clone();
        tracker.spawn(async move { front.open(opening).await });
        return StatusCode::OK.into_response();
    }
    let Some(press) = Press::of(*press, id) else { return StatusCode::OK.into_response() };
    if press.shares || Command::parse(&press.text).is_ok_and(|it| it.acts()) {
        return act(front, press).await;
    }
    let tracker = front.parts().tracker.clone();
    tracker.spawn(async move { front.pressed(press).await });
    StatusCode::OK.into_response()
}

/// The press of a button with a form. Opening one changes nothing, so it is not recorded.
fn opening(press: &BlockActions, id: Uuid) -> Option<Opening> {
    let pressed = press.actions.first().filter(|it| it.action_id.starts_with("form-"))?;
    Some(Opening {
        id,
        team: press.team_id().unwrap_or_default().into(),
        user: press.user.id.clone(),
        value: pressed.value.clone()?,
        trigger: press.trigger_id.clone(),
    })
}

/// A press as far as we need it.
struct Press {
    id: Uuid,
    team: String,
    user: String,
    text: String,
    shares: bool,
    /// Whether only the presser sees the message that was pressed.
    alone: bool,
    respond_to: ResponseUrl,
    trigger: String,
}

impl Press {
    /// What was pressed; nothing where the button only leads to a page.
    fn of(press: BlockActions, id: Uuid) -> Option<Self> {
        let team = press.team_id().unwrap_or_default().to_string();
        let pressed = press.actions.into_iter().next()?;
        let value = pressed.value?;
        let (text, shares) = match pressed.action_id.split('-').next() {
            Some("share") => (value, true),
            Some("read") => (value, false),
            // A button that acts is pressed as its hidden command.
            Some("act") => (format!("press {value}"), false),
            _ => return None,
        };
        Some(Self {
            id,
            team,
            user: press.user.id,
            text,
            shares,
            alone: press.container.is_ephemeral,
            respond_to: press.response_url?,
            trigger: press.trigger_id,
        })
    }
}

async fn act(front: Front, press: Press) -> Response {
    let recorded = Recorded {
        id: press.id,
        platform: Platform::Slack.as_str().into(),
        tenant: press.team,
        account: press.user,
        command: press.text,
        shares: press.shares,
        in_place: press.alone,
        respond_to: press.respond_to.expose().into(),
        place: None,
    };
    if let Some(failed) = front.record(recorded, &press.trigger).await {
        // What comes with the acknowledgement of a press is not shown.
        let tracker = front.parts().tracker.clone();
        tracker.spawn(async move {
            let message = front.message(&failed, &Manner::Alone).await;
            front.send(press.id, &press.respond_to, &message).await;
        });
    }
    StatusCode::OK.into_response()
}

impl Front {
    async fn pressed(&self, press: Press) {
        let request = Request { id: press.id, platform: Platform::Slack, text: press.text, place: None };
        let asker = self.asker(&press.team, &press.user);
        let answer: Answer = answer(&self.parts().ctx, &request, asker).await;
        let manner = if press.alone && answer.replaces { Manner::InPlace } else { Manner::Alone };
        let message = self.message(&answer, &manner).await;
        self.send(press.id, &press.respond_to, &message).await;
    }
}
