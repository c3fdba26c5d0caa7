use serde::Deserialize;

use super::ways;
use crate::notify::Destination;

/// How people are told of incidents.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Channel for incidents whose owners name none, and for what is wrong with PagerDuty's events.
    pub channel: Option<String>,
    /// Where a message goes that reached nobody: a channel, or `group:<entity name>`; without one, to the administrators.
    pub last_resort: Option<String>,
    /// For how many minutes a message takes up what comes after it.
    pub fold_minutes: u32,
    /// Messages about one service in that time; what comes then is taken up by the last.
    pub fold_service: u32,
    /// Messages about one escalation policy in that time.
    pub fold_policy: u32,
    /// Messages in one channel in that time.
    pub fold_channel: u32,
    /// For how many minutes a direct message takes up what its reader is asked besides, each as an answer in its thread.
    pub fold_direct_minutes: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            channel: None,
            last_resort: None,
            fold_minutes: 10,
            fold_service: 2,
            fold_policy: 4,
            fold_channel: 8,
            fold_direct_minutes: 5,
        }
    }
}

impl Rules {
    /// The channel of those on call, where there is one.
    pub fn on_call(&self) -> Option<Destination> {
        self.channel.as_deref().and_then(ways::channel)
    }

    /// What is wrong with the rules.
    pub fn check(&self) -> Result<(), String> {
        for (key, value) in [("fold_minutes", self.fold_minutes), ("fold_direct_minutes", self.fold_direct_minutes)] {
            if !(1..=60).contains(&value) {
                return Err(format!("incidents.{key} must be from 1 to 60"));
            }
        }
        let limits = [
            ("fold_service", self.fold_service),
            ("fold_policy", self.fold_policy),
            ("fold_channel", self.fold_channel),
        ];
        for (key, value) in limits {
            if !(1..=100).contains(&value) {
                return Err(format!("incidents.{key} must be from 1 to 100"));
            }
        }
        if self.channel.as_deref().is_some_and(|it| ways::channel(it).is_none()) {
            return Err("incidents.channel must be the id or the name of a channel".into());
        }
        match self.last_resort.as_deref().map(ways::place) {
            Some(None) => Err("incidents.last_resort must be the id or the name of a channel, or group:<name>".into()),
            Some(Some(_)) | None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_cannot_be_kept_are_refused() {
        let wrong = |rules: Rules| rules.check().expect_err("refused");
        assert_eq!(Rules::default().check(), Ok(()));
        assert!(wrong(Rules { fold_minutes: 0, ..Rules::default() }).contains("fold_minutes"));
        assert!(wrong(Rules { fold_channel: 0, ..Rules::default() }).contains("fold_channel"));
        assert!(wrong(Rules { channel: Some("@ada".into()), ..Rules::default() }).contains("channel"));
        assert!(wrong(Rules { last_resort: Some("group:".into()), ..Rules::default() }).contains("last_resort"));
        let good =
            Rules { last_resort: Some("group:sre".into()), channel: Some("#on-call".into()), ..Rules::default() };
        assert_eq!(good.check(), Ok(()));
    }
}
