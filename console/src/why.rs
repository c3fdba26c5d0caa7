//! Why somebody got a message: the rule, the facts that it went by, and what can be changed.

mod less;

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::incidents::OnCall;
use domain::outbox_why::Reason;
use domain::person::Person;
use domain::preference::{self, Kind, Way};
use uuid::Uuid;

use crate::incident::{self, View, people};
use crate::notify::Destination;
use crate::{Asks, Ctx, Failure, Reply, UserError, notifications, words};

/// A message with what explains it.
#[derive(Clone, Debug)]
struct Why {
    reason: Reason,
    /// Whether the asker got it, rather than a channel.
    direct: bool,
    /// Through which group they got it.
    group: Option<String>,
    incident: Option<View>,
    /// The turn of whom it asks, where they are on call now.
    turn: Option<OnCall>,
    /// What they chose for this kind.
    way: Way,
}

/// Explains the message with this id, or the one that somebody was sent last. What others got directly is told to nobody.
pub async fn answer(ctx: &Ctx, asker: &Person, id: Option<Uuid>) -> Reply {
    Ok(card(&told(ctx, asker, id).await?))
}

/// Offers what makes messages like that one less, each at one press.
pub async fn less(ctx: &Ctx, asker: &Person, id: Option<Uuid>) -> Reply {
    Ok(less::card(&told(ctx, asker, id).await?))
}

async fn told(ctx: &Ctx, asker: &Person, id: Option<Uuid>) -> Result<Why, Failure> {
    let Some(reason) = Reason::of(&ctx.db, id, asker.id).await? else { return Err(unknown(id).into()) };
    let direct = match Destination::read(&reason.destination) {
        Some(Destination::Person(person)) if person == asker.id => true,
        Some(Destination::SlackChannel(_)) => false,
        Some(Destination::Person(_) | Destination::Members(_) | Destination::Administrators) | None => {
            return Err(unknown(id).into());
        }
    };
    load(ctx, asker, reason, direct).await
}

async fn load(ctx: &Ctx, asker: &Person, reason: Reason, direct: bool) -> Result<Why, Failure> {
    let mut db = ctx.db.acquire().await?;
    let now = Utc::now();
    let incident = match &reason.incident_id {
        Some(id) => incident::load(&mut db, id, now).await?,
        None => None,
    };
    let policy = incident.as_ref().and_then(|it| it.around.policy.as_ref()).map(|it| it.0.clone());
    let turn = match (policy, &reason.member_id) {
        (Some(policy), Some(member)) => {
            let turns = OnCall::at(&mut *db, &[policy], now).await?;
            turns.into_iter().find(|it| it.shift.member_id == *member)
        }
        _ => None,
    };
    let way = match reason.kind {
        Some(kind) => preference::of(&mut *db, &ctx.defaults, asker.id, kind).await?.way,
        None => Way::Direct,
    };
    let group = direct.then(|| group(ctx, &reason)).flatten();
    Ok(Why { direct, group, incident, turn, way, reason })
}

/// The group through which a copy came to somebody.
fn group(ctx: &Ctx, reason: &Reason) -> Option<String> {
    match Destination::read(reason.copied_from.first()?)? {
        Destination::Members(group) => Some(group),
        Destination::Administrators => ctx.access.administrators().group.clone(),
        Destination::SlackChannel(_) | Destination::Person(_) => None,
    }
}

fn card(why: &Why) -> Card {
    let title = if why.direct { "Why you got this" } else { "Why this is here" };
    let card = Card::new(title).text(because(why)).text(rule(why));
    let card = facts(card, why);
    let card = card.heading("What can be changed").text(change(why));
    buttons(card, why).results(1)
}

/// Why, in one sentence, as it was when it was put.
fn because(why: &Why) -> Text {
    if let Some(detour) = &why.reason.detour {
        return Text::plain(format!("It came this way because another one failed: {detour}."));
    }
    if let (Some(_), false) = (why.reason.meant_for, why.direct) {
        return Text::plain("Whom it is for chose to be told in this channel rather than directly.");
    }
    let stored = why.reason.why.clone().and_then(|it| serde_json::from_value::<Text>(it).ok());
    stored.unwrap_or_default()
}

/// The rule by which such messages go where they go.
fn rule(why: &Why) -> &'static str {
    match (why.reason.kind, why.direct) {
        (Some(Kind::Page | Kind::Incident), true) if why.reason.member_id.is_some() => {
            "Whoever PagerDuty asks to take an incident gets one message about it directly, which changes as the incident does."
        }
        (Some(Kind::Page | Kind::Incident), true) => {
            "Where the channel of a team takes no messages, everybody in the team gets its incidents directly."
        }
        (Some(Kind::Page | Kind::Incident), false) => {
            "An incident is posted in one channel: the one that the entity of its service names, else that of its owner, else the \
             one that is configured for incidents."
        }
        (Some(Kind::Shift), true) => "Whoever comes on call is told so when their turn begins.",
        (Some(Kind::Shift), false) => "The channel of whoever owns the services is told who comes on call.",
        (Some(Kind::Directory | Kind::Alarm | Kind::Undelivered), _) => {
            "Administrators are told in their channel what needs them; each of them directly where they have none, or where it \
             takes no messages."
        }
        (Some(Kind::Answer), _) => "Whoever asks gets the answer, wherever they are by then.",
        (Some(Kind::ReviewRequest | Kind::TeamReview), _) => {
            "Whoever is asked to review a pull request, by name or as one of a team, gets one message about it, which changes as it does."
        }
        (Some(Kind::Reviewed | Kind::Comment | Kind::Checks | Kind::Draft | Kind::Merge), _) => {
            "Whoever opened a pull request, or is mentioned in it, gets one message about it, which changes as it does; never for \
             what they did themselves."
        }
        (None, _) => "It was put before PinConsole noted of what kind messages are.",
    }
}

fn facts(card: Card, why: &Why) -> Card {
    let card = card.fact("Message", why.reason.title.as_str()).fact("Since", Text::moment(why.reason.created_at));
    let card = match why.reason.kind {
        Some(kind) => card.fact("Kind", Text::code(kind.as_str()).then(format!(" – {}", notifications::name(kind)))),
        None => card,
    };
    let card = match why.reason.held_until {
        Some(until) => card.fact("Held until", Text::moment(until).then(", the end of quiet hours")),
        None => card,
    };
    let card = match &why.group {
        Some(group) => card.fact("Your group", words::named(&format!("group:default/{group}"), group)),
        None => card,
    };
    let Some(view) = &why.incident else { return card };
    let title = Text::page(incident::title(&view.incident), incident::page(view.incident.number));
    let card = card.fact("Incident", title).fact("It is now", incident::status(view.incident.status));
    let card = card.fact("Asked now", people::all(view.around.asked.iter()));
    match (&why.turn, &view.around.policy) {
        (Some(turn), Some((_, policy))) => card.fact("On call", on_call(turn, policy)),
        _ => card,
    }
}

fn on_call(turn: &OnCall, policy: &str) -> Text {
    let until = |it: DateTime<Utc>| Text::plain(", until ").then(Text::moment(it));
    let words = Text::plain(format!("{}: {policy}, level {}", incident::one_line(&turn.name), turn.shift.level));
    words.then(turn.shift.ends_at.map_or(Text::plain(", until further notice"), until))
}

/// What can be changed, and where.
fn change(why: &Why) -> Text {
    match (why.reason.kind, why.direct) {
        (Some(kind), true) if !kind.may_be_off() => notifications::unchangeable(kind),
        (Some(kind), true) => match why.way {
            Way::Direct | Way::Channel => {
                Text::plain(format!("You can go without {}: press the button.", notifications::name(kind)))
                    .then(less::muting(why))
            }
            Way::Off => Text::plain(format!("You chose to get no more {}.", notifications::name(kind))),
        },
        (Some(Kind::Page | Kind::Incident | Kind::Shift), false) => Text::plain("The channel: by the annotation ")
            .then(Text::code(domain::document::annotation::SLACK_CHANNEL))
            .then(" of the entity or of its owner in the catalog; for what names none, by ")
            .then(Text::code("[incidents] channel"))
            .then(" in the configuration."),
        (Some(Kind::ReviewRequest | Kind::TeamReview), false) | (Some(Kind::Reviewed | Kind::Comment), false) => {
            pulls()
        }
        (Some(Kind::Checks | Kind::Draft | Kind::Merge), false) => pulls(),
        (Some(Kind::Directory | Kind::Alarm | Kind::Undelivered | Kind::Answer), false) => {
            Text::plain("The channel: by ")
                .then(Text::code("[administrators] channel"))
                .then(" in the configuration of PinConsole.")
        }
        (None, _) => Text::plain("Nothing by you."),
    }
}

/// A channel has what it is subscribed to, and what one of its team chose to get there.
fn pulls() -> Text {
    Text::plain(
        "What this channel gets of pull requests: by what it is subscribed to, and by what its people chose with ",
    )
    .then(Text::code("notifications"))
    .then(".")
}

fn buttons(card: Card, why: &Why) -> Card {
    let own = why.reason.kind.filter(|it| why.direct && it.may_be_off());
    let card = match (own, why.way) {
        (Some(kind), Way::Direct | Way::Channel) => less::buttons(card, why, kind),
        (Some(kind), Way::Off) => card.read("Turn on again", Asks::notify(kind, Way::Direct)),
        (None, _) => card,
    };
    let card = match &why.incident {
        Some(view) => card.read("Show the incident", Asks::incident(view.incident.number)),
        None => card,
    };
    let card = match (why.direct, &why.reason.member_id) {
        (true, Some(_)) => card.read("Your turns", Asks::on_call_for("me")),
        _ => card,
    };
    if why.direct { card.read("All kinds", Asks::notifications()) } else { card }
}

fn unknown(id: Option<Uuid>) -> UserError {
    let card = match id {
        Some(_) => Card::new("There is no such message to you")
            .text("It may be forgotten, since messages are kept for a month; or it was for somebody else."),
        None => Card::new("PinConsole sent you no message").text("Messages are kept for a month, so none came since."),
    };
    UserError::from(card.tone(Tone::Warn).read("What you are told", Asks::notifications()).results(0))
}
