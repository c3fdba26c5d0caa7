//! Payloads of our own, shaped as GitHub describes them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::delivery::{Claimed, Source};
use domain::github::{Happened, News, Whole};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::apply::{Said, project};

pub(super) const REPOSITORY: i64 = 201;

pub(super) fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_374_000, 0).expect("a moment") + TimeDelta::milliseconds(millis)
}

/// As GitHub writes it: without parts of seconds.
pub(super) fn second(millis: i64) -> String {
    at(millis).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A delivery's id as GitHub makes it, with the time in it.
pub(super) fn id(millis: i64, nth: u16) -> String {
    let ticks = u64::try_from(at(millis).timestamp_micros()).expect("after 1970") * 10 + 0x01B2_1DD2_1381_4000;
    let (low, middle, high) = (ticks & 0xffff_ffff, (ticks >> 32) & 0xffff, (ticks >> 48) | 0x1000);
    format!("{low:08x}-{middle:04x}-{high:04x}-{:04x}-4c9367dc0958", 0x8000 | nth)
}

pub(super) fn user(id: i64) -> Value {
    json!({"id": id, "login": format!("user{id}"), "type": "User", "node_id": format!("U{id}")})
}

pub(super) fn team(id: i64) -> Value {
    json!({"id": id, "slug": format!("team{id}"), "name": format!("Team {id}"),
        "html_url": format!("https://github.com/orgs/mosaic-lane/teams/team{id}")})
}

pub(super) fn repository() -> Value {
    json!({"id": REPOSITORY, "node_id": "R201", "full_name": "mosaic-lane/payments", "private": true, "archived": false,
        "html_url": "https://github.com/mosaic-lane/payments", "default_branch": "main", "owner": {"id": 9, "login": "mosaic-lane"}})
}

/// An open pull request of user 1, number 7, as webhooks show it whole.
pub(super) fn pull(millis: i64) -> Value {
    json!({"id": 401, "number": 7, "node_id": "P401", "html_url": "https://github.com/mosaic-lane/payments/pull/7",
        "title": "Retry once", "body": "", "user": user(1), "state": "open", "draft": false, "merged": false, "merged_at": null,
        "merged_by": null, "merge_commit_sha": null, "created_at": second(0), "updated_at": second(millis), "closed_at": null,
        "head": {"sha": "a".repeat(40), "ref": "retry", "repo": null}, "base": {"sha": "b".repeat(40), "ref": "main"},
        "requested_reviewers": [], "requested_teams": [], "labels": [], "auto_merge": null, "mergeable": null,
        "mergeable_state": "unknown", "additions": 10, "deletions": 2, "changed_files": 3})
}

/// The same with other fields.
pub(super) fn with(mut value: Value, other: Value) -> Value {
    if let (Value::Object(fields), Value::Object(other)) = (&mut value, other) {
        fields.extend(other);
    }
    value
}

/// An event of the action about a pull request, by user 1.
pub(super) fn about(action: &str, pull: &Value, more: Value) -> Value {
    let number = pull["number"].clone();
    with(
        json!({"action": action, "number": number, "pull_request": pull, "repository": repository(), "sender": user(1)}),
        more,
    )
}

/// A delivery that GitHub sent then, and that came at once.
pub(super) fn delivery(event: &str, (millis, nth): (i64, u16), body: &Value) -> Claimed {
    Claimed {
        id: Uuid::now_v7(),
        source: Source::Github,
        external_id: id(millis, nth),
        event: event.into(),
        action: None,
        subject: None,
        received_at: at(millis),
        occurred_at: None,
        body: serde_json::to_vec(body).expect("JSON"),
        attempts: 1,
        token: 1,
    }
}

/// Applies a delivery at that moment; what happened by it.
pub(super) async fn applied_at(db: &PgPool, claimed: &Claimed, now: DateTime<Utc>) -> Vec<Happened> {
    match said(db, claimed, now).await {
        Said::Known(happened) => happened,
        Said::Nothing => panic!("{} was ignored", claimed.event),
        Said::Unclear(why) => panic!("{} was not understood: {why}", claimed.event),
    }
}

/// The same a minute after it came.
pub(super) async fn applied(db: &PgPool, claimed: &Claimed) -> Vec<Happened> {
    applied_at(db, claimed, claimed.received_at + TimeDelta::minutes(1)).await
}

pub(super) async fn said(db: &PgPool, claimed: &Claimed, now: DateTime<Utc>) -> Said {
    let mut transaction = db.begin().await.expect("a transaction");
    let said = project(&mut transaction, std::slice::from_ref(claimed), now).await.expect("projected").remove(0);
    transaction.commit().await.expect("a commit");
    if let Said::Known(news) = &said {
        for it in news {
            assert_eq!(it.whole, whole(db, it.happened.pull_request_id).await, "what is told of is what is stored");
        }
    }
    happened(said)
}

/// What happened, without how it stands after.
pub(super) fn happened(said: Said<News>) -> Said {
    match said {
        Said::Known(news) => Said::Known(news.into_iter().map(|it| it.happened).collect()),
        Said::Nothing => Said::Nothing,
        Said::Unclear(why) => Said::Unclear(why),
    }
}

/// What is known of a pull request.
pub(super) async fn whole(db: &PgPool, id: i64) -> Whole {
    let mut connection = db.acquire().await.expect("a connection");
    Whole::of(&mut connection, &[id]).await.expect("read").pop().expect("known")
}
