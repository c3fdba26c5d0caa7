//! When somebody wants to be left alone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, TimeDelta, Utc};

use crate::working::{Hours, WorkingHours};
use crate::zoned;

/// When somebody wants to be left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quiet {
    /// Never.
    #[default]
    Never,
    /// Every day, from when to when.
    Daily(Hours),
    /// Whenever they do not work.
    OutsideWork,
}

/// Reads `off`, `outside-work`, and hours such as `22:00-08:00`.
impl FromStr for Quiet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().to_lowercase().as_str() {
            "off" | "never" => Ok(Self::Never),
            "outside-work" => Ok(Self::OutsideWork),
            hours => match hours.parse::<Hours>() {
                Ok(Hours { from, to }) if from == to => {
                    Err(format!("{text:?} is the whole day: nothing would ever come. Turn off what you want none of"))
                }
                Ok(hours) => Ok(Self::Daily(hours)),
                Err(_) => Err(format!("{text:?} are no quiet hours: write 22:00-08:00, outside-work or off")),
            },
        }
    }
}

/// As [`Quiet::from_str`] reads it.
impl fmt::Display for Quiet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("off"),
            Self::Daily(hours) => hours.fmt(f),
            Self::OutsideWork => f.write_str("outside-work"),
        }
    }
}

/// However much lies together, nobody is left alone for longer.
const LONGEST: TimeDelta = TimeDelta::days(7);

impl Quiet {
    /// When the quiet ends in which this moment is; nothing where it is in none. `working` says where somebody lives and when they work.
    pub fn until(self, working: &WorkingHours, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Never => None,
            Self::Daily(hours) => daily(hours, working, now),
            Self::OutsideWork => {
                let begins = working.spans(now).map(|it| it.0).next().unwrap_or(now);
                (begins > now).then(|| begins.min(now + LONGEST))
            }
        }
    }
}

fn daily(hours: Hours, working: &WorkingHours, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let today = zoned::day(working.zone, now);
    let days = [today.checked_sub_days(Days::new(1)), Some(today)];
    let spans = days.into_iter().flatten().map(|day| zoned::span(working.zone, day, (hours.from, hours.to)));
    spans.filter(|it| it.0 <= now && now < it.1).map(|it| it.1).max()
}

#[cfg(test)]
#[path = "quiet_tests.rs"]
mod tests;
