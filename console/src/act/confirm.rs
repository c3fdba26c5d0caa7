use cards::{Card, Text, Tone};
use domain::PgConnection;
use domain::audit::{self, Outcome, Receipt};
use domain::confirmation::{Confirmation, MINUTES};
use domain::intent::Intent;
use serde_json::{Value, json};
use uuid::Uuid;

use super::review::{connected, permit, present};
use super::subject::{Acted, Subject};
use super::{Asker, Deed, button, remarked};
use crate::access::Attempt;
use crate::{Ctx, Failure, Reply, UserError};
use crate::{errand, notify};

/// Does what the asker was shown under this code, if all is still as it was shown and they still may.
pub async fn confirm(ctx: &Ctx, asker: Asker<'_>, code: &str) -> Reply {
    let Some(shown) = Confirmation::coded(&ctx.db, code, asker.person.id).await? else { return Err(nothing().into()) };
    let intent = Intent::with_id(&ctx.db, shown.intent).await?;
    let Some(deed) = intent.as_ref().and_then(Deed::of) else { return Err(nothing().into()) };
    match shown.used_by {
        // The replica that did it ended before it could say so.
        Some(request) if request == asker.request => {
            return match errand::answered(ctx, asker.request).await? {
                Some(reply) => reply,
                None => done(ctx, &deed).await,
            };
        }
        Some(_) => return Err(used().into()),
        None if shown.expired => return Err(expired().into()),
        None => {}
    }
    connected(ctx, &deed)?;
    let going = Going { intent: shown.intent, version: shown.version, input: &shown.input, shown: Some(&shown), ctx };
    go(ctx, asker, &deed, going).await
}

/// Does what needs no confirmation, if it is still like this.
pub(super) async fn at_once(ctx: &Ctx, asker: Asker<'_>, deed: &Deed, (version, input): (i64, &Value)) -> Reply {
    let intent = button(&mut *ctx.db.acquire().await?, deed, version).await?.intent;
    go(ctx, asker, deed, Going { intent, version, input, shown: None, ctx }).await
}

/// What is about to be done.
#[derive(Clone, Copy)]
struct Going<'a> {
    intent: Uuid,
    /// The state that the asker saw.
    version: i64,
    input: &'a Value,
    /// What they confirmed, where that is needed.
    shown: Option<&'a Confirmation>,
    ctx: &'a Ctx,
}

/// Goes the rest of the road: write down the intent, act, write down the outcome, show it.
async fn go(ctx: &Ctx, asker: Asker<'_>, deed: &Deed, going: Going<'_>) -> Reply {
    let receipt = begin(ctx, asker, deed, going).await?;
    match act(ctx, asker, (deed, going), receipt).await {
        Ok(Ok(Acted::Done(_))) => done(ctx, deed).await,
        Ok(Ok(Acted::Ordered)) => errand::awaited(ctx, asker.request).await,
        Ok(Err(refused)) => {
            end(ctx, receipt, Outcome::Refused).await;
            Err(refused.into())
        }
        Err(failure) => {
            end(ctx, receipt, Outcome::Failed).await;
            Err(failure)
        }
    }
}

/// Takes back what the asker was asked under this code.
pub async fn cancel(ctx: &Ctx, asker: Asker<'_>, code: &str) -> Reply {
    match Confirmation::withdraw(&ctx.db, code, asker.person.id).await? {
        true => Ok(Card::new("Cancelled").text("Nothing was done.")),
        false => Err(nothing().into()),
    }
}

/// Goes on only where the asker still may, and with the intent in the audit; one that this very request wrote before a
/// crash is taken up again.
async fn begin(ctx: &Ctx, asker: Asker<'_>, deed: &Deed, going: Going<'_>) -> Result<Receipt, Failure> {
    let subject = present(ctx, deed).await?;
    if let Some(receipt) = audit::unfinished(&ctx.db, asker.request).await?.pop() {
        if let Err(refused) = permit(ctx, asker, deed, (&subject, going.input)).await {
            end(ctx, receipt, Outcome::Refused).await;
            return Err(refused);
        }
        return Ok(receipt);
    }
    let resource = subject.resource(&asker, going.input);
    let attempt = Attempt { person: asker.person, action: deed.action(), resource: &resource, request: asker.request };
    attempt.begin(ctx, json!({ "version": going.version.to_string(), "input": going.input })).await
}

/// Acts, once: in one transaction with the use of the confirmation and the outcome in the audit, or with the order of what
/// PagerDuty must do.
async fn act(
    ctx: &Ctx,
    asker: Asker<'_>,
    what: (&Deed, Going<'_>),
    receipt: Receipt,
) -> Result<Result<Acted, UserError>, Failure> {
    let mut transaction = ctx.db.begin().await?;
    let acted = match attempt(&mut transaction, asker, what, receipt).await? {
        Ok(acted) => acted,
        Err(refused) => {
            transaction.rollback().await?;
            return Ok(Err(refused));
        }
    };
    match &acted {
        Acted::Done(detail) => {
            audit::outcome(&mut transaction, receipt, Outcome::Done, detail.clone()).await?;
            transaction.commit().await?;
            // What people are told of it may go.
            notify::wake();
        }
        Acted::Ordered => {
            transaction.commit().await?;
            errand::wake();
        }
    }
    Ok(Ok(acted))
}

/// Acts alone on the target, if it is as it was shown.
async fn attempt(
    db: &mut PgConnection,
    asker: Asker<'_>,
    (deed, going): (&Deed, Going<'_>),
    receipt: Receipt,
) -> Result<Result<Acted, UserError>, Failure> {
    let locked = Intent::lock(&mut *db, going.intent).await?;
    if let Some(shown) = going.shown
        && !shown.spend(&mut *db, asker.request).await?
    {
        return Ok(Err(used()));
    }
    let Some(subject) = Subject::look(&mut *db, going.ctx, deed).await? else { return Ok(Err(nothing())) };
    if !subject.is_open() || subject.version() != going.version {
        let since = going.shown.map(|it| it.made_at);
        return Ok(Err(late(&subject, locked.filter(|it| since.is_some() && it.acted_at > since))));
    }
    let acted = subject.act(&mut *db, &asker, (going.input, receipt)).await?;
    if matches!(acted, Ok(Acted::Done(_))) {
        Intent::acted(&mut *db, going.intent, &asker.person.display_name).await?;
    }
    Ok(acted)
}

/// What is so after it was done: read, not hoped for.
async fn done(ctx: &Ctx, deed: &Deed) -> Reply {
    let subject = present(ctx, deed).await?;
    let mut card = subject.card().tone(Tone::Good);
    card.title = subject.done().into();
    Ok(card)
}

/// Writes down how an act ended that changed nothing. Its own failure leaves the intent open, for whoever reads the audit.
async fn end(ctx: &Ctx, receipt: Receipt, outcome: Outcome) {
    let written = async { audit::outcome(&mut *ctx.db.acquire().await?, receipt, outcome, json!({})).await };
    if let Err(error) = written.await {
        tracing::error!(number = receipt.number, %error, "the audit could not be told how an act ended");
    }
}

/// Somebody was faster, or something happened by itself.
fn late(subject: &Subject, winner: Option<Intent>) -> UserError {
    let told = match winner.and_then(|it| it.acted_by.zip(it.acted_at)) {
        Some((who, at)) => {
            Text::plain(format!("{who} was faster, ")).then(Text::ago(at)).then(". Nothing more was done.")
        }
        None => Text::plain("This has changed since you were asked, so nothing was done. It is like this now:"),
    };
    UserError::from(remarked(subject.card().tone(Tone::Warn), told).results(0))
}

fn nothing() -> UserError {
    UserError::new(
        "There is nothing to confirm under that code",
        "It was cancelled, or it was shown to somebody else. Nothing was done; ask again for what you want to do.",
    )
}

fn used() -> UserError {
    UserError::new("That was confirmed already", "A confirmation works once. Nothing more was done.")
}

fn expired() -> UserError {
    UserError::new(
        "That confirmation is too old",
        format!("It works for {MINUTES} minutes. Nothing was done; ask again for what you want to do."),
    )
}
