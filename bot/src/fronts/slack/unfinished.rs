use std::time::Duration;

use console::subscriptions::Room;
use domain::account::Platform;
use domain::pool::PATIENCE;
use domain::request::{LEASE, Request as Recorded};
use integrations::slack::ResponseUrl;
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::forms::VIEW;
use super::{Front, Manner};
use crate::{Answer, Outcome, Request, answer};

/// How often requests are looked for whose replica did not finish them.
const PACE: Duration = Duration::from_secs(10);

/// What of a lease is left unused, so that it surely has not run out while an answer is sent.
const MARGIN: Duration = Duration::from_secs(5);

impl Front {
    /// Records a request that acts, and runs it; a repeat of one already recorded runs nothing. What cannot be recorded
    /// is not run, and this answer says so.
    pub(super) async fn record(&self, recorded: Recorded, external_id: &str) -> Option<Answer> {
        match self.keep(&recorded, external_id, false).await {
            Ok(true) => self.begin(recorded),
            Ok(false) => {}
            Err(failed) => return Some(failed),
        }
        None
    }

    /// Records a request, or, where it is answered on the spot, only that it came; false when it came before.
    pub(super) async fn keep(&self, recorded: &Recorded, external_id: &str, at_once: bool) -> Result<bool, Answer> {
        let (id, db) = (recorded.id, &self.parts().ctx.db);
        let recording = async {
            match at_once {
                true => recorded.note(db, external_id).await,
                false => recorded.record(db, external_id).await,
            }
        };
        // A database that hangs must not cost Slack's three seconds.
        let kept = tokio::time::timeout(PATIENCE, recording).await;
        kept.map_err(anyhow::Error::from).and_then(|it| it.map_err(anyhow::Error::from)).map_err(|error| {
            tracing::error!(request = %id, %error, "a request that acts could not be recorded");
            Answer::failed(id)
        })
    }

    /// Runs a recorded request beside everything else.
    fn begin(&self, recorded: Recorded) {
        let front = self.clone();
        self.leased(recorded.id, async move {
            let answer = front.asked(&recorded).await;
            front.deliver(recorded, answer).await;
        });
    }

    /// Works at a recorded request within its lease: after that another replica may run it.
    pub(super) fn leased(&self, id: Uuid, work: impl Future<Output = ()> + Send + 'static) {
        self.parts().tracker.spawn(async move {
            if tokio::time::timeout(LEASE - MARGIN, work).await.is_err() {
                tracing::warn!(request = %id, "a request took too long; it is run again");
            }
        });
    }

    /// The answer to a recorded request.
    pub(super) async fn asked(&self, recorded: &Recorded) -> Answer {
        let place = recorded.place.as_deref().and_then(Room::read);
        let request = Request { id: recorded.id, platform: Platform::Slack, text: recorded.command.clone(), place };
        answer(&self.parts().ctx, &request, self.asker(&recorded.tenant, &recorded.account)).await
    }

    /// Sends the answer of a recorded request; one that could not be sent is left to be tried again.
    pub(super) async fn deliver(&self, recorded: Recorded, answer: Answer) {
        let sent = match recorded.respond_to.strip_prefix(VIEW) {
            Some(view) => self.show_answer(&recorded, view, &answer.card).await,
            None => {
                let message = self.message(&answer, &manner(&recorded, &answer)).await;
                self.send(recorded.id, &ResponseUrl::from(recorded.respond_to.clone()), &message).await
            }
        };
        if sent {
            self.finish(&recorded, answer.outcome.as_str()).await;
        }
    }

    /// Says that a recorded request is done.
    pub(super) async fn finish(&self, recorded: &Recorded, outcome: &str) {
        if let Err(error) = Recorded::finish(&self.parts().ctx.db, recorded.id, outcome).await {
            tracing::warn!(request = %recorded.id, %error, "a request was answered but not marked as done");
        }
    }

    /// Sends a message to where its question came from; false when Slack may take it later.
    pub(super) async fn send(&self, id: Uuid, to: &ResponseUrl, message: &impl Serialize) -> bool {
        match self.parts().slack.respond(to, message).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(request = %id, %error, "an answer could not be sent");
                !error.is_passing()
            }
        }
    }

    /// Finishes requests that another replica recorded and did not finish, until told to stop.
    pub async fn finish_others(self, stop: CancellationToken) {
        loop {
            tokio::select! { () = tokio::time::sleep(PACE) => {}, () = stop.cancelled() => return }
            match Recorded::take_over(&self.parts().ctx.db).await {
                Ok(requests) => {
                    for request in requests {
                        tracing::info!(request = %request.id, "finishing a request that was left");
                        self.begin(request);
                    }
                }
                Err(error) => tracing::debug!(%error, "unfinished requests could not be looked for"),
            }
            match Recorded::give_up(&self.parts().ctx.db).await {
                Ok(given_up) => given_up.iter().for_each(|it| tracing::error!(request = %it, "a request was given up")),
                Err(error) => tracing::debug!(%error, "requests could not be given up"),
            }
        }
    }
}

/// How the answer of a recorded request is shown.
fn manner(recorded: &Recorded, answer: &Answer) -> Manner {
    // Only what may be shared is shared, whatever a message's button claims.
    match recorded.shares && answer.share.is_some() {
        true => Manner::Shared { by: recorded.account.clone(), command: recorded.command.clone() },
        // Where we failed, the question stays, to be answered again.
        false if recorded.in_place && answer.replaces && answer.outcome != Outcome::Failed => Manner::InPlace,
        false => Manner::Alone,
    }
}
