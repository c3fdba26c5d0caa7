//! What somebody is told directly, and their choice of it.

use cards::{Card, Text, Tone};
use domain::audit::{self, Entry, Outcome, Receipt};
use domain::person::Person;
use domain::preference::{self, Kind, Way};
use serde_json::json;
use uuid::Uuid;

use crate::{Asks, Ctx, Failure, Reply, UserError};

/// Shows what somebody is told directly: every kind, or one.
pub async fn show(ctx: &Ctx, person: &Person, kind: Option<Kind>) -> Reply {
    let all = preference::all(&ctx.db, person.id).await?;
    let shown: Vec<(Kind, Way)> = all.into_iter().filter(|it| kind.is_none_or(|kind| kind == it.0)).collect();
    Ok(card(&shown))
}

/// Notes what somebody wants of a kind from now on, for themselves alone; what must reach them is refused to be off.
pub async fn choose(ctx: &Ctx, person: &Person, (kind, way): (Kind, Way), request: Uuid) -> Reply {
    if !kind.may_be_off() {
        return match way {
            Way::Direct => Ok(card(&[(kind, Way::Direct)])),
            Way::Off => Err(refused(kind).into()),
        };
    }
    if preference::of(&ctx.db, person.id, kind).await? != way {
        write(ctx, person, (kind, way), request).await?;
    }
    Ok(chosen(kind, way))
}

async fn write(ctx: &Ctx, person: &Person, (kind, way): (Kind, Way), request: Uuid) -> Result<(), Failure> {
    let receipt = audit::intend(&ctx.db, &entry(person, (kind, way), request)).await?;
    let written = async {
        let mut transaction = ctx.db.begin().await?;
        preference::choose(&mut *transaction, person.id, kind, way).await?;
        audit::outcome(&mut transaction, receipt, Outcome::Done, json!({})).await?;
        transaction.commit().await
    };
    let written: sqlx::Result<()> = written.await;
    if written.is_err() {
        note_failure(ctx, receipt).await;
    }
    Ok(written?)
}

/// Writes down that it failed; its intent alone would leave that open.
async fn note_failure(ctx: &Ctx, receipt: Receipt) {
    let noted = async { audit::outcome(&mut *ctx.db.acquire().await?, receipt, Outcome::Failed, json!({})).await };
    if let Err(error) = noted.await {
        tracing::error!(number = receipt.number, %error, "the audit could not be told that an act failed");
    }
}

fn entry(person: &Person, (kind, way): (Kind, Way), request: Uuid) -> Entry {
    Entry {
        who: person.into(),
        action: "choose-notifications".into(),
        resource: format!("person:{}", person.name),
        rule: "Everybody chooses what they are told directly, but for what asks them to act.".into(),
        request: Some(request),
        detail: json!({ "kind": kind.as_str(), "way": way.as_str() }),
    }
}

fn card(shown: &[(Kind, Way)]) -> Card {
    let card = Card::new("What you are told by direct message").results(shown.len());
    let card = shown.iter().fold(card, |card, (kind, way)| card.item(line(*kind, *way), about(*kind)));
    let card = card.text(
        Text::plain("Type, for example, ")
            .then(Text::code("notifications shifts off"))
            .then(". What channels get does not change by it."),
    );
    shown.iter().filter(|it| it.0.may_be_off()).fold(card, |card, (kind, way)| match way {
        Way::Direct => card.read(format!("Turn off {}", kind.as_str()), Asks::notify(*kind, Way::Off)),
        Way::Off => card.read(format!("Turn on {}", kind.as_str()), Asks::notify(*kind, Way::Direct)),
    })
}

fn line(kind: Kind, way: Way) -> Text {
    let now = match (kind.may_be_off(), way) {
        (false, _) => "always direct",
        (true, way) => way.as_str(),
    };
    Text::code(kind.as_str()).then(format!(" – {now}"))
}

fn about(kind: Kind) -> Text {
    Text::plain(format!("{} For example: {}", what(kind), example(kind)))
}

/// What comes of a choice, with the way back.
fn chosen(kind: Kind, way: Way) -> Card {
    let card = match way {
        Way::Off => Card::new(format!("You get no more {} by direct message", name(kind))),
        Way::Direct => Card::new(format!("You get {} by direct message", name(kind))),
    };
    let card = match (way, kind) {
        (Way::Off, Kind::Incident) => card.text("Incidents of high urgency that ask you reach you as before."),
        (Way::Off, Kind::Alarm | Kind::Undelivered) => card.text(
            Text::plain("What is wrong stays on the ").then(Text::page("status page", Asks::status_page())).then("."),
        ),
        (Way::Off, Kind::ReviewRequest | Kind::TeamReview) => {
            card.text(Text::plain("Who waits for you is still listed by ").then(Text::code("prs")).then("."))
        }
        (Way::Off | Way::Direct, _) => card,
    };
    let back = match way {
        Way::Off => Way::Direct,
        Way::Direct => Way::Off,
    };
    card.tone(Tone::Good).read("Undo", Asks::notify(kind, back)).read("All kinds", Asks::notifications()).results(1)
}

fn refused(kind: Kind) -> UserError {
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
        Kind::ReviewRequest | Kind::TeamReview | Kind::Reviewed | Kind::Comment | Kind::Checks | Kind::Merge => {
            Text::default()
        }
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
    fn only_what_may_be_off_has_a_button_and_it_turns() {
        let pressed = |way| {
            let all: Vec<(Kind, Way)> = Kind::ALL.map(|it| (it, way)).to_vec();
            format!("{:?}", card(&all).actions)
        };
        assert!(pressed(Way::Direct).contains("notifications shifts off"));
        assert!(pressed(Way::Off).contains("notifications shifts direct"));
        for fixed in ["notifications pages", "notifications answers"] {
            assert!(!pressed(Way::Direct).contains(fixed) && !pressed(Way::Off).contains(fixed), "{fixed}");
        }
    }

    #[test]
    fn what_cannot_be_changed_says_why() {
        for kind in Kind::ALL {
            assert_eq!(unchangeable(kind).is_empty(), kind.may_be_off(), "{kind:?}");
        }
    }
}
