//! Accepting a sync that the brake stopped.

use cards::{Action, Card, Emphasis, Text, Tone};
use chrono::Utc;
use domain::PgConnection;
use domain::braked::{Accepted, Braked, Judged};
use domain::run::Source;
use domain::tick::{Job, Tick};
use serde_json::{Value, json};

use super::{Asker, Deed, button};
use crate::access::{self, Resource};
use crate::notify;
use crate::{Asks, Ctx, Failure, UserError};

/// Where the readings of the directory stand.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stopped(Braked);

/// Shows to anybody how the last reading of the directory went, and what waits for somebody's word; not whom it is about.
pub async fn card(ctx: &Ctx) -> Result<Card, Failure> {
    let Stopped(braked) = Stopped::now(&mut *ctx.db.acquire().await?).await?;
    let card = headline(&braked);
    Ok(match braked.waits() {
        Some(it) => card.text(it.summary.as_str()).read("Review", Asks::accept_sync()),
        None => card,
    })
}

/// The button that opens what a refused plan would do, for the alarm about it.
pub async fn review(db: &mut PgConnection) -> sqlx::Result<Action> {
    let version = Braked::now(&mut *db).await?.version();
    let act = button(&mut *db, &Deed::AcceptSync, version).await?;
    Ok(Action::Act { label: "Review".into(), act, emphasis: Emphasis::Primary })
}

impl Stopped {
    pub(super) async fn now(db: &mut PgConnection) -> sqlx::Result<Self> {
        Braked::now(db).await.map(Self)
    }

    pub(super) fn resource(&self) -> Resource {
        access::Action::AcceptSync.resource(None)
    }

    pub(super) fn version(&self) -> i64 {
        self.0.version()
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.waits().is_some()
    }

    pub(super) fn card(&self) -> Card {
        let card = headline(&self.0);
        match self.0.waits() {
            Some(it) => plan(card, it).read("Review", Asks::accept_sync()),
            None => card,
        }
    }

    /// What accepting it would do: everything that the brake stopped.
    pub(super) fn proposal(&self) -> Result<Card, Failure> {
        let Some(judged) = self.0.waits() else { return Err(settled().into()) };
        let card = Card::new("Accept this sync of the directory?").tone(Tone::Warn);
        let card = plan(card, judged);
        Ok(card.text(
            "The directory is read again, and this plan is applied if it is still exactly this one. Leavers lose their \
             memberships, accounts and tokens at once.",
        ))
    }

    pub(super) async fn accept(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
    ) -> Result<Result<Value, UserError>, Failure> {
        let Some(judged) = self.0.waits() else { return Ok(Err(settled())) };
        let (code, by) = (judged.code(), asker.person.display_name.as_str());
        let tick = Tick::ask(&mut *db, Job::Ldap, &json!({ "accept": code, "by": by }), by).await?;
        let (key, card) = notify::sync::accepted(Source::Ldap, &judged.plan, (by, Utc::now()));
        notify::edit(db, &key, &card).await?;
        Ok(Ok(json!({ "plan": code, "tick": tick })))
    }
}

fn headline(braked: &Braked) -> Card {
    let Some(judged) = &braked.judged else {
        return Card::new("The directory was never read").tone(Tone::Warn).text("There is nothing to accept.");
    };
    let card = match (judged.refused, &braked.accepted) {
        (true, Some(Accepted { by, at, ended: None })) => Card::new("The directory: accepted, about to be applied")
            .text(
                Text::plain(format!("{by} accepted the plan ")).then(Text::ago(*at)).then(
                    ". The directory is read again within seconds, and the plan applied if it is still the same.",
                ),
            ),
        (true, Some(Accepted { by, ended: Some((at, outcome)), .. })) => {
            Card::new("The directory was not applied").tone(Tone::Bad).text(
                Text::plain(format!(
                    "{by} accepted the plan, but the reading that followed ended as {} ",
                    outcome.as_str()
                ))
                .then(Text::ago(*at))
                .then("."),
            )
        }
        (true, None) => Card::new("The directory was not applied")
            .tone(Tone::Bad)
            .text("What was known before still holds. Somebody must look at the plan."),
        (false, _) => Card::new("The directory is as it was last read").tone(Tone::Good).text(judged.summary.as_str()),
    };
    card.fact("Last read", Text::moment(judged.at)).page(Asks::status_page()).results(1)
}

fn plan(card: Card, judged: &Judged) -> Card {
    let card = card.text(judged.summary.as_str()).heading("The plan");
    let card = judged.plan.lines().take(LINES).fold(card, |card, it| card.item(it, Text::default()));
    match judged.plan.lines().count().saturating_sub(LINES) {
        0 => card,
        more => card.text(format!("… and {more} more lines, on the status page")),
    }
}

/// A plan names at most twenty of a kind by itself.
const LINES: usize = 80;

fn settled() -> UserError {
    UserError::new("There is nothing to accept", "The directory's last plan does not wait for anybody's word.")
}
