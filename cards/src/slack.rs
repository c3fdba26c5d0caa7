//! Cards as Slack messages.
//!
//! Content is rich text, whose elements are typed: data in them can neither format, link nor mention. Only the small
//! lines below a card use Slack's markup. Buttons are named `read-<n>`, `act-<n>` and `form-<n>` after the place of
//! their action, `open` (a link, whose press needs nothing but an acknowledgement) and `share`; the value of `read` and
//! `share` is a command, that of `act` and `form` is `<intent>:<version>`.

mod actions;
mod body;
mod inline;
pub(crate) mod limits;
mod mrkdwn;
mod size;
mod table;
mod view;

use serde::Serialize;
use serde_json::{Value, json};

use size::size;

pub use crate::Extras;
use crate::{Card, Reader, limit, terminal, words};
pub use view::{View, view};

/// A message as Slack's methods and response addresses take it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// What notifications and screen readers say.
    pub text: String,
    /// What is drawn.
    pub blocks: Vec<Value>,
}

/// A card as a message.
pub fn message(card: &Card, reader: &Reader<'_>, extras: &Extras) -> Message {
    let header = header(card);
    let tail = actions::tail(card, reader, extras);
    let fixed = size(&header) + tail.iter().map(|it| size(it) + 1).sum::<usize>();
    let body = body::blocks(card, reader, limits::BLOCKS - 1 - tail.len(), limits::MESSAGE.saturating_sub(fixed));
    Message { text: fallback(card, reader), blocks: [header].into_iter().chain(body).chain(tail).collect() }
}

fn header(card: &Card) -> Value {
    let title = limit::line(&card.title);
    let title = if title.is_empty() { "PinConsole" } else { &title };
    json!({ "type": "header", "text": mrkdwn::plain(&format!("{}{title}", words::mark(card.tone)), limits::HEADER) })
}

fn fallback(card: &Card, reader: &Reader<'_>) -> String {
    let text = terminal::text(card, reader, terminal::Style { colour: false, width: 100 });
    limit::fit(text.trim_end(), limits::FALLBACK, mrkdwn::escape).text
}
