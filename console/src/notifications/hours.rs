//! When somebody works and rests, as they choose it.

use cards::{Card, Text, Tone};
use domain::PgConnection;
use domain::audit::{self, Outcome};
use domain::person::Person;
use domain::rhythm::{Own, Rhythm};
use domain::{mute, outbox_held};
use serde_json::json;
use uuid::Uuid;

use super::begin;
use super::defaults::zone;
use crate::{Asks, Ctx, Reply, UserError, access};

/// What takes back what somebody said, so that they have it as everybody does.
pub const USUAL: &str = "usual";

/// What somebody wants to change of when they are told, as they typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Quiet hours.
    pub quiet: Option<String>,
    /// Where they live.
    pub zone: Option<String>,
    /// When they work.
    pub hours: Option<String>,
    /// On which days.
    pub days: Option<String>,
}

impl Wanted {
    /// What somebody says from now on, who said this before; or what is wrong, with the name of the part.
    pub fn read(&self, before: Own) -> Result<Own, (&'static str, String)> {
        Ok(Own {
            quiet: part("quiet", self.quiet.as_ref(), before.quiet, |it| it.parse())?,
            zone: part("zone", self.zone.as_ref(), before.zone, zone)?,
            hours: part("hours", self.hours.as_ref(), before.hours, |it| it.parse())?,
            days: part("days", self.days.as_ref(), before.days, |it| it.parse())?,
        })
    }

    /// Whether nothing is wanted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn part<T>(
    name: &'static str,
    text: Option<&String>,
    before: Option<T>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, (&'static str, String)> {
    match text.map(|it| it.trim()) {
        None => Ok(before),
        Some("") => Ok(None),
        Some(it) if it.eq_ignore_ascii_case(USUAL) => Ok(None),
        Some(it) => parse(it).map(Some).map_err(|wrong| (name, wrong)),
    }
}

/// Keeps what somebody says; what was held for them goes as they want it now.
pub(crate) async fn keep(db: &mut PgConnection, person: Uuid, own: &Own) -> sqlx::Result<()> {
    own.keep(&mut *db, person).await?;
    outbox_held::again(db, person).await?;
    Ok(())
}

/// Notes when somebody works and rests from now on, for themselves alone.
pub async fn set(ctx: &Ctx, person: &Person, wanted: &Wanted, request: Uuid) -> Reply {
    let before = Rhythm::of_one(&ctx.db, &ctx.defaults, person.id).await?.own;
    let own = wanted.read(before).map_err(|(_, wrong)| {
        let card =
            Card::new("That cannot be understood").tone(Tone::Warn).text(format!("{wrong}. Nothing was changed."));
        UserError::from(card.read("What you are told", Asks::notifications()).results(0))
    })?;
    if own != before {
        let detail = json!({ "quiet": told(own.quiet), "zone": own.zone.map(|it| it.name()), "hours": told(own.hours), "days": told(own.days) });
        let receipt = begin(ctx, person, detail, request).await?;
        let written = async {
            let mut transaction = ctx.db.begin().await?;
            keep(&mut transaction, person.id, &own).await?;
            audit::outcome(&mut transaction, receipt, Outcome::Done, json!({})).await?;
            transaction.commit().await
        };
        let written: sqlx::Result<()> = written.await;
        if written.is_err() {
            access::note_failure(ctx, receipt).await;
        }
        written?;
        crate::notify::wake();
    }
    super::when(ctx, person).await
}

fn told(it: Option<impl ToString>) -> Option<String> {
    it.map(|it| it.to_string())
}

/// Notes that somebody wants to hear nothing of a repository that does not ask them by name, or again.
pub async fn mute(ctx: &Ctx, person: &Person, (repository, muted): (&str, bool), request: Uuid) -> Reply {
    let found = mute::repository(&ctx.db, repository.trim()).await?;
    let (id, name) = match found.as_slice() {
        [it] => it.clone(),
        [] => return Err(UserError::new("There is no such repository", unknown(repository)).into()),
        several => {
            let card = Card::new("Which of these repositories?").tone(Tone::Warn);
            let card = several.iter().fold(card, |card, it| card.item(Text::code(&it.1), Text::default()));
            return Err(UserError::from(card.results(0)).into());
        }
    };
    let receipt = begin(ctx, person, json!({ "repository": name, "muted": muted }), request).await?;
    let written = async {
        let mut transaction = ctx.db.begin().await?;
        mute::set(&mut *transaction, person.id, id, muted).await?;
        audit::outcome(&mut transaction, receipt, Outcome::Done, json!({})).await?;
        transaction.commit().await
    };
    let written: sqlx::Result<()> = written.await;
    if written.is_err() {
        access::note_failure(ctx, receipt).await;
    }
    written?;
    let card = match muted {
        true => Card::new(format!("You hear nothing more of {name}"))
            .text("Whoever asks you by name to review, or mentions you, still reaches you."),
        false => Card::new(format!("You hear of {name} again")),
    };
    let back = Asks::mute(&name, !muted);
    Ok(card.tone(Tone::Good).read("Undo", back).read("What you are told", Asks::notifications()).results(1))
}

fn unknown(repository: &str) -> Text {
    Text::plain("GitHub told of none that is called ").then(Text::code(repository)).then(". Name it as owner/name.")
}
