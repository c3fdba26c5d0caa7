use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::account::Platform;
use domain::request::Request as Recorded;
use integrations::slack::ResponseUrl;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Front, Manner};
use crate::answer::broken;
use crate::{Answer, Outcome, Request, answer};

/// How often requests are looked for whose replica did not finish them.
const PACE: Duration = Duration::from_secs(10);

impl Front {
    /// Records a request that acts, acknowledges it, and runs it; a repeat of one already recorded runs nothing.
    pub(super) async fn record(&self, recorded: Recorded, external_id: &str) -> Response {
        let id = recorded.id;
        match recorded.record(&self.parts().ctx.db, external_id).await {
            Ok(true) => {
                let front = self.clone();
                self.parts().tracker.spawn(async move { front.run(recorded).await });
                StatusCode::OK.into_response()
            }
            Ok(false) => StatusCode::OK.into_response(),
            Err(error) => {
                tracing::error!(request = %id, %error, "a request that acts could not be recorded");
                let answer = Answer { card: broken(id), share: None, replaces: false, outcome: Outcome::Failed };
                Json(self.message(&answer, &Manner::Alone).await).into_response()
            }
        }
    }

    /// Runs a recorded request and sends its answer; one whose answer could not be sent is left to be tried again.
    async fn run(&self, recorded: Recorded) {
        let Recorded { id, tenant, account, command, shares, respond_to, .. } = recorded;
        let request = Request { id, platform: Platform::Slack, text: command.clone() };
        let asker = self.person(&tenant, &account);
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
    pub(super) async fn send(&self, id: Uuid, to: &ResponseUrl, message: &Value) -> bool {
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
                        self.run(request).await;
                    }
                }
                Err(error) => tracing::debug!(%error, "unfinished requests could not be looked for"),
            }
        }
    }
}
