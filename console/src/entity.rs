//! One entity of the catalog.

use std::collections::HashMap;
use std::sync::Arc;

use cards::{Card, Text, Tone};
use domain::document::{RelationKind, annotation};
use domain::entity::Entity;
use domain::reference::EntityRef;
use domain::relation::{self, Related};
use domain::subject::Subject;

use crate::oncall::{self, Brief};
use crate::{Asks, Ctx, Failure, freshness, words};

/// An entity with everything it has to do with others.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    facts: Arc<Facts>,
    /// Who is on call and what is broken, where PagerDuty watches it.
    oncall: Option<Brief>,
    freshness: Text,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Facts {
    entity: Entity,
    related: Vec<(Related, i64)>,
    owner: Option<Subject>,
}

/// Related entities of one kind beyond these are counted, not named.
const MAX_RELATED: i64 = 8;

/// The entity with this reference, where there is one.
pub async fn load(ctx: &Ctx, reference: &EntityRef) -> Result<Option<View>, Failure> {
    let read = |references| read_all(ctx, references);
    let Some(facts) = ctx.shared.entities_read.ask(reference.to_string(), read).await? else { return Ok(None) };
    let oncall = match facts.entity.document.annotation(annotation::PAGERDUTY_SERVICE_ID) {
        Some(service) => oncall::brief(ctx, service).await?,
        None => None,
    };
    Ok(Some(View { facts, oncall, freshness: freshness::all(ctx).await? }))
}

async fn read_all(ctx: &Ctx, references: Vec<String>) -> sqlx::Result<HashMap<String, Arc<Facts>>> {
    let entities = Entity::with_references(&ctx.db, &references).await?;
    let mut related = relation::of(&ctx.db, &references, MAX_RELATED).await?;
    let facts = entities.into_iter().map(|entity| {
        let related = related.remove(&entity.reference).unwrap_or_default();
        let owner = entity.document.owner().map(|it| it.to_string());
        let owner = related.iter().find(|it| Some(&it.0.target) == owner.as_ref()).and_then(|it| it.0.subject.clone());
        (entity.reference.clone(), Arc::new(Facts { entity, related, owner }))
    });
    Ok(facts.collect())
}

/// The card of an entity.
pub fn card(View { facts, oncall, freshness }: &View) -> Card {
    let Facts { entity, related, owner } = &**facts;
    let document = &entity.document;
    let mut card = Card::new(document.display_name()).page(Asks::entity_page(&document.reference)).results(1);
    if let Some(since) = entity.orphaned_at {
        let gone = Text::plain("Its file no longer has it, since ").then(Text::moment(since));
        card = card.tone(Tone::Warn).text(gone.then(". What follows is what was last known."));
    }
    if let Some(description) = &document.metadata.description {
        card = card.text(description.trim());
    }
    card = card.fact("Kind", kind(entity)).fact("Reference", Text::code(&entity.reference));
    card = owned(card, entity, owner.as_ref());
    // Even where PagerDuty does not have the service: it may the next moment.
    if document.annotation(annotation::PAGERDUTY_SERVICE_ID).is_some() {
        card = card.passing();
    }
    if let Some(oncall) = oncall {
        card = oncall::facts(card, oncall, &document.reference);
    }
    card = annotations(card, entity);
    card = relations(card, related);
    card = links(card, entity);
    let origin = Text::plain(" · from ").then(Text::code(format!("{}:{}", entity.location, entity.line)));
    asks(card, entity, owner.as_ref())
        .read("On call", Asks::oncall_of(&document.reference))
        .freshness(freshness.clone().then(origin))
}

fn kind(entity: &Entity) -> String {
    let document = &entity.document;
    let words = [Some(document.kind.as_str()), document.entity_type(), document.lifecycle()];
    words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn owned(card: Card, entity: &Entity, owner: Option<&Subject>) -> Card {
    match (entity.document.owner(), owner) {
        (Some(_), Some(owner)) => card.fact("Owner", words::target(&owner.reference, Some(owner))),
        (Some(reference), None) => {
            let gone = Text::plain("nobody: ").then(Text::code(reference.to_string())).then(" is not known here");
            card.tone(Tone::Warn).fact("Owner", gone)
        }
        (None, _) => card,
    }
}

fn annotations(card: Card, entity: &Entity) -> Card {
    let value = |key| entity.document.annotation(key).filter(|it| !it.trim().is_empty());
    let mut card = card;
    if let Some(tier) = value(annotation::TIER) {
        card = card.fact("Tier", tier);
    }
    if let Some(channel) = value(annotation::SLACK_CHANNEL) {
        card = card.fact("Channel", channel);
    }
    if let Some(slug) = value(annotation::GITHUB_PROJECT_SLUG) {
        card = card.fact("Repository", Text::site(slug, &format!("https://github.com/{slug}")));
    }
    if let Some(runbook) = value(annotation::RUNBOOK_URL) {
        card = card.fact("Runbook", Text::site(runbook, runbook));
    }
    if let Some(dashboards) = value(annotation::DASHBOARDS) {
        let each = dashboards.split(',').map(str::trim).filter(|it| !it.is_empty());
        card = card.fact("Dashboards", Text::joined(each.map(|it| Text::site(it, it)), ", "));
    }
    let tags: Vec<Text> = entity.document.metadata.tags.iter().map(Text::code).collect();
    card.fact("Tags", Text::joined(tags, " "))
}

fn relations(mut card: Card, related: &[(Related, i64)]) -> Card {
    for kind in SHOWN {
        let those: Vec<&(Related, i64)> = related.iter().filter(|it| it.0.relation == kind.as_str()).collect();
        let Some((_, total)) = those.first() else { continue };
        let names = those.iter().map(|it| words::target(&it.0.target, it.0.subject.as_ref()));
        let more = total - i64::try_from(those.len()).unwrap_or_default();
        let names = Text::joined(names, ", ");
        card = card.fact(kind.label(), if more > 0 { names.then(format!(" … and {more} more")) } else { names });
    }
    card
}

/// The relations in reading order; who owns it is told above.
const SHOWN: [RelationKind; 9] = [
    RelationKind::PartOf,
    RelationKind::HasPart,
    RelationKind::ProvidesApi,
    RelationKind::ApiProvidedBy,
    RelationKind::ConsumesApi,
    RelationKind::ApiConsumedBy,
    RelationKind::DependsOn,
    RelationKind::DependencyOf,
    RelationKind::OwnerOf,
];

fn links(mut card: Card, entity: &Entity) -> Card {
    let links = &entity.document.metadata.links;
    if !links.is_empty() {
        card = card.heading("Links");
    }
    for link in links.iter().take(MAX_LINKS) {
        card = card.item(Text::site(link.title.as_deref().unwrap_or(&link.url), &link.url), Text::default());
    }
    card
}

const MAX_LINKS: usize = 10;

fn asks(card: Card, entity: &Entity, owner: Option<&Subject>) -> Card {
    let card = match owner.and_then(|it| Asks::subject(&it.reference).map(|ask| (it, ask))) {
        Some((owner, ask)) => card.read(format!("Owner: {}", owner.title), ask),
        None => card,
    };
    match entity.document.system().map(|it| it.to_string()).and_then(|it| Asks::subject(&it).map(|ask| (it, ask))) {
        Some((system, ask)) => card.read(format!("System: {}", words::owner(&system)), ask),
        None => card,
    }
}
