use std::time::Duration;

/// The incident is over. <https://developer.pagerduty.com/docs/errors>
const ALREADY_RESOLVED: u32 = 1001;

/// The same person acknowledged the incident before.
const ALREADY_ACKNOWLEDGED: u32 = 1002;

/// Why PagerDuty did not do what it was asked. Each says what to do; none holds a token or key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PagerDutyError {
    /// PagerDuty wants fewer calls, or we allow ourselves no more: surely not done, and worth another try then.
    #[error("PagerDuty wants fewer calls: try again in {} s", .retry_after.as_secs().max(1))]
    Limited {
        /// How long to wait.
        retry_after: Duration,
    },
    /// No answer that makes sense: surely not done, and worth another try.
    #[error(
        "PagerDuty does not answer ({0}): try again in a minute; if it lasts, check the network and status.pagerduty.com"
    )]
    Passing(String),
    /// No answer that makes sense to something that may all the same have been done.
    #[error("PagerDuty did not say whether it did it ({0}): look before asking again")]
    Unclear(String),
    /// The token does not open this.
    #[error("PagerDuty does not let the token do this ({http}: {message}): set PAGERDUTY_API_TOKEN to a key that may")]
    Credentials {
        /// The status, 401 or 403.
        http: u16,
        /// What PagerDuty says.
        message: String,
    },
    /// There is no such thing.
    #[error("PagerDuty has no such thing: it may have been deleted")]
    Gone,
    /// PagerDuty answered no.
    #[error("PagerDuty answered {http}{code}: {message}", code = .code.map(|it| format!(" ({it})")).unwrap_or_default())]
    Refused {
        /// The status.
        http: u16,
        /// PagerDuty's own code.
        code: Option<u32>,
        /// What PagerDuty says.
        message: String,
    },
    /// There are more than can be listed.
    #[error("PagerDuty lists at most 10000 {0} at once: ask for a shorter time or for fewer of them")]
    TooMany(&'static str),
    /// What answers is not PagerDuty as it describes itself.
    #[error("what answers does not speak like PagerDuty ({0}): check PAGERDUTY_API_URL and PAGERDUTY_EVENTS_URL")]
    Malformed(String),
}

impl PagerDutyError {
    /// Whether the same call may succeed later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Limited { .. } | Self::Passing(_) | Self::Unclear(_))
    }

    /// Whether the incident is over already, so that nothing is left to do.
    pub fn is_already_resolved(&self) -> bool {
        matches!(self, Self::Refused { code: Some(ALREADY_RESOLVED), .. })
    }

    /// Whether the same person acknowledged the incident before, so that nothing is left to do.
    pub fn is_already_acknowledged(&self) -> bool {
        matches!(self, Self::Refused { code: Some(ALREADY_ACKNOWLEDGED), .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_what_to_do() {
        let refused = |code| PagerDutyError::Refused { http: 400, code, message: "Incident Already Resolved".into() };
        let errors = [
            PagerDutyError::Limited { retry_after: Duration::from_secs(30) },
            PagerDutyError::Passing("no connection".into()),
            PagerDutyError::Unclear("no answer in time".into()),
            PagerDutyError::Credentials { http: 403, message: "Access Denied".into() },
            PagerDutyError::Gone,
            refused(Some(1001)),
            refused(None),
            PagerDutyError::TooMany("incidents"),
            PagerDutyError::Malformed("it is not JSON".into()),
        ];
        insta::assert_snapshot!(errors.map(|it| it.to_string()).join("\n"), @"
            PagerDuty wants fewer calls: try again in 30 s
            PagerDuty does not answer (no connection): try again in a minute; if it lasts, check the network and status.pagerduty.com
            PagerDuty did not say whether it did it (no answer in time): look before asking again
            PagerDuty does not let the token do this (403: Access Denied): set PAGERDUTY_API_TOKEN to a key that may
            PagerDuty has no such thing: it may have been deleted
            PagerDuty answered 400 (1001): Incident Already Resolved
            PagerDuty answered 400: Incident Already Resolved
            PagerDuty lists at most 10000 incidents at once: ask for a shorter time or for fewer of them
            what answers does not speak like PagerDuty (it is not JSON): check PAGERDUTY_API_URL and PAGERDUTY_EVENTS_URL
            ");
        assert!(refused(Some(1001)).is_already_resolved() && !refused(Some(1002)).is_already_resolved());
        assert!(refused(Some(1002)).is_already_acknowledged() && !refused(None).is_already_acknowledged());
    }
}
