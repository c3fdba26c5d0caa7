use cards::Card;
use domain::PgConnection;
use domain::audit::Receipt;
use serde_json::Value;

use super::{Asker, Deed, account, delivery, incident, message, page, pull, subscription, sync, turn};
use crate::access::Resource;
use crate::notifications::Wishes;
use crate::{Ctx, Failure, UserError};

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
    /// What somebody wishes of what they are told.
    Notifications(Box<Wishes>),
    /// An incident.
    Incident(Box<incident::Case>),
    /// Whoever is called about a service.
    Page(Box<page::Callee>),
    /// A schedule.
    Schedule(Box<turn::Rota>),
    /// A pull request.
    Pull(Box<pull::Case>),
    /// What a channel is told of.
    Subscription(Box<subscription::Case>),
}

/// What became of an act.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Acted {
    /// It was done, and this is what the audit should know.
    Done(Value),
    /// It is ordered: an errand does it, and tells the audit.
    Ordered,
}

impl Subject {
    /// Reads it; nothing where it is no longer there.
    pub(super) async fn look(db: &mut PgConnection, ctx: &Ctx, deed: &Deed) -> Result<Option<Self>, Failure> {
        Ok(match deed {
            Deed::AcceptSync => Some(Self::Sync(sync::Stopped::now(db).await?)),
            Deed::RetryMessage(id) => message::Message::of(db, *id).await?.map(Self::Message),
            Deed::ReplayDelivery(id) => delivery::Event::of(db, *id).await?.map(Self::Event),
            Deed::CorrectAccount(person) => account::Accounts::of(db, *person).await?.map(Self::Account),
            Deed::Notifications(person) => {
                Wishes::of(db, &ctx.defaults, *person).await?.map(|it| Self::Notifications(Box::new(it)))
            }
            Deed::Incident(work, id) => incident::Case::of(db, *work, id).await?.map(|it| Self::Incident(Box::new(it))),
            Deed::Page(reference) => page::Callee::of(db, reference).await?.map(|it| Self::Page(Box::new(it))),
            Deed::Pull(work, id) => pull::Case::of(db, ctx, (*work, *id)).await?.map(|it| Self::Pull(Box::new(it))),
            Deed::Subscription(change, spot) => {
                Some(Self::Subscription(Box::new(subscription::Case::of(db, *change, spot).await?)))
            }
            Deed::Override(id) => turn::Rota::of(db, id).await?.map(|it| Self::Schedule(Box::new(it))),
        })
    }

    /// What was entered, with what else is needed to do it exactly as it is shown.
    pub(super) async fn prepare(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        input: &Value,
    ) -> Result<Value, Failure> {
        match self {
            Self::Sync(_) | Self::Message(_) | Self::Event(_) | Self::Account(_) | Self::Page(_) => Ok(input.clone()),
            Self::Notifications(_) | Self::Subscription(_) => Ok(input.clone()),
            Self::Incident(it) => it.prepare(db, asker, input).await,
            Self::Schedule(it) => it.prepare(db, asker, input).await,
            Self::Pull(it) => it.prepare(db, asker, input).await,
        }
    }

    /// What policies look at.
    pub(super) fn resource(&self, asker: &Asker<'_>, input: &Value) -> Resource {
        match self {
            Self::Sync(it) => it.resource(),
            Self::Message(it) => it.resource(),
            Self::Event(it) => it.resource(),
            Self::Account(it) => it.resource(),
            Self::Notifications(it) => it.resource(),
            Self::Incident(it) => it.resource(),
            Self::Page(it) => it.resource(),
            Self::Schedule(it) => it.resource(asker.person.id, input),
            Self::Pull(it) => it.resource(),
            Self::Subscription(it) => it.resource(),
        }
    }

    /// Differs whenever somebody who saw it before should look again.
    pub(super) fn version(&self) -> i64 {
        match self {
            Self::Sync(it) => it.version(),
            Self::Message(it) => it.version(),
            Self::Event(it) => it.version(),
            Self::Account(it) => it.version(),
            Self::Notifications(it) => it.version,
            Self::Incident(it) => it.version(),
            Self::Page(it) => it.version(),
            Self::Schedule(it) => it.version(),
            Self::Pull(it) => it.version(),
            Self::Subscription(it) => it.version(),
        }
    }

    /// Whether it can be acted upon.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Sync(it) => it.is_open(),
            Self::Message(it) => it.is_open(),
            Self::Event(it) => it.is_open(),
            Self::Account(_) | Self::Schedule(_) | Self::Notifications(_) | Self::Subscription(_) => true,
            Self::Incident(it) => it.is_open(),
            Self::Page(it) => it.is_open(),
            Self::Pull(it) => it.is_open(),
        }
    }

    /// What it is like now.
    pub(super) fn card(&self) -> Card {
        match self {
            Self::Sync(it) => it.card(),
            Self::Message(it) => it.card(),
            Self::Event(it) => it.card(),
            Self::Account(it) => it.card(),
            Self::Notifications(it) => it.shown(),
            Self::Incident(it) => it.card(),
            Self::Page(it) => it.card(),
            Self::Schedule(it) => it.card(),
            Self::Pull(it) => it.card(),
            Self::Subscription(it) => it.card(),
        }
    }

    /// What was done to it, as the title of what it is like afterwards.
    pub(super) fn done(&self) -> &'static str {
        match self {
            Self::Sync(_) => "Accepted",
            Self::Message(_) => "It will be sent again",
            Self::Event(_) => "It will be applied once more",
            Self::Account(_) => "Corrected",
            Self::Notifications(_) => "Noted",
            Self::Incident(_) | Self::Page(_) | Self::Schedule(_) => "Done",
            Self::Pull(it) => it.done(),
            Self::Subscription(it) => it.done(),
        }
    }

    /// What will happen, for whoever is to confirm it; or what is wrong with what they entered.
    pub(super) async fn proposal(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        input: &Value,
    ) -> Result<Card, Failure> {
        match self {
            Self::Sync(it) => it.proposal(),
            Self::Message(it) => Ok(it.proposal()),
            Self::Event(it) => Ok(it.proposal()),
            Self::Account(it) => it.proposal(db, input).await,
            // It is done at once.
            Self::Notifications(it) => Ok(it.shown()),
            Self::Subscription(it) => Ok(it.card()),
            Self::Incident(it) => it.proposal(db, asker, input).await,
            Self::Page(it) => Ok(it.proposal(input)),
            Self::Schedule(it) => it.proposal(input),
            Self::Pull(it) => Ok(it.proposal(input)),
        }
    }

    /// Does it, within the caller's transaction, or orders it.
    pub(super) async fn act(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        (input, receipt): (&Value, Receipt),
    ) -> Result<Result<Acted, UserError>, Failure> {
        let done = |it: Result<Value, UserError>| it.map(Acted::Done);
        match self {
            Self::Sync(it) => it.accept(db, asker).await.map(done),
            Self::Message(it) => it.retry(db).await.map(done),
            Self::Event(it) => it.replay(db).await.map(done),
            Self::Account(it) => it.correct(db, input).await.map(done),
            Self::Notifications(it) => it.change(db, input).await.map(done),
            Self::Incident(it) => it.order(db, asker, (input, receipt)).await,
            Self::Page(it) => it.order(db, asker, (input, receipt)).await,
            Self::Schedule(it) => it.order(db, asker, (input, receipt)).await,
            Self::Pull(it) => it.act(db, asker, (input, receipt)).await,
            Self::Subscription(it) => it.act(db, asker, input).await.map(done),
        }
    }
}
