use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;

/// Who reads a card, as far as rendering needs to know.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    /// The address below which our own pages lie.
    pub public: &'a Url,
    /// The reader's platform account of each person, by entity name; whoever is missing is shown by name.
    pub mentions: &'a HashMap<String, String>,
    /// The zone in which moments are told where the platform does not know the reader's own.
    pub zone: Tz,
    /// The moment of reading; none for what is read later, too, where a distance from now would soon be wrong.
    pub now: Option<DateTime<Utc>>,
}
