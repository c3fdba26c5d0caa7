//! Who is on call for an entity, in two facts.

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::incidents::Known;
use domain::reference::EntityRef;

use super::{Duty, duties, freshness, local, together, who};
use crate::{Asks, Ctx, Failure, words};

/// Who is on call for the service that an entity names, and what is broken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Brief {
    duty: Option<Duty>,
    open: i64,
    known: Known,
    now: DateTime<Utc>,
}

/// The same for the service with this id, where PagerDuty has it.
pub(crate) async fn brief(ctx: &Ctx, service: &str) -> Result<Option<Brief>, Failure> {
    let id = [service.to_string()];
    let Some(service) = together::services(ctx, &id).await?.pop() else { return Ok(None) };
    let now = Utc::now();
    let policies = service.policy_id.iter().cloned().collect::<Vec<_>>();
    let policies = together::policies(ctx, &policies).await?;
    // Nothing but this moment is told.
    let duty = duties(ctx, policies, &[], (now, now + chrono::TimeDelta::microseconds(1))).await?.pop();
    let open = together::open(ctx, &id).await?;
    Ok(Some(Brief { duty, open, known: together::known(ctx).await?, now }))
}

/// Adds the facts to an entity's card, which then tells of the moment.
pub(crate) fn facts(card: Card, Brief { duty, open, known, now }: &Brief, entity: &EntityRef) -> Card {
    let levels = duty.iter().flat_map(|it| &it.rungs).take(2).map(|rung| {
        let names = rung.on.iter().map(|it| match local(it.who.time_zone.as_deref(), *now) {
            Some(local) => who(&it.who).then(format!(" ({local})")),
            None => who(&it.who),
        });
        let names = if rung.on.is_empty() { Text::plain("nobody") } else { Text::joined(names, ", ") };
        Text::plain(format!("{}. ", rung.level)).then(names)
    });
    let levels = Text::joined(levels, " · ");
    let nobody = duty.as_ref().and_then(|it| it.rungs.first()).is_none_or(|it| it.on.is_empty());
    let oncall = if levels.is_empty() { Text::plain("nobody, as far as is known") } else { levels };
    let card = card.fact("On call now", oncall.then(" · ").then(freshness(known)));
    let card = if nobody && card.tone == Tone::Neutral { card.tone(Tone::Warn) } else { card };
    let card = match open {
        0 => card.fact("Open incidents", "none"),
        open => card
            .tone(Tone::Bad)
            .fact("Open incidents", words::count(*open, "open incident", "open incidents"))
            .read("Open incidents", Asks::incident_list(Some(&entity.to_string()), 1)),
    };
    card.passing()
}
