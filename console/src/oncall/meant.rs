//! Which one of several things is meant.

use cards::{Ask, Card, Tone};

use super::{Scope, Thing, find, scope};
use crate::{Asks, Ctx, Failure};

/// What words mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Meant {
    /// One thing, with its services and policies.
    One(Box<Thing>, Scope),
    /// One of these.
    Several(Vec<Thing>),
}

/// More things than these are not told apart.
const MAX: usize = 8;

/// What these words mean. Where one thing leads to all that the others lead to, as a team does to its services, nobody need
/// choose.
pub async fn meant(ctx: &Ctx, words: &str) -> Result<Meant, Failure> {
    let mut found = Vec::new();
    for thing in find(ctx, words).await?.into_iter().take(MAX) {
        let scope = scope(ctx, &thing).await?;
        found.push((thing, scope));
    }
    // What nobody is on call for is meant only where there is nothing else.
    let leads = |it: &(Thing, Scope)| !it.1.policies.is_empty() || matches!(it.0, Thing::Person(_));
    if found.iter().any(leads) {
        found.retain(leads);
    } else if let Some(nth) = found.iter().position(|it| called(&it.0, words)) {
        // A choice between things that nobody is on call for helps nobody.
        found = vec![found.swap_remove(nth)];
    }
    // Nor what only borrows from its surroundings.
    if found.iter().any(|it| leads(it) && !it.1.borrowed) {
        found.retain(|it| !it.1.borrowed);
    }
    let whole = (0..found.len()).find(|nth| found.iter().all(|it| holds(&found[*nth].1, &it.1)));
    match whole.or((found.len() == 1).then_some(0)) {
        Some(nth) => {
            let (thing, scope) = found.swap_remove(nth);
            Ok(Meant::One(Box::new(thing), scope))
        }
        None => Ok(Meant::Several(found.into_iter().map(|it| it.0).collect())),
    }
}

/// Whether that is exactly what people call it.
fn called(thing: &Thing, words: &str) -> bool {
    let words = crate::words::typed(words);
    let words = words.trim_start_matches(['@', '#']);
    let name = match thing {
        Thing::Entity(reference, _) | Thing::Group(reference, _) => Some(reference.name()),
        Thing::Person(it) => Some(it.name.as_str()),
        Thing::Service(_) | Thing::Policy(_) | Thing::Schedule(_) | Thing::Repository(..) | Thing::Path(..) => None,
    };
    thing.label().eq_ignore_ascii_case(words) || name.is_some_and(|it| it.eq_ignore_ascii_case(words))
}

/// Whether an answer for the first says all that one for the other would.
fn holds(whole: &Scope, part: &Scope) -> bool {
    !part.policies.is_empty() && part.policies.iter().all(|it| whole.policies.contains(it))
}

/// The card that asks which one is meant.
pub fn choose(words: &str, things: &[Thing], ask: impl Fn(&Thing) -> Ask) -> Card {
    let words: String = words.trim().chars().take(100).collect();
    let card = Card::new(format!("Which “{words}” do you mean?")).tone(Tone::Warn).results(things.len());
    let card = things.iter().fold(card, |card, it| card.item(it.label(), it.kind()));
    let card = things.iter().fold(card, |card, it| card.read(format!("{} ({})", it.label(), it.kind()), ask(it)));
    match Asks::on_call_for(&words).page {
        Some(page) => card.page(page),
        None => card,
    }
}
