//! How the outbox fares: what waits, for how long, and what nobody got.

use cards::{Card, Text};
use domain::PgPool;
use domain::outbox_list::Count;

use crate::Failure;

/// How the outbox fares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// The lanes that were ever used, the most urgent first.
    pub lanes: Vec<Count>,
}

impl View {
    /// How many messages nobody got.
    pub fn dead(&self) -> i64 {
        self.lanes.iter().map(|it| it.dead).sum()
    }

    /// How many wait.
    pub fn waiting(&self) -> i64 {
        self.lanes.iter().map(|it| it.waiting).sum()
    }
}

/// How the outbox fares now.
pub async fn load(db: &PgPool) -> Result<View, Failure> {
    Ok(View { lanes: Count::all(db).await? })
}

/// Adds the outbox to a card, if anything was ever sent.
pub fn section(card: Card, view: &View) -> Card {
    if view.lanes.is_empty() {
        return card;
    }
    let card = card.heading("Messages to people");
    let card = card.table(
        ["Lane", "Waiting", "Oldest", "Sent", "Perhaps twice", "Nobody got"],
        view.lanes.iter().map(row).collect(),
    );
    match view.dead() {
        0 => card,
        _ => card.text(
            Text::plain("See why with ")
                .then(Text::code("pinconsole outbox list --state dead"))
                .then("; once that is mended, ")
                .then(Text::code("pinconsole outbox retry --all-dead"))
                .then(" sends them."),
        ),
    }
}

fn row(it: &Count) -> Vec<Text> {
    let numbers = [it.sent, it.unsettled, it.dead].map(|it| Text::plain(it.to_string()));
    let oldest = it.oldest.map_or(Text::plain("–"), Text::ago);
    let first = [Text::plain(it.lane.as_str()), Text::plain(it.waiting.to_string()), oldest];
    first.into_iter().chain(numbers).collect()
}

#[cfg(test)]
mod tests {
    use domain::outbox::Lane;

    use super::*;

    #[test]
    fn a_dead_letter_says_what_to_do() {
        let card = Card::new("Status");
        assert_eq!(section(card.clone(), &View::default()), card);
        let lane = Count { lane: Lane::Page, waiting: 1, oldest: None, dead: 0, sent: 5, unsettled: 0 };
        let well = View { lanes: vec![lane.clone()] };
        assert!(!format!("{:?}", section(card.clone(), &well)).contains("outbox retry"));
        let dead = View { lanes: vec![Count { dead: 2, ..lane }] };
        assert!(format!("{:?}", section(card, &dead)).contains("outbox retry"));
    }
}
