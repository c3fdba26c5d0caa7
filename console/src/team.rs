//! One group with its people.

use cards::{Card, Text, Tone};
use domain::document::annotation;
use domain::entity::Entity;
use domain::github::Team;
use domain::github::tie::{self, How};
use domain::group::{Group, Member};
use domain::reference::EntityRef;
use domain::subject::Subject;

use crate::{Asks, Ctx, Failure, PAGE, freshness, paging, words};

/// A group with one page of its people, and what is around it.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    group: Group,
    page: u32,
    members: Vec<Member>,
    direct: i64,
    all: i64,
    parents: Vec<Subject>,
    children: Vec<Subject>,
    owned: i64,
    notes: Option<Entity>,
    teams: Vec<(Team, How)>,
    freshness: Text,
}

/// The group with this entity name, where there is one, with the nth page of its people.
pub async fn load(ctx: &Ctx, name: &str, page: u32) -> Result<Option<View>, Failure> {
    let Some(group) = Group::named(&ctx.db, name).await? else { return Ok(None) };
    let reference = format!("group:default/{}", group.name.to_lowercase());
    let (members, direct) = group.members(&ctx.db, PAGE, paging::offset(page)).await?;
    // Whoever turns beyond the last page gets the first one.
    let (page, (members, direct)) = match members.is_empty() && page > 1 {
        true => (1, group.members(&ctx.db, PAGE, 0).await?),
        false => (page, (members, direct)),
    };
    let owned = Subject::owned_count(&ctx.db, std::slice::from_ref(&reference)).await?;
    let mut teams = tie::teams_of_group(&mut *ctx.db.acquire().await?, &[group.id]).await?;
    let view = View {
        teams: teams.remove(&group.id).unwrap_or_default(),
        page,
        members,
        direct,
        all: group.headcount(&ctx.db).await?,
        parents: group.parents(&ctx.db).await?,
        children: group.children(&ctx.db).await?,
        owned,
        notes: Entity::with_reference(&ctx.db, &reference).await?,
        freshness: freshness::directory(ctx).await?,
        group,
    };
    Ok(Some(view))
}

/// The card of a group.
pub fn card(view: &View) -> Card {
    let View { group, page, members, direct, all, freshness, .. } = view;
    let mut card = Card::new(&group.display_name).results(1);
    if let Some(description) = &group.description {
        card = card.text(description.as_str());
    }
    card = around(card, view);
    card = match (direct, all) {
        (0, 0) => card.tone(Tone::Warn).text("Nobody is in this group."),
        (0, _) => card.text("Nobody is directly in this group; its people are in the groups below it."),
        _ => members
            .iter()
            .fold(card.heading("People"), |card, it| card.item(Text::person(&it.name, &it.display_name), remark(it))),
    };
    card = paging::turn(card, *page, members.len(), *direct, |page| Asks::team_turned(&group.name, page));
    if let Ok(reference) = EntityRef::group(&group.name) {
        card = card.read("What it owns", Asks::owns(&reference, 1)).read("On call", Asks::oncall_of(&reference));
    }
    for near in view.parents.iter().chain(&view.children).take(MAX_BUTTONS) {
        if let Some(ask) = Asks::subject(&near.reference) {
            card = card.read(near.title.clone(), ask);
        }
    }
    match Asks::team_turned(&group.name, *page).page {
        Some(page) => card.page(page),
        None => card,
    }
    .freshness(freshness.clone())
}

const MAX_BUTTONS: usize = 3;
const MAX_CHILDREN: usize = 20;

fn around(card: Card, view: &View) -> Card {
    let View { group, direct, all, parents, children, owned, notes, teams, .. } = view;
    let kind = if group.kind == "unknown" { "group" } else { &group.kind };
    let card = card.fact("Kind", kind).fact("Name", Text::code(&group.name));
    let card = match &group.email {
        Some(email) => card.fact("E-mail", email.as_str()),
        None => card,
    };
    let card = match notes.as_ref().and_then(|it| it.document.annotation(annotation::SLACK_CHANNEL)) {
        Some(channel) => card.fact("Channel", channel),
        None => card,
    };
    let card = match teams.is_empty() {
        true => card,
        false => card.fact("GitHub team", Text::joined(teams.iter().map(tied), ", ")),
    };
    let size = match all - direct {
        more if more > 0 => format!("{direct}, and {more} more in the groups below"),
        _ => direct.to_string(),
    };
    let below = Text::joined(children.iter().take(MAX_CHILDREN).map(words::subject), ", ");
    let below = match children.len().saturating_sub(MAX_CHILDREN) {
        0 => below,
        more => below.then(format!(" … and {more} more")),
    };
    card.fact("Part of", Text::joined(parents.iter().map(words::subject), ", "))
        .fact("Groups below", below)
        .fact("People", size)
        .fact("Owns", words::count(*owned, "entity", "entities"))
}

fn tied((team, how): &(Team, How)) -> Text {
    Text::code(&team.slug).then(format!(" ({})", how.as_str()))
}

fn remark(member: &Member) -> Text {
    match (&member.title, member.disabled) {
        (Some(title), false) => Text::plain(title),
        (Some(title), true) => Text::plain(format!("{title} · disabled in the directory")),
        (None, true) => Text::plain("disabled in the directory"),
        (None, false) => Text::default(),
    }
}
