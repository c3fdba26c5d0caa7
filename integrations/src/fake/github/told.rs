//! Everything as GraphQL tells of it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::record::{Asked, PullRecord, RepositoryRecord, ReviewRecord, Stage};
use super::state::State;

/// A time as GitHub writes it.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl State {
    /// What an id stands for, where the installation may see it.
    pub(super) fn node(&mut self, id: &str, installation: i64) -> Value {
        let number = |prefix: &str| id.strip_prefix(prefix).and_then(|it| it.parse::<i64>().ok());
        if let Some(it) = number("R_").and_then(|it| self.repositories.get(&it).cloned()) {
            return if it.installation == installation { self.repository_told(&it, true) } else { Value::Null };
        }
        let Some(pull) = number("PR_").and_then(|it| self.pulls.get(&it).cloned()) else { return Value::Null };
        match self.repositories.get(&pull.repository) {
            Some(it) if it.installation == installation => {
                let told = self.pull_told(&pull);
                let pull = self.pull(pull.id);
                pull.thinks = pull.thinks.saturating_sub(1);
                told
            }
            _ => Value::Null,
        }
    }

    fn repository_told(&self, it: &RepositoryRecord, pulls: bool) -> Value {
        let of = |it: &&PullRecord, id: i64| it.repository == id;
        let pulls: Vec<Value> = match pulls {
            true => self.pulls.values().filter(|pull| of(pull, it.id)).map(|it| self.pull_told(it)).collect(),
            false => vec![],
        };
        json!({
            "__typename": "Repository", "id": it.node(), "databaseId": it.id, "nameWithOwner": it.name,
            "url": format!("https://github.example/{}", it.name), "isPrivate": true, "isArchived": false,
            "defaultBranchRef": { "__typename": "Ref", "name": "main" }, "pullRequests": pulls,
        })
    }

    fn pull_told(&self, it: &PullRecord) -> Value {
        let repository = &self.repositories[&it.repository];
        let rules: Vec<Value> = repository
            .approvals
            .iter()
            .map(|it| {
                let parameters = json!({ "__typename": "PullRequestParameters", "requiredApprovingReviewCount": it });
                json!({ "__typename": "RepositoryRule", "type": "PULL_REQUEST", "parameters": parameters })
            })
            .collect();
        let (mergeable, state) = match (it.stage, it.thinks, it.conflicts) {
            (Stage::Open, 0, false) => ("MERGEABLE", "CLEAN"),
            (Stage::Open, 0, true) => ("CONFLICTING", "DIRTY"),
            _ => ("UNKNOWN", "UNKNOWN"),
        };
        let oid = |it: &String| json!({ "__typename": "Commit", "oid": it });
        let reviews =
            |all: Vec<&ReviewRecord>| all.into_iter().map(|review| self.review_told(it, review)).collect::<Value>();
        let verdict = |it: &ReviewRecord| it.state != "COMMENTED";
        json!({
            "__typename": "PullRequest", "id": it.node(), "fullDatabaseId": it.id.to_string(), "number": it.number,
            "title": it.title, "url": self.url(it), "isDraft": it.draft, "createdAt": time(it.created_at),
            "state": match it.stage { Stage::Open => "OPEN", Stage::Closed => "CLOSED", Stage::Merged => "MERGED" },
            "updatedAt": time(it.updated_at), "closedAt": it.closed_at.map(time),
            "mergedAt": it.closed_at.filter(|_| it.stage == Stage::Merged).map(time),
            "additions": it.size.0, "deletions": it.size.1, "changedFiles": it.size.2,
            "headRefName": it.branch, "headRefOid": it.sha, "baseRefName": "main",
            "mergeable": mergeable, "mergeStateStatus": state, "reviewDecision": self.decision(it),
            "author": self.who(it.author), "mergedBy": it.merged_by.map(|it| self.who(it)),
            "mergeCommit": it.merge_sha.as_ref().map(oid), "repository": self.repository_told(repository, false),
            "autoMergeRequest": null,
            "mergeQueueEntry": it.queued_at.map(|it| json!({ "__typename": "MergeQueueEntry", "enqueuedAt": time(it), "position": 1 })),
            "baseRef": { "__typename": "Ref", "name": "main", "refUpdateRule": null, "rules": rules },
            "labels": it.labels.iter().map(|it| json!({ "__typename": "Label", "name": it })).collect::<Vec<_>>(),
            "reviewRequests": it.asked.iter().map(|it| self.asked_told(*it)).collect::<Vec<_>>(),
            "latestReviews": reviews(it.last(|_| true)), "latestOpinionatedReviews": reviews(it.last(verdict)),
            "statusCheckRollup": it.rollup().map(|state| self.rollup_told(it, state)),
        })
    }

    pub(super) fn url(&self, it: &PullRecord) -> String {
        format!("https://github.example/{}/pull/{}", self.repositories[&it.repository].name, it.number)
    }

    pub(super) fn who(&self, id: i64) -> Value {
        let Some(it) = self.actors.get(&id) else { return Value::Null };
        let login = it.login.strip_suffix("[bot]").unwrap_or(&it.login);
        json!({ "__typename": it.kind, "id": format!("U_{id}"), "databaseId": id, "login": login })
    }

    fn asked_told(&self, it: Asked) -> Value {
        let reviewer = match it {
            Asked::Actor(id) => self.who(id),
            Asked::Team(id) => {
                let it = &self.teams[&id];
                let organization = json!({ "__typename": "Organization", "login": it.organization });
                let slug = format!("{}/{}", it.organization, it.slug);
                json!({
                    "__typename": "Team", "databaseId": id, "slug": it.slug, "combinedSlug": slug, "name": it.slug,
                    "organization": organization,
                })
            }
        };
        json!({ "__typename": "ReviewRequest", "asCodeOwner": false, "requestedReviewer": reviewer })
    }

    fn review_told(&self, pull: &PullRecord, it: &ReviewRecord) -> Value {
        json!({
            "__typename": "PullRequestReview", "fullDatabaseId": it.id.to_string(), "state": it.state,
            "submittedAt": time(it.at), "url": format!("{}#pullrequestreview-{}", self.url(pull), it.id),
            "author": self.who(it.actor), "commit": { "__typename": "Commit", "oid": it.sha },
        })
    }

    fn rollup_told(&self, it: &PullRecord, state: &str) -> Value {
        let contexts = it.checks.iter().map(|(name, check)| {
            json!({
                "__typename": "CheckRun", "databaseId": check.id, "name": name, "conclusion": check.conclusion,
                "status": if check.conclusion.is_some() { "COMPLETED" } else { "IN_PROGRESS" },
                "detailsUrl": format!("{}/checks?check_run_id={}", self.url(it), check.id),
            })
        });
        json!({ "__typename": "StatusCheckRollup", "state": state, "contexts": contexts.collect::<Vec<_>>() })
    }

    /// None where its base asks for no review.
    fn decision(&self, it: &PullRecord) -> Option<&'static str> {
        let needed = self.repositories[&it.repository].approvals?;
        let said = it.last(|it| it.state != "COMMENTED");
        let approvals = said.iter().filter(|it| it.state == "APPROVED").count();
        Some(match () {
            () if said.iter().any(|it| it.state == "CHANGES_REQUESTED") => "CHANGES_REQUESTED",
            () if approvals >= usize::try_from(needed).unwrap_or_default() => "APPROVED",
            () => "REVIEW_REQUIRED",
        })
    }
}
