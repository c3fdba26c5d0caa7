use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use console::{Ctx, Failure, State, Told};
use domain::generation::Generation;
use domain::person::Person;
use serde::Serialize;

use crate::answer::{Noted, answered, note};
use crate::{Answer, Outcome, Request};

/// Who asks, and what holds at that moment.
pub(crate) struct Asker<P> {
    begun: Instant,
    state: Option<State>,
    person: Result<P, Failure>,
}

impl<P> Asker<P> {
    /// Finds out who asks.
    pub(crate) async fn find(ctx: &Ctx, find: impl AsyncFnOnce(Generation) -> Result<P, Failure>) -> Self {
        let begun = Instant::now();
        let (state, person) = match ctx.state().await {
            Ok(state) => (Some(state), find(state.generation).await),
            Err(failure) => (None, Err(failure)),
        };
        Self { begun, state, person }
    }
}

impl Asker<Option<Arc<Person>>> {
    /// The same, unless it is known that they are nobody.
    pub(crate) fn somebody(self) -> Option<Asker<Arc<Person>>> {
        let Self { begun, state, person } = self;
        Some(Asker { begun, state, person: person.transpose()? })
    }
}

/// An answer as a door draws it.
pub(crate) struct Drawn {
    /// What is sent.
    pub(crate) body: Bytes,
    /// Whether nothing was missing that it could show.
    pub(crate) whole: bool,
}

impl Drawn {
    /// This message as JSON.
    pub(crate) fn json(message: &impl Serialize, whole: bool) -> Self {
        // Words, numbers and lists of them can always be written.
        let written = serde_json::to_vec(message).unwrap_or_default();
        // What is kept shall not keep the room in which it grew.
        Self { body: Bytes::copy_from_slice(&written), whole }
    }
}

/// Answers a question with what a door draws: as it was told before, while everything is as it was then, else anew.
pub(crate) async fn tell(
    ctx: &Ctx,
    request: &Request,
    asker: Asker<Arc<Person>>,
    draw: impl AsyncFnOnce(&Answer) -> Drawn,
) -> (Bytes, Outcome) {
    let Asker { begun, state, person } = asker;
    if let (Some(state), Ok(person)) = (&state, &person)
        && let Some(Told { body, command, results, .. }) = ctx.told(request.platform, &request.text, state)
    {
        note(ctx, request, begun, Noted { person: Some(person.id), command, results, outcome: Outcome::Ok });
        return (body, Outcome::Ok);
    }
    // Boxed, since the room that all commands need would else be taken, and moved about, for each question that was told before.
    let answer = Box::pin(answered(ctx, request, person.map(Arc::unwrap_or_clone), begun)).await;
    let Drawn { body, whole } = Box::pin(draw(&answer)).await;
    if let Some(state) = state
        && whole
        && answer.lasts
    {
        let names_people = !answer.card.people().is_empty();
        let told = Told { body: body.clone(), command: answer.command, results: answer.results(), names_people };
        ctx.keep(request.platform, &request.text, &state, told);
    }
    (body, answer.outcome)
}
