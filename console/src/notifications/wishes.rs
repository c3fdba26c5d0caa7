use cards::{Card, Text};
use chrono_tz::Tz;
use domain::PgConnection;
use domain::account::Platform;
use domain::mute;
use domain::outbox_wish::Team;
use domain::person::Person;
use domain::preference::{self, Choice, Defaults, Kind, Way};
use domain::quiet::Quiet;
use domain::rhythm::{Known, Rhythm};
use uuid::Uuid;

use super::{about, name};
use crate::Asks;

/// Everything that somebody wishes of what they are told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wishes {
    pub(crate) person: Person,
    pub(crate) choices: Vec<Choice>,
    pub(crate) rhythm: Rhythm,
    pub(crate) teams: Vec<Team>,
    pub(crate) muted: Vec<(i64, String)>,
    pub(crate) version: i64,
}

impl Wishes {
    /// Those of a person; nothing where they left.
    pub(crate) async fn of(db: &mut PgConnection, defaults: &Defaults, person: Uuid) -> sqlx::Result<Option<Self>> {
        let Some(person) = Person::with_id(&mut *db, person).await? else { return Ok(None) };
        Ok(Some(Self {
            version: preference::version(&mut *db, person.id).await?,
            choices: preference::all(&mut *db, defaults, person.id).await?,
            rhythm: Rhythm::of_one(&mut *db, defaults, person.id).await?,
            teams: Team::of(&mut *db, person.id).await?,
            muted: mute::of(&mut *db, person.id).await?,
            person,
        }))
    }

    /// The choice of a kind.
    pub(crate) fn choice(&self, kind: Kind) -> Option<&Choice> {
        self.choices.iter().find(|it| it.kind == kind)
    }

    /// The team whose channel is meant by a choice.
    pub(crate) fn team(&self, choice: &Choice) -> Option<&Team> {
        match &choice.team {
            Some(name) => self.teams.iter().find(|it| it.name == *name),
            None => self.teams.first(),
        }
    }

    /// What they are told, how and when; of one kind alone where one is asked for.
    pub(crate) fn card(&self, kind: Option<Kind>) -> Card {
        let shown: Vec<&Choice> = self.choices.iter().filter(|it| kind.is_none_or(|kind| it.kind == kind)).collect();
        let card = Card::new("What you are told by direct message").results(shown.len());
        let card = shown.iter().fold(card, |card, it| card.item(self.line(it), about(it.kind)));
        match kind {
            None => self.rest(card),
            Some(kind) => buttons(card, kind, self.choice(kind).map(|it| it.way).unwrap_or_default()),
        }
    }

    fn rest(&self, card: Card) -> Card {
        let card = self.when(card.heading("When"));
        let muted: Vec<Text> = self.muted.iter().map(|it| Text::code(&it.1)).collect();
        let card = if muted.is_empty() { card } else { card.fact("Muted", Text::joined(muted, ", ")) };
        card.text(
            Text::plain("Type, for example, ")
                .then(Text::code("notifications shifts off"))
                .then(", ")
                .then(Text::code("notifications team-reviews channel"))
                .then(" or ")
                .then(Text::code("notifications --quiet 22:00-08:00"))
                .then(". What channels get does not change by it."),
        )
    }

    /// Quiet hours, working hours and the zone.
    pub(super) fn when(&self, card: Card) -> Card {
        let Rhythm { working, quiet, zone, own } = &self.rhythm;
        let usual = |own: bool| if own { "" } else { " – as everybody has it" };
        let quiet_words = match quiet {
            Quiet::Never => Text::plain("none"),
            Quiet::Daily(hours) => Text::plain(format!("{hours}: only pages come then, the rest when they end")),
            Quiet::OutsideWork => Text::plain("whenever you do not work: only pages come then, the rest when you do"),
        };
        let card = card.fact("Quiet hours", quiet_words.then(usual(own.quiet.is_some())));
        let work = format!("{}, {}{}", working.days, working.hours, usual(own.hours.is_some() || own.days.is_some()));
        card.fact("Working hours", work).fact("Zone", place(working.zone, *zone))
    }

    /// The same in short: when, and of what nothing comes directly.
    pub(crate) fn brief(&self) -> Card {
        let card = self.when(Card::new("What you are told by direct message").results(1));
        let those = |way: Way| {
            let all = self.choices.iter().filter(move |it| it.kind.may_be_off() && it.way == way);
            Text::joined(all.map(|it| Text::code(it.kind.as_str())), ", ")
        };
        let card = card.fact("In your team's channel", those(Way::Channel)).fact("Off", those(Way::Off));
        card.text("Everything else comes directly. What is left empty is as everybody has it.")
    }

    fn line(&self, choice: &Choice) -> Text {
        let now = match (choice.kind.may_be_off(), choice.way) {
            (false, _) => "always direct".to_owned(),
            (true, Way::Channel) => match self.team(choice) {
                Some(team) => format!("in the channel of {}", team.display_name),
                None => "direct: no team of yours has a channel".to_owned(),
            },
            (true, way) => way.as_str().to_owned(),
        };
        let usual = if choice.own || choice.way == Way::Direct { "" } else { ", as everybody has it" };
        Text::code(choice.kind.as_str()).then(format!(" – {now}{usual}"))
    }
}

fn buttons(card: Card, kind: Kind, now: Way) -> Card {
    let other = kind.ways().into_iter().filter(|it| *it != now);
    other
        .fold(card, |card, way| card.read(turn(kind, way), Asks::notify(kind, way)))
        .read("All kinds", Asks::notifications())
}

/// What a button says that chooses a way.
pub(super) fn turn(kind: Kind, way: Way) -> String {
    match way {
        Way::Direct => format!("Turn on {}", kind.as_str()),
        Way::Channel => format!("{} to your team's channel", super::capital(kind.as_str())),
        Way::Off => format!("Turn off {}", kind.as_str()),
    }
}

fn place(zone: Tz, known: Known) -> String {
    let how = match known {
        Known::Said => "as you said".to_owned(),
        Known::Seen(Platform::Slack) => "as Slack has it".to_owned(),
        Known::Seen(platform) => format!("as {platform} has it"),
        Known::Assumed => "as everybody has it".to_owned(),
    };
    format!("{} – {how}", zone.name())
}

/// What comes of a choice, in the title of its answer.
pub(super) fn title(kind: Kind, way: Way, team: Option<&Team>) -> String {
    match (way, team) {
        (Way::Off, _) => format!("You get no more {} by direct message", name(kind)),
        (Way::Channel, Some(team)) => format!("You get {} in the channel of {}", name(kind), team.display_name),
        (Way::Direct | Way::Channel, _) => format!("You get {} by direct message", name(kind)),
    }
}
