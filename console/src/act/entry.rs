//! What is entered to correct an account, by a form or typed.

use std::collections::BTreeMap;

use domain::account::Platform;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Failure;

/// Where accounts can be corrected; a terminal's tokens are nobody's but their maker's.
pub const PLATFORMS: [Platform; 5] =
    [Platform::Slack, Platform::Github, Platform::Pagerduty, Platform::Jira, Platform::Discord];

/// What is to happen when somebody else has the account.
pub(super) const TAKE: [&str; 2] = ["Leave it with them", "Take it over"];

const MAX_ID: usize = 100;
const MAX_REASON: usize = 500;

/// What was entered, once it makes sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The platform.
    pub platform: Platform,
    /// The id there.
    pub account: String,
    /// Why, for the audit.
    pub reason: String,
    /// Whether it is taken from who has it.
    pub take: bool,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    platform: String,
    account: String,
    reason: String,
    take: bool,
}

/// What is wrong with one field, and what to enter instead.
pub type Wrong = (&'static str, String);

impl Entered {
    /// What was entered under these names, or what is wrong with each.
    pub fn read(answers: &BTreeMap<String, String>) -> Result<Self, Vec<Wrong>> {
        let answer = |name: &str| answers.get(name).map(|it| it.trim()).unwrap_or_default();
        let platform = platform(answer("platform"));
        let account = platform.and_then(|it| account(it, answer("account")));
        let reason = answer("reason");
        let mut wrong = Vec::new();
        if platform.is_none() {
            wrong.push(("platform", format!("Choose one of {}.", PLATFORMS.map(Platform::as_str).join(", "))));
        } else if account.is_none() {
            wrong.push(("account", hint(platform)));
        }
        match reason.chars().count() {
            0 => wrong.push(("reason", "Say why, for whoever reads the audit.".into())),
            it if it > MAX_REASON => wrong.push(("reason", format!("Say it in at most {MAX_REASON} characters."))),
            _ => {}
        }
        let take = answer("take") == TAKE[1];
        match (platform, account) {
            (Some(platform), Some(account)) if wrong.is_empty() => {
                Ok(Self { platform, account, reason: reason.into(), take })
            }
            _ => Err(wrong),
        }
    }

    /// The same as a command's arguments give it.
    pub fn typed(platform: &str, account: &str, reason: &str, take: bool) -> Result<Self, Vec<Wrong>> {
        let take = TAKE[usize::from(take)];
        let answers = [("platform", platform), ("account", account), ("reason", reason), ("take", take)];
        Self::read(&answers.into_iter().map(|(name, it)| (name.to_string(), it.to_string())).collect())
    }

    /// How a question keeps it.
    pub fn input(&self) -> Value {
        let Self { platform, account, reason, take } = self.clone();
        let stored = Stored { platform: platform.as_str().into(), account, reason, take };
        serde_json::to_value(stored).unwrap_or_default()
    }

    /// What a question kept.
    pub(super) fn stored(input: &Value) -> Result<Self, Failure> {
        let Stored { platform, account, reason, take } = Stored::deserialize(input)?;
        let known =
            Platform::from_word(&platform).ok_or_else(|| anyhow::anyhow!("no platform is called {platform}"))?;
        Ok(Self { platform: known, account, reason, take })
    }
}

fn platform(text: &str) -> Option<Platform> {
    PLATFORMS.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(text))
}

/// The id as the platform writes it; a mention is the id of who is mentioned.
fn account(platform: Platform, text: &str) -> Option<String> {
    let mention =
        text.strip_prefix("<@").and_then(|it| it.strip_suffix('>')).map(|it| it.split('|').next().unwrap_or(it));
    let text = mention.unwrap_or(text).trim_start_matches('@');
    let plain = (1..=MAX_ID).contains(&text.chars().count())
        && !text.contains(|it: char| it.is_whitespace() || it.is_control());
    let good = match platform {
        Platform::Slack => is_slack_id(text),
        Platform::Discord => text.bytes().all(|it| it.is_ascii_digit()),
        Platform::Github | Platform::Pagerduty | Platform::Jira | Platform::Terminal => true,
    };
    (plain && good).then(|| text.to_string())
}

/// Such as `U0ADA` or, in an organisation, `W0ADA`. <https://docs.slack.dev/reference/objects/user-object/>
fn is_slack_id(text: &str) -> bool {
    text.len() > 2
        && text.starts_with(['U', 'W'])
        && text.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
}

fn hint(platform: Option<Platform>) -> String {
    match platform {
        Some(Platform::Slack) => "Enter the member id from their Slack profile, such as U012AB3CD.".into(),
        Some(Platform::Discord) => "Enter the user id, which has only digits.".into(),
        _ => format!("Enter the id as the platform writes it, at most {MAX_ID} characters without spaces."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        let wrong = |platform: &str, account: &str, reason: &str| {
            let fields = Entered::typed(platform, account, reason, false).expect_err("something is wrong");
            fields.into_iter().map(|it| it.0).collect::<Vec<_>>()
        };
        assert_eq!(wrong("", "", ""), ["platform", "reason"]);
        assert_eq!(wrong("terminal", "x", "why"), ["platform"], "nobody's but their maker's");
        for bad in ["ada", "U0", "U0 ADA", "u0ada", "C0ADA"] {
            assert_eq!(wrong("slack", bad, "why"), ["account"], "{bad}");
        }
        assert_eq!(wrong("discord", "ada", "why"), ["account"]);
        let (account, reason) = ("x".repeat(101), "x".repeat(501));
        assert_eq!(wrong("github", &account, "why"), ["account"]);
        assert_eq!(wrong("github", "ada", &reason), ["reason"]);
    }

    #[test]
    fn a_mention_is_the_id_of_who_is_mentioned() {
        let id = |text| Entered::typed("Slack", text, "why", true).expect("an id").account;
        assert_eq!(id("<@U0ADA|ada>"), "U0ADA");
        assert_eq!(id("@U0ADA"), "U0ADA");
    }

    #[test]
    fn what_is_kept_is_what_was_entered() {
        let entered = Entered::typed("github", "octocat", "she moved", true).expect("an entry");
        assert_eq!(Entered::stored(&entered.input()).ok(), Some(entered));
    }
}
