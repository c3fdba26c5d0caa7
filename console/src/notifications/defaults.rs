use std::collections::BTreeMap;

use domain::preference::{Defaults, Kind, Way};
use domain::working::WorkingHours;
use serde::Deserialize;

/// What holds for whoever said nothing of how they want to be told, as the configuration says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The zone of whoever no platform knows one of, as in the IANA database.
    pub zone: Option<String>,
    /// When people work, such as `09:00-17:30`.
    pub work_hours: Option<String>,
    /// On which days, such as `mon-fri`.
    pub work_days: Option<String>,
    /// When nothing but pages reaches them: `22:00-08:00`, `outside-work` or `off`.
    pub quiet: Option<String>,
    /// How kinds of messages reach them, by kind: `direct`, `channel` or `off`.
    pub kinds: BTreeMap<String, String>,
}

impl Config {
    /// What holds; or what is wrong, in a sentence.
    pub fn defaults(&self) -> Result<Defaults, String> {
        let usual = WorkingHours::default();
        let working = WorkingHours {
            zone: read("zone", self.zone.as_ref(), zone)?.unwrap_or(usual.zone),
            hours: read("work_hours", self.work_hours.as_ref(), |it| it.parse())?.unwrap_or(usual.hours),
            days: read("work_days", self.work_days.as_ref(), |it| it.parse())?.unwrap_or(usual.days),
        };
        let quiet = read("quiet", self.quiet.as_ref(), |it| it.parse())?.unwrap_or_default();
        let ways = self.kinds.iter().map(|(kind, way)| self::way(kind, way)).collect::<Result<_, _>>()?;
        Ok(Defaults { working, quiet, ways })
    }
}

/// A zone of the IANA database, in whichever case it is typed.
pub(super) fn zone(text: &str) -> Result<chrono_tz::Tz, String> {
    let known = chrono_tz::TZ_VARIANTS.iter().find(|it| it.name().eq_ignore_ascii_case(text.trim()));
    known.copied().ok_or_else(|| format!("{text:?} is no zone: write one of the IANA database, such as Europe/Berlin"))
}

fn read<T>(key: &str, text: Option<&String>, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    text.map(|it| parse(it).map_err(|error| format!("notifications.{key}: {error}"))).transpose()
}

fn way(kind: &str, way: &str) -> Result<(Kind, Way), String> {
    let Some(known) = Kind::from_word(kind) else {
        let all = Kind::ALL.map(Kind::as_str).join(", ");
        return Err(format!("notifications.kinds: `{kind}` is no kind of message; there are {all}"));
    };
    let ways = known.ways();
    let way = Way::from_word(way).filter(|it| ways.contains(it)).ok_or_else(|| {
        let ways: Vec<&str> = ways.iter().map(|it| it.as_str()).collect();
        format!("notifications.kinds.{kind} must be {}", ways.join(" or "))
    });
    Ok((known, way?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(key: &str, value: &str) -> Config {
        let some = || Some(value.to_owned());
        let config = Config::default();
        match key {
            "zone" => Config { zone: some(), ..config },
            "work_hours" => Config { work_hours: some(), ..config },
            "work_days" => Config { work_days: some(), ..config },
            "quiet" => Config { quiet: some(), ..config },
            kind => Config { kinds: BTreeMap::from([(kind.to_owned(), value.to_owned())]), ..config },
        }
    }

    #[test]
    fn each_key_says_what_is_wrong_with_it() {
        let wrong = [
            ("zone", "Berlin"),
            ("work_hours", "nine to five"),
            ("work_days", "workdays"),
            ("quiet", "9-9"),
            ("digests", "off"),
            ("pages", "off"),
            ("shifts", "channel"),
        ];
        for (key, value) in wrong {
            let error = config(key, value).defaults().expect_err(key);
            assert!(error.starts_with("notifications.") && error.contains(key), "{error}");
        }
        let right =
            [("zone", "europe/berlin"), ("quiet", "outside-work"), ("team-reviews", "channel"), ("shifts", "off")];
        assert!(right.into_iter().all(|(key, value)| config(key, value).defaults().is_ok()));
        assert_eq!(Config::default().defaults(), Ok(Defaults::default()));
    }
}
