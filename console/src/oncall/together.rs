//! What answers about on-call are made from, read once for all who ask at the same time.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, Utc};
use domain::entity::Entity;
use domain::incidents::{Incident, Known, Level, OnCall, Policy, Service, Which};

use crate::batch::Batch;
use crate::{Ctx, Failure};

/// A policy, and from when until when its turns are wanted.
type Stretch = (String, DateTime<Utc>, DateTime<Utc>);

/// What is asked for by many at once.
#[derive(Default)]
pub(crate) struct Together {
    known: Batch<(), Known>,
    titles: Batch<String, String>,
    of_entities: Batch<String, Vec<(String, String)>>,
    services: Batch<String, Service>,
    policies: Batch<String, Policy>,
    levels: Batch<String, Vec<(String, Level)>>,
    turns: Batch<Stretch, Vec<OnCall>>,
    open: Batch<String, i64>,
}

/// How much is known now.
pub(super) async fn known(ctx: &Ctx) -> Result<Known, Failure> {
    let read = |_| async { Ok(HashMap::from([((), Known::now(&ctx.db).await?)])) };
    Ok(ctx.shared.oncall.known.ask((), read).await?.unwrap_or_default())
}

/// What people call an entity; none where there is none.
pub(super) async fn title(ctx: &Ctx, reference: &str) -> Result<Option<String>, Failure> {
    let read = |references: Vec<String>| async move {
        let found = Entity::with_references(&ctx.db, &references).await?;
        Ok(found.into_iter().map(|it| (it.reference, it.document.display_name().to_string())).collect())
    };
    Ok(ctx.shared.oncall.titles.ask(reference.into(), read).await?)
}

/// Ids of the services that an entity's annotation names, with the entity.
pub(super) async fn of_entity(ctx: &Ctx, reference: &str) -> Result<Vec<(String, String)>, Failure> {
    let read = |references: Vec<String>| async move {
        Ok(grouped(Service::of_entities(&ctx.db, &references).await?, |it| it.1.clone()))
    };
    Ok(ctx.shared.oncall.of_entities.ask(reference.into(), read).await?.unwrap_or_default())
}

/// The services with these ids, by name.
pub(super) async fn services(ctx: &Ctx, ids: &[String]) -> Result<Vec<Service>, Failure> {
    let [id] = ids else { return Ok(Service::with_ids(&ctx.db, ids).await?) };
    let read = |ids: Vec<String>| async move {
        Ok(Service::with_ids(&ctx.db, &ids).await?.into_iter().map(|it| (it.id.clone(), it)).collect())
    };
    Ok(ctx.shared.oncall.services.ask(id.clone(), read).await?.into_iter().collect())
}

/// The policies with these ids, by name.
pub(super) async fn policies(ctx: &Ctx, ids: &[String]) -> Result<Vec<Policy>, Failure> {
    let [id] = ids else { return Ok(Policy::with_ids(&ctx.db, ids).await?) };
    let read = |ids: Vec<String>| async move {
        Ok(Policy::with_ids(&ctx.db, &ids).await?.into_iter().map(|it| (it.id.clone(), it)).collect())
    };
    Ok(ctx.shared.oncall.policies.ask(id.clone(), read).await?.into_iter().collect())
}

/// The levels of these policies.
pub(super) async fn levels(ctx: &Ctx, policies: &[String]) -> Result<Vec<(String, Level)>, Failure> {
    let [policy] = policies else { return Ok(Level::of(&ctx.db, policies).await?) };
    let read =
        |policies: Vec<String>| async move { Ok(grouped(Level::of(&ctx.db, &policies).await?, |it| it.0.clone())) };
    Ok(ctx.shared.oncall.levels.ask(policy.clone(), read).await?.unwrap_or_default())
}

/// The turns of these policies from a moment near now until another.
pub(super) async fn turns(
    ctx: &Ctx,
    policies: &[String],
    (at, end): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<OnCall>, Failure> {
    let [policy] = policies else { return Ok(during(ctx, policies, (at, end)).await?) };
    let read = |stretches: Vec<Stretch>| async move {
        let mut policies: Vec<String> = stretches.iter().map(|it| it.0.clone()).collect();
        policies.sort_unstable();
        policies.dedup();
        // They ask within moments of each other: what is wanted by all is little more than what is wanted by one.
        let from = stretches.iter().map(|it| it.1).min().unwrap_or(at);
        let until = stretches.iter().map(|it| it.2).max().unwrap_or(end);
        let found = grouped(during(ctx, &policies, (from, until)).await?, |it| it.shift.policy_id.clone());
        let within = |stretch: &Stretch| {
            let all = found.get(&stretch.0).into_iter().flatten();
            all.filter(|it| it.shift.starts_at < stretch.2 && it.shift.ends_at.is_none_or(|end| end > stretch.1))
                .cloned()
                .collect()
        };
        let each = stretches.iter().map(|it| (it.clone(), within(it)));
        Ok(each.collect())
    };
    Ok(ctx.shared.oncall.turns.ask((policy.clone(), at, end), read).await?.unwrap_or_default())
}

/// How many incidents of these services are open.
pub(super) async fn open(ctx: &Ctx, services: &[String]) -> Result<i64, Failure> {
    let [service] = services else { return Ok(Incident::open_of(&ctx.db, services).await?.values().sum()) };
    let read = |services: Vec<String>| async move { Incident::open_of(&ctx.db, &services).await };
    Ok(ctx.shared.oncall.open.ask(service.clone(), read).await?.unwrap_or_default())
}

async fn during(ctx: &Ctx, policies: &[String], stretch: (DateTime<Utc>, DateTime<Utc>)) -> sqlx::Result<Vec<OnCall>> {
    OnCall::during(&ctx.db, Which::Policies(policies), stretch).await
}

/// What was read for many, told apart.
fn grouped<K: Eq + Hash, V>(all: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for it in all {
        groups.entry(key(&it)).or_default().push(it);
    }
    groups
}
