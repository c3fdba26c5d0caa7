//! Who is on call: for a service, a team, a repository, a path, or whatever else leads to an escalation policy.

mod brief;
mod card;
pub mod everybody;
mod find;
pub mod gaps;
mod meant;
mod mine;
mod night;
mod place;
mod rung;
pub mod schedule;
mod scope;
mod thing;
mod together;
pub mod when;

use cards::{Card, Text};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::incidents::{Known, Level, Member, OnCall, Policy, Service, Which};
use domain::person::Person;

use crate::{Asks, Ctx, Failure, PAGE, paging};
pub(crate) use brief::{Brief, brief, facts};
pub(crate) use card::overrides;
pub use find::find;
pub(crate) use find::guesses;
pub use meant::{Meant, choose, meant};
pub(crate) use night::local;
pub(crate) use rung::handover;
use rung::{Rung, rungs};
pub use scope::{Scope, scope};
pub use thing::Thing;
pub(crate) use together::Together;
use when::When;

/// How far ahead answers look.
pub const AHEAD: TimeDelta = TimeDelta::days(14);

/// Who asks for a moment this near to now is answered together with others.
const NEAR: TimeDelta = TimeDelta::minutes(1);

/// The moment that is asked about, and how it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The moment of asking.
    pub now: DateTime<Utc>,
    /// The moment that somebody named; none for now.
    pub named: Option<When>,
}

impl At {
    /// Now.
    pub fn now() -> Self {
        Self { now: Utc::now(), named: None }
    }

    pub(crate) fn moment(&self) -> DateTime<Utc> {
        self.named.map_or(self.now, |it| it.at)
    }
}

/// Who is on call for something at a moment, policy by policy.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    thing: Thing,
    at: At,
    scope: Scope,
    duties: Vec<Duty>,
    page: u32,
    open: i64,
    known: Known,
    freshness: Text,
}

/// Who is on call by one policy.
#[derive(Clone, Debug, PartialEq)]
struct Duty {
    policy: Policy,
    services: Vec<Service>,
    rungs: Vec<Rung>,
}

/// The answer to who is on call for these words; without any, whether the asker is.
pub async fn answer(ctx: &Ctx, asker: Option<&Person>, words: &str, (at, page): (At, u32)) -> Result<Card, Failure> {
    match (words.trim().to_lowercase().as_str(), asker) {
        ("all" | "everybody" | "everyone", _) => Ok(everybody::card(&everybody::load(ctx, page).await?)),
        ("" | "me" | "i" | "myself", Some(asker)) => {
            let hint = words.trim().is_empty();
            Ok(mine::card(&mine::load(ctx, asker, at).await?, hint))
        }
        _ => match meant(ctx, words).await? {
            Meant::One(thing, scope) => of(ctx, *thing, scope, (at, page)).await,
            Meant::Several(things) => Ok(choose(words, &things, Thing::ask)),
        },
    }
}

/// The card of who is on call for one thing.
pub async fn of(ctx: &Ctx, thing: Thing, scope: Scope, (at, page): (At, u32)) -> Result<Card, Failure> {
    match &thing {
        Thing::Person(person) => Ok(mine::card(&mine::load(ctx, person, at).await?, false)),
        _ => Ok(card::card(&load(ctx, thing, scope, (at, page)).await?)),
    }
}

async fn load(ctx: &Ctx, thing: Thing, scope: Scope, (at, page): (At, u32)) -> Result<View, Failure> {
    let shown: Vec<Policy> = scope.policies.iter().skip(skipped(page)).take(PAGE as usize).cloned().collect();
    // Whoever turns beyond the last page gets the first one.
    let (page, shown) = match shown.is_empty() && page > 1 {
        true => (1, scope.policies.iter().take(PAGE as usize).cloned().collect()),
        false => (page, shown),
    };
    let known = together::known(ctx).await?;
    let duties = duties(ctx, shown, &scope.services, (at.moment(), horizon(at.moment(), &known))).await?;
    let services = scope.service_ids();
    let open = if at.named.is_some() { 0 } else { together::open(ctx, &services).await? };
    Ok(View { thing, at, scope, duties, page, open, freshness: freshness(&known), known })
}

fn skipped(page: u32) -> usize {
    usize::try_from(paging::offset(page)).unwrap_or_default()
}

/// What is known ends so far after it was last read.
pub(crate) fn horizon(at: DateTime<Utc>, known: &Known) -> DateTime<Utc> {
    match known.read_at {
        Some(read) if read < at && at - read < AHEAD => read + AHEAD,
        _ => at + AHEAD,
    }
}

async fn duties(
    ctx: &Ctx,
    policies: Vec<Policy>,
    services: &[Service],
    (at, end): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Duty>, Failure> {
    let ids: Vec<String> = policies.iter().map(|it| it.id.clone()).collect();
    let levels = together::levels(ctx, &ids).await?;
    let near = (at - Utc::now()).abs() < NEAR;
    let turns = match near {
        true => together::turns(ctx, &ids, (at, end)).await?,
        false => {
            let which = Which::Policies(&ids);
            OnCall::during(&ctx.db, which, (at, end)).await?
        }
    };
    let duty = |policy: Policy| {
        let levels: Vec<Level> = levels.iter().filter(|it| it.0 == policy.id).map(|it| it.1.clone()).collect();
        let turns: Vec<OnCall> = turns.iter().filter(|it| it.shift.policy_id == policy.id).cloned().collect();
        let of = |it: &&Service| it.policy_id.as_deref() == Some(policy.id.as_str());
        let services = services.iter().filter(of).cloned().collect();
        Duty { rungs: rungs(&levels, &turns, (at, end)), services, policy }
    };
    Ok(policies.into_iter().map(duty).collect())
}

/// How old PagerDuty's facts are.
pub(crate) fn freshness(known: &Known) -> Text {
    match (known.read_at, known.since) {
        (Some(at), _) => Text::plain("PagerDuty read ").then(Text::ago(at)),
        (None, _) => Text::plain("PagerDuty never read whole yet"),
    }
}

/// The zone in which a person lives, as PagerDuty has it.
pub async fn zone(ctx: &Ctx, person: &Person) -> Result<Option<Tz>, Failure> {
    let ids = Member::of_person(&ctx.db, person.id).await?;
    let members = Member::with_ids(&ctx.db, &ids).await?;
    Ok(members.iter().find_map(|it| it.time_zone.as_ref()?.parse().ok()))
}

/// Somebody on call, as a person where the directory has them.
pub(crate) fn who(it: &OnCall) -> Text {
    match &it.person {
        Some((_, name)) => Text::person(name, &it.name),
        None => Text::plain(&it.name),
    }
}

/// The policy as a link to who is on call by it.
pub(crate) fn policy(it: &Policy) -> Text {
    match Asks::oncall_id("policy", &it.id).page {
        Some(page) => Text::page(&it.name, page),
        None => Text::plain(&it.name),
    }
}
