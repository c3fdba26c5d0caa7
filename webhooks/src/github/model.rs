//! GitHub, played by something that forgets everything but how it is now.

use std::collections::{BTreeMap, BTreeSet};

use domain::github::{Mergeable, State, Verdict};
use integrations::github::snapshot::{self, Snapshot};
use serde_json::{Value, json};

use super::samples::{REPOSITORY, about, pull, repository, second, team, user, with};

/// What happens to a pull request; time passes before, often less than a second.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) millis: i64,
    pub(super) kind: usize,
    pub(super) which: usize,
    /// How often its event comes; none means that it is lost.
    pub(super) copies: usize,
    /// By which the events are shuffled.
    pub(super) order: u32,
}

/// GitHub, as far as one pull request shows it.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) id: i64,
    pub(super) now: i64,
    pub(super) state: &'static str,
    pub(super) merged: bool,
    pub(super) draft: bool,
    pub(super) head: usize,
    pub(super) title: usize,
    pub(super) base: &'static str,
    pub(super) labels: BTreeSet<String>,
    pub(super) people: BTreeSet<i64>,
    pub(super) teams: BTreeSet<i64>,
    pub(super) auto_merge: bool,
    pub(super) queued: bool,
    /// Id, who, verdict, when.
    pub(super) reviews: Vec<(i64, i64, &'static str, i64)>,
    /// Of each head and name: the run, whether it is over, and what it came to.
    pub(super) checks: BTreeMap<(usize, String), (i64, &'static str, i64)>,
    pub(super) runs: i64,
}

const VERDICTS: [&str; 3] = ["approved", "changes_requested", "commented"];
const CONCLUSIONS: [&str; 3] = ["success", "failure", "skipped"];
const BASES: [&str; 3] = ["main", "release", "next"];

pub(super) fn sha(id: i64, head: usize) -> String {
    format!("{id:020x}{head:020x}")
}

impl Model {
    pub(super) fn new(id: i64) -> Self {
        Self {
            id,
            now: 0,
            state: "open",
            merged: false,
            draft: false,
            head: 0,
            title: 0,
            base: "main",
            labels: BTreeSet::new(),
            people: BTreeSet::new(),
            teams: BTreeSet::new(),
            auto_merge: false,
            queued: false,
            reviews: Vec::new(),
            checks: BTreeMap::new(),
            runs: 0,
        }
    }

    pub(super) fn shown(&self) -> Value {
        let labels: Vec<Value> = self.labels.iter().map(|it| json!({"name": it})).collect();
        let closed = (self.state == "closed").then(|| second(self.now));
        with(
            pull(self.now),
            json!({"id": self.id, "number": self.id, "state": self.state, "merged": self.merged,
                "merged_at": closed.as_ref().filter(|_| self.merged), "closed_at": closed, "draft": self.draft,
                "title": format!("Title {}", self.title), "head": {"sha": sha(self.id, self.head), "ref": "retry"},
                "base": {"ref": self.base}, "labels": labels, "auto_merge": self.auto_merge.then(|| json!({"merge_method": "squash"})),
                "requested_reviewers": self.people.iter().map(|it| user(*it)).collect::<Vec<_>>(),
                "requested_teams": self.teams.iter().map(|it| team(*it)).collect::<Vec<_>>()}),
        )
    }

    /// Takes a step; the event that tells of it, where GitHub lets it be taken.
    pub(super) fn take(&mut self, step: &Step) -> Option<(&'static str, Value)> {
        self.now += step.millis;
        let (open, person, label) = (self.state == "open", 2 + step.which as i64, format!("label{}", step.which));
        let (action, more) = match step.kind {
            0 if open => {
                (self.state, self.auto_merge, self.queued) = ("closed", false, false);
                ("closed", json!({}))
            }
            1 if !open && !self.merged => {
                self.state = "open";
                ("reopened", json!({}))
            }
            2 if open && step.which == 0 => {
                (self.state, self.merged, self.auto_merge, self.queued) = ("closed", true, false, false);
                ("closed", json!({}))
            }
            3 if open => {
                self.draft = !self.draft;
                (if self.draft { "converted_to_draft" } else { "ready_for_review" }, json!({}))
            }
            4 | 5 if open => {
                let before = sha(self.id, self.head);
                self.head += 1;
                ("synchronize", json!({"before": before, "after": sha(self.id, self.head)}))
            }
            6 => {
                self.title += 1;
                ("edited", json!({"changes": {"title": {"from": "another"}}}))
            }
            7 if self.base != BASES[step.which] => {
                self.base = BASES[step.which];
                ("edited", json!({"changes": {"base": {"ref": {"from": "another"}}}}))
            }
            8 | 9 => {
                let there = self.labels.contains(&label);
                if there {
                    self.labels.remove(&label)
                } else {
                    self.labels.insert(label.clone())
                };
                (if there { "unlabeled" } else { "labeled" }, json!({"label": {"name": label}}))
            }
            10 | 11 => {
                let there = self.people.contains(&person);
                if there {
                    self.people.remove(&person)
                } else {
                    self.people.insert(person)
                };
                (
                    if there { "review_request_removed" } else { "review_requested" },
                    json!({"requested_reviewer": user(person)}),
                )
            }
            12 => {
                let (team_id, there) = (person, self.teams.contains(&person));
                if there {
                    self.teams.remove(&team_id)
                } else {
                    self.teams.insert(team_id)
                };
                (
                    if there { "review_request_removed" } else { "review_requested" },
                    json!({"requested_team": team(team_id)}),
                )
            }
            13 if open => {
                self.auto_merge = !self.auto_merge;
                (if self.auto_merge { "auto_merge_enabled" } else { "auto_merge_disabled" }, json!({}))
            }
            14 if open => {
                self.queued = !self.queued;
                (if self.queued { "enqueued" } else { "dequeued" }, json!({"reason": "MANUAL"}))
            }
            15 => return Some(self.review(person, VERDICTS[(step.order % 3) as usize])),
            16 => return self.dismiss(person),
            17 => ("assigned", json!({"assignee": user(person)})),
            18 | 19 => return Some(self.check(step)),
            _ => return None,
        };
        Some(("pull_request", about(action, &self.shown(), more)))
    }

    fn review(&mut self, person: i64, verdict: &'static str) -> (&'static str, Value) {
        let id = self.id * 1000 + self.reviews.len() as i64;
        self.reviews.push((id, person, verdict, self.now));
        // GitHub takes the request back without a word.
        self.people.remove(&person);
        let review =
            json!({"id": id, "user": user(person), "state": verdict, "body": null, "submitted_at": second(self.now)});
        ("pull_request_review", about("submitted", &self.shown(), json!({"review": review})))
    }

    fn dismiss(&mut self, person: i64) -> Option<(&'static str, Value)> {
        let it =
            self.reviews.iter_mut().rev().find(|it| it.1 == person && it.2 != "commented" && it.2 != "dismissed")?;
        it.2 = "dismissed";
        let review =
            json!({"id": it.0, "user": user(person), "state": "dismissed", "body": null, "submitted_at": second(it.3)});
        Some(("pull_request_review", about("dismissed", &self.shown(), json!({"review": review}))))
    }

    /// A check begins, or the one that runs ends.
    fn check(&mut self, step: &Step) -> (&'static str, Value) {
        let key = (self.head, format!("check{}", step.which));
        let running = self.checks.get(&key).filter(|it| it.1 == "pending").map(|it| it.0);
        let outcome = if running.is_some() { CONCLUSIONS[(step.order % 3) as usize] } else { "pending" };
        let run = running.unwrap_or_else(|| {
            self.runs += 1;
            self.runs
        });
        self.checks.insert(key.clone(), (run, outcome, self.now));
        let done = running.map(|_| outcome);
        let run = json!({"id": self.id * 1000 + run, "name": key.1, "head_sha": sha(self.id, self.head), "pull_requests": [],
            "status": if done.is_some() { "completed" } else { "in_progress" }, "conclusion": done,
            "started_at": second(self.now), "completed_at": done.map(|_| second(self.now))});
        let action = if done.is_some() { "completed" } else { "created" };
        ("check_run", json!({"action": action, "check_run": run, "repository": repository(), "sender": user(1)}))
    }

    /// What counts of each reviewer.
    pub(super) fn counted(&self) -> BTreeMap<i64, String> {
        let mut counted: BTreeMap<i64, &(i64, i64, &'static str, i64)> = BTreeMap::new();
        for it in &self.reviews {
            let before = counted.get(&it.1).map(|it| it.2);
            if it.2 != "commented" || before.is_none_or(|it| it == "commented") {
                counted.insert(it.1, it);
            }
        }
        counted.into_iter().map(|(who, it)| (who, it.2.to_string())).collect()
    }

    pub(super) fn outcomes(&self) -> BTreeMap<String, String> {
        let of_head = self.checks.iter().filter(|it| it.0.0 == self.head);
        of_head.map(|(key, it)| (key.1.clone(), if it.1 == "skipped" { "success" } else { it.1 }.to_string())).collect()
    }

    /// What one sees who looks at GitHub at that moment.
    pub(super) fn read(&self, read_at: i64) -> Snapshot {
        let actor = |id: i64| snapshot::Actor { id, login: format!("user{id}"), kind: "User".into() };
        let people = self.people.iter().map(|it| snapshot::Reviewer::Actor(actor(*it)));
        let teams = self.teams.iter().map(|it| {
            let (organization, slug, name) = ("mosaic-lane".into(), format!("team{it}"), format!("Team {it}"));
            snapshot::Reviewer::Team(snapshot::Team { id: *it, organization, slug, name })
        });
        let state = match self.state {
            "open" => State::Open,
            _ if self.merged => State::Merged,
            _ => State::Closed,
        };
        let counted = self.reviews.iter().rev().fold(Vec::new(), |mut all: Vec<&(i64, i64, &str, i64)>, it| {
            if !all.iter().any(|other| other.1 == it.1 && (other.2 == "commented") == (it.2 == "commented")) {
                all.push(it);
            }
            all
        });
        let moment = |millis: i64| second(millis).parse().expect("a moment");
        Snapshot {
            read_at: moment(read_at),
            repository: snapshot::Repository {
                id: REPOSITORY,
                name: "mosaic-lane/payments".into(),
                node_id: "R201".into(),
                default_branch: Some("main".into()),
                url: "https://github.com/mosaic-lane/payments".into(),
                private: true,
                archived: false,
                installation_id: 5,
            },
            id: self.id,
            node_id: "P".into(),
            number: i32::try_from(self.id).expect("small"),
            title: format!("Title {}", self.title),
            url: "https://github.com/mosaic-lane/payments/pull/7".into(),
            author: Some(actor(1)),
            state,
            draft: self.draft,
            head_sha: sha(self.id, self.head),
            head_ref: "retry".into(),
            base_ref: self.base.into(),
            merge_sha: None,
            merged_by: None,
            created_at: moment(0),
            updated_at: moment(self.now),
            closed_at: None,
            additions: 1,
            deletions: 1,
            files: 1,
            labels: self.labels.iter().cloned().collect(),
            auto_merge: self.auto_merge,
            queued_at: self.queued.then(|| moment(self.now)),
            requests: people.chain(teams).map(|of| snapshot::Request { of, as_code_owner: false }).collect(),
            reviews: counted
                .into_iter()
                .map(|it| snapshot::Review {
                    id: it.0,
                    by: Some(actor(it.1)),
                    verdict: Verdict::from_word(it.2).expect("a word"),
                    sha: None,
                    url: String::new(),
                    submitted_at: moment(it.3),
                })
                .collect(),
            checks: self
                .checks
                .iter()
                .filter(|it| it.0.0 == self.head)
                .map(|(key, it)| snapshot::Check {
                    kind: snapshot::CheckKind::Run,
                    name: key.1.clone(),
                    state: match it.1 {
                        "pending" => snapshot::CheckState::Pending,
                        "failure" => snapshot::CheckState::Failure,
                        "skipped" => snapshot::CheckState::Neutral,
                        _ => snapshot::CheckState::Success,
                    },
                    url: None,
                    id: self.id * 1000 + it.0,
                })
                .collect(),
            checks_whole: true,
            mergeable: Mergeable::Mergeable,
            merge_state: Some("CLEAN".into()),
            decision: None,
            approvals_needed: Some(1),
        }
    }
}
