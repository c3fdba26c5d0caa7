//! What was read of pull requests, as events for the inbox: those that differ from what is known.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::PgConnection;
use domain::delivery::{self, Arrived, Content, Source, State};
use domain::github::{Mergeable, Reviewer, Verdict, Whole, to_read};
use integrations::github::Snapshot;
use integrations::github::snapshot::{self, CheckState, PULL_REQUEST};
use uuid::Uuid;

/// Events of one statement.
const BATCH: usize = 200;

/// Stores those that differ from what is known; how many these are.
pub(super) async fn store(db: &mut PgConnection, read: &[Snapshot]) -> anyhow::Result<u64> {
    let ids: Vec<i64> = read.iter().map(|it| it.id).collect();
    let known = Whole::of(&mut *db, &ids).await?;
    let known: HashMap<i64, &Whole> = known.iter().map(|it| (it.pull_request.id, it)).collect();
    let differing = read.iter().filter(|it| known.get(&it.id).is_none_or(|known| !same(known, it)));
    let mut events = differing.map(|it| event(it, Utc::now())).collect::<serde_json::Result<Vec<_>>>()?;
    events.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    let mut stored = 0;
    for some in events.chunks(BATCH) {
        stored += delivery::store(&mut *db, &some.iter().collect::<Vec<_>>()).await?;
    }
    Ok(stored)
}

/// Notes what was read, so that it is not read again before it changes, and that GitHub answered what it was asked about.
pub(super) async fn note(db: &mut PgConnection, read: &[Snapshot]) -> sqlx::Result<()> {
    let Some(asked_at) = read.iter().map(|it| it.read_at).min() else { return Ok(()) };
    let states: Vec<(i64, DateTime<Utc>)> = read.iter().map(|it| (it.id, sure_of(it))).collect();
    to_read::note(&mut *db, &states, asked_at).await?;
    let answered = read.iter().filter(|it| it.mergeable != Mergeable::Unknown);
    let heads: Vec<(i64, String)> = answered.map(|it| (it.id, it.head_sha.clone())).collect();
    to_read::settle(&mut *db, &heads, asked_at).await
}

/// The state that was read for certain: what changed in the very second of the reading may have changed again in it, and the
/// reading does not count against its event. So that one is read once more.
fn sure_of(it: &Snapshot) -> DateTime<Utc> {
    if it.updated_at <= it.read_at { it.updated_at } else { it.read_at }
}

/// The event that tells of a pull request. Its id has a digest beside the moment: what was read twice in a second may differ.
fn event(it: &Snapshot, now: DateTime<Utc>) -> serde_json::Result<Arrived> {
    let body = serde_json::to_vec(it)?;
    let digest = Uuid::new_v5(&Uuid::NAMESPACE_OID, &body).simple();
    Ok(Arrived {
        id: Uuid::now_v7(),
        source: Source::Github,
        external_id: format!("poll:pull_request:{}:{}:{digest}", it.id, it.read_at.timestamp()),
        event: PULL_REQUEST.into(),
        action: None,
        subject: Some(format!("{}#{}", it.repository.name.to_lowercase(), it.number)),
        received_at: now,
        source_at: Some(it.read_at),
        state: State::Pending,
        content: Content::Json,
        headers: serde_json::Value::Object(serde_json::Map::new()),
        body: body.into(),
    })
}

/// Whether all that was read is known already.
fn same(known: &Whole, read: &Snapshot) -> bool {
    itself(known, read)
        && worked_out(known, read)
        && requests(known) == requested(read)
        && reviews(known) == reviewed(read)
        && (checks(known) == checked(read) || !read.checks_whole)
}

fn itself(known: &Whole, read: &Snapshot) -> bool {
    let it = &known.pull_request;
    let sorted = |labels: &[String]| labels.iter().cloned().collect::<BTreeSet<_>>();
    let author = |it: &snapshot::Actor| (it.id, it.login.clone());
    known.repository.name == read.repository.name
        && (it.title.as_str(), it.url.as_deref()) == (&read.title, Some(&read.url))
        && known.author.as_ref().map(|it| (it.id, it.login.clone())) == read.author.as_ref().map(author)
        && (it.state, it.draft, it.auto_merge) == (read.state, read.draft, read.auto_merge)
        && (&it.head_sha, &it.head_ref, &it.base_ref) == (&read.head_sha, &read.head_ref, &read.base_ref)
        && it.merge_sha == read.merge_sha
        && it.merged_by == read.merged_by.as_ref().map(|it| it.id)
        && it.closed_at == read.closed_at
        && it.size == Some((read.additions, read.deletions, read.files))
        && sorted(&it.labels) == sorted(&read.labels)
        && it.queued_at.is_some() == read.queued_at.is_some()
}

/// What GitHub works out only when it is asked; that it does not know is no news.
fn worked_out(known: &Whole, read: &Snapshot) -> bool {
    let it = &known.pull_request;
    let behind = read.merge_state.as_deref().map(|it| it == "BEHIND");
    it.mergeable == read.mergeable && behind.is_none_or(|behind| behind == it.behind)
        || read.mergeable == Mergeable::Unknown
            && it.review_required == read.decision.as_ref().map(|it| it == "REVIEW_REQUIRED")
            && (read.approvals_needed.is_none() || it.approvals_needed == read.approvals_needed)
}

fn requests(known: &Whole) -> BTreeSet<(bool, i64)> {
    let of = known.requests.iter().map(|it| match &it.of {
        Reviewer::Actor(it) => (false, it.id),
        Reviewer::Team(it) => (true, it.id),
    });
    of.collect()
}

fn requested(read: &Snapshot) -> BTreeSet<(bool, i64)> {
    let of = read.requests.iter().map(|it| match &it.of {
        snapshot::Reviewer::Actor(it) => (false, it.id),
        snapshot::Reviewer::Team(it) => (true, it.id),
    });
    of.collect()
}

fn reviews(known: &Whole) -> BTreeSet<(Option<i64>, &'static str)> {
    known.reviews.iter().map(|it| (it.by.as_ref().map(|it| it.id), it.verdict.as_str())).collect()
}

/// Of each reviewer what counts, as [`Whole`] has it: the last verdict, or the last remark of whoever gave none.
fn reviewed(read: &Snapshot) -> BTreeSet<(Option<i64>, &'static str)> {
    let author = read.author.as_ref().map(|it| it.id);
    let mut counts: HashMap<Option<i64>, &snapshot::Review> = HashMap::new();
    let weight = |it: &snapshot::Review| (it.verdict != Verdict::Commented, it.submitted_at, it.id);
    for it in &read.reviews {
        let by = it.by.as_ref().map(|it| it.id);
        if by == author {
            continue;
        }
        let held = counts.entry(by).or_insert(it);
        if weight(it) > weight(held) {
            *held = it;
        }
    }
    counts.into_iter().map(|(by, it)| (by, it.verdict.as_str())).collect()
}

fn checks(known: &Whole) -> (usize, BTreeSet<&str>, BTreeSet<&str>) {
    let pending = known.checks.pending.iter().map(String::as_str);
    let failed = known.checks.failed.iter().map(|it| it.0.as_str());
    (known.checks.passed, pending.collect(), failed.collect())
}

fn checked(read: &Snapshot) -> (usize, BTreeSet<&str>, BTreeSet<&str>) {
    let of = |state: CheckState| read.checks.iter().filter(move |it| it.state == state).map(|it| it.name.as_str());
    let passed = of(CheckState::Success).count() + of(CheckState::Neutral).count();
    (passed, of(CheckState::Pending).collect(), of(CheckState::Failure).collect())
}
