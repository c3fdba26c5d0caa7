use std::time::Duration;

use super::SlackError;

/// What a failed call concerns, and so what may be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// Nobody: the same call may succeed later, and was surely not done.
    Passing,
    /// Nobody: the same method may be called after this time.
    Limited(Duration),
    /// Nobody knows: the call may have been done.
    Unclear,
    /// Where it should go: another way may work.
    Destination,
    /// The app and all it sends, until somebody mends that.
    App,
    /// The message itself: no other way would work.
    Content,
    /// The posted message, which is gone or can no longer be changed.
    Original,
}

impl SlackError {
    /// What this failure concerns.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Away(_) => Blame::Passing,
            Self::Unclear(_) => Blame::Unclear,
            Self::RateLimited { retry_after } => Blame::Limited(*retry_after),
            Self::Refused(code) => refused(code),
            Self::Forbidden(_) => Blame::Destination,
        }
    }
}

/// By Slack's code; one that is new is taken for one that concerns the destination, so that the next way is tried.
///
/// <https://docs.slack.dev/reference/methods/chat.postMessage/#errors>
/// <https://docs.slack.dev/reference/methods/chat.update/#errors>
fn refused(code: &str) -> Blame {
    match code {
        "not_authed"
        | "invalid_auth"
        | "account_inactive"
        | "token_revoked"
        | "token_expired"
        | "missing_scope"
        | "not_allowed_token_type"
        | "org_login_required"
        | "ekm_access_denied"
        | "access_denied"
        | "accesslimited"
        | "team_access_not_granted"
        | "two_factor_setup_required" => Blame::App,
        "msg_too_long"
        | "msg_blocks_too_long"
        | "no_text"
        | "invalid_blocks"
        | "invalid_blocks_format"
        | "too_many_attachments"
        | "metadata_too_large"
        | "invalid_metadata_format"
        | "invalid_metadata_schema" => Blame::Content,
        "message_not_found" | "cant_update_message" | "edit_window_closed" => Blame::Original,
        _ => Blame::Destination,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_concern_the_destination_the_app_or_the_message() {
        let blame = |code: &str| SlackError::refused(code).blame();
        assert_eq!(blame("is_archived"), Blame::Destination);
        assert_eq!(blame("something_new"), Blame::Destination);
        assert_eq!(blame("token_revoked"), Blame::App);
        assert_eq!(blame("invalid_blocks"), Blame::Content);
        assert_eq!(blame("message_not_found"), Blame::Original);
    }
}
