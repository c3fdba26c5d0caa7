//! What was done and by whom, for those who may read it.

use cards::{Card, Text, Tone};
use domain::audit::Kind;
use domain::audit_chain::Record;
use domain::audit_list::Filter;

use crate::{Asks, Ctx, Failure, PAGE, paging};

/// One page of the audit.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    filter: Filter,
    /// The filter as it was typed.
    typed: String,
    page: u32,
    records: Vec<Record>,
    total: i64,
}

/// One page of what the filter lets through; `typed` are the options that say the same.
pub async fn load(ctx: &Ctx, filter: Filter, typed: String, page: u32) -> Result<View, Failure> {
    let (records, total) = Record::latest(&ctx.db, &filter, PAGE, paging::offset(page)).await?;
    // Whoever turns beyond the last page gets the first one.
    let (page, (records, total)) = match records.is_empty() && page > 1 {
        true => (1, Record::latest(&ctx.db, &filter, PAGE, 0).await?),
        false => (page, (records, total)),
    };
    Ok(View { filter, typed, page, records, total })
}

/// The card of a page of the audit.
pub fn card(View { filter, typed, page, records, total }: &View) -> Card {
    let card = Card::new("Audit").results(usize::try_from(*total).unwrap_or_default());
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    let card = card.fact("Who", some(text(&filter.who))).fact("Action", some(text(&filter.action)));
    let card =
        card.fact("Kind", some(text(&filter.kind))).fact("Since", filter.since.map_or(Text::default(), Text::moment));
    if records.is_empty() {
        return empty(card, filter);
    }
    let card = records.iter().fold(card, |card, it| card.item(line(it), note(it)));
    paging::turn(card, *page, records.len(), *total, |page| Asks::audit(typed, page))
}

/// What is said where there is nothing, by a filter or at all.
fn empty(card: Card, filter: &Filter) -> Card {
    match *filter == Filter::default() {
        true => card.text("Nothing was written down yet. Whatever people do here, or are refused, is from now on."),
        false => card
            .tone(Tone::Warn)
            .text("Nothing like that was written down.")
            .read("Everything that was", Asks::audit("", 1)),
    }
}

fn some(text: String) -> Text {
    if text.is_empty() { Text::default() } else { Text::code(text) }
}

/// Such as `7 ada accept-sync sync:ldap: refused`.
fn line(record: &Record) -> Text {
    let who = match record.who_id {
        Some(_) => Text::person(&record.who, &record.who),
        None => Text::plain(&record.who),
    };
    Text::plain(format!("{} ", record.number))
        .then(who)
        .then(" ")
        .then(Text::code(&record.action))
        .then(" ")
        .then(Text::code(&record.resource))
        .then(format!(": {}", word(record)))
}

fn note(record: &Record) -> Text {
    let note = Text::moment(record.at);
    if record.rule.is_empty() { note } else { note.then(format!(" · {}", record.rule)) }
}

/// What a row says, in a word or two.
fn word(record: &Record) -> String {
    let kind = Kind::ALL.into_iter().find(|it| it.as_str() == record.kind);
    match (kind, &record.outcome, record.intent) {
        (Some(Kind::Intent), ..) => "began".into(),
        (Some(Kind::Outcome), Some(outcome), Some(intent)) => format!("{outcome}, as begun in {intent}"),
        (Some(Kind::Denial), ..) => "was refused".into(),
        (Some(Kind::Change), ..) => "noted".into(),
        // A newer program's word is told as it is.
        _ => record.kind.clone(),
    }
}
