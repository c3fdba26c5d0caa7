//! What happened to an incident, and how one is found.

use cards::{Card, Text};
use domain::incidents::{Incident, LogEntry};

use crate::{Asks, Ctx, Failure, PAGE, UserError, incident, paging, words};

/// The incident that a number, an id of PagerDuty or an address of it means.
pub async fn find(ctx: &Ctx, words: &str) -> Result<Incident, Failure> {
    let words = words::typed(words);
    let words = words.trim_start_matches('#');
    let last = words.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = last.rsplit('/').next().unwrap_or_default();
    let found = match last.parse::<i64>() {
        Ok(number) => Incident::numbered(&ctx.db, number).await?,
        Err(_) => Incident::with_id(&ctx.db, last).await?,
    };
    found.ok_or_else(|| missing(last).into())
}

/// The card of one incident with everything that can be pressed.
pub async fn shown(ctx: &Ctx, found: Incident) -> Result<Card, Failure> {
    let mut db = ctx.db.acquire().await?;
    let view = incident::around(&mut db, found, chrono::Utc::now()).await?;
    let buttons = incident::buttons(&mut db, &view.incident).await?;
    let mut card = incident::card(&view).results(1);
    card.actions.extend(buttons);
    Ok(card)
}

/// A page of what happened to an incident, the newest first.
pub async fn answer(ctx: &Ctx, found: &Incident, page: u32) -> Result<Card, Failure> {
    let (entries, total) = LogEntry::page(&ctx.db, &found.id, (PAGE, paging::offset(page))).await?;
    // Whoever turns beyond the last page gets the first one.
    let (page, (entries, total)) = match entries.is_empty() && page > 1 {
        true => (1, LogEntry::page(&ctx.db, &found.id, (PAGE, 0)).await?),
        false => (page, (entries, total)),
    };
    let card =
        Card::new(format!("Log of {}", incident::title(found))).tone(incident::tone(found.status, found.urgency));
    let card = card.results(usize::try_from(total).unwrap_or_default()).freshness(incident::freshness(found));
    let card = if total == 0 { card.text("Nothing was told of it yet.") } else { card };
    let card = entries.iter().fold(card, |card, it| {
        let at = Text::moment(it.at);
        let note = if it.text.trim().is_empty() { at } else { Text::plain(short(&it.text)).then(" · ").then(at) };
        card.item(incident::happened(it), note)
    });
    let ask = |page| Asks::incident_log_turned(found.number, page);
    let card = paging::turn(card, page, entries.len(), total, ask).read("The incident", Asks::incident(found.number));
    Ok(match ask(page).page {
        Some(page) => card.page(page),
        None => card,
    })
}

/// Longer notes are cut in a list.
const MAX_TEXT: usize = 500;

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn missing(words: &str) -> UserError {
    let words: String = words.chars().take(100).collect();
    let card = Card::new("There is no such incident").tone(cards::Tone::Warn).results(0);
    let card = card.text(Text::plain("No incident is known under ").then(Text::code(words)).then("."));
    UserError::from(card.read("Open incidents", Asks::incident_list(None, 1)))
}
