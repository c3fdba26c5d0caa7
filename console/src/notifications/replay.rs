//! What the present wishes would have made of the last days, without sending anything.

use std::collections::{BTreeMap, HashMap};

use cards::{Card, Text};
use chrono::{DateTime, TimeDelta, Utc};
use domain::outbox_week::{self, Put};
use domain::person::Person;
use domain::preference::{self, Choice, Kind, Way};
use domain::rhythm::Rhythm;
use uuid::Uuid;

use crate::{Asks, Ctx, Failure, Reply};

/// How far one looks back.
pub const SPAN: TimeDelta = TimeDelta::days(7);

/// What would become of the messages of a kind to one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Of which they were notified as it was.
    pub was: u32,
    /// That would come directly, at once or later.
    pub direct: u32,
    /// That would wait for the end of quiet hours, of those.
    pub held: u32,
    /// That would be in a channel.
    pub channel: u32,
    /// That would not come.
    pub off: u32,
}

/// The messages of a week, by person and kind.
pub type Sums = BTreeMap<(String, Kind), Sum>;

/// Counts what would become of every message that the rules put in the last week, for one person or for everybody.
pub async fn weigh(ctx: &Ctx, person: Option<&Person>, now: DateTime<Utc>) -> Result<Sums, Failure> {
    let put = outbox_week::since(&ctx.db, now - SPAN, person.map(|it| it.id)).await?;
    let mut people: Vec<Uuid> = put.iter().map(|it| it.person).collect();
    people.sort_unstable();
    people.dedup();
    let rhythms = Rhythm::of(&ctx.db, &ctx.defaults, &people).await?;
    let mut choices = HashMap::new();
    for person in people {
        choices.insert(person, preference::all(&ctx.db, &ctx.defaults, person).await?);
    }
    let mut sums = Sums::new();
    for it in &put {
        let choice = choices.get(&it.person).and_then(|all| all.iter().find(|choice| choice.kind == it.kind));
        let (Some(choice), Some(rhythm)) = (choice, rhythms.get(&it.person)) else { continue };
        add(sums.entry((it.name.clone(), it.kind)).or_default(), it, choice, rhythm);
    }
    Ok(sums)
}

fn add(sum: &mut Sum, put: &Put, choice: &Choice, rhythm: &Rhythm) {
    sum.was += u32::from(put.sent);
    match choice.way {
        Way::Off => sum.off += 1,
        _ if put.muted && put.kind != Kind::ReviewRequest => sum.off += 1,
        Way::Channel if !put.answers => sum.channel += 1,
        Way::Channel | Way::Direct => {
            sum.direct += 1;
            sum.held += u32::from(!put.kind.wakes() && rhythm.quiet_until(put.at).is_some());
        }
    }
}

/// What the asker's present wishes would have made of their last week.
pub async fn own(ctx: &Ctx, person: &Person) -> Reply {
    let sums = weigh(ctx, Some(person), Utc::now()).await?;
    Ok(card(&sums, false).read("All kinds", Asks::notifications()))
}

/// What would have been sent, with or without the names of people.
pub fn card(sums: &Sums, names: bool) -> Card {
    let card = Card::new("The last week, as you would be told now").results(sums.len());
    let card = match names {
        true => Card { title: "The last week, as people would be told now".into(), ..card },
        false => card,
    };
    let rows = sums.iter().map(|((name, kind), sum)| {
        let held = if sum.held > 0 { format!(" ({} after quiet hours)", sum.held) } else { String::new() };
        let cells = [
            Text::code(kind.as_str()),
            Text::plain(sum.was.to_string()),
            Text::plain(format!("{}{held}", sum.direct)),
            Text::plain(sum.channel.to_string()),
            Text::plain(sum.off.to_string()),
        ];
        let name = names.then(|| Text::plain(name));
        name.into_iter().chain(cells).collect::<Vec<_>>()
    });
    let rows: Vec<Vec<Text>> = rows.collect();
    let card = match (rows.is_empty(), names) {
        (true, _) => card.text("There was no message to people."),
        (false, true) => card.table(["Person", "Kind", "Sent", "Now direct", "Now in a channel", "Now off"], rows),
        (false, false) => card.table(["Kind", "Sent", "Now direct", "Now in a channel", "Now off"], rows),
    };
    card.text(
        "It counts what the rules had for people in the last seven days, sent or not, and weighs it by what is chosen now. Nothing is \
         sent.",
    )
}

#[cfg(test)]
mod tests {
    use domain::preference::Defaults;

    use super::*;

    #[test]
    fn what_is_weighed_is_what_is_chosen_now() {
        let defaults = Defaults { quiet: "22-8".parse().expect("quiet hours"), ..Defaults::default() };
        let rhythm = Rhythm::usual(&defaults);
        let weighed_of = |muted, kind, way, at: &str, answers| {
            let at = at.parse().expect("a moment");
            let put = Put { person: Uuid::nil(), name: "ada".into(), kind, at, sent: true, answers, muted };
            let mut sum = Sum::default();
            add(&mut sum, &put, &Choice { kind, way, team: None, own: true }, &rhythm);
            (sum.direct, sum.held, sum.channel, sum.off)
        };
        let weighed = |kind, way, at, answers| weighed_of(false, kind, way, at, answers);
        let (day, night) = ("2026-11-23T12:00:00Z", "2026-11-23T23:00:00Z");
        assert_eq!(weighed(Kind::Merge, Way::Direct, day, false), (1, 0, 0, 0));
        assert_eq!(weighed(Kind::Merge, Way::Direct, night, false), (1, 1, 0, 0));
        assert_eq!(weighed(Kind::Page, Way::Direct, night, false), (1, 0, 0, 0), "a page wakes");
        assert_eq!(weighed(Kind::Merge, Way::Channel, day, false), (0, 0, 1, 0));
        assert_eq!(
            weighed(Kind::Merge, Way::Channel, day, true),
            (1, 0, 0, 0),
            "an answer goes where its message went"
        );
        assert_eq!(weighed(Kind::Merge, Way::Off, night, false), (0, 0, 0, 1));
        let muted = |kind| weighed_of(true, kind, Way::Direct, day, false);
        assert_eq!((muted(Kind::Merge), muted(Kind::ReviewRequest)), ((0, 0, 0, 1), (1, 0, 0, 0)));
    }
}
