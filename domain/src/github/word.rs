use serde::{Deserialize, Serialize};

/// How far a pull request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It waits for somebody.
    Open,
    /// It was given up.
    Closed,
    /// It is in its base branch.
    Merged,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Closed, Self::Merged];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Merged => "merged",
        }
    }

    /// The state of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// What a review says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may be merged.
    Approved,
    /// Something must change first.
    ChangesRequested,
    /// Neither.
    Commented,
    /// It counts no longer.
    Dismissed,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [Self::Approved, Self::ChangesRequested, Self::Commented, Self::Dismissed];

    /// The word that is stored, which is the one of GitHub's webhooks.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ChangesRequested => "changes_requested",
            Self::Commented => "commented",
            Self::Dismissed => "dismissed",
        }
    }

    /// The verdict of this word, in whichever case: webhooks write it small, GraphQL large.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word))
    }
}

/// Whether it could be merged as far as its lines are concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mergeable {
    /// It could.
    Mergeable,
    /// Somebody changed the same lines in its base.
    Conflicting,
    /// GitHub has not said.
    #[default]
    Unknown,
}

impl Mergeable {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Mergeable, Self::Conflicting, Self::Unknown];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mergeable => "mergeable",
            Self::Conflicting => "conflicting",
            Self::Unknown => "unknown",
        }
    }

    /// The answer of this word, in whichever case.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_again_whatever_their_case() {
        assert!(State::ALL.into_iter().all(|it| State::from_word(it.as_str()) == Some(it)));
        assert!(Verdict::ALL.into_iter().all(|it| Verdict::from_word(&it.as_str().to_uppercase()) == Some(it)));
        assert!(Mergeable::ALL.into_iter().all(|it| Mergeable::from_word(&it.as_str().to_uppercase()) == it));
        assert_eq!((Verdict::from_word("PENDING"), Mergeable::from_word("?")), (None, Mergeable::Unknown));
    }
}
