use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use domain::outbox_claim::{self, Claim};
use domain::{outbox_held, outbox_list};
use integrations::slack;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::send::PACE;
use super::wake::{Put, woken};
use crate::{Administrators, Ctx};

/// Messages under way at a time.
const CALLS: usize = 32;

/// While more waits, so many are taken together at the least: each taking is a transaction.
const BATCH: usize = 8;

/// How often one looks when nothing waits; what this process put is known sooner.
const IDLE: Duration = Duration::from_secs(5);

/// How often one looks at the least while something waits.
const BUSY: Duration = Duration::from_secs(1);

/// How often one looks after this process put something, whose commit may be under way.
const EAGER: [u64; 7] = [2, 5, 10, 20, 50, 200, 500];

/// How long messages that were sent are remembered, for their edits and answers.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// How often one looks whether somebody's quiet hours are over.
const RELEASE: Duration = Duration::from_secs(2);

/// How often older ones are forgotten.
const TIDY: Duration = Duration::from_secs(60 * 60);

/// What a sender needs.
pub struct Parts {
    /// The database, and what cards are made from.
    pub ctx: Ctx,
    /// Slack. Its pauses must be the shared ones.
    pub slack: slack::Client,
    /// The address below which readers find our pages.
    pub public: Url,
    /// Who the administrators are.
    pub administrators: Administrators,
}

/// Sends what waits in the outbox. Every replica has one; each destination is served by one of them at a time.
#[derive(Clone)]
pub struct Sender {
    pub(super) parts: Arc<Parts>,
    /// Id of the workspace, once Slack told it.
    pub(super) workspace: Arc<OnceCell<String>>,
    /// Direct messages by user; that between the app and a user never changes.
    pub(super) rooms: Arc<Mutex<HashMap<String, String>>>,
}

impl Sender {
    /// A sender.
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts), workspace: Arc::default(), rooms: Arc::default() }
    }

    /// Sends until told to stop; then finishes what is under way.
    pub async fn run(self, stop: CancellationToken) {
        let (mut woken, mut tasks) = (woken(), JoinSet::new());
        let (mut eager, mut tidied, mut released, mut more) = (0, None::<Instant>, None::<Instant>, false);
        let (mut put, mut look) = (Put::default(), Instant::now());
        loop {
            while tasks.try_join_next().is_some() {}
            if released.is_none_or(|it| it.elapsed() > RELEASE) {
                released = Some(Instant::now());
                self.release().await;
            }
            // While more waits than can be taken, each taking is a transaction.
            if look <= Instant::now() && !(more && CALLS - tasks.len() < BATCH) {
                let eagerness = EAGER.get(eager).map(|it| Duration::from_millis(*it));
                eager = eager.saturating_add(1);
                let (begun, rest) = self.turn(&mut tasks, eagerness).await;
                (more, look) = (begun, Instant::now() + rest);
            }
            if tidied.is_none_or(|it| it.elapsed() > TIDY) {
                tidied = Some(Instant::now());
                self.tidy().await;
            }
            let rest = match more && CALLS - tasks.len() < BATCH {
                true => BUSY,
                false => look.saturating_duration_since(Instant::now()),
            };
            tokio::select! {
                () = stop.cancelled() => break,
                _ = woken.changed() => {
                    let now = *woken.borrow_and_update();
                    eager = if now.begun == put.begun { eager } else { 0 };
                    (put, look) = (now, Instant::now());
                }
                // Its destination rests now; whoever looked meanwhile knows how long.
                Some(_) = tasks.join_next() => look = look.min(Instant::now() + if more { Duration::ZERO } else { PACE }),
                () = sleep(rest) => {}
            }
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Begins to send what may be sent; says whether there was as much as it could take, and how long there is nothing else
    /// to do.
    async fn turn(&self, tasks: &mut JoinSet<()>, eager: Option<Duration>) -> (bool, Duration) {
        let free = CALLS - tasks.len();
        if free == 0 {
            return (true, BUSY);
        }
        let begun = async {
            let claims = self.claim(free).await?;
            let begun = claims.len();
            for claim in claims {
                let sender = self.clone();
                tasks.spawn(async move { sender.send(&claim).await });
            }
            if begun == free {
                return Ok((true, Duration::ZERO));
            }
            let rest = match outbox_claim::soonest(&self.parts.ctx.db, i32::from(cards::FORMAT)).await? {
                None => eager.unwrap_or(IDLE),
                // Another replica may just have taken what was due.
                Some(rest) => rest.max(BUSY / 50).min(eager.unwrap_or(BUSY)).min(BUSY),
            };
            Ok::<_, sqlx::Error>((false, rest))
        };
        begun.await.unwrap_or_else(|error| {
            tracing::debug!(%error, "the outbox could not be read");
            (false, BUSY)
        })
    }

    async fn claim(&self, limit: usize) -> sqlx::Result<Vec<Claim>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Claim::some(&self.parts.ctx.db, i32::from(cards::FORMAT), limit).await
    }

    /// Sends what may be sent now, at most so many messages, and says how many those were.
    pub async fn once(&self, limit: usize) -> sqlx::Result<usize> {
        outbox_held::release(&self.parts.ctx.db).await?;
        let claims = self.claim(limit).await?;
        let mut tasks: JoinSet<()> = JoinSet::new();
        let count = claims.len();
        for claim in claims {
            let sender = self.clone();
            tasks.spawn(async move { sender.send(&claim).await });
        }
        tasks.join_all().await;
        Ok(count)
    }

    async fn release(&self) {
        if let Err(error) = outbox_held::release(&self.parts.ctx.db).await {
            tracing::debug!(%error, "messages that were held could not be let go");
        }
    }

    async fn tidy(&self) {
        if let Err(error) = outbox_list::forget(&self.parts.ctx.db, Utc::now() - REMEMBERED).await {
            tracing::debug!(%error, "old messages could not be forgotten");
        }
    }
}
