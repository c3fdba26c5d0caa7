//! From words to a pull request.

use cards::{Card, Text, Tone};
use domain::PgConnection;
use domain::github::{Whole, list, repositories};

use super::reference::Reference;
use super::{turn, words};
use crate::{Asks, Failure, UserError};

/// More than these are not offered.
const MAX: i64 = 5;

/// GitHub's ids of what these words may mean, the likeliest first.
pub(super) async fn find(db: &mut PgConnection, words: &str) -> Result<Vec<i64>, Failure> {
    let Some(it) = Reference::read(words) else { return Ok(Vec::new()) };
    Ok(list::numbered(db, it.number, it.repository.as_deref(), MAX + 1).await?)
}

/// That these words name none, and what to type.
pub(super) async fn nothing(db: &mut PgConnection, words: &str) -> Result<Failure, Failure> {
    let shown: String = words.trim().chars().take(100).collect();
    let advice = match Reference::read(words) {
        None => Text::plain("Name it by its address at GitHub, or like ").then(Text::code("owner/name#7")).then("."),
        Some(Reference { repository: Some(it), .. }) if repositories::named(&mut *db, &it).await?.is_empty() => {
            Text::plain("GitHub has told nothing of the repository ")
                .then(Text::code(it))
                .then(". Its events must reach PinConsole: the page of its status says whether GitHub's do.")
        }
        Some(_) => Text::plain("GitHub has told of no pull request with this number there."),
    };
    let card = Card::new(format!("There is no pull request “{shown}” here")).tone(Tone::Warn).text(advice);
    Ok(UserError::from(card.read("Open pull requests", Asks::pulls(None, 1)).results(0)).into())
}

/// The card that asks which one is meant.
pub(super) async fn choose(db: &mut PgConnection, words: &str, ids: &[i64]) -> Result<Card, Failure> {
    let shown: String = words.trim().chars().take(100).collect();
    let most = usize::try_from(MAX).unwrap_or(usize::MAX);
    let found = Whole::of(db, &ids[..ids.len().min(most)]).await?;
    let card = Card::new(format!("Which “{shown}” do you mean?")).tone(Tone::Warn).results(found.len());
    let card = match ids.len() > most {
        true => card.text(
            Text::plain("Others have this number, too. Say where it is, like ")
                .then(Text::code("owner/name#7"))
                .then("."),
        ),
        false => card,
    };
    let card = found.iter().fold(card, |card, it| card.item(turn::name(it), words::standing(it)));
    Ok(found.iter().fold(card, |card, it| card.read(it.reference(), Asks::pull(&it.reference()))))
}
