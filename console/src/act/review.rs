use cards::{Ask, Card, Emphasis, Text};
use domain::confirmation::{MINUTES, Question};
use domain::intent::Intent;
use serde_json::Value;
use uuid::Uuid;

use super::subject::Subject;
use super::{Asker, Deed, Manner, button, confirm, remarked};
use crate::access::Attempt;
use crate::errand;
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

/// Does what needs no more than being asked for; else shows what a deed would do, with the commands that confirm and cancel
/// it.
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

/// Shows what a deed would do and asks to confirm it; or, where what the asker saw is no longer so, what is so now. What
/// needs no confirmation is done, and this is what came of it.
pub async fn consider(
    ctx: &Ctx,
    asker: Asker<'_>,
    deed: &Deed,
    (seen, input): (Seen, &Value),
) -> Result<Reviewed, Failure> {
    // The replica that ordered it ended before it could say what came of it.
    if let Some(reply) = errand::answered(ctx, asker.request).await? {
        return Ok(Reviewed { card: reply?, code: None });
    }
    connected(ctx, deed)?;
    let subject = present(ctx, deed).await?;
    let input = &subject.prepare(&mut *ctx.db.acquire().await?, &asker, input).await?;
    permit(ctx, asker, deed, (&subject, input)).await?;
    if !subject.is_open() {
        return Ok(Reviewed { card: subject.card(), code: None });
    }
    let version = subject.version();
    if matches!(seen, Seen::Version(it) if it != version) {
        let card = remarked(subject.card(), "This has changed since that button was drawn. It is like this now:");
        return Ok(Reviewed { card, code: None });
    }
    match deed.manner() {
        Manner::AtOnce => {
            let card = confirm::at_once(ctx, asker, deed, (version, input)).await?;
            Ok(Reviewed { card, code: None })
        }
        Manner::Confirmed => ask(ctx, asker, (deed, &subject), input).await,
    }
}

/// Shows what will happen, and keeps the question.
async fn ask(
    ctx: &Ctx,
    asker: Asker<'_>,
    (deed, subject): (&Deed, &Subject),
    input: &Value,
) -> Result<Reviewed, Failure> {
    let (mut connection, version) = (ctx.db.acquire().await?, subject.version());
    let card = subject.proposal(&mut connection, &asker, input).await?;
    let intent = button(&mut connection, deed, version).await?.intent;
    let question = Question { intent, person: asker.person.id, version, input, request: asker.request };
    let code = question.ask(&mut *connection).await?;
    let card = card.freshness(format!("Only you can confirm this, once, within {MINUTES} minutes."));
    Ok(Reviewed { card, code: Some(code) })
}

/// What a deed acts upon; where that is gone, its buttons are told so from now on.
pub(super) async fn present(ctx: &Ctx, deed: &Deed) -> Result<Subject, Failure> {
    let mut connection = ctx.db.acquire().await?;
    if let Some(subject) = Subject::look(&mut connection, ctx, deed).await? {
        return Ok(subject);
    }
    let intent = Intent::of(&mut *connection, deed.action().as_str(), &deed.target()).await?;
    Intent::close(&mut *connection, intent).await?;
    Err(gone().into())
}

/// Goes on only where the asker may; a refusal is written down.
pub(super) async fn permit(
    ctx: &Ctx,
    asker: Asker<'_>,
    deed: &Deed,
    (subject, input): (&Subject, &Value),
) -> Result<(), Failure> {
    let resource = subject.resource(&asker, input);
    let attempt = Attempt { person: asker.person, action: deed.action(), resource: &resource, request: asker.request };
    attempt.demand(ctx).await.map(|_| ())
}

/// What PagerDuty must do can only be asked for where it is connected.
pub(super) fn connected(ctx: &Ctx, deed: &Deed) -> Result<(), Failure> {
    match deed.reaches_pagerduty() && !ctx.pagerduty {
        false => Ok(()),
        true => Err(UserError::new(
            "PagerDuty is not connected here",
            Text::plain("Nothing was done. Whoever runs PinConsole connects it by setting ")
                .then(Text::code("PAGERDUTY_API_TOKEN"))
                .then(". Until then, act in PagerDuty itself."),
        )
        .into()),
    }
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
