use cards::Card;
use domain::PgConnection;
use serde_json::Value;

use super::{Asker, Deed, account, delivery, message, sync};
use crate::access::Resource;
use crate::{Failure, UserError};

/// What is acted upon, as it is at this moment.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Subject {
    /// The readings of the directory.
    Sync(sync::Stopped),
    /// A message.
    Message(message::Message),
    /// An event.
    Event(delivery::Event),
    /// The accounts of a person.
    Account(account::Accounts),
}

impl Subject {
    /// Reads it; nothing where it is no longer there.
    pub(super) async fn look(db: &mut PgConnection, deed: &Deed) -> Result<Option<Self>, Failure> {
        Ok(match deed {
            Deed::AcceptSync => Some(Self::Sync(sync::Stopped::now(db).await?)),
            Deed::RetryMessage(id) => message::Message::of(db, *id).await?.map(Self::Message),
            Deed::ReplayDelivery(id) => delivery::Event::of(db, *id).await?.map(Self::Event),
            Deed::CorrectAccount(person) => account::Accounts::of(db, *person).await?.map(Self::Account),
        })
    }

    /// What policies look at.
    pub(super) fn resource(&self) -> Resource {
        match self {
            Self::Sync(it) => it.resource(),
            Self::Message(it) => it.resource(),
            Self::Event(it) => it.resource(),
            Self::Account(it) => it.resource(),
        }
    }

    /// Differs whenever somebody who saw it before should look again.
    pub(super) fn version(&self) -> i64 {
        match self {
            Self::Sync(it) => it.version(),
            Self::Message(it) => it.version(),
            Self::Event(it) => it.version(),
            Self::Account(it) => it.version(),
        }
    }

    /// Whether it can be acted upon.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Sync(it) => it.is_open(),
            Self::Message(it) => it.is_open(),
            Self::Event(it) => it.is_open(),
            Self::Account(_) => true,
        }
    }

    /// What it is like now.
    pub(super) fn card(&self) -> Card {
        match self {
            Self::Sync(it) => it.card(),
            Self::Message(it) => it.card(),
            Self::Event(it) => it.card(),
            Self::Account(it) => it.card(),
        }
    }

    /// What was done to it, as the title of what it is like afterwards.
    pub(super) fn done(&self) -> &'static str {
        match self {
            Self::Sync(_) => "Accepted",
            Self::Message(_) => "It will be sent again",
            Self::Event(_) => "It will be applied once more",
            Self::Account(_) => "Corrected",
        }
    }

    /// What will happen, for whoever is to confirm it; or what is wrong with what they entered.
    pub(super) async fn proposal(&self, db: &mut PgConnection, input: &Value) -> Result<Card, Failure> {
        match self {
            Self::Sync(it) => it.proposal(),
            Self::Message(it) => Ok(it.proposal()),
            Self::Event(it) => Ok(it.proposal()),
            Self::Account(it) => it.proposal(db, input).await,
        }
    }

    /// Does it, within the caller's transaction; gives what the audit should know.
    pub(super) async fn act(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        input: &Value,
    ) -> Result<Result<Value, UserError>, Failure> {
        match self {
            Self::Sync(it) => it.accept(db, asker).await,
            Self::Message(it) => it.retry(db).await,
            Self::Event(it) => it.replay(db).await,
            Self::Account(it) => it.correct(db, input).await,
        }
    }
}
