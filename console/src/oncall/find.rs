//! From words to what they mean: through PagerDuty's names, the catalog, the directory, repositories and paths.

use cards::{Card, Text, Tone};
use domain::entity::Entity;
use domain::group::Group;
use domain::incidents::{Placed, Policy, Schedule, Service};
use domain::person::Person;
use domain::reference::EntityRef;
use domain::search::{Match, Query};
use domain::subject::Subject;

use super::{Thing, place, together};
use crate::{Asks, Ctx, Failure, UserError, words};

/// More things than these are not offered.
const MAX: i64 = 5;

/// What words mean, the likeliest first; more than one thing where they are ambiguous. Nothing at all is the asker's mistake.
pub async fn find(ctx: &Ctx, words: &str) -> Result<Vec<Thing>, Failure> {
    let words = words::typed(words);
    let words = words.trim_start_matches(['@', '#']);
    if let Some((kind, id)) = words.split_once(':')
        && let Some(found) = with_id(ctx, kind, id).await?
    {
        return Ok(vec![found]);
    }
    if let Ok(reference) = EntityRef::parse(words, None, "default") {
        return match referenced(ctx, &reference).await? {
            Some(it) => Ok(vec![it]),
            None => Err(nothing(ctx, words).await?),
        };
    }
    if words.contains('/') {
        let found = placed(ctx, words).await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let exact = exactly(ctx, words).await?;
    if !exact.is_empty() {
        return Ok(exact);
    }
    match like(ctx, words).await? {
        found if found.is_empty() => Err(nothing(ctx, words).await?),
        found => Ok(found),
    }
}

/// What PagerDuty has under this id.
async fn with_id(ctx: &Ctx, kind: &str, id: &str) -> Result<Option<Thing>, Failure> {
    let (db, ids) = (&ctx.db, [id.trim().to_string()]);
    let found = match kind.to_lowercase().as_str() {
        "service" => Service::with_ids(db, &ids).await?.pop().map(Thing::Service),
        "policy" => Policy::with_ids(db, &ids).await?.pop().map(Thing::Policy),
        "schedule" => Schedule::with_ids(db, &ids).await?.pop().map(Thing::Schedule),
        _ => None,
    };
    Ok(found)
}

async fn referenced(ctx: &Ctx, reference: &EntityRef) -> Result<Option<Thing>, Failure> {
    let org = reference.namespace() == "default";
    Ok(match reference.kind() {
        "user" if org => Person::named(&ctx.db, reference.name()).await?.map(Thing::Person),
        "group" if org => group(ctx, reference.name()).await?,
        _ => {
            let title = together::title(ctx, &reference.to_string()).await?;
            title.map(|it| Thing::Entity(reference.clone(), it))
        }
    })
}

async fn group(ctx: &Ctx, name: &str) -> Result<Option<Thing>, Failure> {
    match Group::named(&ctx.db, name).await? {
        Some(it) => Ok(Some(Thing::Group(EntityRef::group(&it.name)?, it.display_name))),
        None => Ok(None),
    }
}

/// What has exactly these words as its name or id.
async fn exactly(ctx: &Ctx, words: &str) -> Result<Vec<Thing>, Failure> {
    let db = &ctx.db;
    let folded = domain::fold(words);
    let mut found = Vec::new();
    let named = Entity::named(db, std::slice::from_ref(&folded)).await?.remove(&folded).unwrap_or_default();
    for it in named.iter().take(MAX as usize) {
        if let Some(it) = referenced(ctx, &EntityRef::parse(it, None, "default")?).await? {
            found.push(it);
        }
    }
    let login = words.replace(' ', "-");
    if !found.iter().any(|it| matches!(it, Thing::Group(..))) {
        found.extend(group(ctx, &login).await?);
    }
    if !found.iter().any(|it| matches!(it, Thing::Person(_))) {
        found.extend(Person::named(db, words).await?.map(Thing::Person));
    }
    let same = |id: &str, name: &str| id == words || name.eq_ignore_ascii_case(words);
    let services = Service::named(db, words, MAX).await?.into_iter().filter(|it| same(&it.id, &it.name));
    found.extend(services.map(Thing::Service));
    let ids = Policy::with_ids(db, &[words.to_string()]).await?;
    let policies = Policy::named(db, words, MAX).await?.into_iter().filter(|it| same(&it.id, &it.name));
    found.extend(ids.into_iter().chain(policies).map(Thing::Policy));
    let schedules = Schedule::named(db, words, MAX).await?.into_iter().filter(|it| same(&it.id, &it.name));
    found.extend(schedules.map(Thing::Schedule));
    Ok(found)
}

/// What has these words in its name, in PagerDuty or in the catalog; a mere typing error's guess counts where nothing else does.
async fn like(ctx: &Ctx, words: &str) -> Result<Vec<Thing>, Failure> {
    let db = &ctx.db;
    let mut found: Vec<Thing> = Service::named(db, words, MAX).await?.into_iter().map(Thing::Service).collect();
    found.extend(Policy::named(db, words, MAX).await?.into_iter().map(Thing::Policy));
    found.extend(Schedule::named(db, words, MAX).await?.into_iter().map(Thing::Schedule));
    let hits = searched(ctx, words).await?;
    let sure = hits.into_iter().filter(|it| it.1).map(|it| it.0);
    for subject in sure {
        found.extend(referenced(ctx, &EntityRef::parse(&subject.reference, None, "default")?).await?);
    }
    Ok(found)
}

/// What search finds in names, each with whether it is no guess.
async fn searched(ctx: &Ctx, words: &str) -> Result<Vec<(Subject, bool)>, Failure> {
    let Some(query) = Query::new(words) else { return Ok(Vec::new()) };
    let hits = crate::search::find(ctx, &query, MAX, 0).await?;
    let named = |field: &str| matches!(field, "name" | "display name" | "title");
    let told = hits.hits.into_iter().map(|it| {
        let sure = it.how != Match::Alike && named(&it.field);
        (it.subject, sure)
    });
    Ok(told.collect())
}

/// The repository that the words name, or else what lies in the deepest folder that contains the path.
async fn placed(ctx: &Ctx, words: &str) -> Result<Vec<Thing>, Failure> {
    let Some(place) = place::read(words) else { return Ok(Vec::new()) };
    for (repository, path) in &place.readings {
        let Some(repository) = repository else { continue };
        if path.is_empty() {
            let entities = Placed::in_repository(&ctx.db, repository).await?;
            if !entities.is_empty() {
                return Ok(vec![Thing::Repository(repository.clone(), entities)]);
            }
            continue;
        }
        let folders = Placed::in_folders(&ctx.db, Some(repository), &place::above(path, true)).await?;
        let entities = match folders.is_empty() {
            // Nothing says where in the repository its entities are: they are all that one can ask.
            true => (Placed::in_repository(&ctx.db, repository).await?, String::new()),
            false => deepest(folders),
        };
        if !entities.0.is_empty() {
            return Ok(vec![Thing::Path(place.words.clone(), entities.0, entities.1)]);
        }
    }
    let Some((_, path)) = place.readings.iter().find(|it| it.0.is_none()) else { return Ok(Vec::new()) };
    let folders = Placed::in_folders(&ctx.db, None, &place::above(path, false)).await?;
    let mut repositories: Vec<_> = folders.iter().map(|it| it.repository.clone()).collect();
    repositories.sort_unstable();
    repositories.dedup();
    let each = repositories.into_iter().take(MAX as usize).map(|repository| {
        let within: Vec<Placed> = folders.iter().filter(|it| it.repository == repository).cloned().collect();
        let words = match &repository {
            Some(it) => format!("{it}/{path}"),
            None => path.clone(),
        };
        let (entities, folder) = deepest(within);
        (words, entities, folder)
    });
    let each: Vec<(String, Vec<String>, String)> = each.collect();
    // Of several repositories those with the deepest folder are meant.
    let depth = each.iter().map(|it| it.2.matches('/').count()).max().unwrap_or_default();
    let each = each.into_iter().filter(|it| it.2.matches('/').count() == depth);
    Ok(each.map(|(words, entities, folder)| Thing::Path(words, entities, folder)).collect())
}

/// Those of the deepest folder, which come first.
fn deepest(folders: Vec<Placed>) -> (Vec<String>, String) {
    let folder = folders.first().map(|it| it.folder.clone()).unwrap_or_default();
    (folders.into_iter().filter(|it| it.folder == folder).map(|it| it.entity).collect(), folder)
}

/// What words that mean nothing may have meant.
pub(crate) async fn guesses(ctx: &Ctx, words: &str) -> Result<Vec<Thing>, Failure> {
    let mut guesses = Vec::new();
    for (subject, _) in searched(ctx, words.rsplit(['/', ':']).next().unwrap_or(words)).await? {
        guesses.extend(referenced(ctx, &EntityRef::parse(&subject.reference, None, "default")?).await?);
    }
    Ok(guesses)
}

/// That the words mean nothing, with what they may have meant.
async fn nothing(ctx: &Ctx, words: &str) -> Result<Failure, Failure> {
    let shown: String = words.chars().take(100).collect();
    let card = Card::new("Nobody can be on call for that").tone(Tone::Warn).results(0);
    let card = card
        .text(Text::plain("Neither PagerDuty nor the catalog has anything called ").then(Text::code(shown)).then("."));
    let guesses = guesses(ctx, words).await?;
    let card = match guesses.is_empty() {
        true => card.text(
            "Ask for a service, a team, a repository such as owner/name, a path in one, a person, or a policy or schedule of PagerDuty.",
        ),
        false => guesses.iter().take(3).fold(card.text("Did you mean one of these?"), |card, it| {
            card.item(it.label(), it.kind()).read(it.label(), it.ask())
        }),
    };
    Ok(UserError::from(card.read("Everybody on call", Asks::oncall_all(1))).into())
}
