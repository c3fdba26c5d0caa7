/// How far an incident has come. <https://support.pagerduty.com/main/docs/incidents#incident-statuses>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nobody has taken it yet.
    Triggered,
    /// Somebody works on it.
    Acknowledged,
    /// It is over.
    Resolved,
}

impl Status {
    /// Every status, in the order in which an incident usually has them.
    pub const ALL: [Self; 3] = [Self::Triggered, Self::Acknowledged, Self::Resolved];

    /// PagerDuty's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Triggered => "triggered",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
        }
    }

    /// The status with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// How loudly people are asked. <https://support.pagerduty.com/main/docs/configurable-service-settings#notification-urgency>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Urgency {
    /// Whoever is asked is woken.
    High,
    /// It can wait until they look.
    Low,
}

impl Urgency {
    /// Both.
    pub const ALL: [Self; 2] = [Self::High, Self::Low];

    /// PagerDuty's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Low => "low",
        }
    }

    /// The urgency with this word; one that is unknown is high, since it is better to ask once too often.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.as_str() == word).unwrap_or(Self::High)
    }
}
