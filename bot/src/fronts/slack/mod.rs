//! Slack's front door, by HTTP: slash commands, presses, and that a user changed.

mod commands;
mod events;
mod forms;
mod interactions;
mod reply;
mod signed;
mod unfinished;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;
use console::intake::Budget;
use console::{Ctx, Failure, identity, member};
use domain::generation::Generation;
use domain::person::Person;
use integrations::slack;
use secrecy::SecretString;
use tokio::sync::OnceCell;
use tokio_util::task::TaskTracker;
use url::Url;

pub use crate::fronts::slack::reply::Manner;

/// What the front door needs.
pub struct Parts {
    /// What answers are made from.
    pub ctx: Ctx,
    /// Slack.
    pub slack: slack::Client,
    /// Secrets that verify Slack's requests.
    pub signing: Vec<SecretString>,
    /// The address below which readers find our pages.
    pub public: Url,
    /// Where answers that outlive their request are waited for at the end.
    pub tracker: TaskTracker,
    /// The budget of all bodies in flight.
    pub budget: Budget,
}

/// Slack's front door.
#[derive(Clone)]
pub struct Front(Arc<Inner>);

struct Inner {
    parts: Parts,
    /// Id of the workspace that the bot's token belongs to, once it is known.
    home: OnceCell<String>,
}

impl Front {
    /// A front door.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner { parts, home: OnceCell::new() }))
    }

    /// The signed routes.
    pub fn router(self) -> Router {
        Router::new()
            .route("/slack/commands", post(commands::receive))
            .route("/slack/interactions", post(interactions::receive))
            .route("/slack/events", post(events::receive))
            .with_state(self)
    }

    fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// Id of our own workspace.
    async fn home(&self) -> Result<&str, Failure> {
        let ask = || member::home(&self.parts().ctx, &self.parts().slack);
        Ok(self.0.home.get_or_try_init(ask).await?)
    }

    /// The person behind an account; one of another workspace is nobody.
    async fn person(&self, generation: Generation, team: &str, user: &str) -> Result<Arc<Person>, Failure> {
        let home = self.home().await?;
        if team != home {
            return Err(identity::refusal(&identity::Stranger::Foreign).into());
        }
        member::person((&self.parts().ctx, generation), &self.parts().slack, (home, user)).await
    }

    /// The same, where nothing else was asked of this moment yet.
    async fn asker(&self, team: &str, user: &str) -> Result<Person, Failure> {
        self.person(self.parts().ctx.generation().await?, team, user).await.map(Arc::unwrap_or_clone)
    }
}
