use std::time::Instant;

use cards::{Card, Text, Tone};
use chrono::Utc;
use console::subscriptions::Room;
use console::{Ctx, Failure, Reply};
use domain::account::Platform;
use domain::person::Person;
use domain::usage::Usage;
use uuid::Uuid;

use crate::Command;

/// A question as it reached a front door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Our id of it, which the log and an error card quote.
    pub id: Uuid,
    /// Where it was asked.
    pub platform: Platform,
    /// The command as typed.
    pub text: String,
    /// The channel in which it was typed, where there is one.
    pub place: Option<Room>,
}

/// An answer, with what may be done with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What is shown.
    pub card: Card,
    /// Name of the command.
    pub command: &'static str,
    /// The command that shows the same to a channel, where that is allowed.
    pub share: Option<String>,
    /// Whether it may be told again to whoever asks the same.
    pub lasts: bool,
    /// Whether the answer takes the place of the one before.
    pub replaces: bool,
    /// How it went.
    pub outcome: Outcome,
}

impl Answer {
    /// That we failed.
    pub(crate) fn failed(reference: Uuid) -> Self {
        let (card, outcome) = (broken(reference), Outcome::Failed);
        Self { card, command: Asked::default().command, share: None, lasts: false, replaces: false, outcome }
    }

    /// How many things were found, as it is recorded.
    pub(crate) fn results(&self) -> Option<i32> {
        self.card.results.map(|it| i32::try_from(it).unwrap_or(i32::MAX))
    }
}

/// How a question went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered.
    Ok,
    /// The asker must change something first.
    Refused,
    /// We failed.
    Failed,
}

impl Outcome {
    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Answers a question. Infallible: every failure is a card too.
pub async fn answer(ctx: &Ctx, request: &Request, asker: impl Future<Output = Result<Person, Failure>>) -> Answer {
    let begun = Instant::now();
    let asker = asker.await;
    answered(ctx, request, asker, begun).await
}

/// Answers a question that began a while ago.
pub(crate) async fn answered(ctx: &Ctx, request: &Request, asker: Result<Person, Failure>, begun: Instant) -> Answer {
    let mut asked = Asked::default();
    let (card, outcome) = match try_answer(ctx, request, asker, &mut asked).await {
        Ok(card) => (card, Outcome::Ok),
        Err(Failure::User(card)) => (*card, Outcome::Refused),
        Err(Failure::Internal(error)) => {
            tracing::error!(request = %request.id, command = asked.command, ?error, "a command failed");
            (broken(request.id), Outcome::Failed)
        }
    };
    let Asked { command, person, shareable, lasts, replaces } = asked;
    let share = (outcome == Outcome::Ok && shareable).then(|| request.text.trim().to_string());
    let lasts = outcome == Outcome::Ok && lasts && !card.passing;
    let answer = Answer { card, command, share, lasts, replaces, outcome };
    note(ctx, request, begun, Noted { person, command, results: answer.results(), outcome });
    answer
}

/// What is noted of a question that was answered.
pub(crate) struct Noted {
    pub(crate) person: Option<Uuid>,
    pub(crate) command: &'static str,
    pub(crate) results: Option<i32>,
    pub(crate) outcome: Outcome,
}

/// Notes that a question was answered, in the log and for later figures.
pub(crate) fn note(ctx: &Ctx, request: &Request, begun: Instant, noted: Noted) {
    let Noted { person, command, results, outcome } = noted;
    counted(command, request.platform, outcome, begun);
    let duration_ms = i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX);
    let (platform, outcome) = (request.platform.as_str(), outcome.as_str());
    let who = person.map(tracing::field::display);
    tracing::info!(request = %request.id, platform, command, person = who, duration_ms, outcome, "asked");
    ctx.usage.note(Usage { at: Utc::now(), person, platform, command, duration_ms, results, outcome });
}

/// Counts the answer, for whoever watches.
fn counted(command: &'static str, platform: Platform, outcome: Outcome, begun: Instant) {
    let (platform, outcome) = (platform.as_str(), outcome.as_str());
    metrics::counter!("pinconsole_commands_total", "command" => command, "platform" => platform, "outcome" => outcome)
        .increment(1);
    metrics::histogram!("pinconsole_command_duration_seconds", "command" => command).record(begun.elapsed());
}

/// What became known of a question while it was answered.
struct Asked {
    command: &'static str,
    person: Option<Uuid>,
    shareable: bool,
    lasts: bool,
    replaces: bool,
}

impl Default for Asked {
    fn default() -> Self {
        Self { command: "unknown", person: None, shareable: false, lasts: false, replaces: false }
    }
}

async fn try_answer(ctx: &Ctx, request: &Request, asker: Result<Person, Failure>, asked: &mut Asked) -> Reply {
    let asker = asker?;
    asked.person = Some(asker.id);
    let command = Command::parse(&request.text)?;
    let (shareable, lasts) = (command.shareable(), command.lasts());
    *asked = Asked { command: command.name(), shareable, lasts, replaces: command.replaces(), ..*asked };
    command.run(ctx, request, &asker).await
}

/// What is shown when we failed.
fn broken(reference: Uuid) -> Card {
    Card::new("That did not work")
        .tone(Tone::Bad)
        .text("Something failed on our side, and it was noted. Try again in a minute.")
        .text(
            Text::plain("If it stays, give this reference to the team that runs PinConsole: ")
                .then(Text::code(reference.to_string())),
        )
}
