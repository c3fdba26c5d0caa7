//! Forms of intents: opened for whoever may act, their answers shown to be confirmed.

use std::collections::BTreeMap;

use cards::{Card, Field, Form};
use serde_json::{Value, json};
use uuid::Uuid;

use super::review::{Reviewed, Seen, connected, consider, named, permit, present};
use super::subject::Subject;
use super::{Asker, Deed, Entered, Wrong, account, button, incident_form, page, preferences, turn};
use crate::{Ctx, Failure};

/// A form as it is opened: what it is about, and what it asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// What it is about, as it is now.
    pub card: Card,
    /// What it asks.
    pub form: Form,
    /// What stands in it already, by the name of the field.
    pub filled: BTreeMap<String, String>,
}

/// Opens the form of an intent for whoever may act on it. It shows what is so now, and its answers are about that.
pub async fn open(ctx: &Ctx, asker: Asker<'_>, intent: Uuid) -> Result<Opened, Failure> {
    let deed = named(ctx, intent).await?;
    connected(ctx, &deed)?;
    let subject = present(ctx, &deed).await?;
    permit(ctx, asker, &deed, (&subject, &Value::Null)).await?;
    let act = button(&mut *ctx.db.acquire().await?, &deed, subject.version()).await?;
    let filled = match &subject {
        Subject::Notifications(it) => it.filled(),
        _ => BTreeMap::new(),
    };
    Ok(Opened { card: subject.card(), form: Form { act, fields: fields(&deed) }, filled })
}

/// What is asked to do something.
pub(super) fn fields(deed: &Deed) -> Vec<Field> {
    match deed {
        Deed::CorrectAccount(_) => account::fields(),
        Deed::AcceptSync | Deed::RetryMessage(_) | Deed::ReplayDelivery(_) => Vec::new(),
        Deed::Incident(work, _) => incident_form::fields(*work),
        Deed::Notifications(_) => preferences::fields(),
        Deed::Page(_) => page::fields(),
        Deed::Override(_) => turn::fields(),
        Deed::Pull(..) | Deed::Subscription(..) => Vec::new(),
    }
}

/// What was answered, as it can be done; or what is wrong with each answer.
pub async fn read(
    ctx: &Ctx,
    asker: Asker<'_>,
    deed: &Deed,
    answers: &BTreeMap<String, String>,
) -> Result<Result<Value, Vec<Wrong>>, Failure> {
    match deed {
        Deed::AcceptSync | Deed::RetryMessage(_) | Deed::ReplayDelivery(_) | Deed::Pull(..) => Ok(Ok(Value::Null)),
        Deed::Subscription(..) => Ok(Ok(Value::Null)),
        Deed::CorrectAccount(_) => Ok(Entered::read(answers).map(|it| it.input())),
        Deed::Incident(work, _) => incident_form::read(&mut *ctx.db.acquire().await?, asker, *work, answers).await,
        Deed::Notifications(_) => Ok(preferences::read(answers)),
        Deed::Page(_) => Ok(page::read(answers).map(|message| json!({ "message": message }))),
        Deed::Override(id) => turn::read(&mut *ctx.db.acquire().await?, asker, id, answers).await,
    }
}

/// Takes the answers of a form: what is wrong with each field, or what is to be confirmed.
pub async fn submit(
    ctx: &Ctx,
    asker: Asker<'_>,
    (intent, version): (Uuid, i64),
    answers: &BTreeMap<String, String>,
) -> Result<Result<Reviewed, Vec<Wrong>>, Failure> {
    let deed = named(ctx, intent).await?;
    let input = match read(ctx, asker, &deed, answers).await? {
        Ok(input) => input,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let subject = present(ctx, &deed).await?;
    permit(ctx, asker, &deed, (&subject, &input)).await?;
    let trouble = account::trouble(&mut *ctx.db.acquire().await?, &subject, &input).await?;
    match trouble {
        Some(wrong) => Ok(Err(vec![wrong])),
        None => consider(ctx, asker, &deed, (Seen::Version(version), &input)).await.map(Ok),
    }
}
