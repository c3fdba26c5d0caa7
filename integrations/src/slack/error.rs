use std::time::Duration;

/// Why Slack did not do what it was asked. Each says what to do; none holds a token or a response URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlackError {
    /// No answer that makes sense.
    #[error("Slack does not answer ({0}): try again in a minute; if it lasts, check the network and status.slack.com")]
    Away(String),
    /// No answer that makes sense to something that may all the same have been done.
    #[error("Slack did not say whether it did it ({0}): look before asking again")]
    Unclear(String),
    /// Slack wants fewer calls.
    #[error("Slack wants fewer calls: try again in {} s", .retry_after.as_secs().max(1))]
    RateLimited {
        /// How long Slack asks to wait.
        retry_after: Duration,
    },
    /// Slack answered no, with its own code.
    #[error("Slack answered `{0}`: {remedy}", remedy = remedy(.0))]
    Refused(String),
    /// An address that is not Slack's.
    #[error("{0} may not receive answers: only Slack's own hosts and configured ones do")]
    Forbidden(String),
}

impl SlackError {
    /// Whether the same call may succeed later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Away(_) | Self::Unclear(_) | Self::RateLimited { .. })
    }

    /// A refusal by the code that Slack gave, which came over the network.
    pub(super) fn refused(code: &str) -> Self {
        let known =
            (1..=64).contains(&code.len()) && code.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-".contains(&it));
        Self::Refused(if known { code.into() } else { "unknown_error".into() })
    }
}

/// What mends a refusal. <https://docs.slack.dev/reference/methods/users.info/#errors>
fn remedy(code: &str) -> &'static str {
    match code {
        "not_authed"
        | "invalid_auth"
        | "token_expired"
        | "token_revoked"
        | "account_inactive"
        | "not_allowed_token_type" => "set SLACK_BOT_TOKEN to the bot token of the installed app",
        "missing_scope" | "no_permission" => {
            "install the app again with the manifest that `pinconsole slack manifest` prints"
        }
        "user_not_found" | "user_not_visible" => "this workspace does not show that user",
        "channel_not_found" | "not_in_channel" => {
            "name a channel that exists, and invite the app to it if it is private"
        }
        "is_archived" => "name another channel, or bring this one back",
        "users_not_found" => "let the person's address in Slack be the one in the directory",
        "used_url" | "expired_url" => "the answer came too late for its question: ask again",
        "org_login_required" | "ekm_access_denied" | "access_denied" | "two_factor_setup_required" => {
            "ask the administrators of the Slack organisation"
        }
        _ => "see its meaning at docs.slack.dev",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_what_to_do() {
        let errors = [
            SlackError::Away("no connection".into()),
            SlackError::Unclear("no answer in time".into()),
            SlackError::RateLimited { retry_after: Duration::from_secs(30) },
            SlackError::refused("invalid_auth"),
            SlackError::refused("missing_scope"),
            SlackError::refused("expired_url"),
            SlackError::refused("something_new"),
            SlackError::refused("<b>xoxb"),
            SlackError::Forbidden("evil.example".into()),
        ];
        insta::assert_snapshot!(errors.map(|it| it.to_string()).join("\n"), @"
            Slack does not answer (no connection): try again in a minute; if it lasts, check the network and status.slack.com
            Slack did not say whether it did it (no answer in time): look before asking again
            Slack wants fewer calls: try again in 30 s
            Slack answered `invalid_auth`: set SLACK_BOT_TOKEN to the bot token of the installed app
            Slack answered `missing_scope`: install the app again with the manifest that `pinconsole slack manifest` prints
            Slack answered `expired_url`: the answer came too late for its question: ask again
            Slack answered `something_new`: see its meaning at docs.slack.dev
            Slack answered `unknown_error`: see its meaning at docs.slack.dev
            evil.example may not receive answers: only Slack's own hosts and configured ones do
            ");
    }
}
