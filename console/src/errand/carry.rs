use std::time::Duration;

use cards::{Card, Text, Tone};
use chrono::{DateTime, TimeDelta, Utc};
use domain::PgConnection;
use domain::audit::{self, Outcome, Receipt};
use domain::delivery::{self, Source};
use domain::incidents::errand::{Errand, State};
use domain::incidents::{Moment, Override, Shift};
use domain::intent::Intent;
use domain::person::Person;
use integrations::pagerduty::{self, Incident, PagerDutyError};
use serde_json::{Value, json};

use super::{ENDED, Parts, elsewhere, incident, page, pull, turn};
use crate::access::Action;
use crate::act::Work;
use crate::notify::{self, Destination, Kind, Lane, Message};
use crate::pagerduty::{What, delivery as synthetic};
use crate::{Failure, inbox};

/// For how long one tries: what was wanted then may be wrong later.
const WANTED: TimeDelta = TimeDelta::minutes(10);

/// How long one waits before the next try.
pub(super) const AGAIN: Duration = Duration::from_secs(1);
const MOST: Duration = Duration::from_secs(15);

/// What became of a try.
pub(super) enum Step {
    /// It is over.
    Ended(Box<Ended>),
    /// It is tried again.
    Later(Later),
    /// Another replica has it.
    Lost,
}

/// Why and when it is tried again.
pub(super) struct Later {
    pub(super) wait: Duration,
    /// Whether it surely was not done by this try.
    pub(super) unsent: bool,
    pub(super) why: String,
}

/// How an errand ended.
pub(super) struct Ended {
    pub(super) state: State,
    /// What whoever asked is told.
    pub(super) card: Card,
    /// What the audit should know.
    pub(super) detail: Value,
    /// The incident as PagerDuty has it now.
    pub(super) seen: Option<Incident>,
    /// A turn that was taken over.
    pub(super) turn: Option<turn::Taken>,
    /// Whether a review was passed on.
    pub(super) passed: bool,
}

impl Ended {
    pub(super) fn new(state: State, card: Card, detail: Value) -> Self {
        Self { state, card, detail, seen: None, turn: None, passed: false }
    }

    pub(super) fn seen(self, incident: Incident) -> Self {
        Self { seen: Some(incident), ..self }
    }
}

impl From<Ended> for Step {
    fn from(it: Ended) -> Self {
        Self::Ended(Box::new(it))
    }
}

/// Carries out an errand as far as it comes now.
pub(super) async fn carry(parts: &Parts, errand: Errand) {
    if let Err(error) = carried(parts, &errand).await {
        match error {
            Failure::Internal(error) => {
                tracing::warn!(errand = %errand.id, %error, "an errand was cut off; it is taken up again")
            }
            Failure::User(card) => tracing::warn!(errand = %errand.id, card = card.title, "an errand was cut off"),
        }
    }
}

async fn carried(parts: &Parts, errand: &Errand) -> Result<(), Failure> {
    match step(parts, errand).await? {
        Step::Lost => Ok(()),
        Step::Ended(ended) => finish(parts, errand, *ended).await,
        Step::Later(later) if Utc::now() - errand.made_at > WANTED => {
            let ended = match errand.action == Action::PassReview.as_str() {
                true => pull::here_alone(errand, &later.why),
                false => given_up(errand, &later),
            };
            finish(parts, errand, ended).await
        }
        Step::Later(Later { wait, unsent, why }) => {
            tracing::info!(errand = %errand.id, why, wait = wait.as_secs(), "an errand is tried again");
            // A try that was not answered counts, whatever a later one says.
            Ok(errand.later(&parts.db, wait, unsent && errand.sent_at.is_none()).await?)
        }
    }
}

async fn step(parts: &Parts, errand: &Errand) -> Result<Step, Failure> {
    let action = Action::from_word(&errand.action);
    let Some(action) = action else { return Ok(unknown(errand).into()) };
    if action == Action::PassReview {
        return pull::carry(parts, errand).await;
    }
    let Some(pager) = parts.pager() else { return Ok(unconnected().into()) };
    match Work::ALL.into_iter().find(|it| it.action() == action) {
        Some(work) => incident::carry(&pager, errand, work).await,
        None if action == Action::Page => page::carry(&pager, errand).await,
        None if action == Action::OverrideShift => turn::carry(&pager, errand).await,
        None => Ok(unknown(errand).into()),
    }
}

fn unknown(errand: &Errand) -> Ended {
    let card = Card::new("That was not done").tone(Tone::Bad).text("This program does not know how.").results(0);
    Ended::new(State::Failed, card, json!({ "action": errand.action }))
}

/// What was ordered while it was.
fn unconnected() -> Ended {
    let card = Card::new("PagerDuty is not connected here any more").tone(Tone::Warn).text("Nothing was done.");
    Ended::new(State::Refused, card.results(0), json!({}))
}

/// What to do after PagerDuty did not do it.
pub(super) fn missed(error: &PagerDutyError, errand: &Errand) -> Step {
    let wait = wait(errand);
    let later = |wait, unsent| Step::Later(Later { wait, unsent, why: error.to_string() });
    match error {
        PagerDutyError::Limited { retry_after } => later(*retry_after, true),
        PagerDutyError::Passing(_) => later(wait, true),
        // Looked for soon, since whoever asked waits.
        PagerDutyError::Unclear(_) => later(AGAIN, false),
        PagerDutyError::Gone => no(State::Refused, error),
        PagerDutyError::Refused { .. } => no(State::Refused, error),
        PagerDutyError::Credentials { .. } | PagerDutyError::TooMany(_) | PagerDutyError::Malformed(_) => {
            no(State::Failed, error)
        }
    }
}

/// How long to wait after another try came to nothing.
pub(super) fn wait(errand: &Errand) -> Duration {
    let tried = (Utc::now() - errand.made_at).to_std().unwrap_or_default();
    (tried / 2).clamp(AGAIN, MOST)
}

fn no(state: State, error: &PagerDutyError) -> Step {
    let (title, tone) = match state {
        State::Failed => ("That did not work", Tone::Bad),
        State::Waiting | State::Done | State::Refused => ("PagerDuty did not do that", Tone::Warn),
    };
    let card = Card::new(title).tone(tone).text(Text::plain(format!("{error}."))).results(0);
    Ended::new(state, card, json!({ "error": error.to_string() })).into()
}

fn given_up(errand: &Errand, later: &Later) -> Ended {
    let minutes = WANTED.num_minutes();
    let card = Card::new("That did not work").tone(Tone::Bad);
    let card = match errand.sent_at.is_some() || !later.unsent {
        true => card.text("PagerDuty did not say whether it did it. Look there before you ask again."),
        false => card.text(format!("PagerDuty did not answer for {minutes} minutes, so nothing was done.")),
    };
    Ended::new(State::Failed, card.fact("Why", later.why.as_str()).results(0), json!({ "error": later.why }))
}

/// Writes down how it ended, and what is so now, for everybody who should know.
async fn finish(parts: &Parts, errand: &Errand, ended: Ended) -> Result<(), Failure> {
    let mut transaction = parts.db.begin().await?;
    let db = &mut *transaction;
    let Some(awaited) = errand.end(&mut *db, ended.state, &serde_json::to_value(&ended.card)?).await? else {
        return Ok(());
    };
    if let Some(seen) = &ended.seen {
        let clock = parts.pagerduty.as_ref().and_then(pagerduty::Client::clock);
        tell(&mut *db, errand, (seen, clock)).await?;
    }
    if let Some(taken) = &ended.turn {
        keep(&mut *db, errand, taken).await?;
    }
    let person = Person::with_id(&mut *db, errand.person_id).await?;
    if let (true, Some(person)) = (ended.passed, &person) {
        pull::keep((&mut *db, &parts.defaults), errand, person).await?;
    }
    if let (State::Done, Some(person)) = (ended.state, &person) {
        let intent = Intent::of(&mut *db, &errand.action, &errand.target).await?;
        Intent::acted(&mut *db, intent, &person.display_name).await?;
    }
    if !awaited {
        let (key, to) = (format!("errand/{}", errand.id), Destination::Person(errand.person_id));
        let message = Message::new(key, Lane::Page, to, ended.card).of(Kind::Answer);
        let why = format!("You get this because you asked {} for it, and it took a while", elsewhere(&errand.action));
        notify::put(&mut *db, &message.because(why)).await?;
    }
    let outcome = match ended.state {
        State::Done => Outcome::Done,
        State::Refused => Outcome::Refused,
        State::Failed | State::Waiting => Outcome::Failed,
    };
    audit::outcome(&mut *db, Receipt { number: errand.receipt }, outcome, ended.detail).await?;
    transaction.commit().await?;
    ENDED.send_modify(|it| *it += 1);
    inbox::wake(Source::ALL);
    notify::wake();
    metrics::counter!("pinconsole_errands_total", "action" => errand.action.clone(), "outcome" => ended.state.as_str())
        .increment(1);
    Ok(())
}

/// Lets the inbox know what PagerDuty says of the incident, so that one place applies it.
async fn tell(
    db: &mut PgConnection,
    errand: &Errand,
    (seen, clock): (&Incident, Option<DateTime<Utc>>),
) -> Result<(), Failure> {
    let (now, updated_at) = (Utc::now(), seen.updated_at.or(seen.last_status_change_at));
    let moment = Moment { read_at: clock.unwrap_or(now), updated_at };
    let mut arrived = synthetic((What::Incident, &seen.id), moment, seen, now)?;
    // Its own id: a reading of the same second is another one.
    arrived.external_id = format!("poll:incident:{}:{}", seen.id, errand.id);
    delivery::store(db, &[&arrived]).await?;
    Ok(())
}

/// Makes a turn that was taken over true at once.
async fn keep(db: &mut PgConnection, errand: &Errand, taken: &turn::Taken) -> sqlx::Result<()> {
    let it = Override {
        id: taken.id.clone(),
        schedule_id: errand.target.clone(),
        member_id: taken.member.clone(),
        starts_at: taken.window.0,
        ends_at: taken.window.1,
    };
    let reason = Some(taken.reason.as_str()).filter(|it| !it.is_empty());
    it.write(&mut *db, (reason, Some(errand.person_id)), Utc::now()).await?;
    Shift::take_over(db, &it.schedule_id, &it.member_id, taken.window).await
}
