use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use console::intake::single;
use domain::delivery::State;

/// The longest id or name of an event that is taken; the longest that vendors use have half of that.
const MAX_WORD: usize = 100;

/// What a signed request says that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The sender's id of it.
    pub external_id: String,
    /// What happened, in the sender's word.
    pub event: String,
    /// What was done, where the sender says so.
    pub action: Option<String>,
    /// What it is about; events of one subject are applied in order.
    pub subject: Option<String>,
    /// When it happened, by its sender's clock, where that says so.
    pub source_at: Option<DateTime<Utc>>,
    /// Whether it waits to be applied.
    pub state: State,
}

/// What a signed request lacks, in words for whoever reads the sender's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear(pub String);

/// The only value of a header, where it is an id or a name.
pub(crate) fn word(headers: &HeaderMap, name: &str) -> Result<String, Unclear> {
    let value = single(headers, name).map(str::trim).filter(|it| plain(it));
    value.map(str::to_ascii_lowercase).ok_or_else(|| Unclear(format!("{name} must be there once, as one word")))
}

/// Whether it is fit to be an id or a name.
pub(crate) fn plain(word: &str) -> bool {
    let allowed = |it: u8| it.is_ascii_alphanumeric() || b"-_.:".contains(&it);
    (1..=MAX_WORD).contains(&word.len()) && word.bytes().all(allowed)
}
