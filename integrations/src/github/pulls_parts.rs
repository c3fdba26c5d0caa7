//! Who, reviews and checks, as GraphQL tells of them.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::lenient::{id, maybe_id, or_default};
use super::pulls_wire::Commit;
use super::snapshot::{Actor, Check, CheckKind, CheckState, Review, Reviewer, Team};
use domain::github::Verdict;

/// How webhooks and REST write a bot's login, which GraphQL leaves off.
const BOT: &str = "[bot]";

/// Somebody; nobody where the account was deleted, and of kinds that have no id.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Who {
    #[serde(rename = "__typename")]
    kind: String,
    #[serde(deserialize_with = "or_default")]
    login: String,
    #[serde(deserialize_with = "maybe_id")]
    database_id: Option<i64>,
}

impl Who {
    pub(super) fn actor(self) -> Option<Actor> {
        let bot = self.kind == "Bot" && !self.login.ends_with(BOT);
        let login = if bot { format!("{}{BOT}", self.login) } else { self.login };
        Some(Actor { id: self.database_id?, login, kind: self.kind })
    }
}

/// Who is asked.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Target {
    #[serde(flatten)]
    who: Who,
    #[serde(default, deserialize_with = "or_default")]
    slug: String,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    organization: Option<Organization>,
}

#[derive(Deserialize)]
struct Organization {
    login: String,
}

impl Target {
    pub(super) fn reviewer(self) -> Option<Reviewer> {
        match self.organization {
            None => self.who.actor().map(Reviewer::Actor),
            Some(Organization { login: organization }) => {
                Some(Reviewer::Team(Team { id: self.who.database_id?, organization, slug: self.slug, name: self.name }))
            }
        }
    }
}

/// A review.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Said {
    #[serde(rename = "fullDatabaseId", deserialize_with = "id")]
    id: i64,
    state: String,
    submitted_at: Option<DateTime<Utc>>,
    url: String,
    #[serde(default, deserialize_with = "or_default")]
    author: Who,
    commit: Option<Commit>,
}

impl Said {
    /// What counts: what somebody has not sent yet is nobody's business.
    pub(super) fn review(self) -> Option<Review> {
        Some(Review {
            id: self.id,
            by: self.author.actor(),
            verdict: Verdict::from_word(&self.state)?,
            sha: self.commit.map(|it| it.oid),
            url: self.url,
            submitted_at: self.submitted_at?,
        })
    }
}

/// A check run, or a status of the older kind.
#[derive(Deserialize)]
#[serde(tag = "__typename")]
pub(super) enum Context {
    #[serde(rename = "CheckRun", rename_all = "camelCase")]
    Run {
        #[serde(deserialize_with = "id")]
        database_id: i64,
        name: String,
        status: String,
        conclusion: Option<String>,
        details_url: Option<String>,
    },
    #[serde(rename = "StatusContext", rename_all = "camelCase")]
    Status { context: String, state: String, target_url: Option<String> },
    #[serde(other)]
    Other,
}

impl Context {
    pub(super) fn check(self) -> Option<Check> {
        match self {
            Self::Run { database_id, name, status, conclusion, details_url } => {
                let state = if status == "COMPLETED" { concluded(conclusion.as_deref()) } else { CheckState::Pending };
                Some(Check { kind: CheckKind::Run, name, state, url: details_url, id: database_id })
            }
            Self::Status { context, state, target_url } => {
                let state = status(&state);
                Some(Check { kind: CheckKind::Status, name: context, state, url: target_url, id: 0 })
            }
            Self::Other => None,
        }
    }
}

/// What a run that ended means. <https://docs.github.com/en/graphql/reference/enums#checkconclusionstate>
fn concluded(word: Option<&str>) -> CheckState {
    match word {
        Some("SUCCESS") => CheckState::Success,
        Some("FAILURE" | "TIMED_OUT" | "CANCELLED" | "ACTION_REQUIRED" | "STARTUP_FAILURE") => CheckState::Failure,
        // Skipped, neutral, stale, and what is new: nobody is kept from anything by what we do not know.
        _ => CheckState::Neutral,
    }
}

/// <https://docs.github.com/en/graphql/reference/enums#statusstate>
fn status(word: &str) -> CheckState {
    match word {
        "SUCCESS" => CheckState::Success,
        "FAILURE" | "ERROR" => CheckState::Failure,
        _ => CheckState::Pending,
    }
}
