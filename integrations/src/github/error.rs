use std::time::Duration;

use crate::wire::Missing;

/// Why GitHub did not do what it was asked. Each says what to do; none holds a token or key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitHubError {
    /// GitHub wants fewer calls, or we allow ourselves no more: surely not done, and worth another try then.
    #[error("GitHub wants fewer calls: try again in {} s", .retry_after.as_secs().max(1))]
    Limited {
        /// How long to wait.
        retry_after: Duration,
    },
    /// No answer that makes sense: surely not done, and worth another try.
    #[error("GitHub does not answer ({0}): try again in a minute; if it lasts, check the network and githubstatus.com")]
    Passing(String),
    /// No answer that makes sense to something that may all the same have been done.
    #[error("GitHub did not say whether it did it ({0}): look before asking again")]
    Unclear(String),
    /// The app's key does not open this.
    #[error("GitHub does not know the app ({message}): check GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY")]
    Credentials {
        /// What GitHub says.
        message: String,
    },
    /// The app lacks a permission.
    #[error("GitHub does not let the app do this ({message}): give it the permissions that docs/github.md names")]
    Forbidden {
        /// What GitHub says.
        message: String,
    },
    /// There is no such thing, or the app may not see it.
    #[error("GitHub has no such thing, or does not show it to the app")]
    Gone,
    /// GitHub answered no.
    #[error("GitHub answered {http}: {message}")]
    Refused {
        /// The status.
        http: u16,
        /// What GitHub says.
        message: String,
    },
    /// Whoever was to be linked has to begin anew.
    #[error("GitHub does not take the code of this link ({0}): begin again with `link github`")]
    Code(String),
    /// There are more than we list.
    #[error("GitHub lists more {0} than are read at once")]
    TooMany(&'static str),
    /// What answers is not GitHub as it describes itself.
    #[error("what answers does not speak like GitHub ({0}): check GITHUB_API_URL")]
    Malformed(String),
}

impl GitHubError {
    /// Whether the same call may succeed later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Limited { .. } | Self::Passing(_) | Self::Unclear(_))
    }

    /// What is missing after a call that only reads.
    pub(super) fn reading(missing: Missing) -> Self {
        match missing {
            Missing::Broken { seen, .. } => Self::Passing(seen),
            Missing::Limited(retry_after) => Self::Limited { retry_after },
        }
    }

    /// What is missing after a call that changes something.
    pub(super) fn acting(missing: Missing) -> Self {
        match missing {
            Missing::Broken { seen, sent: true, .. } => Self::Unclear(seen),
            missing => Self::reading(missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_what_to_do() {
        let message = || "Bad credentials".to_string();
        let errors = [
            GitHubError::Limited { retry_after: Duration::from_secs(30) },
            GitHubError::Passing("no connection".into()),
            GitHubError::Unclear("no answer in time".into()),
            GitHubError::Credentials { message: message() },
            GitHubError::Forbidden { message: "Resource not accessible by integration".into() },
            GitHubError::Gone,
            GitHubError::Refused { http: 422, message: "Validation Failed".into() },
            GitHubError::Code("bad_verification_code".into()),
            GitHubError::TooMany("teams"),
            GitHubError::Malformed("it is not JSON".into()),
        ];
        insta::assert_snapshot!(errors.map(|it| it.to_string()).join("\n"), @"
            GitHub wants fewer calls: try again in 30 s
            GitHub does not answer (no connection): try again in a minute; if it lasts, check the network and githubstatus.com
            GitHub did not say whether it did it (no answer in time): look before asking again
            GitHub does not know the app (Bad credentials): check GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY
            GitHub does not let the app do this (Resource not accessible by integration): give it the permissions that docs/github.md names
            GitHub has no such thing, or does not show it to the app
            GitHub answered 422: Validation Failed
            GitHub does not take the code of this link (bad_verification_code): begin again with `link github`
            GitHub lists more teams than are read at once
            what answers does not speak like GitHub (it is not JSON): check GITHUB_API_URL
            ");
    }
}
