//! The hours in which somebody works, where they live.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days as Further, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

use crate::zoned;

/// Days of the week; at least one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Days(u8);

/// Monday first; three letters of a name are enough.
const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Mon, "monday"),
    (Weekday::Tue, "tuesday"),
    (Weekday::Wed, "wednesday"),
    (Weekday::Thu, "thursday"),
    (Weekday::Fri, "friday"),
    (Weekday::Sat, "saturday"),
    (Weekday::Sun, "sunday"),
];

impl Days {
    /// Monday to Friday.
    pub const WEEKDAYS: Self = Self(0b001_1111);
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// Whether this day is one of them.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }
}

/// Reads `mon-fri`, `sun-thu`, `mon,wed,sat` and `daily`.
impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} are no days: write them like mon-fri, sun-thu, mon,wed or daily");
        let text = text.trim().to_lowercase();
        if text == "daily" {
            return Ok(Self::ALL);
        }
        let number = |word: &str| {
            let word = word.trim();
            WEEK.iter().position(|it| word.len() >= 3 && it.1.starts_with(word))
        };
        let mut days = 0;
        for part in text.split(',') {
            let (from, to) = part.split_once(['-', '–']).unwrap_or((part, part));
            let (from, to) = number(from).zip(number(to)).ok_or_else(wrong)?;
            let many = (to + 7 - from) % 7;
            (0..=many).for_each(|it| days |= 1 << ((from + it) % 7));
        }
        Ok(Self(days))
    }
}

/// As [`Days::from_str`] reads it.
impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return f.write_str("daily");
        }
        let has = |at: usize| self.has(WEEK[at % 7].0);
        // Each run of days begins where the day before is none of them.
        let begins: Vec<usize> = (0..7).filter(|at| has(*at) && !has(at + 6)).collect();
        let runs = begins.into_iter().map(|at| (at, (at..at + 7).take_while(|it| has(*it)).count()));
        let short = |at: usize| &WEEK[at % 7].1[..3];
        let runs = runs.map(|(at, many)| match many {
            1 => short(at).to_owned(),
            2 => format!("{},{}", short(at), short(at + 1)),
            _ => format!("{}-{}", short(at), short(at + many - 1)),
        });
        f.write_str(&runs.collect::<Vec<_>>().join(","))
    }
}

impl fmt::Debug for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Days({self})")
    }
}

/// From when to when, by the clock on the wall; until the next day where the second is not later, and a whole day where both are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hours {
    /// From when.
    pub from: NaiveTime,
    /// Until when.
    pub to: NaiveTime,
}

/// Reads `9-17`, `09:00-17:30` and `22:00-06:00`.
impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} are no hours: write them like 09:00-17:30");
        let (from, to) = text.split_once(['-', '–']).ok_or_else(wrong)?;
        let (from, to) = time(from).zip(time(to)).ok_or_else(wrong)?;
        Ok(Self { from, to })
    }
}

/// A time of day to the minute; 24:00 is midnight.
fn time(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "00"));
    let digits = |it: &str| (1..=2).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit());
    if !digits(hour) || !digits(minute) || minute.len() != 2 {
        return None;
    }
    match (hour.parse().ok()?, minute.parse().ok()?) {
        (24, 0) => Some(NaiveTime::MIN),
        (hour, minute) => NaiveTime::from_hms_opt(hour, minute, 0),
    }
}

/// As [`Hours::from_str`] reads it.
impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.format("%H:%M"), self.to.format("%H:%M"))
    }
}

/// When somebody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    /// Where they live.
    pub zone: Tz,
    /// From when to when.
    pub hours: Hours,
    /// On which days; hours over midnight belong to the day on which they begin.
    pub days: Days,
}

/// Monday to Friday from nine to five, in UTC.
impl Default for WorkingHours {
    fn default() -> Self {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        Self { zone: Tz::UTC, hours: Hours { from: time(9), to: time(17) }, days: Days::WEEKDAYS }
    }
}

impl WorkingHours {
    /// Every time of work that ends after this moment, the first one first; none where calendars end.
    pub fn spans(self, after: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let Self { zone, hours, days } = self;
        // What began on the day before may last.
        let begin = zoned::day(zone, after).checked_sub_days(Further::new(1));
        let all = begin.into_iter().flat_map(|it| it.iter_days()).filter(move |it| days.has(it.weekday()));
        all.map(move |it| zoned::span(zone, it, (hours.from, hours.to))).filter(move |it| it.1 > after && it.0 < it.1)
    }
}

/// How much of the time between two moments somebody works; nothing where the second is not later.
pub fn hours_between(working: &WorkingHours, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
    let (mut sum, mut counted) = (TimeDelta::zero(), from);
    for (begin, end) in working.spans(from).take_while(|it| it.0 < to) {
        // An hour that comes twice may belong to the end of one day and the begin of the next one.
        let begin = begin.max(counted);
        counted = end.min(to).max(counted);
        sum += (counted - begin).max(TimeDelta::zero());
    }
    sum
}

#[cfg(test)]
#[path = "working_tests.rs"]
mod tests;
