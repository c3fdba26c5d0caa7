use chrono_tz::Tz;
use domain::tick::Job;
use serde::Deserialize;

use crate::cron::Cron;

/// When jobs run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The zone of the expressions.
    pub zone: String,
    /// When the directory is read, as a cron expression, or `off`.
    pub ldap: String,
    /// When the catalog's files are read, as a cron expression, or `off`.
    pub catalog: String,
    /// When PagerDuty is read, as a cron expression, or `off`.
    pub pagerduty: String,
    /// When PagerDuty is asked whether its events reach us, as a cron expression, or `off`.
    pub pagerduty_feed: String,
    /// When GitHub is asked which pull requests changed, as a cron expression, or `off`.
    pub github: String,
    /// When GitHub is asked whether pull requests conflict, of those that moved, as a cron expression, or `off`.
    pub github_mergeability: String,
    /// When GitHub is asked for events that did not reach us, as a cron expression, or `off`.
    pub github_redeliver: String,
    /// When the teams of GitHub are read, as a cron expression, or `off`.
    pub github_teams: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            zone: "UTC".into(),
            ldap: "0 * * * *".into(),
            catalog: "*/10 * * * *".into(),
            pagerduty: "*/5 * * * *".into(),
            // Between two readings, so that either finds out what the other missed.
            pagerduty_feed: "2-59/5 * * * *".into(),
            github: "3-59/10 * * * *".into(),
            github_mergeability: "* * * * *".into(),
            github_redeliver: "7-59/10 * * * *".into(),
            github_teams: "41 * * * *".into(),
        }
    }
}

/// Off the hour, when nothing else begins.
const HOUSEKEEPING: &str = "23 * * * *";

/// Nobody is told later than a minute after they came on call.
const HANDOVER: &str = "* * * * *";

/// What turns a schedule off.
const OFF: &str = "off";

impl Config {
    /// When a job runs; nothing when it is off.
    pub fn cron(&self, job: Job) -> Result<Option<Cron>, String> {
        let text = match job {
            Job::Ldap => &self.ldap,
            Job::Catalog => &self.catalog,
            Job::Housekeeping => HOUSEKEEPING,
            Job::Pagerduty => &self.pagerduty,
            Job::PagerdutyFeed => &self.pagerduty_feed,
            Job::Handover => HANDOVER,
            Job::Github => &self.github,
            Job::GithubMergeability => &self.github_mergeability,
            Job::GithubRedeliver => &self.github_redeliver,
            Job::GithubTeams => &self.github_teams,
        };
        if text == OFF {
            return Ok(None);
        }
        Cron::parse(text, self.zone()?).map(Some).map_err(|it| format!("schedule.{}: {it}", job.as_str()))
    }

    /// What is wrong, in a sentence.
    pub fn check(&self) -> Result<(), String> {
        self.zone()?;
        Job::ALL.into_iter().try_for_each(|it| self.cron(it).map(|_| ()))
    }

    fn zone(&self) -> Result<Tz, String> {
        self.zone.parse().map_err(|_| {
            let like =
                |it: &&str| (strsim::jaro_winkler(&self.zone.to_lowercase(), &it.to_lowercase()) * 1000.0) as u32;
            let names = chrono_tz::TZ_VARIANTS.iter().map(|it| it.name());
            let nearest = names.max_by_key(like).filter(|it| like(it) > 800);
            let meant = nearest.map_or(String::new(), |it| format!("; did you mean `{it}`?"));
            format!("schedule.zone: `{}` is no time zone such as Europe/Berlin{meant}", self.zone)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_hold_and_off_turns_a_job_off() {
        assert_eq!(Config::default().check(), Ok(()));
        let off = Config { ldap: "off".into(), ..Config::default() };
        assert!(off.cron(Job::Ldap).is_ok_and(|it| it.is_none()));
        assert!(off.cron(Job::Catalog).is_ok_and(|it| it.is_some()));
    }

    #[test]
    fn mistakes_are_named_with_their_key() {
        let zone = Config { zone: "Europe/Belin".into(), ..Config::default() };
        let said = "schedule.zone: `Europe/Belin` is no time zone such as Europe/Berlin; did you mean `Europe/Berlin`?";
        assert_eq!(zone.check(), Err(said.into()));
        let never = Config { catalog: "0 0 30 feb *".into(), ..Config::default() };
        let said = "schedule.catalog: `0 0 30 feb *` never comes: no such month has such a day";
        assert_eq!(never.check(), Err(said.into()));
    }
}
