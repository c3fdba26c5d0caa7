//! One field of a cron expression, as crontab(5) has it: numbers, names, ranges, steps and lists.

use std::collections::BTreeSet;
use std::fmt;

/// What a field may hold.
pub(super) struct Field {
    what: &'static str,
    low: u32,
    high: u32,
    /// Names of the values from the lowest on.
    names: &'static [&'static str],
    /// What must be added so that the crate `cron` means the same.
    shift: u32,
}

pub(super) const SECOND: Field = Field { what: "second", low: 0, high: 59, names: &[], shift: 0 };
pub(super) const MINUTE: Field = Field { what: "minute", low: 0, high: 59, names: &[], shift: 0 };
pub(super) const HOUR: Field = Field { what: "hour", low: 0, high: 23, names: &[], shift: 0 };
pub(super) const DAY: Field = Field { what: "day", low: 1, high: 31, names: &[], shift: 0 };
pub(super) const MONTH: Field = Field {
    what: "month",
    low: 1,
    high: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    shift: 0,
};
/// Sunday is 0, and also 7; the crate `cron` counts from 1.
pub(super) const WEEKDAY: Field =
    Field { what: "weekday", low: 0, high: 7, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"], shift: 1 };

/// The values of a field; printed as the crate `cron` reads them.
pub(super) struct Values {
    values: BTreeSet<u32>,
    all: bool,
}

impl Values {
    /// Whether every value is among them.
    pub(super) fn is_all(&self) -> bool {
        self.all
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.all {
            return f.write_str("*");
        }
        let values: Vec<String> = self.values.iter().map(u32::to_string).collect();
        f.write_str(&values.join(","))
    }
}

impl Field {
    /// Reads the field; the error says what it may hold.
    pub(super) fn parse(&self, text: &str) -> Result<Values, String> {
        let mut values = BTreeSet::new();
        for item in text.split(',') {
            values.extend(self.item(item).ok_or_else(|| self.refusal(text))?);
        }
        if self.names.len() == 7 {
            values = values.into_iter().map(|it| it % 7).collect();
        }
        let count = if self.names.is_empty() { (self.high - self.low + 1) as usize } else { self.names.len() };
        let all = values.len() == count;
        Ok(Values { values: values.into_iter().map(|it| it + self.shift).collect(), all })
    }

    fn item(&self, item: &str) -> Option<impl Iterator<Item = u32> + use<>> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(number(step).filter(|it| *it > 0)?)),
            None => (item, None),
        };
        let (from, to) = match (range, range.split_once('-'), step) {
            ("*", ..) => (self.low, self.high - u32::from(self.names.len() == 7)),
            (_, Some((from, to)), _) => (self.value(from)?, self.value(to)?),
            (one, None, None) => (self.value(one)?, self.value(one)?),
            (from, None, Some(_)) => (self.value(from)?, self.high),
        };
        let step = usize::try_from(step.unwrap_or(1)).ok()?;
        (from <= to).then(|| (from..=to).step_by(step))
    }

    fn value(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|it| it.eq_ignore_ascii_case(text));
        let named = named.and_then(|it| u32::try_from(it).ok()).map(|it| it + self.low);
        named.or_else(|| number(text)).filter(|it| (self.low..=self.high).contains(it))
    }

    fn refusal(&self, text: &str) -> String {
        let names = match (self.names.first(), self.names.last()) {
            (Some(first), Some(last)) => format!(" or {first} to {last}"),
            _ => String::new(),
        };
        format!(
            "`{text}` is no {}: it takes *, numbers from {} to {}{names}, ranges such as {}-{}, steps such as */2, and lists \
             of them with commas",
            self.what,
            self.low,
            self.high,
            self.low,
            self.low + 2
        )
    }
}

/// A number of digits only: no sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse().ok())?
}
