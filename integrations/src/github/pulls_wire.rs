//! What GraphQL tells of a pull request, and what it means in our words.

use chrono::{DateTime, Utc};
use domain::github::{Mergeable, State};
use serde::Deserialize;
use serde_json::Value;

use super::brief::PageInfo;
use super::lenient::{each, id, or_default};
use super::pulls::last_by;
use super::pulls_parts::{Context, Said, Target, Who};
use super::snapshot::{Repository, Request, Review, Snapshot};

/// A pull request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pull {
    #[serde(rename = "id")]
    pub(super) node_id: String,
    #[serde(rename = "fullDatabaseId", deserialize_with = "id")]
    id: i64,
    number: i32,
    title: String,
    url: String,
    state: String,
    is_draft: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    additions: i32,
    deletions: i32,
    changed_files: i32,
    head_ref_name: String,
    #[serde(rename = "headRefOid")]
    pub(super) head_sha: String,
    base_ref_name: String,
    #[serde(default, deserialize_with = "or_default")]
    author: Who,
    #[serde(default, deserialize_with = "or_default")]
    merged_by: Who,
    merge_commit: Option<Commit>,
    repository: OfRepository,
    auto_merge_request: Option<Value>,
    merge_queue_entry: Option<Queued>,
    mergeable: String,
    merge_state_status: String,
    review_decision: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    base_ref: Base,
    #[serde(default, deserialize_with = "or_default")]
    labels: List,
    #[serde(default, deserialize_with = "or_default")]
    review_requests: List,
    #[serde(default, deserialize_with = "or_default")]
    latest_reviews: List,
    #[serde(default, deserialize_with = "or_default")]
    latest_opinionated_reviews: List,
    status_check_rollup: Option<Rollup>,
}

#[derive(Deserialize)]
pub(super) struct Commit {
    pub(super) oid: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Queued {
    enqueued_at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Rollup {
    contexts: Contexts,
}

/// Checks of a commit, or some of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contexts {
    page_info: PageInfo,
    nodes: Value,
}

/// What a list has.
#[derive(Default, Deserialize)]
#[serde(default)]
struct List {
    nodes: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfRepository {
    #[serde(rename = "id")]
    node_id: String,
    #[serde(rename = "databaseId", deserialize_with = "id")]
    id: i64,
    name_with_owner: String,
    url: String,
    is_private: bool,
    is_archived: bool,
    default_branch_ref: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// The branch that it goes into, and the rules that can be seen of it.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Base {
    #[serde(deserialize_with = "or_default")]
    ref_update_rule: Rule,
    #[serde(deserialize_with = "or_default")]
    rules: List,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Rule {
    #[serde(deserialize_with = "or_default")]
    required_approving_review_count: Option<i32>,
}

#[derive(Deserialize)]
struct Ruleset {
    #[serde(default, deserialize_with = "or_default")]
    parameters: Rule,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    #[serde(default)]
    as_code_owner: bool,
    requested_reviewer: Target,
}

impl Base {
    /// How many approvals it asks for: the most of its rules, none where none speaks of it.
    fn approvals(&self) -> Option<i32> {
        let rulesets = each::<Ruleset>(self.rules.nodes.clone()).into_iter();
        let told = rulesets.map(|it| it.parameters).filter_map(|it| it.required_approving_review_count);
        told.chain(self.ref_update_rule.required_approving_review_count).max()
    }
}

impl Pull {
    /// Where the next page of its checks begins, where there is one.
    pub(super) fn more_checks(&self) -> Option<String> {
        let page = &self.status_check_rollup.as_ref()?.contexts.page_info;
        if page.has_next_page { page.end_cursor.clone() } else { None }
    }

    /// Takes up a further page of its checks.
    pub(super) fn checks_from(&mut self, mut more: Contexts) {
        let Some(rollup) = &mut self.status_check_rollup else { return };
        rollup.contexts.page_info = more.page_info;
        if let (Value::Array(all), Value::Array(more)) = (&mut rollup.contexts.nodes, &mut more.nodes) {
            all.append(more);
        }
    }

    /// What it means.
    pub(super) fn snapshot(self, installation_id: i64, read_at: DateTime<Utc>) -> Snapshot {
        let checks_whole = self.more_checks().is_none();
        let contexts = self.status_check_rollup.map(|it| each::<Context>(it.contexts.nodes)).unwrap_or_default();
        let mut checks: Vec<_> = contexts.into_iter().filter_map(Context::check).collect();
        checks.sort_by_key(|it| it.id);
        let checks = last_by(checks, |it| (it.kind.as_str(), it.name.clone()));
        let asked = each::<Asked>(self.review_requests.nodes).into_iter();
        let asked = asked.filter_map(|it| Some((it.requested_reviewer.reviewer()?, it.as_code_owner)));
        let said = [self.latest_reviews.nodes, self.latest_opinionated_reviews.nodes];
        let said = said.into_iter().flat_map(each::<Said>).filter_map(Said::review);
        let state = if self.state == "MERGED" { State::Merged } else { closed(&self.state) };
        Snapshot {
            read_at,
            repository: self.repository.told(installation_id),
            id: self.id,
            node_id: self.node_id,
            number: self.number,
            title: self.title,
            url: self.url,
            author: self.author.actor(),
            state,
            draft: self.is_draft,
            head_sha: self.head_sha,
            head_ref: self.head_ref_name,
            base_ref: self.base_ref_name,
            merge_sha: self.merge_commit.map(|it| it.oid).filter(|_| state == State::Merged),
            merged_by: self.merged_by.actor(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            closed_at: self.closed_at,
            additions: self.additions,
            deletions: self.deletions,
            files: self.changed_files,
            labels: each::<Named>(self.labels.nodes).into_iter().map(|it| it.name).collect(),
            auto_merge: self.auto_merge_request.is_some(),
            queued_at: self.merge_queue_entry.map(|it| it.enqueued_at),
            requests: asked.map(|(of, as_code_owner)| Request { of, as_code_owner }).collect(),
            reviews: last_by(said, |it: &Review| it.id),
            checks,
            checks_whole,
            mergeable: Mergeable::from_word(&self.mergeable),
            merge_state: Some(self.merge_state_status).filter(|it| it != "UNKNOWN"),
            decision: self.review_decision,
            approvals_needed: self.base_ref.approvals(),
        }
    }
}

fn closed(word: &str) -> State {
    if word == "CLOSED" { State::Closed } else { State::Open }
}

impl OfRepository {
    fn told(self, installation_id: i64) -> Repository {
        Repository {
            id: self.id,
            name: self.name_with_owner,
            node_id: self.node_id,
            default_branch: self.default_branch_ref.map(|it| it.name),
            url: self.url,
            private: self.is_private,
            archived: self.is_archived,
            installation_id,
        }
    }
}
