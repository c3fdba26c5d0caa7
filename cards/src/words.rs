//! What spans say where there is no markup.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

use crate::{Reader, Span, Target, Text, TimeStyle, Tone, limit};

/// What a text says, without markup.
pub(crate) fn of(text: &Text, reader: &Reader<'_>) -> String {
    text.0.iter().map(|it| of_span(it, reader)).collect()
}

/// What a span says, without markup: a label, a name, a moment in words.
pub(crate) fn of_span(span: &Span, reader: &Reader<'_>) -> String {
    match span {
        Span::Plain(words) => limit::clean(words),
        Span::Code(words) => limit::line(words),
        Span::Link { label, target } => either(limit::line(label), || address(target, reader)),
        Span::Person { name, display } => either(limit::line(display), || limit::line(name)),
        Span::Time { at, style: TimeStyle::Moment } => moment(*at, reader.zone),
        Span::Time { at, style: TimeStyle::Ago } => {
            reader.now.map_or_else(|| moment(*at, reader.zone), |now| ago(*at, now))
        }
    }
}

/// Whether a text says anything.
pub(crate) fn blank(text: &Text, reader: &Reader<'_>) -> bool {
    text.0.iter().all(|it| of_span(it, reader).trim().is_empty())
}

/// The full address of a target.
pub(crate) fn address(target: &Target, reader: &Reader<'_>) -> String {
    match target {
        Target::Site(site) => site.as_str().to_string(),
        Target::Page(page) => page.join(reader.public),
    }
}

/// A moment with its date, in a zone.
pub(crate) fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    const FORMAT: &str = "%-d %b %Y %H:%M %Z";
    // Beyond these years an offset may leave what a date can hold.
    if ordinary(at) { at.with_timezone(&zone).format(FORMAT).to_string() } else { at.format(FORMAT).to_string() }
}

/// Whether a moment is one that every calendar in use can tell.
pub(crate) fn ordinary(at: DateTime<Utc>) -> bool {
    (1970..=9998).contains(&at.year())
}

/// How far a moment is from now, in words.
pub(crate) fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - at).num_seconds();
    let (count, unit) = match seconds.unsigned_abs() {
        0..60 => return "just now".into(),
        it @ 60..3_600 => (it / 60, "minute"),
        it @ 3_600..86_400 => (it / 3_600, "hour"),
        it @ 86_400..2_592_000 => (it / 86_400, "day"),
        it @ 2_592_000..31_536_000 => (it / 2_592_000, "month"),
        it => (it / 31_536_000, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if seconds < 0 { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}

/// What a chat puts before a title, since colour alone does not reach everybody.
pub(crate) fn mark(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "",
        Tone::Good => "✅ ",
        Tone::Warn => "⚠️ ",
        Tone::Bad => "🔴 ",
    }
}

/// The line that stands for what was left out.
pub(crate) fn more(count: usize) -> String {
    format!("… and {count} more")
}

/// The words that stand for actions without a button.
pub(crate) fn more_actions(count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("… and {count} more action{plural}")
}

fn either(words: String, other: impl FnOnce() -> String) -> String {
    if words.is_empty() { other() } else { words }
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, TimeZone};

    use super::*;

    #[test]
    fn tells_distance_in_the_largest_whole_unit() {
        let now = Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap();
        let told = |seconds| ago(now - Duration::seconds(seconds), now);
        assert_eq!(told(59), "just now");
        assert_eq!(told(60), "1 minute ago");
        assert_eq!(told(7_199), "1 hour ago");
        assert_eq!(told(90 * 86_400), "3 months ago");
        assert_eq!(told(-7_200), "in 2 hours");
    }

    #[test]
    fn tells_moments_in_the_readers_zone() {
        let at = Utc.with_ymd_and_hms(2026, 7, 1, 22, 30, 0).unwrap();
        assert_eq!(moment(at, chrono_tz::Europe::Berlin), "2 Jul 2026 00:30 CEST");
        assert_eq!(moment(at, Tz::UTC), "1 Jul 2026 22:30 UTC");
    }

    #[test]
    fn tells_even_the_last_moment_of_time() {
        for at in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            assert!(!moment(at, chrono_tz::Asia::Tokyo).is_empty());
            assert!(ago(at, DateTime::UNIX_EPOCH).contains("year"));
        }
    }
}
