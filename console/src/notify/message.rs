use cards::{Card, Text};
use domain::outbox::{self, Lane, Wished};
use domain::outbox_many;
use domain::preference::Kind;
use serde::Serialize;
use serde_json::Value;
use sqlx::PgExecutor;

use super::{Destination, wake};

/// A message as it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What it is about: the same key again changes the message that is there, and notifies nobody anew.
    pub key: String,
    /// How urgent it is.
    pub lane: Lane,
    /// What kind of message it is: what its reader may choose to go without. What has none reaches everybody.
    pub kind: Option<Kind>,
    /// Where it goes.
    pub destination: Destination,
    /// Where it goes when that fails for good, in order.
    pub or_else: Vec<Destination>,
    /// Key of the message that it answers.
    pub thread_of: Option<String>,
    /// What it says.
    pub card: Card,
    /// Whether it tells of messages that nobody got; then nothing is said when nobody gets it either.
    pub about_delivery: bool,
    /// Why whoever gets it gets it; shown below it, and kept when it is changed.
    pub why: Option<Text>,
}

impl Message {
    /// A message of its own.
    pub fn new(key: impl Into<String>, lane: Lane, destination: Destination, card: Card) -> Self {
        let key = key.into();
        Self {
            key,
            lane,
            kind: None,
            destination,
            or_else: Vec::new(),
            thread_of: None,
            card,
            about_delivery: false,
            why: None,
        }
    }

    /// The same as one of this kind.
    pub fn of(self, kind: Kind) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// The same with one more way, for when those before fail for good.
    pub fn or_else(mut self, destination: Destination) -> Self {
        self.or_else.push(destination);
        self
    }

    /// The same with why whoever gets it gets it.
    pub fn because(self, why: impl Into<Text>) -> Self {
        Self { why: Some(why.into()), ..self }
    }

    /// The same as an answer to the message with this key.
    pub fn thread_of(self, key: impl Into<String>) -> Self {
        Self { thread_of: Some(key.into()), ..self }
    }
}

/// Puts a message into the outbox, within the caller's transaction; false when it says already what it should. After the
/// commit, [`wake`] makes it go at once.
pub async fn put(db: impl PgExecutor<'_>, message: &Message) -> sqlx::Result<bool> {
    let ways: Vec<String> =
        std::iter::once(&message.destination).chain(&message.or_else).map(ToString::to_string).collect();
    let why = message.why.as_ref().map(stored).transpose()?;
    let wished = Wished {
        key: &message.key,
        lane: message.lane,
        kind: message.kind,
        ways: &ways,
        thread_of: message.thread_of.as_deref(),
        card: &stored(&message.card)?,
        format: i32::from(message.card.format),
        about_delivery: message.about_delivery,
        why: why.as_ref(),
    };
    let put = wished.put(db).await?;
    wake();
    Ok(put)
}

/// Changes what a message says, where there is one; false when there is none, or it says that already.
pub async fn edit(db: impl PgExecutor<'_>, key: &str, card: &Card) -> sqlx::Result<bool> {
    let edited = outbox::edit(db, key, &stored(card)?, i32::from(card.format)).await?;
    wake();
    Ok(edited)
}

/// Puts several messages, within the caller's transaction; one whose key is there already stays as it is. Whoever commits wakes.
pub(super) async fn add(db: impl PgExecutor<'_>, messages: &[Message]) -> sqlx::Result<()> {
    add_as(db, messages, None).await
}

/// Keeps several messages that whoever they are for wants none of, as if they had been declined when they were to be sent: so that what
/// another choice would have sent can be told.
pub(super) async fn refrain(db: impl PgExecutor<'_>, messages: &[Message], why: &str) -> sqlx::Result<()> {
    add_as(db, messages, Some(why)).await
}

async fn add_as(db: impl PgExecutor<'_>, messages: &[Message], unwanted: Option<&str>) -> sqlx::Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let mut parts = Vec::new();
    for it in messages {
        let ways: Vec<String> = std::iter::once(&it.destination).chain(&it.or_else).map(ToString::to_string).collect();
        parts.push((it, ways, stored(&it.card)?, it.why.as_ref().map(stored).transpose()?));
    }
    let wished = parts.iter().map(|(it, ways, card, why)| Wished {
        key: &it.key,
        lane: it.lane,
        kind: it.kind,
        ways,
        thread_of: it.thread_of.as_deref(),
        card,
        format: i32::from(it.card.format),
        about_delivery: it.about_delivery,
        why: why.as_ref(),
    });
    outbox_many::add(db, &wished.collect::<Vec<_>>(), unwanted).await
}

/// Changes what several messages say, where they are there.
pub(super) async fn edit_all(db: impl PgExecutor<'_>, messages: Vec<(String, Card)>) -> sqlx::Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let messages = messages.into_iter().map(|(key, card)| Ok((key, stored(&card)?)));
    outbox_many::edit(db, &messages.collect::<sqlx::Result<Vec<_>>>()?, i32::from(cards::FORMAT)).await
}

/// Changes what several messages say, where somebody got them by themselves or still will.
pub(super) async fn edit_there(db: impl PgExecutor<'_>, messages: Vec<(String, Card)>) -> sqlx::Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let messages = messages.into_iter().map(|(key, card)| Ok((key, stored(&card)?)));
    outbox_many::edit_there(db, &messages.collect::<sqlx::Result<Vec<_>>>()?, i32::from(cards::FORMAT)).await
}

/// Changes what a message says, where nobody took it to send yet; false where somebody did.
pub(super) async fn edit_unsent(db: impl PgExecutor<'_>, key: &str, card: &Card) -> sqlx::Result<bool> {
    outbox_many::edit_unsent(db, key, &stored(card)?, i32::from(card.format)).await
}

/// A card or a text as it is stored: Postgres takes every character but one.
pub(super) fn stored(it: &impl Serialize) -> sqlx::Result<Value> {
    fn clean(value: &mut Value) {
        match value {
            Value::String(it) if it.contains('\0') => *it = it.replace('\0', "\u{fffd}"),
            Value::Array(all) => all.iter_mut().for_each(clean),
            Value::Object(all) => all.values_mut().for_each(clean),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(it).map_err(|it| sqlx::Error::Encode(it.into()))?;
    clean(&mut value);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_postgres_refuses_is_replaced() {
        let card = Card::new("a\0b").text("\\u0000 stays");
        let stored = stored(&card).expect("JSON").to_string();
        assert!(stored.contains("a\u{fffd}b") && stored.contains("\\\\u0000 stays"), "{stored}");
    }
}
