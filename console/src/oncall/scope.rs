//! Which services and policies a thing has to do with.

use std::collections::BTreeSet;

use cards::Text;
use domain::entity::Entity;
use domain::incidents::{Policy, Service, Watch};
use domain::reference::EntityRef;

use super::{Thing, together};
use crate::{Asks, Ctx, Failure, words};

/// The services and policies behind a thing, and how one came to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// The services.
    pub services: Vec<Service>,
    /// The entities that name them.
    pub watched: Vec<Watch>,
    /// The policies, by name.
    pub policies: Vec<Policy>,
    /// How one came to them, where that is not plain.
    pub notes: Vec<Text>,
    /// Whether they are those of what surrounds the thing, since it names none itself.
    pub borrowed: bool,
}

/// The services and policies of a thing; a person has none.
pub async fn scope(ctx: &Ctx, thing: &Thing) -> Result<Scope, Failure> {
    match thing {
        Thing::Service(it) => with_policies(ctx, Scope { services: vec![it.clone()], ..Scope::default() }).await,
        Thing::Policy(it) => of_policies(ctx, vec![it.clone()]).await,
        Thing::Schedule(it) => of_policies(ctx, Policy::asking(&ctx.db, &it.id).await?).await,
        Thing::Entity(reference, _) => of_entity(ctx, reference).await,
        Thing::Group(reference, _) => of_owner(ctx, reference, Vec::new()).await,
        Thing::Repository(_, entities) => of_entities(ctx, entities, Vec::new()).await,
        Thing::Path(_, entities, folder) => {
            let of = entities.iter().take(MAX_NAMED).map(|it| named(it));
            let note = Text::plain("It belongs to ").then(Text::joined(of, ", "));
            let note = match folder.is_empty() {
                true => note.then(", in the same repository."),
                false => note.then(", whose folder is ").then(Text::code(folder)).then("."),
            };
            of_entities(ctx, entities, vec![note]).await
        }
        Thing::Person(_) => Ok(Scope::default()),
    }
}

/// Names beyond these are not told.
const MAX_NAMED: usize = 5;

async fn of_policies(ctx: &Ctx, policies: Vec<Policy>) -> Result<Scope, Failure> {
    let ids: Vec<String> = policies.iter().map(|it| it.id.clone()).collect();
    Ok(Scope { services: Service::of_policies(&ctx.db, &ids).await?, policies, ..Scope::default() })
}

/// What these entities name; where they name nothing, what the first of them is part of or owned by.
async fn of_entities(ctx: &Ctx, entities: &[String], notes: Vec<Text>) -> Result<Scope, Failure> {
    let watched = Service::of_entities(&ctx.db, entities).await?;
    let watched: Vec<Watch> = watched.into_iter().map(|(service, entity)| Watch { service, entity }).collect();
    match entities.first() {
        Some(first) if watched.is_empty() => {
            let found = of_entity(ctx, &EntityRef::parse(first, None, "default")?).await?;
            Ok(Scope { notes: notes.into_iter().chain(found.notes).collect(), ..found })
        }
        _ => of_watched(ctx, watched, notes).await,
    }
}

/// What an entity's annotation names, else the services of its parts, of its system, or of its owner.
async fn of_entity(ctx: &Ctx, reference: &EntityRef) -> Result<Scope, Failure> {
    let own = reference.to_string();
    let watched = together::of_entity(ctx, &own).await?;
    if !watched.is_empty() {
        let watched = watched.into_iter().map(|(service, entity)| Watch { service, entity }).collect();
        return of_watched(ctx, watched, Vec::new()).await;
    }
    let parts = Watch::of_parts(&ctx.db, &own).await?;
    if !parts.is_empty() {
        return of_watched(ctx, parts, vec![Text::plain("These are the services of its parts.")]).await;
    }
    let silent = named(&own).then(" names no PagerDuty service of its own. ");
    let Some(entity) = Entity::with_reference(&ctx.db, &own).await? else { return Ok(Scope::default()) };
    if let Some(system) = entity.document.system().map(|it| it.to_string()) {
        let parts = Watch::of_parts(&ctx.db, &system).await?;
        if !parts.is_empty() {
            let note = silent.then("These are the services of its system, ").then(named(&system)).then(".");
            return Ok(Scope { borrowed: true, ..of_watched(ctx, parts, vec![note]).await? });
        }
    }
    match entity.document.owner() {
        Some(owner) => {
            let note = silent.then("These are the services of its owner, ").then(named(&owner.to_string())).then(".");
            Ok(Scope { borrowed: true, ..of_owner(ctx, &owner, vec![note]).await? })
        }
        None => Ok(Scope::default()),
    }
}

async fn of_owner(ctx: &Ctx, owner: &EntityRef, notes: Vec<Text>) -> Result<Scope, Failure> {
    let watched = Watch::of_owners(&ctx.db, &[owner.to_string()]).await?;
    let notes = if watched.is_empty() { Vec::new() } else { notes };
    of_watched(ctx, watched, notes).await
}

async fn of_watched(ctx: &Ctx, watched: Vec<Watch>, mut notes: Vec<Text>) -> Result<Scope, Failure> {
    let ids: BTreeSet<String> = watched.iter().map(|it| it.service.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let services = together::services(ctx, &ids).await?;
    for lost in watched.iter().filter(|it| !services.iter().any(|service| service.id == it.service)) {
        let note = named(&lost.entity).then(" names the service ").then(Text::code(&lost.service));
        notes.push(note.then(", which PagerDuty does not have, or which was not read yet."));
    }
    notes.truncate(MAX_NAMED);
    with_policies(ctx, Scope { services, watched, notes, ..Scope::default() }).await
}

async fn with_policies(ctx: &Ctx, scope: Scope) -> Result<Scope, Failure> {
    let ids: BTreeSet<String> = scope.services.iter().filter_map(|it| it.policy_id.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    Ok(Scope { policies: together::policies(ctx, &ids).await?, ..scope })
}

/// A reference as a link with its name.
fn named(reference: &str) -> Text {
    match Asks::subject(reference).and_then(|it| it.page) {
        Some(page) => Text::page(words::owner(reference), page),
        None => Text::code(reference),
    }
}

impl Scope {
    /// Ids of its services.
    pub fn service_ids(&self) -> Vec<String> {
        self.services.iter().map(|it| it.id.clone()).collect()
    }

    /// Ids of its policies.
    pub fn policy_ids(&self) -> Vec<String> {
        self.policies.iter().map(|it| it.id.clone()).collect()
    }
}
