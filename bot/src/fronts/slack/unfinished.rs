use std::time::Duration;

use domain::account::Platform;
use domain::pool::PATIENCE;
use domain::request::{LEASE, Request as Recorded};
use integrations::slack::ResponseUrl;
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Front, Manner};
use crate::{Answer, Request, answer};

/// How often requests are looked for whose replica did not finish them.
const PACE: Duration = Duration::from_secs(10);

/// What of a lease is left unused, so that it surely has not run out while an answer is sent.
const MARGIN: Duration = Duration::from_secs(5);

impl Front {
    /// Records a request that acts, and runs it; a repeat of one already recorded runs nothing. What cannot be recorded
    /// is not run, and this answer says so.
    pub(super) async fn record(&self, recorded: Recorded, external_id: &str) -> Option<Answer> {
        let id = recorded.id;
        // A database that hangs must not cost Slack's three seconds.
        let recording = tokio::time::timeout(PATIENCE, recorded.record(&self.parts().ctx.db, external_id));
        match recording.await.map_err(anyhow::Error::from).and_then(|it| it.map_err(anyhow::Error::from)) {
            Ok(true) => self.begin(recorded),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(request = %id, %error, "a request that acts could not be recorded");
                return Some(Answer::failed(id));
            }
        }
        None
    }

    /// Runs a recorded request beside everything else, within its lease: after that another replica may run it.
    fn begin(&self, recorded: Recorded) {
        let front = self.clone();
        self.parts().tracker.spawn(async move {
            let id = recorded.id;
            if tokio::time::timeout(LEASE - MARGIN, front.run(recorded)).await.is_err() {
                tracing::warn!(request = %id, "a request took too long; it is run again");
            }
        });
    }

    /// Runs a recorded request and sends its answer; one whose answer could not be sent is left to be tried again.
    async fn run(&self, recorded: Recorded) {
        let Recorded { id, tenant, account, command, shares, respond_to, .. } = recorded;
        let request = Request { id, platform: Platform::Slack, text: command.clone() };
        let asker = self.asker(&tenant, &account);
        let answer = answer(&self.parts().ctx, &request, asker).await;
        // Only what may be shared is shared, whatever a message's button claims.
        let manner = match shares && answer.share.is_some() {
            true => Manner::Shared { by: account, command },
            false => Manner::Alone,
        };
        let message = self.message(&answer, &manner).await;
        if !self.send(id, &ResponseUrl::from(respond_to), &message).await {
            return;
        }
        if let Err(error) = Recorded::finish(&self.parts().ctx.db, id, answer.outcome.as_str()).await {
            tracing::warn!(request = %id, %error, "a request was answered but not marked as done");
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
