use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use console::access::{Action, Attempt};
use console::{Ctx, Reply, audit};
use domain::audit::Kind;
use domain::audit_list::Filter;
use domain::person::Person;

use crate::Request;

/// The arguments of `audit`.
#[derive(clap::Args, Debug)]
pub struct AuditQuery {
    /// Only what this person did or was refused, by login
    #[arg(long)]
    who: Option<String>,
    /// Only this action, such as accept-sync
    #[arg(long)]
    action: Option<String>,
    /// Only rows of this kind
    #[arg(long, ignore_case = true, value_parser = Kind::ALL.map(Kind::as_str))]
    kind: Option<String>,
    /// Only what is no older: 24h, 7d, or a day such as 2026-01-31
    #[arg(long, value_parser = since)]
    since: Option<Since>,
    /// Which page of the list
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

/// How far back somebody looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Since {
    /// So many hours.
    Hours(u16),
    /// So many days.
    Days(u16),
    /// To the beginning of a day.
    Day(NaiveDate),
}

impl AuditQuery {
    pub(crate) async fn run(self, ctx: &Ctx, asker: &Person, request: &Request) -> Reply {
        let log = Action::ReadAudit.resource(None);
        let attempt = Attempt { person: asker, action: Action::ReadAudit, resource: &log, request: request.id };
        attempt.demand(ctx).await?;
        let (typed, page) = (self.typed(), self.page.unwrap_or(1));
        Ok(audit::card(&audit::load(ctx, self.filter(Utc::now()), typed, page).await?))
    }

    fn filter(self, now: DateTime<Utc>) -> Filter {
        Filter {
            who: self.who.map(|it| it.trim_start_matches('@').to_string()),
            action: self.action,
            kind: self.kind.map(|it| it.to_lowercase()),
            since: self.since.map(|it| it.before(now)),
        }
    }

    /// The same options as somebody would type them, for the buttons that turn pages.
    fn typed(&self) -> String {
        let quoted = |name: &str, value: &Option<String>| Some(format!("--{name} \"{}\"", value.as_ref()?));
        let since = self.since.map(|it| format!("--since {}", it.typed()));
        let options = [quoted("who", &self.who), quoted("action", &self.action), quoted("kind", &self.kind), since];
        options.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl Since {
    fn before(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Hours(it) => now - TimeDelta::hours(it.into()),
            Self::Days(it) => now - TimeDelta::days(it.into()),
            Self::Day(it) => it.and_time(chrono::NaiveTime::MIN).and_utc(),
        }
    }

    fn typed(self) -> String {
        match self {
            Self::Hours(it) => format!("{it}h"),
            Self::Days(it) => format!("{it}d"),
            Self::Day(it) => it.to_string(),
        }
    }
}

fn since(text: &str) -> Result<Since, &'static str> {
    let wrong = "write 24h, 7d, or a day such as 2026-01-31";
    let count = |ending| text.strip_suffix(ending).and_then(|it| it.parse::<u16>().ok());
    match (count(['h', 'H']), count(['d', 'D'])) {
        (Some(hours), _) => Ok(Since::Hours(hours)),
        (_, Some(days)) => Ok(Since::Days(days)),
        (None, None) => text.parse().map(Since::Day).map_err(|_| wrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_back_is_said_in_three_ways() {
        let now: DateTime<Utc> = "2026-02-10T12:00:00Z".parse().expect("a moment");
        let from = |text: &str| since(text).map(|it| it.before(now).to_rfc3339());
        assert_eq!(from("24h").as_deref(), Ok("2026-02-09T12:00:00+00:00"));
        assert_eq!(from("7D").as_deref(), Ok("2026-02-03T12:00:00+00:00"));
        assert_eq!(from("2026-01-31").as_deref(), Ok("2026-01-31T00:00:00+00:00"));
        for wrong in ["", "d", "-1d", "yesterday", "99999999999d", "2026-02-30"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_pages_type_means_the_same() {
        for typed in ["", "--who \"ada\" --action \"accept-sync\" --kind \"denial\" --since 7d", "--since 2026-01-31"] {
            let command = crate::Command::parse(&format!("audit {typed}")).expect("a command");
            assert!(matches!(command, crate::Command::Audit(it) if it.typed() == typed));
        }
    }
}
