use cards::{Ask, Card, Emphasis};
use domain::confirmation::{MINUTES, Question};
use domain::intent::Intent;
use serde_json::Value;
use uuid::Uuid;

use super::subject::Subject;
use super::{Asker, Deed, button, remarked};
use crate::access::Attempt;
use crate::{Asks, Ctx, Failure, Reply, UserError};

/// The state of a target that somebody saw before they asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Whatever it is like now.
    Now,
    /// This one, on the card with the button.
    Version(i64),
}

/// What somebody is shown who wants to act.
#[derive(Clone, Debug, PartialEq)]
pub struct Reviewed {
    /// What will happen; or, where nothing can be confirmed, what is so now.
    pub card: Card,
    /// The code that confirms it.
    pub code: Option<String>,
}

/// A press of a button that acts.
pub async fn press(ctx: &Ctx, asker: Asker<'_>, intent: Uuid, version: i64) -> Reply {
    let deed = named(ctx, intent).await?;
    review(ctx, asker, &deed, (Seen::Version(version), &Value::Null)).await
}

/// What a stored intent stands for.
pub(super) async fn named(ctx: &Ctx, intent: Uuid) -> Result<Deed, Failure> {
    let intent = Intent::with_id(&ctx.db, intent).await?;
    intent.as_ref().and_then(Deed::of).ok_or_else(|| unknown().into())
}

/// Shows what a deed would do, with the commands that confirm and cancel it.
pub async fn review(ctx: &Ctx, asker: Asker<'_>, deed: &Deed, what: (Seen, &Value)) -> Reply {
    let Reviewed { card, code } = consider(ctx, asker, deed, what).await?;
    let ask = |verb: &str, code: &str| Ask { command: format!("{verb} {code}"), page: None };
    Ok(match code {
        Some(code) => {
            card.urge("Confirm", ask("confirm", &code), Emphasis::Primary).read("Cancel", ask("cancel", &code))
        }
        None => card,
    })
}

/// Shows what a deed would do and asks to confirm it; or, where what the asker saw is no longer so, what is so now.
pub async fn consider(
    ctx: &Ctx,
    asker: Asker<'_>,
    deed: &Deed,
    (seen, input): (Seen, &Value),
) -> Result<Reviewed, Failure> {
    let subject = present(ctx, deed).await?;
    permit(ctx, asker, deed, &subject).await?;
    if !subject.is_open() {
        return Ok(Reviewed { card: subject.card(), code: None });
    }
    let version = subject.version();
    if matches!(seen, Seen::Version(it) if it != version) {
        let card = remarked(subject.card(), "This has changed since that button was drawn. It is like this now:");
        return Ok(Reviewed { card, code: None });
    }
    let mut connection = ctx.db.acquire().await?;
    let card = subject.proposal(&mut connection, input).await?;
    let intent = button(&mut connection, deed, version).await?.intent;
    let question = Question { intent, person: asker.person.id, version, input, request: asker.request };
    let code = question.ask(&mut *connection).await?;
    let card = card.freshness(format!("Only you can confirm this, once, within {MINUTES} minutes."));
    Ok(Reviewed { card, code: Some(code) })
}

/// What a deed acts upon; where that is gone, its buttons are told so from now on.
pub(super) async fn present(ctx: &Ctx, deed: &Deed) -> Result<Subject, Failure> {
    let mut connection = ctx.db.acquire().await?;
    if let Some(subject) = Subject::look(&mut connection, deed).await? {
        return Ok(subject);
    }
    let intent = Intent::of(&mut *connection, deed.action().as_str(), &deed.target()).await?;
    Intent::close(&mut *connection, intent).await?;
    Err(gone().into())
}

/// Goes on only where the asker may; a refusal is written down.
pub(super) async fn permit(ctx: &Ctx, asker: Asker<'_>, deed: &Deed, subject: &Subject) -> Result<(), Failure> {
    let resource = subject.resource();
    let attempt = Attempt { person: asker.person, action: deed.action(), resource: &resource, request: asker.request };
    attempt.demand(ctx).await.map(|_| ())
}

fn unknown() -> UserError {
    UserError::from(
        Card::new("This button does nothing any more")
            .tone(cards::Tone::Warn)
            .text("What it was for is settled or gone.")
            .read("What you can ask", Asks::help())
            .results(0),
    )
}

fn gone() -> UserError {
    UserError::new("There is nothing to act upon any more", "What this was for is gone. Nothing was done.")
}
