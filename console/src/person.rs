//! One person.

use cards::{Card, Text, Tone};
use domain::person::Person;
use domain::reference::EntityRef;
use domain::subject::Subject;

use crate::{Asks, Ctx, Failure, freshness, words};

/// A person with their groups and what they own.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    person: Person,
    groups: Vec<(Subject, bool)>,
    owned: i64,
    freshness: Text,
}

/// Groups beyond these are counted, not named.
const MAX_GROUPS: usize = 12;

/// The person with this entity name, where there is one.
pub async fn load(ctx: &Ctx, name: &str) -> Result<Option<View>, Failure> {
    let Some(person) = Person::named(&ctx.db, name).await? else { return Ok(None) };
    let groups = person.groups(&ctx.db).await?;
    let owned = Subject::owned_count(&ctx.db, &owners(&person, &groups)).await?;
    Ok(Some(View { person, groups, owned, freshness: freshness::directory(ctx).await? }))
}

/// The references under which a person owns things: their own, and those of the groups they are directly in.
pub(crate) fn owners(person: &Person, groups: &[(Subject, bool)]) -> Vec<String> {
    let own = EntityRef::user(&person.name).map(|it| it.to_string()).ok();
    own.into_iter().chain(groups.iter().filter(|it| it.1).map(|it| it.0.reference.clone())).collect()
}

/// The card of a person.
pub fn card(View { person, groups, owned, freshness }: &View) -> Card {
    let mut card = Card::new(&person.display_name).results(1);
    if person.disabled {
        card = card.tone(Tone::Warn).text("The directory has disabled this person.");
    }
    if let Some(title) = &person.title {
        card = card.fact("Title", title.as_str());
    }
    card = card.fact("Name", Text::person(&person.name, &person.display_name).then(" ").then(Text::code(&person.name)));
    if let Some(email) = &person.email {
        card = card.fact("E-mail", email.as_str());
    }
    if let Some(description) = &person.description {
        card = card.fact("About", description.as_str());
    }
    let (direct, through): (Vec<_>, Vec<_>) = groups.iter().partition(|it| it.1);
    card = card.fact("Teams", names(&direct)).fact("Also in, through those", names(&through));
    card = card.fact("Owns, with their teams", words::count(*owned, "entity", "entities"));
    if let Ok(reference) = EntityRef::user(&person.name) {
        card = card.read("What they own", Asks::owns(&reference, 1));
    }
    let first = direct.first().and_then(|(group, _)| Asks::subject(&group.reference).map(|ask| (group, ask)));
    card = match first {
        Some((group, ask)) => card.read(format!("Team: {}", group.title), ask),
        None => card,
    };
    match Asks::person(&person.name).page {
        Some(page) => card.page(page),
        None => card,
    }
    .freshness(freshness.clone())
}

pub(crate) fn names(groups: &[&(Subject, bool)]) -> Text {
    let names = Text::joined(groups.iter().take(MAX_GROUPS).map(|(group, _)| words::subject(group)), ", ");
    match groups.len().saturating_sub(MAX_GROUPS) {
        0 => names,
        more => names.then(format!(" … and {more} more")),
    }
}
