use cards::{Card, Text};
use domain::incidents::{Around, Incident, Status, Tied, Turn, Urgency};

use super::people::{all, somebody};
use super::{View, one_line, status};
use crate::words;

/// Levels of the policy that are shown: who is woken first, and who next.
const LEVELS: i16 = 2;

/// Dashboards that are shown.
const DASHBOARDS: usize = 5;

pub(super) fn facts(card: Card, View { incident, around, .. }: &View) -> Card {
    let card = card.fact("Status", state(incident)).fact("Since", Text::moment(incident.created_at));
    let card = card.fact("Service", service(incident, around)).fact("Owner", owners(&around.entities));
    let asked = if incident.status == Status::Resolved { Text::default() } else { all(around.asked.iter()) };
    let card = card.fact("Asked", asked).fact("Helping", helping(around)).fact("On call", on_call(&around.on_call));
    let card = elsewhere(links(card, &around.entities), incident);
    match &incident.changed_by {
        Some(who) => card.fact("Last change", format!("by {}", one_line(who))),
        None => card,
    }
}

/// What several incidents of one service have in common.
pub(super) fn shared(card: Card, View { incident, around, .. }: &View) -> Card {
    let card = card.fact("Service", service(incident, around)).fact("Owner", owners(&around.entities));
    links(card.fact("On call", on_call(&around.on_call)), &around.entities)
}

fn state(incident: &Incident) -> Text {
    let urgency = match incident.urgency {
        Urgency::High => "high urgency",
        Urgency::Low => "low urgency",
    };
    let priority = incident.priority.as_deref().map(one_line);
    let words = [Some(capital(status(incident.status))), Some(urgency.into()), priority];
    let words = Text::plain(words.into_iter().flatten().collect::<Vec<_>>().join(" · "));
    match (incident.status, incident.resolved_at) {
        (Status::Resolved, Some(at)) => words.then(" · ended ").then(Text::moment(at)),
        _ => words,
    }
}

/// The entities whose service it is, else what PagerDuty calls it.
fn service(incident: &Incident, around: &Around) -> Text {
    let name = around.service.as_deref().map_or_else(|| incident.service_id.clone(), one_line);
    match around.entities.as_slice() {
        [] => Text::plain(name).then(" (no entity of the catalog names it)"),
        tied => {
            let entities = Text::joined(tied.iter().map(|it| words::named(&it.reference, &it.title)), ", ");
            if tied.len() == 1 && tied[0].title == name { entities } else { entities.then(format!(" ({name})")) }
        }
    }
}

/// Who owns it, each once.
fn owners(tied: &[Tied]) -> Text {
    let mut seen: Vec<&str> = Vec::new();
    let mut owners = Vec::new();
    for it in tied {
        let Some(reference) = it.owner.as_deref().filter(|it| !seen.contains(it)) else { continue };
        seen.push(reference);
        owners.push(match (&it.owner_title, &it.owner_name) {
            (Some(title), Some(name)) if reference.starts_with("user:") => Text::person(name, title),
            (Some(title), _) => words::named(reference, title),
            (None, _) => Text::code(reference).then(" (missing)"),
        });
    }
    Text::joined(owners, ", ")
}

/// Whoever is woken first and next.
fn on_call(turns: &[Turn]) -> Text {
    let levels = (1..=LEVELS).filter_map(|level| {
        let those: Vec<&Turn> = turns.iter().filter(|it| it.level == level).collect();
        let names = all(those.iter().map(|it| &it.who));
        (!names.is_empty()).then(|| Text::plain(format!("level {level}: ")).then(names))
    });
    Text::joined(levels, " · ")
}

fn helping(around: &Around) -> Text {
    let each = around.helping.iter().take(8).map(|it| somebody(&it.who).then(format!(" ({})", one_line(&it.state))));
    Text::joined(each, ", ")
}

fn links(card: Card, tied: &[Tied]) -> Card {
    let runbooks = tied.iter().filter_map(|it| it.runbook.as_deref()).map(str::trim).filter(|it| !it.is_empty());
    let dashboards = tied.iter().filter_map(|it| it.dashboards.as_deref()).flat_map(|it| it.split(','));
    let dashboards = dashboards.map(str::trim).filter(|it| !it.is_empty());
    card.fact("Runbook", sites(runbooks)).fact("Dashboards", sites(dashboards))
}

fn elsewhere(card: Card, incident: &Incident) -> Card {
    let card = match &incident.bridge_url {
        Some(url) => card.fact("Bridge", Text::site(one_line(url), url)),
        None => card,
    };
    match &incident.url {
        Some(url) => card.fact("PagerDuty", Text::site(format!("Incident {}", incident.number), url)),
        None => card,
    }
}

/// Each address once, as a link where it is a plain https one.
fn sites<'a>(all: impl Iterator<Item = &'a str>) -> Text {
    let mut seen: Vec<&str> = Vec::new();
    all.for_each(|it| {
        if !seen.contains(&it) {
            seen.push(it);
        }
    });
    Text::joined(seen.into_iter().take(DASHBOARDS).map(|it| Text::site(one_line(it), it)), ", ")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |it| it.to_uppercase().chain(letters).collect())
}
