//! What was found out about commits. They are found by commit alone: what an event names of pull requests is empty where these
//! come from a fork, and a check may end before its pull request is there.

use chrono::{DateTime, Utc};
use domain::PgConnection;
use domain::github::{Change, CheckResult, Happened, Known, Outcome};

use super::apply::Said;
use super::event::Event;
use super::settle::ready;

/// A check run began or ended.
pub(super) async fn run(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said> {
    let (Some(repository), Some(it)) = (&event.payload.repository, &event.payload.check_run) else {
        return Said::unclear("it names no check, or no repository");
    };
    // That somebody wants it once more says nothing of what it found; the new run does.
    if !matches!(event.payload.action(), "created" | "completed") {
        return Ok(Said::Nothing);
    }
    let check = CheckResult {
        run: true,
        name: it.name.clone(),
        outcome: outcome(it.status.as_deref(), it.conclusion.as_deref()),
        url: it.html_url.clone().or_else(|| it.details_url.clone()),
        external_id: it.id,
        source_at: it.completed_at.or(it.started_at).unwrap_or(event.sent_at),
    };
    settle(db, event, (repository.id, &it.head_sha), check).await
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
pub(super) async fn status(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said> {
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
    settle(db, event, (repository.id, sha), check).await
}

/// What a workflow does, its checks tell; but not that it could not begin.
pub(super) async fn workflow(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said> {
    let (Some(repository), Some(it)) = (&event.payload.repository, &event.payload.workflow_run) else {
        return Said::unclear("it names no workflow, or no repository");
    };
    if event.payload.action() != "completed" {
        return Ok(Said::Nothing);
    }
    let name = format!("{} (workflow)", it.name.as_deref().unwrap_or("unnamed"));
    let of = (repository.id, it.head_sha.as_str());
    let failed = it.conclusion.as_deref() == Some("startup_failure");
    if !failed && !CheckResult::of(&mut *db, of).await?.iter().any(|it| it.name == name) {
        return Ok(Said::Nothing);
    }
    let check = CheckResult {
        run: true,
        name,
        outcome: if failed { Outcome::Failure } else { Outcome::Neutral },
        url: it.html_url.clone(),
        external_id: it.id,
        source_at: it.updated_at.unwrap_or(event.sent_at),
    };
    settle(db, event, of, check).await
}

async fn settle(
    db: &mut PgConnection,
    event: &Event<'_>,
    (repository, sha): (i64, &str),
    check: CheckResult,
) -> anyhow::Result<Said> {
    let mut pulls = Vec::new();
    for id in Known::with_head(&mut *db, (repository, sha)).await? {
        pulls.extend(Known::hold(&mut *db, id).await?.filter(|it| it.head_sha == sha));
    }
    let before = CheckResult::of(&mut *db, (repository, sha)).await?;
    let same = |it: &&CheckResult| it.run == check.run && it.name == check.name;
    if before.iter().find(same).is_some_and(|it| !check.newer_than(it)) {
        return Ok(Said::Known(Vec::new()));
    }
    let others = before.iter().filter(|it| !same(it)).cloned();
    let after: Vec<CheckResult> = others.chain([check.clone()]).collect();
    let (at, changes) = (check.source_at, news(&before, &after));
    let happened = happen(db, &pulls, (&changes, at, event.news(at))).await?;
    CheckResult::write(db, (repository, sha), &[check]).await?;
    Ok(Said::Known(happened))
}

/// What happened to pull requests whose newest commit it is; before it is written.
async fn happen(
    db: &mut PgConnection,
    pulls: &[Known],
    (changes, at, told): (&[Change], DateTime<Utc>, bool),
) -> sqlx::Result<Vec<Happened>> {
    let mut happened = Vec::new();
    for it in pulls.iter().filter(|_| !changes.is_empty()) {
        let was_ready = told && ready(&mut *db, Some(it)).await?;
        happened.push(Happened { pull_request_id: it.id, at, by: None, changes: changes.to_vec(), was_ready, told });
    }
    Ok(happened)
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
