//! Forms: opened before anything is looked up, filled afterwards, their answers shown to be confirmed.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cards::slack::View;
use cards::{Card, Reader};
use chrono_tz::Tz;
use console::Failure;
use console::act::{self, Asker, Reviewed};
use console::notify::{self, Destination, Kind, Lane, Message};
use domain::account::Platform;
use domain::confirmation::Confirmation;
use domain::request::Request as Recorded;
use integrations::slack::{self, Submission};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::Front;
use super::commands::IN_TIME;
use crate::Answer;
use crate::commands::drawn;

/// The kinds of views that are ours, as their answers name them.
const FORM: &str = "form";
const CONFIRM: &str = "confirm";
const SHOWN: &str = "shown";

/// Before what a request answers in a view stands this, so that it is no response URL.
pub(super) const VIEW: &str = "view:";

/// A press of a button with a form.
pub(super) struct Opening {
    pub(super) id: Uuid,
    pub(super) team: String,
    pub(super) user: String,
    /// The intent and version on the button.
    pub(super) value: String,
    pub(super) trigger: String,
}

impl Front {
    /// Opens the form at once, since its trigger works for three seconds only, and fills it when that is known.
    pub(super) async fn open(&self, opening: Opening) {
        let Opening { id, team, user, value, trigger } = opening;
        let waiting = self.view(&Card::new("One moment …"), &plain(SHOWN, "Close"));
        let view = match self.parts().slack.open_view(&trigger, &waiting).await {
            Ok(view) => view,
            // A repeat of the same press lands here, too: its trigger was used.
            Err(error) => return tracing::warn!(request = %id, %error, "a form could not be opened"),
        };
        let filled = match self.fill(id, (&team, &user), &value).await {
            Ok(act::form::Opened { card, form, filled }) => {
                let carries = format!("{}:{}", form.act.intent, form.act.version);
                let filled: Vec<(String, String)> = filled.into_iter().collect();
                let submit = Some("Next");
                let form =
                    View { carries: &carries, submit, fields: &form.fields, filled: &filled, ..plain(FORM, "Cancel") };
                self.view(&card, &form)
            }
            Err(failure) => self.view(&told(id, failure), &plain(SHOWN, "Close")),
        };
        self.show(id, &view, &filled).await;
    }

    async fn fill(&self, id: Uuid, (team, user): (&str, &str), value: &str) -> Result<act::form::Opened, Failure> {
        let person = self.asker(team, user).await?;
        let drawn = drawn(value).map_err(anyhow::Error::msg)?;
        act::form::open(&self.parts().ctx, Asker { person: &person, request: id }, drawn.intent).await
    }

    /// Takes the answers of a view. They are recorded first, so that a repeat runs nothing.
    pub(super) async fn submitted(&self, submission: Submission, id: Uuid) -> Response {
        let confirms = match submission.view.callback_id.as_str() {
            FORM => false,
            CONFIRM => true,
            // What only shows something is closed.
            _ => return StatusCode::OK.into_response(),
        };
        let recorded = recorded(&submission, id);
        match self.keep(&recorded, &submission.trigger_id, !confirms).await {
            Ok(true) if confirms => self.confirmed(recorded).await,
            Ok(true) => self.answered(submission, id).await,
            Ok(false) => StatusCode::OK.into_response(),
            Err(failed) => self.updated(&failed.card),
        }
    }

    /// What is wrong with each field; or what will happen, to be confirmed.
    async fn answered(&self, submission: Submission, id: Uuid) -> Response {
        let (sender, ready) = oneshot::channel();
        let (front, view) = (self.clone(), slack::View { id: submission.view.id.clone(), hash: String::new() });
        self.parts().tracker.spawn(async move {
            let answer = front.weigh(&submission, id).await;
            // Nobody waits any more: then it takes the place of what says so.
            if let Err(late) = sender.send(answer)
                && let Some(shown) = late.get("view")
            {
                front.show(id, &view, shown).await;
            }
        });
        match in_time(ready).await {
            Some(answer) => Json(answer).into_response(),
            None => self.updated(&waiting()),
        }
    }

    /// The answer to a form.
    async fn weigh(&self, submission: &Submission, id: Uuid) -> Value {
        match self.considered(submission, id).await {
            Ok(Ok(Reviewed { card, code: Some(code) })) => {
                let view = View { carries: &code, submit: Some("Confirm"), tells: true, ..plain(CONFIRM, "Cancel") };
                json!({ "response_action": "update", "view": self.view(&card, &view) })
            }
            Ok(Ok(Reviewed { card, code: None })) => self.replacing(&card),
            Ok(Err(wrong)) => {
                let errors: serde_json::Map<String, Value> =
                    wrong.into_iter().map(|(field, what)| (field.to_string(), what.into())).collect();
                json!({ "response_action": "errors", "errors": errors })
            }
            Err(failure) => self.replacing(&told(id, failure)),
        }
    }

    async fn considered(
        &self,
        submission: &Submission,
        id: Uuid,
    ) -> Result<Result<Reviewed, Vec<act::Wrong>>, Failure> {
        let person = self.asker(submission.team_id().unwrap_or_default(), &submission.user.id).await?;
        let drawn = drawn(&submission.view.private_metadata).map_err(anyhow::Error::msg)?;
        let asker = Asker { person: &person, request: id };
        act::form::submit(&self.parts().ctx, asker, (drawn.intent, drawn.version), &submission.answers()).await
    }

    /// Does what was confirmed; what came of it takes the place of the question, at once or as soon as it is known.
    async fn confirmed(&self, recorded: Recorded) -> Response {
        let (sender, ready) = oneshot::channel();
        let front = self.clone();
        self.leased(recorded.id, async move {
            let answer = front.asked(&recorded).await;
            match sender.send(answer) {
                Ok(()) => front.finish(&recorded, "ok").await,
                Err(answer) => front.deliver(recorded, answer).await,
            }
        });
        match in_time(ready).await {
            Some(Answer { card, .. }) => self.updated(&card),
            None => self.updated(&waiting()),
        }
    }

    /// Takes back what was asked in a view that was closed unanswered. Left undone, it ends by itself in minutes.
    pub(super) async fn closed(&self, submission: Submission) {
        if submission.view.callback_id != CONFIRM {
            return;
        }
        let Ok(person) = self.asker(submission.team_id().unwrap_or_default(), &submission.user.id).await else {
            return;
        };
        let code = &submission.view.private_metadata;
        if let Err(error) = Confirmation::withdraw(&self.parts().ctx.db, code, person.id).await {
            tracing::warn!(%error, "a question could not be taken back");
        }
    }

    /// Shows an answer in the view that asked, or, when that was closed meanwhile, by direct message; false when Slack may
    /// take it later.
    pub(super) async fn show_answer(&self, recorded: &Recorded, view: &str, card: &Card) -> bool {
        let shown = self.view(card, &plain(SHOWN, "Close"));
        let view = slack::View { id: view.into(), hash: String::new() };
        match self.parts().slack.update_view(&view, &shown).await {
            Ok(_) => true,
            Err(error) if error.is_passing() => false,
            Err(error) => {
                tracing::info!(request = %recorded.id, %error, "the view is gone; its answer goes as a message");
                self.write(recorded, card).await
            }
        }
    }

    async fn write(&self, recorded: &Recorded, card: &Card) -> bool {
        let Ok(person) = self.asker(&recorded.tenant, &recorded.account).await else { return true };
        let key = format!("request/{}", recorded.id);
        // What may be pressed there was pressed, or belongs to the view.
        let card = Card { actions: Vec::new(), ..card.clone() };
        let message = Message::new(key, Lane::Page, Destination::Person(person.id), card)
            .of(Kind::Answer)
            .because("You get this because you sent a form and closed it before this answer came");
        match notify::put(&self.parts().ctx.db, &message).await {
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(request = %recorded.id, %error, "an answer could not be put into the outbox");
                false
            }
        }
    }

    async fn show(&self, id: Uuid, view: &slack::View, shown: &Value) {
        if let Err(error) = self.parts().slack.update_view(view, shown).await {
            tracing::warn!(request = %id, %error, "a view could not be filled");
        }
    }

    fn updated(&self, card: &Card) -> Response {
        Json(self.replacing(card)).into_response()
    }

    fn replacing(&self, card: &Card) -> Value {
        json!({ "response_action": "update", "view": self.view(card, &plain(SHOWN, "Close")) })
    }

    fn view(&self, card: &Card, view: &View<'_>) -> Value {
        let mentions = std::collections::HashMap::new();
        let reader = Reader { public: &self.parts().public, mentions: &mentions, zone: Tz::UTC, now: None };
        cards::slack::view(card, &reader, view)
    }
}

fn plain<'a>(callback: &'a str, close: &'a str) -> View<'a> {
    View { callback, carries: "", submit: None, close, tells: false, fields: &[], filled: &[] }
}

fn waiting() -> Card {
    Card::new("One moment …").text("This takes longer than usual. What came of it will be shown here.")
}

fn told(id: Uuid, failure: Failure) -> Card {
    match failure {
        Failure::User(card) => *card,
        Failure::Internal(error) => {
            tracing::error!(request = %id, ?error, "a form failed");
            Answer::failed(id).card
        }
    }
}

fn recorded(submission: &Submission, id: Uuid) -> Recorded {
    Recorded {
        id,
        platform: Platform::Slack.as_str().into(),
        tenant: submission.team_id().unwrap_or_default().into(),
        account: submission.user.id.clone(),
        command: format!("confirm {}", submission.view.private_metadata),
        shares: false,
        in_place: true,
        respond_to: format!("{VIEW}{}", submission.view.id),
        place: None,
    }
}

/// What comes before Slack stops waiting.
async fn in_time<T>(mut ready: oneshot::Receiver<T>) -> Option<T> {
    match tokio::time::timeout(IN_TIME, &mut ready).await {
        Ok(came) => came.ok(),
        Err(_) => {
            ready.close();
            // It may have come between the clock and the closing.
            ready.try_recv().ok()
        }
    }
}
