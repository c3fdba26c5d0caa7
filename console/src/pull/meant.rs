//! What words about pull requests mean: somebody, a team, or repositories.

use cards::{Card, Tone};
use domain::github::{Actor, Repository, list::Concerning, people, repositories, team_member, tie};
use domain::group::Group;
use domain::person::Person;
use uuid::Uuid;

use crate::oncall::{self, Thing};
use crate::{Asks, Ctx, Failure, UserError};

/// Whose pull requests are meant.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Whose {
    /// Everybody's.
    All,
    /// Somebody's: what they wrote, and what waits for them.
    Person { person: Person, actors: Vec<Actor>, teams: Vec<i64> },
    /// A team's: what waits for it and its members, and what they wrote.
    Team { group: Group, members: Vec<Uuid>, actors: Vec<i64>, teams: Vec<i64> },
    /// Those of repositories, under this name.
    Repositories { label: String, words: String, repositories: Vec<Repository> },
}

/// What was meant: one thing, or several to choose from.
pub(super) enum Meant {
    One(Box<Whose>),
    Several(Vec<Thing>),
}

/// What these words mean; nothing and `me` mean the asker, or everybody where nobody asks.
pub(super) async fn meant(ctx: &Ctx, asker: Option<&Person>, words: &str) -> Result<Meant, Failure> {
    let words = crate::words::typed(words);
    let one = |it| Ok(Meant::One(Box::new(it)));
    match (words.to_lowercase().as_str(), asker) {
        ("all", _) | ("", None) => return one(Whose::All),
        ("" | "me" | "mine", Some(asker)) => return one(of_person(ctx, asker.clone()).await?),
        _ => {}
    }
    let bare = words.trim_start_matches(['@', '#']);
    if !bare.contains(':') {
        let repositories = repositories::named(&ctx.db, bare).await?;
        if bare.contains('/') && !repositories.is_empty() {
            return one(Whose::Repositories { label: repositories[0].name.clone(), words: bare.into(), repositories });
        }
        // A repository that is called like nothing else needs no entity.
        let found = oncall::find(ctx, &words).await;
        if found.as_ref().map_or(true, Vec::is_empty) && !repositories.is_empty() {
            return one(Whose::Repositories { label: bare.into(), words: bare.into(), repositories });
        }
        return choose(ctx, known(ctx, &words, found).await?).await;
    }
    let found = oncall::find(ctx, &words).await;
    choose(ctx, known(ctx, &words, found).await?).await
}

/// What was found; where nothing was, it is said of pull requests, with what else can be asked of them.
pub(super) async fn known(ctx: &Ctx, words: &str, found: Result<Vec<Thing>, Failure>) -> Result<Vec<Thing>, Failure> {
    let Err(Failure::User(_)) = found else { return found };
    let shown: String = words.chars().take(100).collect();
    let card = Card::new(format!("Nothing here is called “{shown}”")).tone(Tone::Warn).text(NAMED);
    let mut guesses = Vec::new();
    for thing in oncall::guesses(ctx, words).await? {
        if guesses.len() < GUESSES && of_thing(ctx, &thing).await?.is_some() {
            guesses.push(thing);
        }
    }
    let card = if guesses.is_empty() { card } else { card.text("Did you mean one of these?") };
    let card = guesses.iter().fold(card, |card, it| card.item(it.label(), it.kind()).read(it.label(), ask(it)));
    let card = card.read("All open pull requests", Asks::pulls(Some("all"), 1)).results(0);
    Err(UserError::from(card).into())
}

/// So many things are offered where nothing is called as was typed.
const GUESSES: usize = 3;

const NAMED: &str = "Ask for a person, a team, a repository like owner/name, or a service whose entity names its repository \
    (annotation github.com/project-slug).";

/// Of several things the first that has to do with pull requests is meant, unless there are others like it.
async fn choose(ctx: &Ctx, things: Vec<Thing>) -> Result<Meant, Failure> {
    let concerns = |it: &Thing| {
        matches!(it, Thing::Person(_) | Thing::Group(..) | Thing::Entity(..) | Thing::Repository(..) | Thing::Path(..))
    };
    let mut found: Vec<(Thing, Whose)> = Vec::new();
    for thing in things.into_iter().filter(concerns) {
        if let Some(whose) = of_thing(ctx, &thing).await?
            && !found.iter().any(|it| same(&it.1, &whose))
        {
            found.push((thing, whose));
        }
    }
    match found.len() {
        0 => Err(UserError::new("No pull requests are known of that", NAMED).into()),
        1 => Ok(Meant::One(Box::new(found.remove(0).1))),
        _ => Ok(Meant::Several(found.into_iter().map(|it| it.0).collect())),
    }
}

fn same(one: &Whose, other: &Whose) -> bool {
    match (one, other) {
        (Whose::Repositories { repositories: one, .. }, Whose::Repositories { repositories: other, .. }) => {
            one == other
        }
        _ => one == other,
    }
}

async fn of_thing(ctx: &Ctx, thing: &Thing) -> Result<Option<Whose>, Failure> {
    Ok(match thing {
        Thing::Person(it) => Some(of_person(ctx, it.clone()).await?),
        Thing::Group(reference, _) => match Group::named(&ctx.db, reference.name()).await? {
            Some(it) => Some(of_group(ctx, it).await?),
            None => None,
        },
        Thing::Entity(reference, _) => repositories_of(ctx, thing, &[reference.to_string()]).await?,
        Thing::Repository(_, entities) | Thing::Path(_, entities, _) => repositories_of(ctx, thing, entities).await?,
        Thing::Service(_) | Thing::Policy(_) | Thing::Schedule(_) => None,
    })
}

async fn repositories_of(ctx: &Ctx, thing: &Thing, entities: &[String]) -> Result<Option<Whose>, Failure> {
    let repositories = repositories::of_entities(&ctx.db, entities).await?;
    let (label, words) = (thing.label(), thing.words());
    Ok((!repositories.is_empty()).then_some(Whose::Repositories { label, words, repositories }))
}

async fn of_person(ctx: &Ctx, person: Person) -> Result<Whose, Failure> {
    let actors = people::accounts(&ctx.db, person.id).await?;
    let ids: Vec<i64> = actors.iter().map(|it| it.id).collect();
    let teams = team_member::teams_of(&ctx.db, &ids).await?;
    Ok(Whose::Person { person, actors, teams })
}

async fn of_group(ctx: &Ctx, group: Group) -> Result<Whose, Failure> {
    let members = group.enabled(&ctx.db).await?;
    let actors = people::accounts_of(&ctx.db, &members).await?.into_iter().map(|it| it.1.id).collect();
    let teams = tie::teams_of_group(&mut *ctx.db.acquire().await?, &[group.id]).await?.remove(&group.id);
    let teams = teams.unwrap_or_default().into_iter().map(|it| it.0.id).collect();
    Ok(Whose::Team { group, members, actors, teams })
}

impl Whose {
    /// What the list asks the database for.
    pub(super) fn concerning(&self) -> Concerning {
        match self {
            Self::All => Concerning::default(),
            Self::Person { actors, teams, .. } => {
                let actors: Vec<i64> = actors.iter().map(|it| it.id).collect();
                let (authors, reviewers) = (actors.clone(), actors);
                Concerning { authors, reviewers, teams: teams.clone(), ..Concerning::default() }
            }
            Self::Team { actors, teams, .. } => {
                let (authors, reviewers) = (actors.clone(), actors.clone());
                Concerning { authors, reviewers, teams: teams.clone(), ..Concerning::default() }
            }
            Self::Repositories { repositories, .. } => {
                Concerning { repositories: repositories.iter().map(|it| it.id).collect(), ..Concerning::default() }
            }
        }
    }

    /// The people whose pull requests are meant.
    pub(super) fn people(&self) -> &[Uuid] {
        match self {
            Self::Person { person, .. } => std::slice::from_ref(&person.id),
            Self::Team { members, .. } => members,
            Self::All | Self::Repositories { .. } => &[],
        }
    }

    /// The words that mean this and nothing else.
    pub(super) fn words(&self) -> Option<String> {
        match self {
            Self::All => Some("all".into()),
            Self::Person { person, .. } => Some(format!("user:{}", person.name)),
            Self::Team { group, .. } => Some(format!("group:{}", group.name)),
            Self::Repositories { words, .. } => Some(words.clone()),
        }
    }
}

/// What a card asks about a thing of several.
pub(super) fn ask(thing: &Thing) -> cards::Ask {
    Asks::pulls(Some(&thing.words()), 1)
}
