//! Cron expressions as crontab(5) has them, in a zone, safe over the days on which clocks turn. A field of seconds may come
//! first.
//!
//! - What is due in an hour that clocks skip runs at the first minute after it; a day that a zone left out has no run.
//! - What is due in an hour that clocks repeat runs the first time only.
//! - What is due in every hour follows real time instead: it runs in both of the repeated hours and has nothing to make
//!   up for a skipped one, so that an hourly job stays an hourly one.

mod field;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// When a job runs.
#[derive(Clone, Debug)]
pub struct Cron {
    text: String,
    zone: Tz,
    /// Any of them is enough. They are only ever asked about clocks that never turn.
    parts: Vec<::cron::Schedule>,
    every_hour: bool,
}

/// No zone turns its clocks by more than this, whole days aside.
const LONGEST_TURN: TimeDelta = TimeDelta::hours(3);

impl Cron {
    /// Reads an expression; the error says what is wrong with it.
    pub fn parse(text: &str, zone: Tz) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let (second, minute, hour, day, month, weekday) = match fields[..] {
            [minute, hour, day, month, weekday] => ("0", minute, hour, day, month, weekday),
            [second, minute, hour, day, month, weekday] => (second, minute, hour, day, month, weekday),
            _ => {
                return Err(format!(
                    "`{text}` has {} fields, needs five: minute hour day month weekday, such as `0 * * * *` for every \
                     hour; a sixth before them is the second",
                    fields.len()
                ));
            }
        };
        let hours = field::HOUR.parse(hour)?;
        let time = format!("{} {} {}", field::SECOND.parse(second)?, field::MINUTE.parse(minute)?, hours);
        let (days, months, weekdays) =
            (field::DAY.parse(day)?, field::MONTH.parse(month)?, field::WEEKDAY.parse(weekday)?);
        // Of two restricted fields of days either is enough; a field that begins with a star restricts nothing by itself.
        // <https://man7.org/linux/man-pages/man5/crontab.5.html>
        let parts = match day.starts_with('*') || weekday.starts_with('*') {
            true => vec![format!("{time} {days} {months} {weekdays}")],
            false => vec![format!("{time} {days} {months} *"), format!("{time} * {months} {weekdays}")],
        };
        let parts: Result<Vec<::cron::Schedule>, _> = parts.iter().map(|it| it.parse()).collect();
        let parts = parts.map_err(|error| format!("`{text}` is no cron expression: {error}"))?;
        let cron = Self { text: fields.join(" "), zone, parts, every_hour: hours.is_all() };
        match cron.next(DateTime::UNIX_EPOCH) {
            Some(_) => Ok(cron),
            None => Err(format!("`{text}` never comes: no such month has such a day")),
        }
    }

    /// The expression.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The zone in which it holds.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The first moment after this one.
    pub fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.parts.iter().filter_map(|part| self.next_of(part, after)).min()
    }

    /// Every moment after one and up to another, in order.
    pub fn between(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> BTreeSet<DateTime<Utc>> {
        let end = self.local(until) + self.margin(until);
        let moments = self.parts.iter().flat_map(|part| {
            let local = self.locals(part, self.local(after) - self.margin(after)).take_while(|it| *it <= end);
            local.flat_map(|it| self.moments(it)).flatten()
        });
        moments.filter(|it| *it > after && *it <= until).collect()
    }

    fn next_of(&self, part: &::cron::Schedule, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let margin = self.margin(after);
        let mut first: Option<DateTime<Utc>> = None;
        for local in self.locals(part, self.local(after) - margin) {
            // Where clocks turn back, what is later on the clock may be earlier.
            if first.is_some_and(|it| local > self.local(it) + margin) {
                break;
            }
            let moments = self.moments(local).into_iter().flatten().filter(|it| *it > after);
            first = first.into_iter().chain(moments).min();
        }
        first
    }

    /// How far the order of moments may differ from that on the clock: not at all, unless clocks turn about now.
    fn margin(&self, at: DateTime<Utc>) -> TimeDelta {
        let offset = |at: DateTime<Utc>| self.local(at) - at.naive_utc();
        match offset(at - LONGEST_TURN * 2) == offset(at + LONGEST_TURN * 2) {
            true => TimeDelta::zero(),
            false => LONGEST_TURN,
        }
    }

    /// What the clock on the wall shows after this whenever it is due.
    fn locals<'a>(
        &self,
        part: &'a ::cron::Schedule,
        after: NaiveDateTime,
    ) -> impl Iterator<Item = NaiveDateTime> + use<'a> {
        // The wrapped iterator goes wrong where clocks turn, so it sees local time as if it were UTC, which never turns.
        part.after_owned(after.and_utc()).map(|it| it.naive_utc())
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }

    /// When a job runs that is due as the clock on the wall shows this.
    fn moments(&self, local: NaiveDateTime) -> [Option<DateTime<Utc>>; 2] {
        let utc = |it: DateTime<Tz>| Some(it.with_timezone(&Utc));
        match (self.zone.from_local_datetime(&local), self.every_hour) {
            (LocalResult::Single(at), _) => [utc(at), None],
            (LocalResult::Ambiguous(first, second), true) => [utc(first), utc(second)],
            (LocalResult::Ambiguous(first, _), false) => [utc(first), None],
            (LocalResult::None, true) => [None, None],
            (LocalResult::None, false) => [self.after_gap(local).and_then(utc), None],
        }
    }

    /// The first minute after the gap in which this lies; nothing where the whole day is left out.
    fn after_gap(&self, local: NaiveDateTime) -> Option<DateTime<Tz>> {
        let skipped = |at: NaiveDateTime| matches!(self.zone.from_local_datetime(&at), LocalResult::None);
        let midnight = local.date().and_time(chrono::NaiveTime::MIN);
        if skipped(midnight) && skipped(midnight + TimeDelta::minutes(24 * 60 - 1)) {
            return None;
        }
        let minutes = (1..24 * 60).map(|it| local + TimeDelta::minutes(it));
        minutes.filter_map(|it| self.zone.from_local_datetime(&it).earliest()).next()
    }
}
