//! Incidents in a list: the open ones, all, or those of a service, a team or a person.

use std::collections::HashMap;

use cards::{Card, Text, Tone};
use domain::incidents::{Assignee, Filter, Incident, Known, Member, Service};
use domain::person::Person;

use crate::oncall::{self, Meant, Thing, choose, meant};
use crate::{Asks, Ctx, Failure, PAGE, incident, paging, words};

/// Which incidents are listed.
#[derive(Clone, Debug, PartialEq)]
pub enum Scope {
    /// Those that are not over.
    Open,
    /// All.
    All,
    /// The open ones of a thing; of a person, those that ask them.
    Of(Box<Thing>, oncall::Scope),
}

/// One page of incidents, the newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    scope: Scope,
    page: u32,
    incidents: Vec<Incident>,
    total: i64,
    services: HashMap<String, String>,
    asked: Vec<(String, Assignee)>,
    known: Known,
}

/// The incidents that these words mean: `open` or nothing, `all`, `me`, or whatever leads to services.
pub async fn answer(ctx: &Ctx, asker: Option<&Person>, words: &str, page: u32) -> Result<Card, Failure> {
    let scope = match (words.trim().to_lowercase().as_str(), asker) {
        ("" | "open", _) => Scope::Open,
        ("all", _) => Scope::All,
        ("me" | "mine", Some(asker)) => Scope::Of(Box::new(Thing::Person(asker.clone())), oncall::Scope::default()),
        _ => match meant(ctx, words).await? {
            Meant::One(thing, scope) => Scope::Of(thing, scope),
            Meant::Several(things) => {
                return Ok(choose(words, &things, |it| Asks::incident_list(Some(&it.words()), 1)));
            }
        },
    };
    Ok(card(&load(ctx, scope, page).await?))
}

async fn load(ctx: &Ctx, scope: Scope, page: u32) -> Result<View, Failure> {
    let (incidents, total) = list(ctx, &scope, page).await?;
    // Whoever turns beyond the last page gets the first one.
    let (page, (incidents, total)) = match incidents.is_empty() && page > 1 {
        true => (1, list(ctx, &scope, 1).await?),
        false => (page, (incidents, total)),
    };
    let of: Vec<String> = incidents.iter().map(|it| it.service_id.clone()).collect();
    let services = Service::with_ids(&ctx.db, &of).await?.into_iter().map(|it| (it.id, it.name)).collect();
    let ids: Vec<String> = incidents.iter().map(|it| it.id.clone()).collect();
    let asked = Assignee::of_all(&ctx.db, &ids).await?;
    Ok(View { scope, page, incidents, total, services, asked, known: Known::now(&ctx.db).await? })
}

async fn list(ctx: &Ctx, scope: &Scope, page: u32) -> Result<(Vec<Incident>, i64), Failure> {
    let (services, policies, members);
    let filter = match scope {
        Scope::Open => Filter { open: true, ..Filter::default() },
        Scope::All => Filter::default(),
        Scope::Of(thing, scope) => match &**thing {
            Thing::Person(person) => {
                members = Member::of_person(&ctx.db, person.id).await?;
                Filter { open: true, members: Some(&members), ..Filter::default() }
            }
            // A policy deals also with incidents that were given to it.
            Thing::Policy(_) | Thing::Schedule(_) => {
                policies = scope.policy_ids();
                Filter { open: true, policies: Some(&policies), ..Filter::default() }
            }
            Thing::Service(_) | Thing::Entity(..) | Thing::Group(..) | Thing::Repository(..) | Thing::Path(..) => {
                services = scope.service_ids();
                Filter { open: true, services: Some(&services), ..Filter::default() }
            }
        },
    };
    Ok(Incident::list(&ctx.db, filter, (PAGE, paging::offset(page))).await?)
}

/// The card of a list of incidents.
pub fn card(view: &View) -> Card {
    let View { scope, page, incidents, total, known, .. } = view;
    let (title, words) = match scope {
        Scope::Open => (words::count(*total, "open incident", "open incidents"), None),
        Scope::All => (words::count(*total, "incident", "incidents"), Some("all".to_string())),
        Scope::Of(thing, _) => {
            let count = words::count(*total, "open incident", "open incidents");
            let of = if matches!(**thing, Thing::Person(_)) { "that ask" } else { "of" };
            (format!("{count} {of} {}", thing.label()), Some(thing.words()))
        }
    };
    let card = Card::new(title).freshness(freshness(known));
    let card = card.results(usize::try_from(*total).unwrap_or_default());
    let card = match (scope, total) {
        (Scope::All, 0) => card.text("No incident was read from PagerDuty yet."),
        (_, 0) => card.tone(Tone::Good).text("Nothing is broken, as far as PagerDuty knows."),
        _ => card,
    };
    let card = incidents.iter().fold(card, |card, it| card.item(name(it), note(it, view)));
    let ask = |page| Asks::incident_list(words.as_deref(), page);
    let card = paging::turn(card, *page, incidents.len(), *total, ask);
    let card = match (scope, incidents.as_slice()) {
        (Scope::All, _) => card.read("Open incidents", Asks::incident_list(None, 1)),
        (Scope::Of(thing, _), _) => {
            card.read("On call", thing.ask()).read("All open incidents", Asks::incident_list(None, 1))
        }
        (Scope::Open, _) => card.read("Also those that are over", Asks::incident_list(Some("all"), 1)),
    };
    match ask(*page).page {
        Some(page) => card.page(page),
        None => card,
    }
}

fn freshness(known: &Known) -> Text {
    match known.read_at {
        Some(_) => oncall::freshness(known),
        None => Text::plain("PagerDuty never read whole yet; its events count as they come"),
    }
}

fn name(it: &Incident) -> Text {
    Text::page(incident::title(it), incident::page(it.number))
}

fn note(it: &Incident, view: &View) -> Text {
    let service = view.services.get(&it.service_id).unwrap_or(&it.service_id);
    let state = format!("{} · {} urgency", incident::status(it.status), it.urgency.as_str());
    let state = match &it.priority {
        Some(priority) => format!("{state} · {priority}"),
        None => state,
    };
    let note = Text::plain(format!("{state} · {service} · since ")).then(Text::moment(it.created_at));
    let asked = view.asked.iter().filter(|asked| asked.0 == it.id).map(|asked| match &asked.1.person {
        Some((_, name)) => Text::person(name, &asked.1.name),
        None => Text::plain(&asked.1.name),
    });
    let asked = Text::joined(asked, ", ");
    if asked.is_empty() { note } else { note.then(" · asks ").then(asked) }
}
