/// Who sends us events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// GitHub.
    Github,
    /// PagerDuty, and what reading its API told beside it.
    Pagerduty,
}

impl Source {
    /// Every sender.
    pub const ALL: [Self; 2] = [Self::Github, Self::Pagerduty];

    /// The word under which it is stored, and at which path its events come in.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Pagerduty => "pagerduty",
        }
    }

    /// The one with this word; none where a newer program wrote it.
    pub(super) fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// How far an event has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits to be applied.
    Pending,
    /// What it says is known.
    Applied,
    /// It says nothing that we keep.
    Ignored,
    /// It could not be understood.
    Unparsed,
    /// Applying it failed too often.
    Dead,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Applied, Self::Ignored, Self::Unparsed, Self::Dead];

    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Applied => "applied",
            Self::Ignored => "ignored",
            Self::Unparsed => "unparsed",
            Self::Dead => "dead",
        }
    }

    /// Whether somebody still has to do something about it.
    pub fn open(self) -> bool {
        match self {
            Self::Pending | Self::Unparsed | Self::Dead => true,
            Self::Applied | Self::Ignored => false,
        }
    }
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// JSON.
    Json,
    /// A form whose field `payload` holds the JSON.
    Form,
}

impl Content {
    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Form => "form",
        }
    }
}
