//! What administrators are told of readings of a source: that one was stopped, whom it brought and took, that it went silent.

use cards::{Action, Card, Text, Tone};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::org_plan::OrgPlan;
use domain::run::{Run, Source};
use uuid::Uuid;

use super::asides::FOR_ADMINISTRATORS;
use super::{Destination, Kind, Lane, Message};
use crate::{Asks, status};

/// Lines of a plan that an alarm shows; the page has all.
const EXCERPT: usize = 12;

/// Names of one kind that a summary shows.
const NAMES: usize = 10;

/// A plan that was refused needs somebody: one message for each plan, which later refusals of the same plan only change.
pub fn alarm(run: &Run, refusals: &[String], actions: Vec<Action>) -> Message {
    let card = Card::new(format!("{} was not applied", status::name(run.source))).tone(Tone::Bad);
    let card = card.text("What was known before still holds, and nothing was written. Somebody must look at the plan.");
    let card = card.fact("Last refused", Text::moment(run.started_at));
    let card =
        refusals.iter().take(EXCERPT).fold(card.heading("Why"), |card, it| card.item(it.as_str(), Text::default()));
    let mut card = excerpt(card, &run.plan).page(Asks::status_page());
    card.actions = actions;
    let message = Message::new(key(run.source, &run.plan), Lane::Page, Destination::Administrators, card);
    message.of(Kind::Alarm).because(FOR_ADMINISTRATORS)
}

/// The key of the alarm about a plan, and what it says once somebody accepted it, until the source was read again.
pub fn accepted(source: Source, plan: &str, (who, at): (&str, DateTime<Utc>)) -> (String, Card) {
    let card = Card::new(format!("{}: accepted, about to be applied", status::name(source))).tone(Tone::Warn);
    let card = card.text(Text::plain(format!("{who} accepted the plan ")).then(Text::ago(at)).then("."));
    (key(source, plan), excerpt(card, plan).page(Asks::status_page()))
}

/// The key of the alarm about a plan, and what it says when it was accepted and the source could then not be read.
pub fn unread(run: &Run, refused_plan: &str, actions: Vec<Action>) -> (String, Card) {
    let who = run.accepted_by.as_deref().unwrap_or("Somebody");
    let card = Card::new(format!("{} was not applied", status::name(run.source))).tone(Tone::Bad);
    let card = card.text(
        Text::plain(format!("{who} accepted the plan, but the reading that should apply it failed "))
            .then(Text::ago(run.started_at))
            .then(", so nothing was written. Once that is mended, accept it again."),
    );
    let card = card.fact("Why", run.summary.as_str());
    let mut card = excerpt(card, refused_plan).page(Asks::status_page());
    card.actions = actions;
    (key(run.source, refused_plan), card)
}

/// The key of the alarm about a plan, and what it says once the source was read again.
pub fn settled(run: &Run, refused_plan: &str) -> (String, Card) {
    let how = match &run.accepted_by {
        Some(who) => format!("{who} accepted the plan, and it was applied."),
        None => "A later reading did not ask for it any more, and all is well again.".into(),
    };
    let card = Card::new(format!("{}: settled", status::name(run.source))).tone(Tone::Good).text(how);
    let card = excerpt(card, refused_plan).fact("Settled", Text::moment(run.started_at)).page(Asks::status_page());
    (key(run.source, refused_plan), card)
}

/// Who came, who left, and what is owned by nobody since; none where nobody need be told.
pub fn summary(run: &Run, plan: &OrgPlan, (unowned, total): &(Vec<String>, i64)) -> Option<Message> {
    let first = plan.sizes.people_before == 0 && plan.sizes.groups_before == 0;
    let moves = [plan.joined.len(), plan.left.len(), plan.disabled.len(), plan.founded.len(), plan.closed.len()];
    if first || moves.iter().sum::<usize>() == 0 {
        return None;
    }
    let card = Card::new(format!("{}: who came and who left", status::name(run.source)));
    let named = |name: &str, display: &str| Text::plain(format!("{display} ")).then(Text::code(name));
    let card = names(card, "Came", plan.joined.iter().map(|it| named(&it.name, &it.display_name)));
    let card = names(card, "Left", plan.left.iter().map(|it| Text::code(&it.1)));
    let card = names(card, "Disabled", plan.disabled.iter().map(Text::code));
    let card = names(card, "New groups", plan.founded.iter().map(|it| named(&it.name, &it.display_name)));
    let card = names(card, "Groups that are gone", plan.closed.iter().map(|it| Text::code(&it.1)));
    let card =
        listed(card, "Owned by nobody since", unowned.iter().map(Text::code), usize::try_from(*total).unwrap_or(0));
    let card = if *total > 0 { card.tone(Tone::Warn) } else { card };
    let key = format!("sync/{}/summary/{}", run.source.as_str(), stamp(run.started_at));
    let message = Message::new(key, Lane::Update, Destination::Administrators, card.page(Asks::status_page()));
    Some(message.of(Kind::Directory).because(FOR_ADMINISTRATORS))
}

/// A source that tells nothing any more: one message for each silence.
pub fn silent(source: &str, since: DateTime<Utc>) -> Message {
    let card = Card::new(format!("{source} went silent")).tone(Tone::Bad);
    let card = card.text(
        Text::plain("Answers go on from what it said last, and say how old that is. Find out why with ")
            .then(Text::code("pinconsole doctor"))
            .then("."),
    );
    let card = card.fact("Last heard", Text::moment(since));
    let card = card.page(Asks::status_page());
    let message = Message::new(silence(source, since), Lane::Update, Destination::Administrators, card);
    message.of(Kind::Alarm).because(FOR_ADMINISTRATORS)
}

/// The key of the message about a silence, and what it says once that ended.
pub fn heard(source: &str, since: DateTime<Utc>, at: DateTime<Utc>) -> (String, Card) {
    let card = Card::new(format!("{source}: heard again")).tone(Tone::Good);
    let card = card.fact("Silent since", Text::moment(since)).fact("Heard again", Text::moment(at));
    (silence(source, since), card.page(Asks::status_page()))
}

fn silence(source: &str, since: DateTime<Utc>) -> String {
    format!("silent/{source}/{}", stamp(since))
}

fn key(source: Source, plan: &str) -> String {
    format!("sync/{}/refused/{}", source.as_str(), Uuid::new_v5(&Uuid::NAMESPACE_OID, plan.as_bytes()).simple())
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn excerpt(card: Card, plan: &str) -> Card {
    listed(card, "The plan", plan.lines().map(Text::plain), plan.lines().count())
}

fn names(card: Card, what: &str, all: impl ExactSizeIterator<Item = Text>) -> Card {
    let total = all.len();
    listed(card, what, all.take(NAMES), total)
}

/// The first of them, and how many more there are.
fn listed(card: Card, what: &str, shown: impl Iterator<Item = Text>, total: usize) -> Card {
    if total == 0 {
        return card;
    }
    let shown: Vec<Text> = shown.take(EXCERPT).collect();
    let more = total - shown.len();
    let card = shown.into_iter().fold(card.heading(what), |card, it| card.item(it, Text::default()));
    if more == 0 { card } else { card.text(format!("… and {more} more")) }
}

#[cfg(test)]
mod tests {
    use domain::run::Outcome;

    use super::*;

    fn run(plan: &str, hour: u32) -> Run {
        let at = DateTime::from_timestamp(1_767_225_600 + i64::from(hour) * 3600, 0).expect("a moment");
        Run {
            source: Source::Ldap,
            started_at: at,
            finished_at: at,
            outcome: Outcome::Refused,
            summary: "Refused.".into(),
            plan: plan.into(),
            changes: 3,
            accepted_by: None,
        }
    }

    #[test]
    fn an_alarm_has_one_key_a_plan_and_the_buttons_it_is_given() {
        let refusals = vec!["12 of 20 people would leave".to_string()];
        let first = alarm(&run("People: 20 -> 8", 1), &refusals, vec![]);
        let again = alarm(&run("People: 20 -> 8", 2), &refusals, vec![]);
        let other = alarm(&run("People: 20 -> 7", 2), &refusals, vec![]);
        assert_eq!(first.key, again.key);
        assert_ne!(first.key, other.key);
        assert_ne!(first.card, again.card, "it says when it was refused last");
        let button = Action::Read { label: "Look".into(), ask: Asks::person("ada"), emphasis: Default::default() };
        assert_eq!(alarm(&run("x", 1), &refusals, vec![button.clone()]).card.actions, [button]);
        let (key, card) = settled(&Run { accepted_by: Some("ada".into()), ..run("", 3) }, "People: 20 -> 8");
        assert_eq!(key, first.key);
        assert!(format!("{card:?}").contains("ada accepted the plan"));
    }

    #[test]
    fn a_summary_is_made_only_of_comings_and_goings() {
        let sizes = domain::org_plan::Sizes { people_before: 5, ..Default::default() };
        let nothing = OrgPlan { sizes, ..OrgPlan::default() };
        assert_eq!(summary(&run("", 1), &nothing, &(vec![], 0)), None);
        let left = |names: &[&str]| names.iter().map(|it| (Uuid::nil(), it.to_string())).collect();
        let some = OrgPlan { left: left(&["ada", "grace"]), ..nothing.clone() };
        let told = summary(&run("", 1), &some, &(vec!["component:default/api".into()], 31)).expect("a summary");
        let said = format!("{:?}", told.card);
        assert!(
            said.contains("ada") && said.contains("component:default/api") && said.contains("… and 30 more"),
            "{said}"
        );
        assert_eq!((told.lane, told.card.tone), (Lane::Update, Tone::Warn));
        let first = OrgPlan { sizes: Default::default(), ..some };
        assert_eq!(summary(&run("", 1), &first, &(vec![], 0)), None, "the first reading is no news");
    }

    #[test]
    fn the_end_of_a_silence_changes_what_was_said_of_it() {
        let since = run("", 1).started_at;
        assert_eq!(silent("PagerDuty", since).key, heard("PagerDuty", since, run("", 5).started_at).0);
        assert_ne!(silent("PagerDuty", since).key, silent("GitHub", since).key);
    }
}
