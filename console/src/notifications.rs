//! What somebody is told directly, and their choice of it.

mod defaults;
mod hours;
pub mod replay;
mod wishes;

use cards::{Card, Form, Text, Tone};
use domain::audit::{self, Outcome, Receipt};
use domain::outbox_wish::Team;
use domain::person::Person;
use domain::preference::{self, Choice, Kind, Way};
use serde_json::{Value, json};
use uuid::Uuid;

pub use defaults::Config;
pub use hours::{USUAL, Wanted, mute, set};

pub(crate) use hours::keep;
pub(crate) use wishes::Wishes;

use crate::access::{self, Action, Attempt};
use crate::act::{self, Deed};
use crate::{Asks, Ctx, Failure, Reply, UserError};

/// Shows what somebody is told, how and when: every kind, or one.
pub async fn show(ctx: &Ctx, person: &Person, kind: Option<Kind>) -> Reply {
    let mut db = ctx.db.acquire().await?;
    let wishes = Wishes::of(&mut db, &ctx.defaults, person.id).await?;
    let wishes = wishes.ok_or_else(|| anyhow::anyhow!("whoever asks is nobody of the directory"))?;
    let card = wishes.card(kind);
    if kind.is_some() {
        return Ok(card);
    }
    let deed = Deed::Notifications(person.id);
    let act = act::button(&mut db, &deed, wishes.version).await?;
    Ok(card.form("Change", Form { act, fields: act::preferences::fields() }))
}

/// Shows when somebody is told, once they said so.
async fn when(ctx: &Ctx, person: &Person) -> Reply {
    let wishes = Wishes::of(&mut *ctx.db.acquire().await?, &ctx.defaults, person.id).await?;
    let wishes = wishes.ok_or_else(|| anyhow::anyhow!("whoever asks is nobody of the directory"))?;
    let card = wishes.when(Card::new("Noted: this is when you are told").tone(Tone::Good));
    Ok(card.read("Everything that you are told", Asks::notifications()).results(1))
}

/// Notes what somebody wants of a kind from now on, for themselves alone; what must reach them is refused to be off. The channel is that of
/// a team of theirs: the one that they name, else the nearest that has one.
pub async fn choose(ctx: &Ctx, person: &Person, (kind, way, team): (Kind, Way, Option<&str>), request: Uuid) -> Reply {
    if !kind.ways().contains(&way) {
        return Err(refused(kind).into());
    }
    let team = match way {
        Way::Channel => Some(channel(ctx, person, team).await?),
        Way::Direct | Way::Off => None,
    };
    let wanted = (way, team.as_ref().map(|it| it.name.as_str()));
    let now = preference::of(&ctx.db, &ctx.defaults, person.id, kind).await?;
    if kind.may_be_off() && (now.way, now.team.as_deref()) != wanted {
        write(ctx, person, (kind, wanted), request).await?;
    }
    Ok(chosen(kind, way, team.as_ref(), &now))
}

/// The team whose channel somebody means.
async fn channel(ctx: &Ctx, person: &Person, named: Option<&str>) -> Result<Team, Failure> {
    let teams = Team::of(&ctx.db, person.id).await?;
    let found = match named {
        Some(name) => teams.iter().find(|it| it.name.eq_ignore_ascii_case(name.trim())),
        None => teams.first(),
    };
    found.cloned().ok_or_else(|| no_channel(&teams, named).into())
}

fn no_channel(teams: &[Team], named: Option<&str>) -> UserError {
    let card = Card::new("No team of yours has that channel").tone(Tone::Warn);
    let card = match (teams, named) {
        ([], _) => card.text(
            Text::plain("None of your teams names a channel in the catalog, by the annotation ")
                .then(Text::code(domain::document::annotation::SLACK_CHANNEL))
                .then("."),
        ),
        (teams, _) => {
            let names = teams.iter().map(|it| Text::code(&it.name));
            card.text(Text::plain("Your teams with a channel: ").then(Text::joined(names, ", ")).then("."))
        }
    };
    UserError::from(card.read("All kinds", Asks::notifications()).results(0))
}

async fn write(
    ctx: &Ctx,
    person: &Person,
    (kind, (way, team)): (Kind, (Way, Option<&str>)),
    request: Uuid,
) -> Result<(), Failure> {
    let detail = json!({ "kind": kind.as_str(), "way": way.as_str(), "team": team });
    let receipt = begin(ctx, person, detail, request).await?;
    let written = async {
        let mut transaction = ctx.db.begin().await?;
        preference::choose_with(&mut *transaction, person.id, kind, (way, team)).await?;
        audit::outcome(&mut transaction, receipt, Outcome::Done, json!({})).await?;
        transaction.commit().await
    };
    let written: sqlx::Result<()> = written.await;
    if written.is_err() {
        access::note_failure(ctx, receipt).await;
    }
    Ok(written?)
}

/// Goes on only where policies let somebody choose what they themselves are told, and once it is written down.
async fn begin(ctx: &Ctx, person: &Person, detail: Value, request: Uuid) -> Result<Receipt, Failure> {
    let action = Action::ChooseNotifications;
    Attempt { person, action, resource: &action.of(person), request }.begin(ctx, detail).await
}

fn about(kind: Kind) -> Text {
    Text::plain(format!("{} For example: {}", what(kind), example(kind)))
}

/// What comes of a choice, with the way back to what was before.
fn chosen(kind: Kind, way: Way, team: Option<&Team>, before: &Choice) -> Card {
    let card = Card::new(wishes::title(kind, way, team));
    let card = match (way, kind) {
        (Way::Off, Kind::Incident) => card.text("Incidents of high urgency that ask you reach you as before."),
        (Way::Off, Kind::Alarm | Kind::Undelivered) => {
            let stays = Text::plain("What is wrong stays on the ");
            let stays = stays.then(Text::page("status page", Asks::status_page())).then(".");
            card.text(match kind {
                Kind::Alarm => stays.then(" While no other administrator gets alarms, you still do: somebody has to."),
                _ => stays,
            })
        }
        (Way::Off, Kind::ReviewRequest | Kind::TeamReview) => {
            card.text(Text::plain("Who waits for you is still listed by ").then(Text::code("prs")).then("."))
        }
        (Way::Channel, Kind::TeamReview) => card.text("It is there once for everybody of the team who chose this."),
        (Way::Channel, _) => {
            card.text("It says there whom it is for. Where the channel takes nothing, it comes directly.")
        }
        (Way::Off | Way::Direct, _) => card,
    };
    let back = match (way, before.way) {
        (way, before) if way != before => before,
        (Way::Off | Way::Channel, _) => Way::Direct,
        (Way::Direct, _) => Way::Off,
    };
    let card = card.tone(Tone::Good);
    let card = if kind.ways().contains(&back) { card.read("Undo", Asks::notify(kind, back)) } else { card };
    card.read("All kinds", Asks::notifications()).results(1)
}

fn refused(kind: Kind) -> UserError {
    if kind.may_be_off() {
        let title = format!("{} come directly or not at all", capital(kind.as_str()));
        let card = Card::new(title).tone(Tone::Warn).text("They are for you alone, so no channel gets them.");
        return UserError::from(card.read("All kinds", Asks::notifications()).results(0));
    }
    let title = format!("{} are never turned off", capital(kind.as_str()));
    UserError::from(
        Card::new(title)
            .tone(Tone::Warn)
            .text(unchangeable(kind))
            .read("All kinds", Asks::notifications())
            .read("Your turns", Asks::on_call_for("me"))
            .results(0),
    )
}

/// Why a kind always reaches somebody, and what they may change instead.
pub(crate) fn unchangeable(kind: Kind) -> Text {
    match kind {
        Kind::Page => Text::plain(
            "Whoever is asked to act now is told, whatever they chose. Who is asked is decided in PagerDuty: by the \
             schedules, and by whoever reassigns the incident. ",
        )
        .then(Text::code("oncall me"))
        .then(" shows your turns."),
        Kind::Answer => Text::plain("It comes only because you asked for something and the answer took a while."),
        Kind::Incident | Kind::Shift | Kind::Directory | Kind::Alarm | Kind::Undelivered => Text::default(),
        Kind::ReviewRequest | Kind::TeamReview | Kind::Reviewed | Kind::Comment => Text::default(),
        Kind::Checks | Kind::Draft | Kind::Merge => Text::default(),
    }
}

/// The kind within a sentence.
pub(crate) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Page => "incidents of high urgency",
        Kind::Incident => "incidents that can wait",
        Kind::Shift => "notices that your turn on call begins",
        Kind::Directory => "summaries of who came and who left",
        Kind::Alarm => "alarms about PinConsole itself",
        Kind::Undelivered => "alarms about messages that nobody got",
        Kind::Answer => "answers to what you asked",
        Kind::ReviewRequest => "requests for your review",
        Kind::TeamReview => "requests for a review by your team",
        Kind::Reviewed => "reviews of your pull requests",
        Kind::Comment => "comments on your pull requests, and mentions",
        Kind::Checks => "failures and conflicts of your pull requests",
        Kind::Draft => "failures and conflicts of your drafts",
        Kind::Merge => "news that your pull requests can be merged, or were",
    }
}

/// What a kind is.
fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Page => "An incident of high urgency asks you to act.",
        Kind::Incident => "An incident of low urgency asks you; or the channel of a team of yours takes no messages.",
        Kind::Shift => "Your turn on call begins.",
        Kind::Directory => "Administrators: who came and who left with a reading of the directory.",
        Kind::Alarm => "Administrators: something that PinConsole reads was stopped or went silent.",
        Kind::Undelivered => "Administrators: a message reached nobody.",
        Kind::Answer => "What you asked for by a form came after you closed it.",
        Kind::ReviewRequest => "Somebody asks you by name to review a pull request, or asks again.",
        Kind::TeamReview => "Somebody asks a team of yours to review a pull request.",
        Kind::Reviewed => "Somebody approved a pull request of yours, or wants changes.",
        Kind::Comment => "Somebody wrote about a pull request of yours, or mentioned you in one.",
        Kind::Checks => "A pull request of yours failed its checks, conflicts, or left the merge queue unmerged.",
        Kind::Draft => "A pull request of yours that is still a draft failed its checks, or conflicts.",
        Kind::Merge => "A pull request of yours is ready to be merged, or was.",
    }
}

/// When it comes.
fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::Page => "checkout fails at 03:12, and you are on call for it.",
        Kind::Incident => "a disk will be full in three days, and PagerDuty assigns it to you.",
        Kind::Shift => "you take over from Grace on Monday at 09:00.",
        Kind::Directory => "three people joined, and one team is gone.",
        Kind::Alarm => "the directory lost half of its people, and nothing was written.",
        Kind::Undelivered => "a team's channel was archived.",
        Kind::Answer => "whether a long reading that you asked for worked.",
        Kind::ReviewRequest => "Grace wants you to look at her change of checkout.",
        Kind::TeamReview => "a change of code that your team owns waits for one of you.",
        Kind::Reviewed => "Grace approved your change, and one approval is missing.",
        Kind::Comment => "Grace asks why you rounded down.",
        Kind::Checks => "two of fourteen checks failed: build and lint.",
        Kind::Draft => "you opened a draft to see what the checks say.",
        Kind::Merge => "everybody approved, and all checks passed.",
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_changed_says_why() {
        for kind in Kind::ALL {
            assert_eq!(unchangeable(kind).is_empty(), kind.may_be_off(), "{kind:?}");
        }
    }
}
