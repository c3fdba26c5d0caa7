//! What a person or a group owns.

use cards::{Card, Text};
use domain::group::Group;
use domain::person::Person;
use domain::reference::EntityRef;
use domain::search::{Match, Query};
use domain::subject::Subject;

use crate::{Asks, Ctx, Failure, PAGE, UserError, freshness, paging, person, words};

/// One page of what a person or a group owns.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    owner: Subject,
    reference: EntityRef,
    through: Vec<Subject>,
    page: u32,
    owned: Vec<Subject>,
    total: i64,
    freshness: Text,
}

/// The owner that these words mean: a reference, a group's name, a person's name, or the best match; what is merely like
/// some description is none.
pub async fn owner(ctx: &Ctx, who: &str) -> Result<EntityRef, Failure> {
    let who = who.trim().trim_start_matches('@');
    if let Ok(reference) = EntityRef::parse(who, None, "default") {
        return Ok(reference);
    }
    if let Some(group) = Group::named(&ctx.db, who).await? {
        return Ok(EntityRef::group(&group.name)?);
    }
    if let Some(person) = Person::named(&ctx.db, who).await? {
        return Ok(EntityRef::user(&person.name)?);
    }
    let Some(query) = Query::new(who) else { return Err(nobody(who).into()) };
    let hits = crate::search::find(ctx, &query.kinds(&["group", "user"]), 1, 0).await?;
    match hits.hits.first().filter(|it| it.how != Match::Alike || matches!(it.field.as_str(), "name" | "display name"))
    {
        Some(hit) => Ok(EntityRef::parse(&hit.subject.reference, None, "default")?),
        None => Err(nobody(who).into()),
    }
}

/// One page of what this person or group owns; a person also owns what the groups they are directly in own.
pub async fn load(ctx: &Ctx, reference: &EntityRef, page: u32) -> Result<View, Failure> {
    let (owner, through) = who(ctx, reference).await?;
    let owners: Vec<String> = std::iter::once(&owner).chain(&through).map(|it| it.reference.clone()).collect();
    let (owned, total) = Subject::owned_by(&ctx.db, &owners, PAGE, paging::offset(page)).await?;
    // Whoever turns beyond the last page gets the first one.
    let (page, (owned, total)) = match owned.is_empty() && page > 1 {
        true => (1, Subject::owned_by(&ctx.db, &owners, PAGE, 0).await?),
        false => (page, (owned, total)),
    };
    let freshness = freshness::all(ctx).await?;
    Ok(View { owner, reference: reference.clone(), through, page, owned, total, freshness })
}

/// The card of what is owned.
pub fn card(View { owner, reference, through, page, owned, total, freshness }: &View) -> Card {
    let count = words::count(*total, "entity", "entities");
    let mut card = Card::new(format!("{} owns {count}", owner.title));
    card = card.fact("Owner", words::subject(owner));
    card = card.fact("Through", Text::joined(through.iter().map(words::subject), ", "));
    if *total == 0 && *page <= 1 {
        card = card.text("Nothing in the catalog names them as its owner.");
    }
    card = owned.iter().fold(card, |card, it| card.item(words::subject(it), note(it, owner)));
    card = paging::turn(card, *page, owned.len(), *total, |page| Asks::owns(reference, page));
    card = match Asks::subject(&owner.reference) {
        Some(ask) => card.read(owner.title.clone(), ask),
        None => card,
    };
    card = card.results(usize::try_from(*total).unwrap_or_default()).freshness(freshness.clone());
    match Asks::owns(reference, *page).page {
        Some(page) => card.page(page),
        None => card,
    }
}

async fn who(ctx: &Ctx, reference: &EntityRef) -> Result<(Subject, Vec<Subject>), Failure> {
    let found = match reference.kind() {
        "user" => match Person::named(&ctx.db, reference.name()).await? {
            Some(it) => {
                let groups = it.groups(&ctx.db).await?;
                let through = person::owners(&it, &groups);
                let through = groups.into_iter().map(|it| it.0).filter(|it| through.contains(&it.reference)).collect();
                Some((Subject::person(&reference.to_string(), &it.name, &it.display_name), through))
            }
            None => None,
        },
        "group" => Group::named(&ctx.db, reference.name())
            .await?
            .map(|it| (Subject::group(&reference.to_string(), &it.name, &it.display_name, &it.kind), Vec::new())),
        _ => None,
    };
    found.ok_or_else(|| nobody(&reference.to_string()).into())
}

fn note(owned: &Subject, owner: &Subject) -> Text {
    let note = Text::plain(words::kind(owned));
    let note = if owned.orphaned { note.then(" · vanished from its source") } else { note };
    let note = match &owned.description {
        Some(it) => note.then(format!(" · {}", crate::search::short(it))),
        None => note,
    };
    match owned.owner.as_ref().filter(|it| **it != owner.reference) {
        Some(other) => note.then(format!(" · through {}", words::owner(other))),
        None => note,
    }
}

fn nobody(who: &str) -> UserError {
    let advice = Text::plain("No person or group is called ")
        .then(Text::code(who.chars().take(100).collect::<String>()))
        .then(". Look for one with ")
        .then(Text::code("person <words>"))
        .then(" or ")
        .then(Text::code("team <words>"))
        .then(".");
    UserError::new("Nobody by that name", advice)
}
