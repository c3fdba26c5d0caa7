//! GitHub's payloads, as far as we read them. Any part may be missing, null or of another kind; it costs no more than itself.
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>

use chrono::{DateTime, Utc};
use integrations::lenient::{each, maybe};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What any event may bring.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Payload {
    #[serde(deserialize_with = "maybe")]
    pub(super) action: Option<String>,
    #[serde(deserialize_with = "maybe")]
    pub(super) sender: Option<User>,
    #[serde(deserialize_with = "maybe")]
    pub(super) repository: Option<Repository>,
    #[serde(deserialize_with = "maybe")]
    pub(super) organization: Option<User>,
    #[serde(deserialize_with = "maybe")]
    pub(super) installation: Option<Installation>,
    #[serde(deserialize_with = "maybe")]
    pub(super) changes: Option<Changes>,
    #[serde(deserialize_with = "maybe")]
    pub(super) pull_request: Option<Pull>,
    #[serde(deserialize_with = "maybe")]
    pub(super) requested_reviewer: Option<User>,
    #[serde(deserialize_with = "maybe")]
    pub(super) requested_team: Option<Team>,
    #[serde(deserialize_with = "maybe")]
    pub(super) label: Option<Label>,
    #[serde(deserialize_with = "maybe")]
    pub(super) reason: Option<String>,
    #[serde(deserialize_with = "maybe")]
    pub(super) review: Option<Review>,
    #[serde(deserialize_with = "maybe")]
    pub(super) comment: Option<Comment>,
    #[serde(deserialize_with = "maybe")]
    pub(super) issue: Option<Issue>,
    #[serde(deserialize_with = "maybe")]
    pub(super) check_run: Option<CheckRun>,
    #[serde(deserialize_with = "maybe")]
    pub(super) workflow_run: Option<WorkflowRun>,
    #[serde(deserialize_with = "maybe")]
    pub(super) deployment: Option<Deployment>,
    #[serde(deserialize_with = "maybe")]
    pub(super) deployment_status: Option<DeploymentStatus>,
    #[serde(deserialize_with = "maybe")]
    pub(super) team: Option<Team>,
    #[serde(deserialize_with = "maybe")]
    pub(super) member: Option<User>,
    #[serde(deserialize_with = "maybe")]
    pub(super) membership: Option<Membership>,
    #[serde(deserialize_with = "each")]
    pub(super) repositories: Vec<Repository>,
    #[serde(deserialize_with = "each")]
    pub(super) repositories_added: Vec<Repository>,
    #[serde(deserialize_with = "each")]
    pub(super) repositories_removed: Vec<Repository>,
    // A push, and a status, are the payload themselves.
    #[serde(deserialize_with = "maybe")]
    pub(super) id: Option<i64>,
    #[serde(deserialize_with = "maybe")]
    pub(super) sha: Option<String>,
    #[serde(deserialize_with = "maybe")]
    pub(super) context: Option<String>,
    #[serde(deserialize_with = "maybe")]
    pub(super) state: Option<String>,
    #[serde(deserialize_with = "maybe")]
    pub(super) target_url: Option<String>,
    #[serde(deserialize_with = "moment")]
    pub(super) updated_at: Option<DateTime<Utc>>,
    #[serde(rename = "ref", deserialize_with = "maybe")]
    pub(super) name: Option<String>,
    #[serde(deserialize_with = "maybe")]
    pub(super) before: Option<String>,
    #[serde(deserialize_with = "maybe")]
    pub(super) after: Option<String>,
    #[serde(deserialize_with = "maybe")]
    pub(super) forced: Option<bool>,
}

impl Payload {
    /// Reads a payload; the error says why it is none.
    pub(super) fn parse(body: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(body).map_err(|_| "it is no object that GitHub describes".into())
    }

    /// The action, or nothing.
    pub(super) fn action(&self) -> &str {
        self.action.as_deref().unwrap_or_default()
    }
}

/// Somebody: a person, a bot, an organisation.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) login: String,
    #[serde(rename = "type", default, deserialize_with = "maybe")]
    pub(super) kind: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Repository {
    pub(super) id: i64,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) full_name: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) node_id: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) owner: Option<User>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) default_branch: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) html_url: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) private: Option<bool>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) archived: Option<bool>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) pushed_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Installation {
    pub(super) id: i64,
}

/// What something was before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Changes {
    #[serde(deserialize_with = "maybe")]
    pub(super) title: Option<Before>,
    #[serde(deserialize_with = "maybe")]
    pub(super) body: Option<Before>,
    #[serde(deserialize_with = "maybe")]
    pub(super) base: Option<Value>,
    #[serde(deserialize_with = "maybe")]
    pub(super) login: Option<Before>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Before {
    #[serde(deserialize_with = "maybe")]
    pub(super) from: Option<String>,
}

/// A pull request, whole or with some of it left out.
#[derive(Debug, Deserialize)]
pub(super) struct Pull {
    pub(super) id: i64,
    pub(super) number: i32,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) node_id: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) html_url: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) title: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) body: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) user: Option<User>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) state: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) draft: Option<bool>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) merged: Option<bool>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) merged_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) merged_by: Option<User>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) merge_commit_sha: Option<String>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) created_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) updated_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) closed_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) head: Option<End>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) base: Option<End>,
    /// A list that is missing is not an empty one.
    #[serde(default, deserialize_with = "maybe")]
    pub(super) requested_reviewers: Option<Each<User>>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) requested_teams: Option<Each<Team>>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) labels: Option<Each<Label>>,
    /// Null says that it is off; where it is missing, nothing is said.
    #[serde(default, deserialize_with = "said")]
    pub(super) auto_merge: Option<Value>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) mergeable: Option<bool>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) additions: Option<i32>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) deletions: Option<i32>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) changed_files: Option<i32>,
}

/// One end of a pull request.
#[derive(Debug, Deserialize)]
pub(super) struct End {
    #[serde(default, deserialize_with = "maybe")]
    pub(super) sha: Option<String>,
    #[serde(rename = "ref", default, deserialize_with = "maybe")]
    pub(super) name: Option<String>,
}

/// Items of a list that can be read.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: serde::de::DeserializeOwned")]
pub(super) struct Each<T>(#[serde(deserialize_with = "each")] pub(super) Vec<T>);

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Team {
    pub(super) id: i64,
    pub(super) slug: String,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) html_url: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Label {
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Review {
    pub(super) id: i64,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) user: Option<User>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) body: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) state: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) commit_id: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) html_url: Option<String>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) submitted_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Comment {
    pub(super) id: i64,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) user: Option<User>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) body: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) html_url: Option<String>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) created_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) updated_at: Option<DateTime<Utc>>,
}

/// An issue, which may be a pull request.
#[derive(Debug, Deserialize)]
pub(super) struct Issue {
    pub(super) number: i32,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) pull_request: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CheckRun {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) head_sha: String,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) status: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) conclusion: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) html_url: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) details_url: Option<String>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) started_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) completed_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WorkflowRun {
    pub(super) id: i64,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) name: Option<String>,
    pub(super) head_sha: String,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) conclusion: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) html_url: Option<String>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Deployment {
    pub(super) id: i64,
    pub(super) sha: String,
    #[serde(rename = "ref", default, deserialize_with = "maybe")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) environment: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) creator: Option<User>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) created_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DeploymentStatus {
    pub(super) id: i64,
    pub(super) state: String,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) target_url: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) environment_url: Option<String>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) created_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Membership {
    #[serde(default, deserialize_with = "maybe")]
    pub(super) user: Option<User>,
}

/// A moment as GitHub writes it: mostly as text, in pushes as seconds.
fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => DateTime::parse_from_rfc3339(&text).ok().map(|it| it.with_timezone(&Utc)),
        Value::Number(seconds) => seconds.as_i64().and_then(|it| DateTime::from_timestamp(it, 0)),
        _ => None,
    })
}

/// A value that was said, be it null.
fn said<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}
