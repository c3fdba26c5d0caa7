//! What people are told of a road to PagerDuty that fell silent: silence looks like health.

use cards::{Card, Text, Tone};
use chrono::{DateTime, SecondsFormat, Utc};

use super::{Destination, Kind, Lane, Message};
use crate::Asks;

/// A way by which we know what goes on in PagerDuty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    /// The events that it sends.
    Events,
    /// Its API, which we read.
    Api,
}

/// A road that is silent.
#[derive(Clone, Copy, Debug)]
pub struct Silence<'a> {
    /// Which.
    pub road: Road,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why, and what to do.
    pub why: &'a str,
}

impl Road {
    /// What is said of its silence, and of the end of that.
    fn titles(self) -> [&'static str; 2] {
        match self {
            Self::Events => ["PagerDuty's events are not heard", "PagerDuty's events are heard again"],
            Self::Api => ["PagerDuty's API cannot be read", "PagerDuty's API can be read again"],
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Api => "api",
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::Events => {
                "New incidents are seen only when PagerDuty is read, minutes later. PagerDuty itself pages as ever: look there."
            }
            Self::Api => {
                "Incidents come by events alone, and who is on call may be out of date. PagerDuty itself pages as ever: look there."
            }
        }
    }
}

impl Silence<'_> {
    /// One message for each silence to each who must know: administrators, and the channel of those on call, where there is one.
    pub fn messages(&self, channel: Option<&Destination>) -> Vec<Message> {
        let [title, _] = self.road.titles();
        let card = Card::new(title).tone(Tone::Bad);
        let card = card.text(self.road.meaning()).fact("Why", Text::plain(self.why));
        let card = card.fact("Last heard", Text::moment(self.since)).page(Asks::status_page());
        let message =
            |(key, destination)| Message::new(key, Lane::Page, destination, card.clone()).of(Kind::Alarm).because(WHY);
        destinations(&key(self.road, self.since), channel).into_iter().map(message).collect()
    }

    /// The keys of those messages, and what they say once the silence ended.
    pub fn ended(&self, channel: Option<&Destination>, at: DateTime<Utc>) -> Vec<(String, Card)> {
        let [_, title] = self.road.titles();
        let card = Card::new(title).tone(Tone::Good).text("What was missed meanwhile is read and repaired by itself.");
        let card = card.fact("Silent since", Text::moment(self.since)).fact("Heard again", Text::moment(at));
        let card = card.page(Asks::status_page());
        destinations(&key(self.road, self.since), channel).into_iter().map(|it| (it.0, card.clone())).collect()
    }
}

const WHY: &str = "Administrators and those on call are told when PagerDuty cannot be heard.";

/// That PagerDuty had stopped sending, and was asked to go on.
pub fn switched_on(at: DateTime<Utc>, channel: Option<&Destination>) -> Vec<Message> {
    let card = Card::new("PagerDuty had stopped sending events").tone(Tone::Warn);
    let card = card.text(
        "It does so when too many are refused. It was asked to go on, and what was missed meanwhile is being read. If this \
         comes again, look at the subscription's deliveries in PagerDuty.",
    );
    let card = card.fact("Noticed", Text::moment(at)).page(Asks::status_page());
    let key = format!("pagerduty/switched-on/{}", stamp(at));
    let message =
        |(key, destination)| Message::new(key, Lane::Update, destination, card.clone()).of(Kind::Alarm).because(WHY);
    destinations(&key, channel).into_iter().map(message).collect()
}

fn destinations(key: &str, channel: Option<&Destination>) -> Vec<(String, Destination)> {
    let channel = channel.map(|it| (format!("{key}/channel"), it.clone()));
    std::iter::once((key.to_string(), Destination::Administrators)).chain(channel).collect()
}

fn key(road: Road, since: DateTime<Utc>) -> String {
    format!("silent/pagerduty-{}/{}", road.word(), stamp(since))
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_silence_is_said_once_to_each_and_its_end_changes_just_that() {
        let since = DateTime::from_timestamp(1_767_225_600, 0).expect("a moment");
        let channel = Destination::SlackChannel("C0ONCALL".into());
        let silence = Silence { road: Road::Events, since, why: "no ping came" };
        let keys = |it: Vec<Message>| it.into_iter().map(|it| it.key).collect::<Vec<_>>();
        let said = keys(silence.messages(Some(&channel)));
        assert_eq!(said.len(), 2);
        assert_eq!(said, keys(Silence { why: "no subscription", ..silence }.messages(Some(&channel))));
        assert_eq!(said, silence.ended(Some(&channel), since).into_iter().map(|it| it.0).collect::<Vec<_>>());
        assert_ne!(said, keys(Silence { road: Road::Api, ..silence }.messages(Some(&channel))));
        assert_eq!(keys(silence.messages(None)).len(), 1);
    }
}
