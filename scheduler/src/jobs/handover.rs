//! Telling people that somebody comes on call.

use console::Failure;
use console::notify::handover::{self, Rules};
use domain::tick::{Outcome, Tick};
use domain::{PgPool, timetable};

/// Tells of the turns that began since the last look, in one transaction with the note that they were told.
pub(super) async fn tell(db: &PgPool, rules: &Rules, tick: &Tick) -> anyhow::Result<(Outcome, String)> {
    let mut transaction = db.begin().await?;
    tick.hold(&mut transaction).await?;
    // Postgres's clock counts, nobody else's.
    let now = timetable::now(&mut *transaction).await?;
    let told = match handover::tell(&mut transaction, rules, now).await {
        Ok(told) => told,
        Err(Failure::Internal(error)) => return Err(error),
        Err(Failure::User(card)) => anyhow::bail!("{}", card.title),
    };
    transaction.commit().await?;
    console::notify::wake();
    Ok(match told {
        0 => (Outcome::Done, "Nobody came on call.".into()),
        1 => (Outcome::Done, "Told of 1 turn.".into()),
        told => (Outcome::Done, format!("Told of {told} turns.")),
    })
}
