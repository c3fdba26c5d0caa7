use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::Entry;

/// One rule by which an account is disabled.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disabled {
    /// The attribute to look at.
    pub attribute: String,
    /// What it says of a disabled account: `when = "present"`, `"past"`, `{ equals = "TRUE" }` or `{ bit = 2 }`.
    pub when: When,
}

/// What an attribute says of a disabled account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// It is there.
    Present,
    /// It has this value, in any case.
    Equals(String),
    /// It is a number with any of these bits.
    Bit(i64),
    /// It is a moment that has passed: generalized time, or Active Directory's count of 100 nanoseconds since 1601.
    Past,
}

impl Disabled {
    /// A rule.
    pub fn new(attribute: &str, when: When) -> Self {
        Self { attribute: attribute.to_owned(), when }
    }

    /// Whether the entry is disabled by this rule; an error names the value that cannot be understood.
    pub(super) fn holds(&self, entry: &Entry, now: DateTime<Utc>) -> Result<bool, String> {
        let mut any = false;
        for value in entry.values(&self.attribute) {
            let text = String::from_utf8_lossy(value);
            let verdict = match &self.when {
                When::Present => Some(true),
                When::Equals(wanted) => Some(text.eq_ignore_ascii_case(wanted)),
                When::Bit(mask) => text.parse::<i64>().ok().map(|it| it & mask != 0),
                When::Past => is_past(&text, now),
            };
            any |= verdict.ok_or_else(|| format!("{} is {text:?}", self.attribute))?;
        }
        Ok(any)
    }
}

/// `None` when the text is no moment.
fn is_past(text: &str, now: DateTime<Utc>) -> Option<bool> {
    match text.parse::<i64>() {
        // Both mean never: <https://learn.microsoft.com/en-us/windows/win32/adschema/a-accountexpires>
        Ok(0 | i64::MAX) => Some(false),
        Ok(ticks) => {
            let since_1601 = TimeDelta::microseconds(ticks / 10);
            let epoch = DateTime::<Utc>::UNIX_EPOCH - TimeDelta::seconds(11_644_473_600);
            // Later than the calendar reaches is not past.
            Some(epoch.checked_add_signed(since_1601).is_some_and(|it| it <= now))
        }
        Err(_) => generalized(text).map(|it| it <= now),
    }
}

/// <https://www.rfc-editor.org/rfc/rfc4517#section-3.3.13>, in UTC and to the second, as servers write it.
fn generalized(text: &str) -> Option<DateTime<Utc>> {
    let plain = text.strip_suffix('Z')?;
    let (seconds, _fraction) = plain.split_once(['.', ',']).unwrap_or((plain, ""));
    let padded = if seconds.len() == 12 { format!("{seconds}00") } else { seconds.to_owned() };
    NaiveDateTime::parse_from_str(&padded, "%Y%m%d%H%M%S").ok().map(|it| it.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn holds(when: When, value: &str) -> Option<bool> {
        let attributes = BTreeMap::from([("flag".to_owned(), vec![value.as_bytes().to_vec()])]);
        let entry = Entry { dn: "cn=x".into(), attributes };
        let now = generalized("20260102030405Z")?;
        Disabled::new("Flag", when).holds(&entry, now).ok()
    }

    #[test]
    fn bits_and_values_disable() {
        assert_eq!(holds(When::Bit(2), "514"), Some(true));
        assert_eq!(holds(When::Bit(2), "512"), Some(false));
        assert_eq!(holds(When::Bit(2), "many"), None);
        assert_eq!(holds(When::Equals("TRUE".into()), "true"), Some(true));
        assert_eq!(holds(When::Equals("TRUE".into()), "false"), Some(false));
        assert_eq!(holds(When::Present, ""), Some(true));
    }

    #[test]
    fn a_moment_disables_once_it_has_passed() {
        assert_eq!(holds(When::Past, "20260102030405Z"), Some(true));
        assert_eq!(holds(When::Past, "20260102030406.5Z"), Some(false));
        assert_eq!(holds(When::Past, "0"), Some(false));
        assert_eq!(holds(When::Past, "9223372036854775807"), Some(false));
        assert_eq!(holds(When::Past, "9223372036854775806"), Some(false));
        assert_eq!(holds(When::Past, "132223104000000000"), Some(true));
        assert_eq!(holds(When::Past, "tomorrow"), None);
    }
}
