//! What people are told of a reading of the directory, in the transaction that keeps it.

use console::act;
use console::notify::{self, sync};
use domain::PgConnection;
use domain::entity::Entity;
use domain::org_plan::OrgPlan;
use domain::run::Run;

use super::silence;

/// Entities that a summary names.
const NAMED: i64 = 12;

/// Keeps a reading that failed, and tells when there was none for long, and that what somebody accepted was not applied.
pub(super) async fn failed(db: &mut PgConnection, run: &Run) -> anyhow::Result<()> {
    run.keep(&mut *db).await?;
    silence::failed(&mut *db, run).await?;
    let accepted = run.accepted_by.is_some();
    if let Some(plan) = Run::refused(&mut *db, run.source).await?.filter(|_| accepted) {
        let review = act::sync::review(&mut *db).await?;
        let (key, card) = sync::unread(run, &plan, vec![review]);
        notify::edit(&mut *db, &key, &card).await?;
    }
    Ok(())
}

/// Keeps a reading whose plan was refused, and tells whoever can accept it.
pub(super) async fn refused(
    db: &mut PgConnection,
    run: &Run,
    refusals: &[String],
    somebody_must_act: bool,
) -> anyhow::Result<()> {
    run.keep(&mut *db).await?;
    if somebody_must_act {
        let review = act::sync::review(&mut *db).await?;
        notify::put(&mut *db, &sync::alarm(run, refusals, vec![review])).await?;
    }
    Ok(())
}

/// Keeps a reading that was applied, tells who came and left, and that what was wrong before is no more.
pub(super) async fn read(db: &mut PgConnection, run: &Run, plan: &OrgPlan) -> anyhow::Result<()> {
    for refused in Run::refused_since(&mut *db, run.source).await? {
        let (key, card) = sync::settled(run, &refused);
        notify::edit(&mut *db, &key, &card).await?;
    }
    silence::heard(&mut *db, run).await?;
    run.keep(&mut *db).await?;
    let unowned = Entity::left_behind(&mut *db, &gone(plan), NAMED).await?;
    if let Some(message) = sync::summary(run, plan, &unowned) {
        notify::put(&mut *db, &message).await?;
    }
    Ok(())
}

/// References of people and groups who are no longer there under that name.
fn gone(plan: &OrgPlan) -> Vec<String> {
    let renamed = plan.changed.iter().filter(|(before, now)| *before != now.name).map(|it| &it.0);
    let people = plan.left.iter().map(|it| &it.1).chain(renamed).map(|it| ("user", it));
    let renamed = plan.altered.iter().filter(|(before, now)| *before != now.name).map(|it| &it.0);
    let groups = plan.closed.iter().map(|it| &it.1).chain(renamed).map(|it| ("group", it));
    people.chain(groups).map(|(kind, name)| format!("{kind}:default/{}", name.to_lowercase())).collect()
}
