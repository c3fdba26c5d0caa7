//! Forms of intents: opened for whoever may act, their answers shown to be confirmed.

use std::collections::BTreeMap;

use cards::{Card, Form};
use uuid::Uuid;

use super::review::{Reviewed, Seen, consider, named, permit, present};
use super::{Asker, Deed, Entered, Wrong, account, button};
use crate::{Ctx, Failure};

/// A form as it is opened: what it is about, and what it asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// What it is about, as it is now.
    pub card: Card,
    /// What it asks.
    pub form: Form,
}

/// Opens the form of an intent for whoever may act on it. It shows what is so now, and its answers are about that.
pub async fn open(ctx: &Ctx, asker: Asker<'_>, intent: Uuid) -> Result<Opened, Failure> {
    let deed = named(ctx, intent).await?;
    let subject = present(ctx, &deed).await?;
    permit(ctx, asker, &deed, &subject).await?;
    let act = button(&mut *ctx.db.acquire().await?, &deed, subject.version()).await?;
    let fields = match deed {
        Deed::CorrectAccount(_) => account::fields(),
        Deed::AcceptSync | Deed::RetryMessage(_) | Deed::ReplayDelivery(_) => Vec::new(),
    };
    Ok(Opened { card: subject.card(), form: Form { act, fields } })
}

/// Takes the answers of a form: what is wrong with each field, or what is to be confirmed.
pub async fn submit(
    ctx: &Ctx,
    asker: Asker<'_>,
    (intent, version): (Uuid, i64),
    answers: &BTreeMap<String, String>,
) -> Result<Result<Reviewed, Vec<Wrong>>, Failure> {
    let deed = named(ctx, intent).await?;
    let input = match deed {
        Deed::AcceptSync | Deed::RetryMessage(_) | Deed::ReplayDelivery(_) => serde_json::Value::Null,
        Deed::CorrectAccount(_) => match Entered::read(answers) {
            Ok(entered) => entered.input(),
            Err(wrong) => return Ok(Err(wrong)),
        },
    };
    let subject = present(ctx, &deed).await?;
    permit(ctx, asker, &deed, &subject).await?;
    let trouble = account::trouble(&mut *ctx.db.acquire().await?, &subject, &input).await?;
    match trouble {
        Some(wrong) => Ok(Err(vec![wrong])),
        None => consider(ctx, asker, &deed, (Seen::Version(version), &input)).await.map(Ok),
    }
}
