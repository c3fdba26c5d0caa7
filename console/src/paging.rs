use cards::{Ask, Card, Text};

/// How many things one page of an answer lists.
pub const PAGE: i64 = 10;

/// Where a page begins, counted from 0; pages count from 1.
pub(crate) fn offset(page: u32) -> i64 {
    i64::from(page.max(1) - 1) * PAGE
}

/// Says which part is shown and offers the pages beside it, where there is more than one.
pub(crate) fn turn(card: Card, page: u32, shown: usize, total: i64, ask: impl Fn(u32) -> Ask) -> Card {
    let from = offset(page);
    let to = from + i64::try_from(shown).unwrap_or_default();
    if total <= PAGE && page <= 1 {
        return card;
    }
    let card = card.text(Text::plain(format!("{} to {to} of {total}", from + 1)));
    let card = if page > 1 { card.read("Previous page", ask(page - 1)) } else { card };
    if to < total { card.read("Next page", ask(page + 1)) } else { card }
}
