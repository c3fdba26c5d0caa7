//! Whatever the order in which events come, however often, and however many are lost until GitHub is read: all is as it was last.

use std::collections::{BTreeMap, BTreeSet};

use domain::github::{Mergeable, Reviewer, State, Verdict};
use integrations::github::snapshot::{self, Snapshot};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::samples::{REPOSITORY, about, applied, at, delivery, pull, repository, second, team, user, whole, with};

/// What happens to a pull request; time passes before, often less than a second.
#[derive(Clone, Debug)]
struct Step {
    millis: i64,
    kind: usize,
    which: usize,
    /// How often its event comes; none means that it is lost.
    copies: usize,
    /// By which the events are shuffled.
    order: u32,
}

fn step() -> impl Strategy<Value = Step> {
    (1..900_i64, 0..20_usize, 0..3_usize, 0..4_usize, any::<u32>())
        .prop_map(|(millis, kind, which, copies, order)| Step { millis, kind, which, copies, order })
}

/// GitHub, as far as one pull request shows it.
#[derive(Clone, Debug)]
struct Model {
    id: i64,
    now: i64,
    state: &'static str,
    merged: bool,
    draft: bool,
    head: usize,
    title: usize,
    base: &'static str,
    labels: BTreeSet<String>,
    people: BTreeSet<i64>,
    teams: BTreeSet<i64>,
    auto_merge: bool,
    queued: bool,
    /// Id, who, verdict, when.
    reviews: Vec<(i64, i64, &'static str, i64)>,
    /// Of each head and name: the run, whether it is over, and what it came to.
    checks: BTreeMap<(usize, String), (i64, &'static str, i64)>,
    runs: i64,
}

const VERDICTS: [&str; 3] = ["approved", "changes_requested", "commented"];
const CONCLUSIONS: [&str; 3] = ["success", "failure", "skipped"];
const BASES: [&str; 3] = ["main", "release", "next"];

fn sha(id: i64, head: usize) -> String {
    format!("{id:020x}{head:020x}")
}

impl Model {
    fn new(id: i64) -> Self {
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

    fn shown(&self) -> Value {
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
    fn take(&mut self, step: &Step) -> Option<(&'static str, Value)> {
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
    fn counted(&self) -> BTreeMap<i64, String> {
        let mut counted: BTreeMap<i64, &(i64, i64, &'static str, i64)> = BTreeMap::new();
        for it in &self.reviews {
            let before = counted.get(&it.1).map(|it| it.2);
            if it.2 != "commented" || before.is_none_or(|it| it == "commented") {
                counted.insert(it.1, it);
            }
        }
        counted.into_iter().map(|(who, it)| (who, it.2.to_string())).collect()
    }

    fn outcomes(&self) -> BTreeMap<String, String> {
        let of_head = self.checks.iter().filter(|it| it.0.0 == self.head);
        of_head.map(|(key, it)| (key.1.clone(), if it.1 == "skipped" { "success" } else { it.1 }.to_string())).collect()
    }

    /// What one sees who looks at GitHub at that moment.
    fn read(&self, read_at: i64) -> Snapshot {
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

/// Compares what is known with what GitHub has.
async fn same(db: &PgPool, model: &Model, context: &dyn std::fmt::Debug) {
    let it = whole(db, model.id).await;
    let pull = &it.pull_request;
    let state = if model.merged { "merged" } else { model.state };
    let known = (pull.state.as_str(), pull.draft, pull.head_sha.clone(), pull.title.clone(), pull.base_ref.as_str());
    let expected = (state, model.draft, sha(model.id, model.head), format!("Title {}", model.title), model.base);
    assert_eq!(known, expected, "{context:?}");
    assert_eq!(pull.labels, model.labels.iter().cloned().collect::<Vec<_>>(), "labels of {context:?}");
    assert_eq!((pull.auto_merge, pull.queued_at.is_some()), (model.auto_merge, model.queued), "queue of {context:?}");
    let asked: BTreeSet<(bool, i64)> = it
        .requests
        .iter()
        .map(|it| match &it.of {
            Reviewer::Actor(it) => (false, it.id),
            Reviewer::Team(it) => (true, it.id),
        })
        .collect();
    let expected = model.people.iter().map(|it| (false, *it)).chain(model.teams.iter().map(|it| (true, *it))).collect();
    assert_eq!(asked, expected, "requests of {context:?}");
    let counted: BTreeMap<i64, String> =
        it.reviews.iter().filter_map(|it| Some((it.by.as_ref()?.id, it.verdict.as_str().to_string()))).collect();
    assert_eq!(counted, model.counted(), "reviews of {context:?}");
    let outcomes = model.outcomes();
    let named = |word: &str| outcomes.iter().filter(|it| it.1 == word).map(|it| it.0.clone()).collect::<Vec<_>>();
    let failed: Vec<String> = it.checks.failed.iter().map(|it| it.0.clone()).collect();
    let known = (it.checks.passed, it.checks.pending.clone(), failed);
    assert_eq!(known, (named("success").len(), named("pending"), named("failure")), "checks of {context:?}");
}

/// Plays a history: its events come shuffled and more than once, or not at all where they may be lost.
async fn play(db: &PgPool, id: i64, (steps, lossy): (&[Step], bool)) {
    let mut model = Model::new(id);
    let opened = ("pull_request", about("opened", &model.shown(), json!({})));
    let mut events = vec![(0_u32, 0, opened, true)];
    for (nth, step) in steps.iter().enumerate() {
        let Some(event) = model.take(step) else { continue };
        let sent = (model.now, u16::try_from(nth + 1).expect("few"));
        let copies = if lossy { step.copies } else { step.copies.max(1) };
        if copies == 0 {
            events.push((u32::MAX, i64::from(sent.1), event, false));
            continue;
        }
        for copy in 0..copies {
            events.push((step.order.rotate_left(copy as u32 * 7), i64::from(sent.1), event.clone(), true));
        }
    }
    let sent = |nth: i64| if nth == 0 { 0 } else { steps[..nth as usize].iter().map(|it| it.millis).sum() };
    let send = |(_, nth, (event, body), _): &(u32, i64, (&'static str, Value), bool)| {
        delivery(event, (sent(*nth), u16::try_from(*nth).expect("few")), body)
    };
    events.sort_by_key(|it| (it.0, it.1));
    for event in events.iter().filter(|it| it.3) {
        applied(db, &send(event)).await;
    }
    if lossy {
        let read_at = model.now + 120_000;
        let mut reading =
            delivery("poll.pull_request", (read_at, 0), &serde_json::to_value(model.read(read_at)).expect("JSON"));
        reading.external_id = format!("poll:pull_request:{id}:{read_at}");
        applied(db, &reading).await;
        same(db, &model, &("once read", steps)).await;
        // What was lost is sent once more, long after.
        for event in &events {
            applied(db, &send(event)).await;
        }
    }
    same(db, &model, &steps).await;
}

async fn play_many(db: &PgPool, lossy: bool) {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    for round in 1..=80 {
        let steps = vec(step(), 1..30).new_tree(&mut runner).expect("a history").current();
        play(db, round, (&steps, lossy)).await;
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn every_history_ends_as_it_was_last_in_any_order(db: PgPool) {
    assert_eq!(at(0).timestamp() % 60, 0, "seconds begin where the history does");
    play_many(&db, false).await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_lost_is_known_once_it_was_read(db: PgPool) {
    play_many(&db, true).await;
}
