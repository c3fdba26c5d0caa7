//! What words find.

use cards::{Ask, Card, Text};
use domain::entity::Entity;
use domain::reference::EntityRef;
use domain::search::{Hit, Hits, MOST, Match, Query};

use crate::{Asks, Ctx, Failure, PAGE, UserError, entity, freshness, paging, person, team, words};

/// Where words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// People only.
    People,
    /// Groups only.
    Groups,
}

/// One page of what words find.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    words: String,
    scope: Scope,
    page: u32,
    hits: Hits,
    freshness: Text,
}

/// One page of what these words find.
pub async fn load(ctx: &Ctx, words: &str, scope: Scope, page: u32) -> Result<View, Failure> {
    let words = shown(words);
    let query = Query::new(&words).ok_or_else(|| {
        let advice = Text::plain("Search for a name or a part of it, such as ").then(Text::code("payments")).then(".");
        UserError::new("Nothing to look for", advice)
    })?;
    let query = match scope {
        Scope::All => query,
        Scope::People => query.kinds(&["user"]),
        Scope::Groups => query.kinds(&["group"]),
    };
    let hits = find(ctx, &query, PAGE, paging::offset(page)).await?;
    // Whoever turns beyond the last page gets the first one.
    let (page, hits) = match hits.hits.is_empty() && page > 1 {
        true => (1, find(ctx, &query, PAGE, 0).await?),
        false => (page, hits),
    };
    Ok(View { words, scope, page, hits, freshness: freshness::all(ctx).await? })
}

/// What a query finds. Only some search at a time, so that the others always find a connection.
pub(crate) async fn find(ctx: &Ctx, query: &Query, limit: i64, offset: i64) -> Result<Hits, Failure> {
    let place = tokio::time::timeout(domain::pool::PATIENCE, ctx.shared.searches.acquire());
    let Ok(_place) = place.await else {
        return Err(UserError::new("Too many searches at once", "Try again in a moment.").into());
    };
    match query.run(&ctx.db, limit, offset).await {
        Ok(hits) => Ok(hits),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(QUERY_CANCELED) => {
            Err(UserError::new("That search is too broad", "Use fewer words, and longer ones.").into())
        }
        Err(error) => Err(error.into()),
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
const QUERY_CANCELED: &str = "57014";

/// The one entity that a reference or exact name means, unless all matches are asked for; else what the words find.
pub async fn answer(ctx: &Ctx, words: &str, page: u32, all: bool) -> Result<Card, Failure> {
    if page <= 1 && !all {
        if let Ok(reference) = EntityRef::parse(words.trim(), None, "default") {
            return referenced(ctx, &reference).await;
        }
        if let [only] = named(ctx, words).await?.as_slice() {
            let reference = EntityRef::parse(only, None, "default")?;
            if let Some(view) = entity::load(ctx, &reference).await? {
                return Ok(entity::card(&view).read("All matches", Asks::matches(words)));
            }
        }
    }
    Ok(card(&load(ctx, words, Scope::All, page).await?))
}

/// References of the entities with exactly this name.
async fn named(ctx: &Ctx, name: &str) -> Result<Vec<String>, Failure> {
    let read = |names: Vec<String>| async move { Entity::named(&ctx.db, &names).await };
    Ok(ctx.shared.names_read.ask(domain::fold(name), read).await?.unwrap_or_default())
}

/// What a reference leads to: an entity, a person or a group.
pub async fn referenced(ctx: &Ctx, reference: &EntityRef) -> Result<Card, Failure> {
    let org = reference.namespace() == "default";
    let card = match reference.kind() {
        "user" if org => person::load(ctx, reference.name()).await?.map(|it| person::card(&it)),
        "group" if org => team::load(ctx, reference.name(), 1).await?.map(|it| team::card(&it)),
        _ => entity::load(ctx, reference).await?.map(|it| entity::card(&it)),
    };
    match card {
        Some(card) => Ok(card),
        None => Err(missing(reference).into()),
    }
}

/// The card of what was found.
pub fn card(View { words, scope, page, hits, freshness }: &View) -> Card {
    let ask = |page| turned(*scope, words, page);
    let card = match hits.total {
        0 if *page <= 1 => return nothing(words, *scope).freshness(freshness.clone()),
        1 => Card::new(format!("1 match for “{words}”")),
        MOST.. => Card::new(format!("{MOST} or more matches for “{words}”")),
        total => Card::new(format!("{total} matches for “{words}”")),
    };
    let card = hits.hits.iter().fold(card, |card, it| card.item(words::subject(&it.subject), note(it)));
    let card = paging::turn(card, *page, hits.hits.len(), hits.total, ask);
    let card = hits.hits.iter().take(MAX_BUTTONS).fold(card, |card, it| match Asks::subject(&it.subject.reference) {
        Some(ask) => card.read(it.subject.title.clone(), ask),
        None => card,
    });
    let card = card.results(usize::try_from(hits.total).unwrap_or_default()).freshness(freshness.clone());
    match ask(*page).page {
        Some(page) => card.page(page),
        None => card,
    }
}

/// The first matches can be opened with one press.
const MAX_BUTTONS: usize = 3;

fn turned(scope: Scope, words: &str, page: u32) -> Ask {
    match scope {
        Scope::All => Asks::search(words, page),
        Scope::People => Asks::people(words, page),
        Scope::Groups => Asks::groups(words, page),
    }
}

/// What the hit is, and which field matched unless it is the name that the reader sees anyway.
fn note(hit: &Hit) -> Text {
    let note = Text::plain(words::kind(&hit.subject));
    let note = if hit.subject.orphaned { note.then(" · vanished from its source") } else { note };
    let note = match &hit.subject.owner {
        Some(owner) => note.then(format!(" · owned by {}", words::owner(owner))),
        None => note,
    };
    let note = match (&hit.subject.description, hit.field.as_str()) {
        (Some(it), field) if field != "description" => note.then(format!(" · {}", short(it))),
        _ => note,
    };
    let how = if hit.how == Match::Alike { "is like" } else { "matches" };
    match hit.field.as_str() {
        "name" if hit.how != Match::Alike => note,
        field => note.then(format!(" · {field} {how} ")).then(Text::code(short(&hit.value))),
    }
}

fn nothing(words: &str, scope: Scope) -> Card {
    let (what, advice) = match scope {
        Scope::All => ("Nothing", "Try one word of its name; typing errors are forgiven."),
        Scope::People => {
            ("Nobody", "Try the family name, the login or the e-mail address; typing errors are forgiven.")
        }
        Scope::Groups => ("No group", "Try one word of its name; typing errors are forgiven."),
    };
    Card::new(format!("{what} found for “{words}”")).text(advice).results(0)
}

fn missing(reference: &EntityRef) -> UserError {
    let card = Card::new("Not in the catalog")
        .tone(cards::Tone::Warn)
        .text(Text::plain("Nothing is known under ").then(Text::code(reference.to_string())).then("."))
        .read("Search for it", Asks::search(reference.name(), 1))
        .results(0);
    UserError::from(card)
}

/// The words as shown and repeated in links.
fn shown(words: &str) -> String {
    let plain: String = words.chars().map(|it| if it.is_control() { ' ' } else { it }).take(MAX_SHOWN).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

const MAX_SHOWN: usize = 100;

pub(crate) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_NOTE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

const MAX_NOTE: usize = 80;

impl View {
    /// Name of the only thing that the words find, where it is no mere typing error's guess.
    pub fn only(&self) -> Option<&str> {
        match self.hits.hits.as_slice() {
            [hit] if self.hits.total == 1 && hit.how != Match::Alike => Some(&hit.subject.name),
            _ => None,
        }
    }
}
