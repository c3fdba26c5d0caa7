//! Pull requests: one with all that says who must act on it, and lists of the open ones.

mod card;
mod find;
pub mod list;
pub mod load;
mod meant;
mod reference;
mod rows;
mod turn;
pub(crate) mod words;

use std::collections::HashMap;

use cards::Text;
use chrono::{DateTime, Utc};
use domain::PgConnection;
use domain::delivery::{self, Source};
use domain::github::{Act, Actor, Called, Reviewer, Whole, called, repositories};
use domain::person::Person;
use domain::rhythm::Rhythm;
use domain::working::WorkingHours;

use crate::{Ctx, Failure, Reply, UserError, act};

pub use card::card;
pub(crate) use card::tone;

/// Who is who on GitHub.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Names(HashMap<i64, Called>);

impl Names {
    /// Of everybody who has to do with these.
    pub(crate) async fn of(db: &mut PgConnection, all: &[Whole], others: &[i64]) -> sqlx::Result<Self> {
        let mut ids: Vec<i64> = all.iter().flat_map(concerned).chain(others.iter().copied()).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self(called(db, &ids).await?))
    }

    /// Somebody, leading to who it is here.
    pub(crate) fn text(&self, actor: Option<i64>) -> Text {
        match actor.and_then(|it| self.0.get(&it)) {
            Some(Called { person: Some(it), .. }) => Text::person(&it.name, &it.display),
            Some(it) if it.bot => Text::plain(format!("{} (bot)", it.login)),
            Some(it) => Text::plain(&it.login),
            None => Text::plain("somebody"),
        }
    }

    /// Somebody or a team.
    pub(crate) fn reviewer(&self, it: &Reviewer) -> Text {
        match it {
            Reviewer::Actor(it) => self.text(Some(it.id)),
            Reviewer::Team(it) => Text::plain(format!("team {}", it.name)),
        }
    }
}

fn concerned(it: &Whole) -> impl Iterator<Item = i64> {
    let asked = it.requests.iter().filter_map(|it| match &it.of {
        Reviewer::Actor(it) => Some(it.id),
        Reviewer::Team(_) => None,
    });
    let id = |it: &Option<Actor>| it.as_ref().map(|it| it.id);
    let reviewed = it.reviews.iter().filter_map(move |it| id(&it.by));
    asked.chain(reviewed).chain(id(&it.author)).chain(id(&it.merged_by))
}

/// One pull request, with what its card says.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    whole: Whole,
    names: Names,
    /// Entities that say that its repository is theirs: reference and what people call them.
    entities: Vec<(String, String)>,
    acts: Vec<Act>,
    total: i64,
    page: u32,
    working: WorkingHours,
    at: DateTime<Utc>,
    told_at: Option<DateTime<Utc>>,
}

/// The pull request with this id of GitHub.
pub async fn load(
    db: &mut PgConnection,
    id: i64,
    (page, working, at): (u32, WorkingHours, DateTime<Utc>),
) -> Result<Option<View>, Failure> {
    let Some(whole) = Whole::of(&mut *db, &[id]).await?.pop() else { return Ok(None) };
    let (acts, total) = Act::of(&mut *db, id, (crate::PAGE, crate::paging::offset(page))).await?;
    let others: Vec<i64> = acts.iter().filter_map(|it| it.actor_id).collect();
    let names = Names::of(&mut *db, std::slice::from_ref(&whole), &others).await?;
    let entities = repositories::entities(&mut *db, whole.repository.id).await?;
    let told_at = delivery::last(&mut *db, Source::Github).await?;
    Ok(Some(View { whole, names, entities, acts, total, page, working, at, told_at }))
}

/// How old what is told may be: events come by themselves, so it is as old as the last of them.
fn freshness(told_at: Option<DateTime<Utc>>) -> Text {
    match told_at {
        Some(at) => Text::plain("GitHub last told something ").then(Text::ago(at)),
        None => Text::plain("GitHub never told anything yet: its webhook must lead here"),
    }
}

/// GitHub's id of the one pull request that these words name.
pub(crate) async fn one(db: &mut PgConnection, words: &str) -> Result<i64, Failure> {
    match find::find(&mut *db, words).await?.as_slice() {
        [] => Err(find::nothing(db, words).await?),
        [one] => Ok(*one),
        several => Err(UserError::from(find::choose(db, words, several).await?).into()),
    }
}

/// When whoever asks works; where nobody does, when people here usually do.
async fn working(ctx: &Ctx, asker: Option<&Person>) -> Result<WorkingHours, Failure> {
    let rhythm = match asker {
        Some(asker) => Rhythm::of_one(&ctx.db, &ctx.defaults, asker.id).await?,
        None => Rhythm::usual(&ctx.defaults),
    };
    Ok(rhythm.working)
}

/// The answer to which pull request these words name.
pub async fn answer(ctx: &Ctx, asker: Option<&Person>, words: &str, page: u32) -> Reply {
    let working = working(ctx, asker).await?;
    let view = {
        let mut db = ctx.db.acquire().await?;
        match find::find(&mut db, words).await?.as_slice() {
            [] => None,
            [one] => load(&mut db, *one, (page, working, Utc::now())).await?,
            several => return find::choose(&mut db, words, several).await,
        }
    };
    let Some(view) = view else { return Err(find::nothing(&mut *ctx.db.acquire().await?, words).await?) };
    let mut card = card(&view);
    card.actions.splice(0..0, act::pull::buttons(ctx, asker, &view.whole).await?);
    Ok(card)
}
