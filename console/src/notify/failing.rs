use std::time::Duration;

use domain::outbox_claim::Claim;
use integrations::slack::{Blame, SlackError};

use super::send::Stop;
use super::{Sender, subscription, undelivered};

/// After the first failure; doubled after each further one.
const FIRST: Duration = Duration::from_secs(1);

/// At the most, so that everything arrives within a minute after an outage.
const LONGEST: Duration = Duration::from_secs(20);

/// After something unclear: what is still under way at Slack should have arrived before one looks.
const UNCLEAR: Duration = Duration::from_secs(3);

/// While the app itself is refused: until somebody mended that.
const REFUSED: Duration = Duration::from_secs(60);

impl Sender {
    /// Records why a message was not sent, and what happens next.
    pub(super) async fn failed(&self, claim: &Claim, stop: Stop) {
        let recorded = match stop {
            Stop::Lost => {
                tracing::warn!(message = %claim.id, "another replica took a message over");
                Ok(())
            }
            Stop::Database(error) => {
                tracing::warn!(message = %claim.id, %error, "a message waits for the database");
                // Where that fails too, the lease runs out.
                self.later(claim, backoff(claim), "the database did not answer", claim.unsure_since.is_some()).await
            }
            Stop::Unrecorded(error) => {
                tracing::warn!(message = %claim.id, %error, "the database did not take down that a message was sent");
                self.later(claim, backoff(claim), "the database did not answer", true).await
            }
            Stop::Wait(method, rest) => {
                self.later(claim, after(method, rest), "Slack wants fewer calls", claim.unsure_since.is_some()).await
            }
            Stop::ForGood(reason) => self.for_good(claim, &reason).await,
            Stop::Unsendable(reason) => self.dead(claim, &reason).await,
            Stop::Slack(method, error) => self.refused(claim, method, &error).await,
        };
        if let Err(error) = recorded {
            tracing::warn!(message = %claim.id, %error, "what came of a message could not be recorded");
        }
    }

    async fn refused(&self, claim: &Claim, method: &'static str, error: &SlackError) -> sqlx::Result<()> {
        tracing::warn!(message = %claim.id, method, %error, "a message was not sent");
        let (reason, before) = (error.to_string(), claim.unsure_since.is_some());
        match error.blame() {
            // The client told all replicas.
            Blame::Limited(wait) => self.later(claim, after(method, wait), &reason, before).await,
            Blame::Passing => self.later(claim, backoff(claim), &reason, before).await,
            Blame::Unclear => {
                let posted = method == "chat.postMessage";
                self.later(claim, backoff(claim).max(UNCLEAR), &reason, before || posted).await
            }
            // Nobody can be messaged directly, but a channel may still take it.
            Blame::App if !is_chat(method) && !claim.or_else.is_empty() => self.for_good(claim, &reason).await,
            Blame::App => {
                domain::pace::hold(&self.parts.ctx.db, method, REFUSED).await?;
                self.later(claim, FIRST, &reason, before).await
            }
            Blame::Original if claim.posted.is_some() && !claim.reposted => {
                claim.anew(&self.parts.ctx.db).await?;
                super::wake_once();
                Ok(())
            }
            Blame::Original | Blame::Content => self.dead(claim, &reason).await,
            Blame::Destination => self.for_good(claim, &reason).await,
        }
    }

    async fn later(&self, claim: &Claim, wait: Duration, error: &str, may_be_posted: bool) -> sqlx::Result<()> {
        match claim.expired {
            true => self.dead(claim, &format!("given up after a day; the last time, {error}")).await,
            false => claim.later(&self.parts.ctx.db, wait, error, may_be_posted).await,
        }
    }

    async fn for_good(&self, claim: &Claim, reason: &str) -> sqlx::Result<()> {
        if claim.or_else.is_empty() {
            return match subscription::channel_of(claim) {
                Some(channel) => self.paused(claim, channel, reason).await,
                None => self.dead(claim, reason).await,
            };
        }
        tracing::warn!(message = %claim.id, destination = claim.destination, reason, "a message goes another way");
        claim.elsewhere(&self.parts.ctx.db, &format!("{}: {reason}", claim.destination)).await?;
        super::wake_once();
        Ok(())
    }

    /// Sets a message aside of a channel that takes none, and pauses what it is subscribed to: whoever asked for that is told.
    async fn paused(&self, claim: &Claim, channel: &str, reason: &str) -> sqlx::Result<()> {
        tracing::warn!(message = %claim.id, key = claim.key, channel, reason, "a channel takes no messages");
        let mut transaction = self.parts.ctx.db.begin().await?;
        if claim.dead(&mut *transaction, reason).await? {
            subscription::pause(&mut transaction, channel, reason).await?;
        }
        transaction.commit().await?;
        super::wake();
        Ok(())
    }

    /// Sets a message aside, and tells the administrators in the same transaction, unless it was they who were told.
    pub(super) async fn dead(&self, claim: &Claim, reason: &str) -> sqlx::Result<()> {
        tracing::error!(message = %claim.id, key = claim.key, reason, "a message could not be delivered");
        let mut transaction = self.parts.ctx.db.begin().await?;
        if claim.dead(&mut *transaction, reason).await? && !claim.about_delivery {
            undelivered::put(&mut transaction, claim, reason).await?;
        }
        transaction.commit().await?;
        super::wake();
        Ok(())
    }
}

/// What needs this method is due again as soon as it may be called; only for other methods the destination itself waits.
fn after(method: &str, pause: Duration) -> Duration {
    if is_chat(method) { Duration::ZERO } else { pause * 2 }
}

fn is_chat(method: &str) -> bool {
    method.starts_with("chat.")
}

fn backoff(claim: &Claim) -> Duration {
    let doubled = u32::try_from(claim.failures).unwrap_or_default().min(10);
    (FIRST * 2_u32.pow(doubled)).min(LONGEST)
}
