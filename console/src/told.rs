//! Answers that were told before, for as long as they would be told the same.

use bytes::Bytes;
use domain::account::Platform;
use domain::generation::Generation;

use crate::freshness::Fresh;
use crate::kept::Kept;
use crate::{Ctx, Failure, freshness};

/// What answers are made from, at one moment. Take it before reading anything for an answer that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// How often what is known has changed.
    pub generation: Generation,
    fresh: Fresh,
}

/// An answer as it was sent, the same to whoever asks.
#[derive(Clone, Debug)]
pub struct Told {
    /// What is sent.
    pub body: Bytes,
    /// Name of the command.
    pub command: &'static str,
    /// How many things it found.
    pub results: Option<i32>,
    /// Whether it names people, whom a platform shows by their accounts.
    pub names_people: bool,
}

/// Answers by door and question; the last number of the state counts only where people are named.
pub(crate) type Answers = Kept<(Platform, String), (i64, i64, Fresh), (Told, i64)>;

impl Ctx {
    /// What holds now.
    pub async fn state(&self) -> Result<State, Failure> {
        let generation = self.generation().await?;
        Ok(State { generation, fresh: freshness::fresh(self).await? })
    }

    /// The answer to this question, if it was told in the same state and would still be told the same.
    pub fn told(&self, door: Platform, text: &str, state: &State) -> Option<Told> {
        let (told, auth) = self.shared.answers.find(&(door, text.to_string()), &told_from(state))?;
        (!told.names_people || auth == state.generation.auth).then_some(told)
    }

    /// Whether this question was answered lately, in whatever state.
    pub fn was_told(&self, door: Platform, text: &str) -> bool {
        self.shared.answers.has(&(door, text.to_string()))
    }

    /// Keeps an answer that was made from this state, and is the same to whoever asks.
    pub fn keep(&self, door: Platform, text: &str, state: &State, told: Told) {
        let bytes = text.len() + told.body.len();
        self.shared.answers.keep((door, text.into()), told_from(state), (told, state.generation.auth), bytes);
    }
}

fn told_from(state: &State) -> (i64, i64, Fresh) {
    (state.generation.catalog, state.generation.org, state.fresh)
}
