//! What was found out about commits. They are found by commit alone: what an event names of pull requests is empty where these
//! come from a fork, and a check may end before its pull request is there.

use chrono::{DateTime, Utc};
use domain::github::{Change, CheckResult, Desk, Happened, Outcome};

use super::apply::Said;
use super::event::Event;
use super::settle::ready;

/// A check run began or ended.
pub(super) fn run(desk: &mut Desk, event: &Event<'_>) -> Said {
    let (Some(repository), Some(it)) = (&event.payload.repository, &event.payload.check_run) else {
        return Said::unclear("it names no check, or no repository");
    };
    // That somebody wants it once more says nothing of what it found; the new run does.
    if !matches!(event.payload.action(), "created" | "completed") {
        return Said::Nothing;
    }
    let check = CheckResult {
        run: true,
        name: it.name.clone(),
        outcome: outcome(it.status.as_deref(), it.conclusion.as_deref()),
        url: it.html_url.clone().or_else(|| it.details_url.clone()),
        external_id: it.id,
        source_at: it.completed_at.or(it.started_at).unwrap_or(event.sent_at),
    };
    settle(desk, event, (repository.id, &it.head_sha), check)
}

/// What a run says, in GitHub's words.
/// <https://docs.github.com/en/rest/checks/runs#get-a-check-run>
fn outcome(status: Option<&str>, conclusion: Option<&str>) -> Outcome {
    match (status, conclusion) {
        (Some("completed") | None, Some("success")) => Outcome::Success,
        (
            Some("completed") | None,
            Some("failure" | "cancelled" | "timed_out" | "action_required" | "startup_failure"),
        ) => Outcome::Failure,
        // Skipped, neutral, stale, and what GitHub adds: nobody is kept from anything by what we do not know.
        (Some("completed") | None, Some(_)) => Outcome::Neutral,
        _ => Outcome::Pending,
    }
}

/// A status of a commit.
pub(super) fn status(desk: &mut Desk, event: &Event<'_>) -> Said {
    let it = event.payload;
    let (Some(repository), Some(sha), Some(context)) = (&it.repository, &it.sha, &it.context) else {
        return Said::unclear("it is a status of nothing");
    };
    let check = CheckResult {
        run: false,
        name: context.clone(),
        outcome: match it.state.as_deref() {
            Some("success") => Outcome::Success,
            Some("failure" | "error") => Outcome::Failure,
            _ => Outcome::Pending,
        },
        url: it.target_url.clone(),
        external_id: it.id.unwrap_or_default(),
        source_at: it.updated_at.unwrap_or(event.sent_at),
    };
    settle(desk, event, (repository.id, sha), check)
}

/// What a workflow does, its checks tell; but not that it could not begin.
pub(super) fn workflow(desk: &mut Desk, event: &Event<'_>) -> Said {
    let (Some(repository), Some(it)) = (&event.payload.repository, &event.payload.workflow_run) else {
        return Said::unclear("it names no workflow, or no repository");
    };
    if event.payload.action() != "completed" {
        return Said::Nothing;
    }
    let name = format!("{} (workflow)", it.name.as_deref().unwrap_or("unnamed"));
    let of = (repository.id, it.head_sha.as_str());
    let failed = it.conclusion.as_deref() == Some("startup_failure");
    if !failed && !desk.checks(of).iter().any(|it| it.name == name) {
        return Said::Nothing;
    }
    let check = CheckResult {
        run: true,
        name,
        outcome: if failed { Outcome::Failure } else { Outcome::Neutral },
        url: it.html_url.clone(),
        external_id: it.id,
        source_at: it.updated_at.unwrap_or(event.sent_at),
    };
    settle(desk, event, of, check)
}

fn settle(desk: &mut Desk, event: &Event<'_>, (repository, sha): (i64, &str), check: CheckResult) -> Said {
    let before = desk.checks((repository, sha)).to_vec();
    let same = |it: &&CheckResult| it.run == check.run && it.name == check.name;
    if before.iter().find(same).is_some_and(|it| !check.newer_than(it)) {
        return Said::Known(Vec::new());
    }
    let others = before.iter().filter(|it| !same(it)).cloned();
    let after: Vec<CheckResult> = others.chain([check.clone()]).collect();
    let (at, changes) = (check.source_at, news(&before, &after));
    let happened = happen(desk, (repository, sha), (&changes, at, event.news(at)));
    desk.check((repository, sha), check);
    Said::Known(happened)
}

/// What happened to pull requests whose newest commit it is; before it is written.
fn happen(desk: &Desk, commit: (i64, &str), (changes, at, told): (&[Change], DateTime<Utc>, bool)) -> Vec<Happened> {
    if changes.is_empty() {
        return Vec::new();
    }
    let happened = |id: i64| {
        let was_ready = told && ready(desk, desk.known(id));
        Happened { pull_request_id: id, at, by: None, changes: changes.to_vec(), was_ready, told }
    };
    desk.with_head(commit).into_iter().map(happened).collect()
}

/// What is new about the checks of a commit.
pub(super) fn news(before: &[CheckResult], after: &[CheckResult]) -> Vec<Change> {
    let failed = |all: &[CheckResult], it: &CheckResult| {
        all.iter().any(|other| other.run == it.run && other.name == it.name && other.outcome == Outcome::Failure)
    };
    let done = |it: &CheckResult| matches!(it.outcome, Outcome::Success | Outcome::Neutral);
    let fallen = after.iter().filter(|it| it.outcome == Outcome::Failure && !failed(before, it));
    let checks: Vec<String> = fallen.map(|it| it.name.clone()).collect();
    let passed = after.iter().all(done) && !before.iter().all(done) && !after.is_empty();
    let failed = (!checks.is_empty()).then_some(Change::Failed { checks });
    failed.into_iter().chain(passed.then_some(Change::Passed)).collect()
}
