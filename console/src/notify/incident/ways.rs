//! Where a message about an incident goes, in order, and why there.

use cards::Text;
use domain::incidents::{Somebody, Tied};

use super::Rules;
use crate::incident::View;
use crate::notify::Destination;

/// The ways of a message in order, and why whoever gets it gets it.
pub(super) struct Ways {
    pub(super) all: Vec<Destination>,
    pub(super) why: Text,
}

impl Ways {
    /// Where it goes first, as it is stored.
    pub(super) fn place(&self) -> String {
        self.all.first().unwrap_or(&Destination::Administrators).to_string()
    }
}

/// <https://docs.slack.dev/reference/methods/conversations.rename/>
const NAME: usize = 80;

/// The channel that somebody wrote: an id, or a name with or without `#`. Nothing that leads to a person.
pub(in crate::notify) fn channel(written: &str) -> Option<Destination> {
    let written = written.trim();
    let is_id = written.len() >= 5
        && written.starts_with(['C', 'G'])
        && written.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    if is_id {
        return Some(Destination::SlackChannel(written.into()));
    }
    let name = written.strip_prefix('#').unwrap_or(written);
    let plain = name.chars().all(|it| matches!(it, '-' | '_') || (it.is_alphanumeric() && !it.is_uppercase()));
    (plain && (1..=NAME).contains(&name.chars().count())).then(|| Destination::SlackChannel(format!("#{name}")))
}

/// A channel, or everybody in a group.
pub(super) fn place(written: &str) -> Option<Destination> {
    match written.trim().strip_prefix("group:") {
        Some("") => None,
        Some(group) => Some(Destination::Members(group.trim().into())),
        None => channel(written),
    }
}

/// The owners' channel; if it takes nothing the owners or whoever is asked, each directly; then the last resort.
pub(super) fn to_channel(rules: &Rules, view: &View) -> Ways {
    let mut all = Vec::new();
    let why = match team(rules, view) {
        Some((channel, why)) => {
            all.push(channel);
            all.extend(owners(view));
            why
        }
        None => Text::plain("Posted here because no channel is known for this service"),
    };
    all.push(last(rules));
    Ways { all: once(all), why }
}

/// Somebody who is asked, directly; else their team's channel, then the last resort.
pub(super) fn to_person(rules: &Rules, view: &View, who: &Somebody) -> Ways {
    let mut all: Vec<Destination> = who.person_id.map(Destination::Person).into_iter().collect();
    all.extend(team(rules, view).map(|it| it.0));
    all.push(last(rules));
    let level = view.around.on_call.iter().find(|it| it.who.member_id == who.member_id).map(|it| it.level);
    let why = match (level, &view.around.policy) {
        (Some(level), Some((_, policy))) => {
            format!("You get this because you are on call for {policy} (level {level})")
        }
        _ => "You get this because PagerDuty assigned the incident to you".into(),
    };
    Ways { all: once(all), why: why.into() }
}

/// Where the people of what broke talk: as the entity says, else as its owner says, else as configured.
fn team(rules: &Rules, view: &View) -> Option<(Destination, Text)> {
    let said = |tied: &Tied, by: &Option<String>, whose: &str| {
        let destination = channel(by.as_deref()?)?;
        Some((destination, Text::plain(format!("Posted here because this is the channel of {whose}")).then(also(tied))))
    };
    let entities = &view.around.entities;
    let own = entities.iter().find_map(|it| said(it, &it.channel, &it.title));
    let owner = |it: &Tied| said(it, &it.owner_channel, it.owner_title.as_deref().unwrap_or("its owner"));
    let configured = || {
        let why = "Posted here because no channel is known for this service";
        rules.channel.as_deref().and_then(channel).map(|it| (it, why.into()))
    };
    own.or_else(|| entities.iter().find_map(owner)).or_else(configured)
}

fn also(tied: &Tied) -> Text {
    Text::plain(" (").then(Text::code(&tied.reference)).then(")")
}

/// Those who should know when their channel takes nothing: the owning group, else whoever is asked.
fn owners(view: &View) -> Vec<Destination> {
    let group = view.around.entities.iter().find_map(|it| match (&it.owner, &it.owner_name, &it.owner_title) {
        (Some(reference), Some(name), Some(_)) if reference.starts_with("group:default/") => Some(name.clone()),
        _ => None,
    });
    match group {
        Some(group) => vec![Destination::Members(group)],
        None => view.around.asked.iter().filter_map(|it| it.person_id).map(Destination::Person).collect(),
    }
}

fn last(rules: &Rules) -> Destination {
    rules.last_resort.as_deref().and_then(place).unwrap_or(Destination::Administrators)
}

fn once(all: Vec<Destination>) -> Vec<Destination> {
    let mut kept: Vec<Destination> = Vec::new();
    for it in all {
        if !kept.contains(&it) {
            kept.push(it);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_an_id_or_a_name_and_never_a_person() {
        let slack = |it: &str| Some(Destination::SlackChannel(it.into()));
        assert_eq!(channel(" #payments "), slack("#payments"));
        assert_eq!(channel("payments-on_call"), slack("#payments-on_call"));
        assert_eq!(channel("C0123ABCD"), slack("C0123ABCD"));
        for wrong in ["", "#", "@ada", "U0123ABCD", "D0123ABCD", "#a b", "<!here>", "a\nb", &"x".repeat(81)] {
            assert_eq!(channel(wrong), None, "{wrong}");
        }
        assert_eq!(place("group:sre"), Some(Destination::Members("sre".into())));
        assert_eq!(place("group:"), None);
    }
}
