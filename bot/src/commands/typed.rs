use std::collections::BTreeMap;

use cards::{Card, Text, Tone};
use console::act::{self, Asker, Deed, Seen};
use console::{Asks, Ctx, Reply, UserError};

/// Does, or shows, what was typed with its arguments, as a form with the same answers would.
pub(super) async fn typed(
    ctx: &Ctx,
    asker: Asker<'_>,
    deed: &Deed,
    (answers, command): (Vec<(&'static str, String)>, &str),
) -> Reply {
    let answers: BTreeMap<String, String> = answers.into_iter().map(|(name, it)| (name.into(), it)).collect();
    match act::form::read(ctx, asker, deed, &answers).await? {
        Ok(input) => act::review(ctx, asker, deed, (Seen::Now, &input)).await,
        Err(wrong) => {
            let card = Card::new("That is not complete").tone(Tone::Warn);
            let card = wrong.iter().fold(card, |card, (field, what)| card.item(Text::code(*field), what.as_str()));
            Err(UserError::from(card.read("Help", Asks::help_on(command)).results(0)).into())
        }
    }
}
