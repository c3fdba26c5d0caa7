//! What happens to pull requests, as GitHub tells it: signed.

use chrono::{SecondsFormat, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use super::{PEOPLE, PULLS, REPOSITORIES};
use crate::bench::client::post;
use crate::bench::company;
use crate::bench::events::SECRET;

/// What happens to a pull request, one after the other.
pub const HISTORY: [&str; 6] = ["labeled", "review_requested", "created", "completed", "comment", "submitted"];

fn user(number: usize) -> Value {
    json!({ "id": number % PEOPLE, "login": company::person(number % PEOPLE), "type": "User" })
}

/// Something that happens to a pull request; `step` puts what happens later later. Its author asks somebody to review it, who writes
/// a comment that mentions a third one, and approves.
pub fn event(what: &str, number: usize, step: usize) -> Vec<u8> {
    let number = number % PULLS;
    let now = (Utc::now() + TimeDelta::seconds(i64::try_from(step).unwrap_or_default()))
        .to_rfc3339_opts(SecondsFormat::Secs, true);
    let (author, reviewer) = (user(number), user(number + 1));
    let (id, sha) = (number + step * PULLS, format!("{number:040x}"));
    let requested = if what == "review_requested" { vec![&reviewer] } else { vec![] };
    let pull = json!({
        "id": number, "number": number, "node_id": format!("PR_{number}"), "title": format!("Change {number}"), "state": "open",
        "html_url": format!("https://github.example/pull/{number}"), "draft": false, "user": author, "merged_at": null,
        "created_at": "2026-11-02T09:14:07Z", "updated_at": now, "head": { "sha": sha, "ref": "change" },
        "base": { "ref": "main", "sha": sha }, "requested_reviewers": requested,
        "requested_teams": [], "labels": [{ "name": "bench" }], "auto_merge": null, "body": "Because of the bank. ".repeat(100),
    });
    let (name, mut body) = match what {
        "created" | "completed" => {
            let conclusion = (what == "completed").then_some("success");
            let run = json!({ "id": 1_000_000 + id, "name": "build", "head_sha": sha, "status": "completed",
                "conclusion": conclusion, "completed_at": now });
            ("check_run", json!({ "action": what, "sender": author, "check_run": run }))
        }
        "comment" => {
            let words = format!("@{} why?", company::person((number + 2) % PEOPLE));
            let comment = json!({ "id": id, "user": reviewer, "body": words, "created_at": now, "updated_at": now });
            let issue = json!({ "number": number, "pull_request": {} });
            let body = json!({ "action": "created", "sender": reviewer, "comment": comment, "issue": issue });
            ("issue_comment", body)
        }
        "submitted" => {
            let review =
                json!({ "id": id, "user": reviewer, "state": "approved", "body": "Good.", "submitted_at": now });
            let body = json!({ "action": what, "sender": reviewer, "review": review, "pull_request": pull });
            ("pull_request_review", body)
        }
        "review_requested" => {
            let body =
                json!({ "action": what, "sender": author, "requested_reviewer": reviewer, "pull_request": pull });
            ("pull_request", body)
        }
        _ => {
            let label = json!({ "name": "bench" });
            ("pull_request", json!({ "action": what, "sender": author, "label": label, "pull_request": pull }))
        }
    };
    let repository = number % REPOSITORIES;
    body["repository"] =
        json!({ "id": repository, "full_name": format!("mosaic-lane/bench{repository}"), "default_branch": "main" });
    signed(name, &body.to_string())
}

fn signed(name: &str, body: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).map(|it| it.chain_update(body).finalize());
    let signature = format!("sha256={}", mac.map(|it| hex::encode(it.into_bytes())).unwrap_or_default());
    let id = Uuid::now_v7().to_string();
    let headers = [
        ("content-type", "application/json"),
        ("x-github-delivery", &id),
        ("x-github-event", name),
        ("x-hub-signature-256", &signature),
    ];
    post("/webhooks/github", &headers, body)
}
