//! Whatever the order in which events come, however often, and however many are lost until GitHub is read: all is as it was last.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::PgConnection;
use domain::delivery::Claimed;
use domain::github::{Happened, Reviewer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::apply::{Said, project};
use super::model::{Model, Step, sha};
use super::samples::{about, applied, at, delivery, happened, whole};

fn step() -> impl Strategy<Value = Step> {
    (1..900_i64, 0..20_usize, 0..3_usize, 0..4_usize, any::<u32>())
        .prop_map(|(millis, kind, which, copies, order)| Step { millis, kind, which, copies, order })
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
    let arriving: Vec<Claimed> = events.iter().filter(|it| it.3).map(send).collect();
    for (nth, some) in arriving.chunks(1 + steps.len() % 7).enumerate() {
        // Whatever is applied together comes to the same as one after the other.
        let mut together = db.begin().await.expect("a transaction");
        let happened = many(&mut together, some).await;
        let rows = rows(&mut together, id).await;
        if nth % 2 == 0 {
            together.commit().await.expect("a commit");
            continue;
        }
        together.rollback().await.expect("nothing");
        let mut each = Vec::new();
        for it in some {
            each.push(applied(db, it).await);
        }
        assert_eq!(happened, each, "{steps:?}");
        let mut connection = db.acquire().await.expect("a connection");
        assert_eq!(rows, self::rows(&mut connection, id).await, "{steps:?}");
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

/// Applies events together; what happened by each.
async fn many(db: &mut PgConnection, events: &[Claimed]) -> Vec<Vec<Happened>> {
    let now = events[0].received_at + TimeDelta::minutes(1);
    let said = project(db, events, now).await.expect("projected").into_iter().map(happened);
    said.map(|it| match it {
        Said::Known(happened) => happened,
        Said::Nothing | Said::Unclear(_) => panic!("an event was not understood"),
    })
    .collect()
}

/// All that is stored of a pull request, and what everybody is called.
async fn rows(db: &mut PgConnection, id: i64) -> Vec<Value> {
    let rows = "
        select to_jsonb(t) as row from github.pull_request t where id = $1
        union all select to_jsonb(t) from github.review_request t where pull_request_id = $1
        union all select to_jsonb(t) from github.review t where pull_request_id = $1
        union all select to_jsonb(t) from github.activity t where number = $1
        union all select to_jsonb(t) from github.check_result t where starts_with(sha, $2)
        union all select to_jsonb(t) from github.actor t union all select to_jsonb(t) from github.team t
        union all select to_jsonb(t) from github.repository t order by row";
    let rows = sqlx::query_scalar(rows).bind(id).bind(format!("{id:020x}"));
    rows.fetch_all(db).await.expect("rows")
}

async fn play_many(db: &PgPool, lossy: bool) {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    for round in 1..=50 {
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
