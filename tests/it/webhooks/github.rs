//! A morning of one pull request, as GitHub sends it.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::sender::settled;
use super::{Event, Hook};
use crate::common::scalar;

fn user(id: i64, login: &str) -> Value {
    json!({ "id": id, "login": login, "type": "User" })
}

fn pull(minute: u32, reviewers: &[Value]) -> Value {
    json!({ "id": 401, "number": 7, "node_id": "PR_401", "title": "Retry <once>", "state": "open", "draft": false, "merged": false,
        "user": user(1, "ada"), "created_at": "2026-11-23T08:00:00Z", "updated_at": format!("2026-11-23T08:{minute:02}:00Z"),
        "head": { "sha": "c0ffee", "ref": "retry", "repo": null }, "base": { "sha": "beef", "ref": "main" },
        "requested_reviewers": reviewers, "requested_teams": [], "labels": [{ "name": "risky" }], "auto_merge": null })
}

fn body(action: &str, (minute, reviewers): (u32, &[Value]), more: &Value) -> Value {
    let mut body = json!({ "action": action, "number": 7, "pull_request": pull(minute, reviewers), "sender": user(1, "ada"),
        "repository": { "id": 201, "full_name": "mosaic-lane/Payments", "default_branch": "main", "private": true } });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

async fn send(hook: &Hook, name: &str, body: &Value) {
    let event = Event::new(serde_json::to_vec(body).expect("JSON")).header("x-github-event", name);
    assert_eq!(hook.status(&event).await, 202);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_github_sends_is_known_whatever_the_order(db: PgPool) {
    let hook = Hook::over(&db).await;
    let grace = user(2, "Grace");
    let check = json!({ "id": 9, "name": "build", "head_sha": "c0ffee", "status": "completed", "conclusion": "failure",
        "completed_at": "2026-11-23T08:03:00Z", "pull_requests": [] });
    send(
        &hook,
        "check_run",
        &body("completed", (0, &[]), &json!({ "check_run": check, "pull_request": null, "number": null })),
    )
    .await;
    let review = json!({ "review": { "id": 501, "user": grace, "state": "changes_requested", "body": "Why?", "submitted_at": "2026-11-23T08:05:00Z" } });
    send(&hook, "pull_request_review", &body("submitted", (5, &[]), &review)).await;
    send(
        &hook,
        "pull_request",
        &body("review_requested", (1, std::slice::from_ref(&grace)), &json!({ "requested_reviewer": grace })),
    )
    .await;
    send(&hook, "pull_request", &body("opened", (0, &[]), &json!({}))).await;
    send(&hook, "star", &body("created", (0, &[]), &json!({}))).await;
    settled(&db).await;
    let states: String =
        scalar(&db, "select string_agg(event || ' ' || state, ', ' order by id) from inbox.delivery").await;
    assert_eq!(
        states,
        "check_run applied, pull_request_review applied, pull_request applied, pull_request applied, star ignored"
    );
    let subjects: String =
        scalar(&db, "select string_agg(distinct subject, ' ' order by subject) from inbox.delivery").await;
    assert_eq!(subjects, "mosaic-lane/payments#7 mosaic-lane/payments@c0ffee");
    let known: String = scalar(
        &db,
        "select concat_ws(' ', r.name, p.number, p.title, p.state, p.labels, a.login, c.name, c.state, v.state, w.login,
            (select count(*) from github.review_request where gone_at is null))
         from github.pull_request p join github.repository r on r.id = p.repository_id join github.actor a on a.id = p.author_id
         join github.check_result c on c.sha = p.head_sha join github.review v on v.pull_request_id = p.id
         join github.actor w on w.id = v.actor_id",
    )
    .await;
    assert_eq!(known, "mosaic-lane/Payments 7 Retry <once> open {risky} ada build failure changes_requested Grace 0");
}
