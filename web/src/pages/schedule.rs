use axum::response::Response;
use chrono::{DateTime, Utc};
use console::oncall::schedule::{self, View};
use maud::{Markup, html};

use crate::answer;
use crate::at::At;
use crate::sheet::Sheet;
use crate::visit::Visit;

/// The turns of a schedule, as a strip of fourteen days and as a table.
pub(crate) async fn schedule(visit: Visit, At([id]): At<1>) -> Response {
    let view = schedule::load(visit.ctx(), &id, visit.query.page()).await;
    let strip = match &view {
        Ok(Some(view)) if !view.turns.is_empty() => Some(strip(view)),
        _ => None,
    };
    let card = view.map(|it| it.as_ref().map(schedule::card));
    answer::loaded(&visit, &card, |card| match strip {
        Some(strip) => Sheet::of(card).above(strip),
        None => Sheet::of(card),
    })
}

/// Units of the strip's width and height.
const WIDTH: i64 = 1_400;
const HEIGHT: i64 = 56;

/// Colours of people who take turns; more than these begin anew.
const INKS: usize = 4;

/// A picture of the turns; whoever does not see it reads the table, which says all of it and more.
fn strip(view: &View) -> Markup {
    let (since, until) = view.time;
    let whole = (until - since).num_seconds().max(1);
    let place = |at: DateTime<Utc>| (at.clamp(since, until) - since).num_seconds() * WIDTH / whole;
    let mut people: Vec<&str> = Vec::new();
    let bars: Vec<(i64, i64, usize)> = view
        .turns
        .iter()
        .map(|it| {
            let member = it.shift.member_id.as_str();
            let nth = people.iter().position(|it| *it == member).unwrap_or_else(|| {
                people.push(member);
                people.len() - 1
            });
            let from = place(it.shift.starts_at);
            (from, (it.shift.ends_at.map_or(WIDTH, place) - from).max(1), nth % INKS)
        })
        .collect();
    let mut names: Vec<(usize, &str)> = Vec::new();
    for (nth, member) in people.iter().enumerate() {
        let name = view.turns.iter().find(|it| it.shift.member_id == *member).map_or(*member, |it| it.name.as_str());
        names.push((nth % INKS, name));
    }
    let view_box = format!("0 0 {WIDTH} {HEIGHT}");
    html! {
        figure.strip aria-hidden="true" {
            svg viewBox=(view_box) preserveAspectRatio="none" focusable="false" {
                rect.nobody width=(WIDTH) height=(HEIGHT) {}
                @for (from, width, ink) in &bars {
                    rect class=(format!("ink{ink}")) x=(from) y="0" width=(width) height=(HEIGHT) {}
                }
                @for day in 1..14 { line x1=(WIDTH * day / 14) x2=(WIDTH * day / 14) y1="0" y2=(HEIGHT) {} }
            }
            figcaption {
                @for (ink, name) in names.iter().take(8) { span { i class=(format!("ink{ink}")) {} (name) } }
                @if !view.gaps.is_empty() { span { i.nobody {} "nobody" } }
            }
        }
    }
}
