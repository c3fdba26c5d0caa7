//! Events that others sent us: how many there are and how far they have come, and the room that they lie in.

mod wake;

use std::time::Duration;

use cards::{Card, Text, Tone};
use chrono::{DateTime, TimeDelta, Utc};
use domain::PgPool;
use domain::delivery::{self, Count, Delivery, MAX_COUNT};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use crate::Failure;

pub use wake::{wake, woken};

/// How long events are kept.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Months, the running one included.
    pub keep_months: u32,
    /// The same for events that were set aside or not understood; their bodies go with the others.
    pub keep_dead_months: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { keep_months: 3, keep_dead_months: 12 }
    }
}

/// How many events there are, by sender and how far they have come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    counts: Vec<Count>,
}

/// Finished events are counted for so long.
const LATELY: TimeDelta = TimeDelta::days(1);

/// How many events there are.
pub async fn load(db: &PgPool, now: DateTime<Utc>) -> Result<View, Failure> {
    Ok(View { counts: delivery::counts(db, now - LATELY).await? })
}

/// Adds what is known of events to a card; nothing where there are none.
pub fn section(card: Card, view: &View) -> Card {
    if view.counts.is_empty() {
        return card;
    }
    let rows = view.counts.iter().map(|it| {
        vec![
            Text::plain(sender(&it.source)),
            Text::plain(words(&it.state)),
            Text::plain(number(it.count)),
            Text::ago(it.oldest),
        ]
    });
    let card = card.heading("Events received").table(["From", "State", "How many", "Oldest"], rows.collect());
    let aside = view.counts.iter().filter(|it| it.state == delivery::State::Dead.as_str());
    match aside.map(|it| it.count).sum::<i64>() {
        0 => card,
        _ => {
            let see = Text::plain("Some were given up. Administrators see why, and have them applied again: ");
            card.text(see.then(Text::code("inbox")))
        }
    }
}

fn number(count: i64) -> String {
    if count >= MAX_COUNT { format!("{MAX_COUNT} or more") } else { count.to_string() }
}

/// What people call a sender.
fn sender(source: &str) -> String {
    match delivery::Source::ALL.into_iter().find(|it| it.as_str() == source) {
        Some(delivery::Source::Github) => "GitHub".into(),
        Some(delivery::Source::Pagerduty) => "PagerDuty".into(),
        None => source.into(),
    }
}

fn words(state: &str) -> String {
    match delivery::State::ALL.into_iter().find(|it| it.as_str() == state) {
        Some(delivery::State::Pending) => "waiting".into(),
        Some(delivery::State::Applied) => "applied within a day".into(),
        Some(delivery::State::Ignored) => "nothing to do, within a day".into(),
        Some(delivery::State::Unparsed) => "not understood".into(),
        Some(delivery::State::Dead) => "given up".into(),
        None => state.into(),
    }
}

/// A list of events, the newest first.
pub fn list(deliveries: &[Delivery]) -> Card {
    if deliveries.is_empty() {
        return Card::new("No such events").tone(Tone::Warn);
    }
    let rows = deliveries.iter().map(|it| {
        let what = it.action.as_ref().map_or(it.event.clone(), |action| format!("{} {action}", it.event));
        vec![
            Text::moment(it.received_at),
            Text::plain(sender(&it.source)),
            Text::plain(what),
            Text::plain(it.subject.as_deref().unwrap_or_default()),
            Text::plain(&it.state),
            Text::plain(&it.external_id),
        ]
    });
    Card::new("Events received").table(["When", "From", "What", "About", "State", "Id"], rows.collect())
}

/// One event, without its body.
pub fn card(it: &Delivery) -> Card {
    let card = Card::new(format!("{} from {}", it.event, sender(&it.source)))
        .fact("Id", Text::code(&it.external_id))
        .fact("Our id", Text::code(it.id.to_string()))
        .fact("Received", Text::moment(it.received_at))
        .fact("State", it.state.as_str())
        .fact("Attempts", it.attempts.to_string())
        .fact("Body", format!("{} bytes, {}", it.size, it.content_type));
    let optional = [("Action", &it.action), ("About", &it.subject), ("Error", &it.error)];
    let card = optional.into_iter().fold(card, |card, (label, value)| match value {
        Some(value) => card.fact(label, value.as_str()),
        None => card,
    });
    let headers = it.headers.as_object().into_iter().flatten();
    headers.fold(card, |card, (name, value)| card.fact(name.as_str(), value.as_str().unwrap_or_default()))
}

/// Makes room ahead, and clears away what is old.
pub async fn keep_house(db: &PgPool, config: Config, now: DateTime<Utc>) -> Result<(), Failure> {
    let made = delivery::make_room(db, now).await?;
    let keep = delivery::Keep { months: config.keep_months, dead_months: config.keep_dead_months };
    let cleared = delivery::clear(db, now, keep).await?;
    if made > 0 || cleared != delivery::Cleared::default() {
        let delivery::Cleared { months, finished, dead, forgotten } = cleared;
        tracing::info!(made, dropped = months, finished, dead, forgotten, "the inbox was put in order");
    }
    Ok(())
}

/// How soon it is tried again.
const AGAIN: Duration = Duration::from_secs(60);

/// Puts the inbox in order once at the start, as soon as the database lets us.
pub async fn prepare(db: PgPool, config: Config, stop: CancellationToken) {
    while let Err(failure) = keep_house(&db, config, Utc::now()).await {
        // Without room of its own a body goes where all such go, so that nothing is lost meanwhile.
        tracing::warn!(?failure, "the inbox could not be put in order yet");
        tokio::select! {
            () = tokio::time::sleep(AGAIN) => {}
            () = stop.cancelled() => return,
        }
    }
}
