use chrono::TimeDelta;
use domain::github::{Change, Happened, Mergeable, Reviewer, Standing, State, Verdict};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::apply::Said;
use super::samples::{
    REPOSITORY, about, applied, applied_at, at, delivery, pull, repository, said, second, team, user, whole, with,
};

fn kinds(happened: &[Happened]) -> Vec<String> {
    let word = |it: &Change| format!("{it:?}").split([' ', '{', '(']).next().unwrap_or_default().to_string();
    happened.iter().flat_map(|it| it.changes.iter().map(word)).collect()
}

async fn texts(db: &PgPool, query: &'static str) -> Vec<String> {
    sqlx::query_scalar(query).fetch_all(db).await.expect("rows")
}

async fn open(db: &PgPool) {
    applied(db, &delivery("pull_request", (0, 0), &about("opened", &pull(0), json!({})))).await;
}

fn run(id: i64, name: &str, (millis, conclusion): (i64, Option<&str>)) -> Value {
    let status = if conclusion.is_some() { "completed" } else { "queued" };
    let run = json!({"id": id, "name": name, "head_sha": "a".repeat(40), "status": status, "conclusion": conclusion,
        "started_at": second(millis), "completed_at": conclusion.map(|_| second(millis)), "pull_requests": [],
        "html_url": format!("https://github.com/runs/{id}")});
    let action = if conclusion.is_some() { "completed" } else { "created" };
    json!({"action": action, "check_run": run, "repository": repository(), "sender": user(1)})
}

fn comment(action: &str, (millis, body): (i64, &str), more: Value) -> Value {
    let comment = json!({"id": 601, "user": user(2), "body": body, "created_at": second(1000), "updated_at": second(millis),
        "html_url": "https://github.com/c/601"});
    with(
        json!({"action": action, "issue": {"number": 7, "pull_request": {"url": "x"}}, "comment": comment,
            "repository": repository(), "sender": user(2)}),
        more,
    )
}

fn review(action: &str, (id, who, state): (i64, i64, &str), pull: &Value) -> Value {
    let review = json!({"id": id, "user": user(who), "state": state, "body": "cc @grace", "commit_id": "a".repeat(40),
        "submitted_at": pull["updated_at"], "html_url": "https://github.com/r"});
    about(action, pull, json!({"review": review}))
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_is_asked_is_told_of_once_however_events_of_a_second_come(db: PgPool) {
    let asked = with(pull(0), json!({"requested_reviewers": [user(2)], "requested_teams": [team(301)]}));
    let first = about("review_requested", &asked, json!({"requested_reviewer": user(2)}));
    let happened = applied(&db, &delivery("pull_request", (300, 2), &first)).await;
    assert_eq!(kinds(&happened), ["Requested", "Requested"], "the list shows both");
    assert!(happened[0].told && happened[0].by == Some(1) && !happened[0].was_ready);
    let second = about("review_requested", &asked, json!({"requested_team": team(301)}));
    assert!(applied(&db, &delivery("pull_request", (400, 3), &second)).await.is_empty());
    let opened = about("opened", &with(pull(0), json!({"body": "@grace `@no` @mosaic-lane/payments"})), json!({}));
    let happened = applied(&db, &delivery("pull_request", (0, 1), &opened)).await;
    let mentioned = Change::Mentioned { logins: vec!["grace".into(), "mosaic-lane/payments".into()] };
    assert_eq!(happened[0].changes, [Change::Opened, mentioned], "although it came last, and its list was empty");
    assert!(applied(&db, &delivery("pull_request", (0, 1), &opened)).await.is_empty(), "again");
    let it = whole(&db, 401).await;
    assert_eq!(it.requests.iter().map(|it| it.by).collect::<Vec<_>>(), [Some(1), Some(1)]);
    assert!(it.requests.iter().any(|it| matches!(&it.of, Reviewer::Team(team) if team.slug == "mosaic-lane/team301")));
    assert_eq!(
        texts(&db, "select kind from github.activity order by kind").await,
        ["opened", "requested", "requested"]
    );
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_review_answers_its_request_and_what_was_overtaken_is_no_news(db: PgPool) {
    open(&db).await;
    let asked = with(pull(1000), json!({"requested_reviewers": [user(2)]}));
    applied(
        &db,
        &delivery(
            "pull_request",
            (1000, 1),
            &about("review_requested", &asked, json!({"requested_reviewer": user(2)})),
        ),
    )
    .await;
    // The list still shows the reviewer.
    let shown = with(pull(2000), json!({"requested_reviewers": [user(2)]}));
    let happened =
        applied(&db, &delivery("pull_request_review", (2000, 2), &review("submitted", (501, 2, "approved"), &shown)))
            .await;
    assert_eq!(kinds(&happened), ["Reviewed", "Mentioned"]);
    assert_eq!((happened[0].by, whole(&db, 401).await.requests.len()), (Some(2), 0));
    assert_eq!(Standing::of(&whole(&db, 401).await), Standing::Ready);
    let again = with(pull(3000), json!({"requested_reviewers": [user(2)]}));
    let happened = applied(
        &db,
        &delivery(
            "pull_request",
            (3000, 3),
            &about("review_requested", &again, json!({"requested_reviewer": user(2)})),
        ),
    )
    .await;
    assert!(matches!(&happened[0].changes[..], [Change::Requested { again: true, .. }]) && happened[0].was_ready);
    let changes = review("submitted", (502, 2, "changes_requested"), &pull(4000));
    applied(&db, &delivery("pull_request_review", (4000, 4), &changes)).await;
    let late = review("submitted", (500, 2, "approved"), &pull(1500));
    assert_eq!(
        kinds(&applied(&db, &delivery("pull_request_review", (1500, 5), &late)).await),
        ["Mentioned"],
        "overtaken"
    );
    assert_eq!(whole(&db, 401).await.reviews[0].verdict, Verdict::ChangesRequested);
    let dismissed = with(review("dismissed", (502, 2, "dismissed"), &pull(5000)), json!({"sender": user(1)}));
    let happened = applied(&db, &delivery("pull_request_review", (5000, 6), &dismissed)).await;
    assert_eq!((kinds(&happened), happened[0].by), (vec!["Reviewed".to_string()], Some(1)));
    assert!(applied(&db, &delivery("pull_request_review", (4000, 4), &changes)).await.is_empty(), "it stays dismissed");
    assert_eq!(whole(&db, 401).await.reviews[0].verdict, Verdict::Dismissed);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn checks_find_their_pull_request_by_commit_even_before_it_is_there(db: PgPool) {
    assert!(
        applied(&db, &delivery("check_run", (500, 1), &run(701, "build", (500, Some("failure"))))).await.is_empty()
    );
    let opened = applied(&db, &delivery("pull_request", (0, 0), &about("opened", &pull(0), json!({})))).await;
    assert!(opened[0].changes.contains(&Change::Failed { checks: vec!["build".into()] }), "{opened:?}");
    applied(&db, &delivery("check_run", (2000, 2), &run(702, "build", (2000, None)))).await;
    assert_eq!(whole(&db, 401).await.checks.pending, ["build"], "the later run counts");
    assert!(
        applied(&db, &delivery("check_run", (1500, 3), &run(701, "build", (1500, Some("failure"))))).await.is_empty()
    );
    let status = json!({"id": 9, "sha": "a".repeat(40), "context": "ci/lint", "state": "success", "target_url": null,
        "updated_at": "2026-11-22T19:00:02+00:00", "repository": repository(), "sender": user(1)});
    applied(&db, &delivery("status", (2000, 4), &status)).await;
    let happened = applied(&db, &delivery("check_run", (3000, 5), &run(702, "build", (3000, Some("success"))))).await;
    assert_eq!((kinds(&happened), happened[0].by), (vec!["Passed".to_string()], None));
    assert_eq!(whole(&db, 401).await.checks.passed, 2);
    let failed = with(run(702, "build", (2500, Some("failure"))), json!({"action": "rerequested"}));
    assert!(matches!(said(&db, &delivery("check_run", (4000, 6), &failed), at(5000)).await, Said::Nothing));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_workflow_tells_only_that_it_could_not_begin(db: PgPool) {
    open(&db).await;
    let workflow = |action: &str, conclusion: Value, millis: i64| {
        let run = json!({"id": 801 + millis, "name": "CI", "head_sha": "a".repeat(40), "conclusion": conclusion, "updated_at": second(millis)});
        json!({"action": action, "workflow_run": run, "repository": repository(), "sender": user(1)})
    };
    let (fine, broken) =
        (workflow("completed", json!("success"), 1000), workflow("completed", json!("startup_failure"), 2000));
    assert!(matches!(said(&db, &delivery("workflow_run", (1000, 1), &fine), at(2000)).await, Said::Nothing));
    assert_eq!(kinds(&applied(&db, &delivery("workflow_run", (2000, 2), &broken)).await), ["Failed"]);
    let mended = workflow("completed", json!("success"), 3000);
    assert_eq!(kinds(&applied(&db, &delivery("workflow_run", (3000, 3), &mended)).await), ["Passed"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_comes_late_changes_no_newer_state_and_what_is_past_tells_nobody(db: PgPool) {
    open(&db).await;
    let merged = with(
        pull(9000),
        json!({"state": "closed", "merged": true, "merged_at": second(9000), "merged_by": user(3), "merge_commit_sha": "c0ffee"}),
    );
    let happened = applied(&db, &delivery("pull_request", (9000, 1), &about("closed", &merged, json!({})))).await;
    assert_eq!(kinds(&happened), ["Merged"]);
    let asked = with(pull(5000), json!({"requested_reviewers": [user(2)]}));
    let mut late =
        delivery("pull_request", (5000, 2), &about("review_requested", &asked, json!({"requested_reviewer": user(2)})));
    late.received_at = at(9000) + TimeDelta::hours(5);
    assert!(applied(&db, &late).await.is_empty(), "redelivered hours later");
    let it = whole(&db, 401).await;
    assert_eq!((it.pull_request.state, it.requests.len()), (State::Merged, 0));
    assert_eq!((it.pull_request.merge_sha.as_deref(), it.merged_by.map(|it| it.id)), (Some("c0ffee"), Some(3)));
    let told = |happened: &[Happened]| happened.iter().map(|it| it.told).collect::<Vec<_>>();
    let mut old = delivery("issue_comment", (1000, 3), &comment("created", (1000, "hello"), json!({})));
    old.received_at = at(1000) + TimeDelta::hours(25);
    assert_eq!(told(&applied(&db, &old).await), [false], "of yesterday");
    let waited = delivery(
        "issue_comment",
        (9000, 4),
        &comment("created", (9000, "hi"), json!({"comment": {"id": 602, "body": "hi", "created_at": second(9000)}})),
    );
    assert_eq!(told(&applied_at(&db, &waited, at(9000) + TimeDelta::hours(2)).await), [false], "it lay here for hours");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn comments_wait_for_their_pull_request_and_mention_people_once(db: PgPool) {
    assert!(
        applied(&db, &delivery("issue_comment", (1000, 1), &comment("created", (1000, "@ada?"), json!({}))))
            .await
            .is_empty()
    );
    open(&db).await;
    let of = "select pull_request_id::text || ' ' || kind || ' ' || text from github.activity where id = 'comment:601'";
    assert_eq!(texts(&db, of).await, ["401 commented @ada?"]);
    let edited = comment("edited", (2000, "@ada and @Lin?"), json!({"changes": {"body": {"from": "@ada?"}}}));
    let happened = applied(&db, &delivery("issue_comment", (2000, 2), &edited)).await;
    assert_eq!(happened[0].changes, [Change::Mentioned { logins: vec!["lin".into()] }]);
    applied(&db, &delivery("issue_comment", (3000, 3), &comment("deleted", (2000, "@ada and @Lin?"), json!({})))).await;
    assert!(applied(&db, &delivery("issue_comment", (2000, 2), &edited)).await.len() < 2);
    assert_eq!(texts(&db, of).await, ["401 deleted "]);
    let line = json!({"id": 601, "user": user(2), "body": "why <!here>?", "created_at": second(4000), "updated_at": second(4000)});
    let happened = applied(
        &db,
        &delivery("pull_request_review_comment", (4000, 4), &about("created", &pull(4000), json!({"comment": line}))),
    )
    .await;
    assert!(
        matches!(&happened[0].changes[..], [Change::Commented { text, mentions, .. }] if text == "why <!here>?" && mentions.is_empty())
    );
    let issue = json!({"action": "created", "issue": {"number": 8}, "comment": {"id": 1, "body": "x"}, "repository": repository()});
    assert!(matches!(said(&db, &delivery("issue_comment", (1, 5), &issue), at(2)).await, Said::Nothing), "of an issue");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn names_change_and_ids_stay(db: PgPool) {
    open(&db).await;
    let renamed = with(repository(), json!({"full_name": "mosaic-lane/ledger"}));
    let event = json!({"action": "renamed", "changes": {"repository": {"name": {"from": "payments"}}}, "repository": renamed, "sender": user(1)});
    applied(&db, &delivery("repository", (5000, 1), &event)).await;
    let lovelace = json!({"id": 1, "login": "lovelace", "type": "User"});
    let edited = with(pull(6000), json!({"user": lovelace, "title": "Retry \u{0} <twice> *now*"}));
    let event = with(
        about("edited", &edited, json!({"changes": {"title": {"from": "Retry once"}}})),
        json!({"repository": renamed, "sender": lovelace}),
    );
    let happened = applied(&db, &delivery("pull_request", (6000, 2), &event)).await;
    assert_eq!(kinds(&happened), ["Edited"]);
    // Of before both.
    applied(&db, &delivery("pull_request", (4000, 3), &about("assigned", &pull(4000), json!({})))).await;
    let it = whole(&db, 401).await;
    assert_eq!(
        (it.reference().as_str(), it.author.map(|it| it.login).as_deref()),
        ("mosaic-lane/ledger#7", Some("lovelace"))
    );
    assert_eq!(it.pull_request.title, "Retry \u{fffd} <twice> *now*");
    let moved = json!({"action": "transferred", "repository": with(renamed, json!({"full_name": "other/ledger"})), "sender": user(1)});
    applied(&db, &delivery("repository", (7000, 4), &moved)).await;
    let organization = json!({"action": "renamed", "organization": {"id": 10, "login": "third"}, "changes": {"login": {"from": "Other"}}});
    applied(&db, &delivery("organization", (8000, 5), &organization)).await;
    assert_eq!(whole(&db, 401).await.reference(), "third/ledger#7");
    let gone = json!({"action": "deleted", "repository": repository(), "sender": user(1)});
    assert!(applied(&db, &delivery("repository", (9000, 6), &gone)).await.is_empty());
    assert_eq!(whole(&db, 401).await.pull_request.state, State::Closed, "nobody must act on it any more");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn much_and_nothing_are_borne(db: PgPool) {
    let reviewers: Vec<Value> = (1000..1100).map(user).collect();
    let large = with(
        pull(0),
        json!({"requested_reviewers": reviewers, "changed_files": 3000, "additions": 400_000, "user": null, "head": {"sha": "a".repeat(40), "ref": null, "repo": null, "user": null}, "milestone": null, "body": null}),
    );
    let event = with(
        about("opened", &large, json!({})),
        json!({"sender": null, "organization": null, "installation": {"id": "odd"}}),
    );
    let happened = applied(&db, &delivery("pull_request", (0, 1), &event)).await;
    assert_eq!((happened[0].changes.len(), happened[0].by), (101, None));
    let it = whole(&db, 401).await;
    assert_eq!((it.requests.len(), it.author, it.pull_request.size), (100, None, Some((400_000, 2, 3000))));
    let unknown = about("invented_tomorrow", &with(pull(1000), json!({"labels": [{"name": "x"}, null, 7]})), json!({}));
    assert_eq!(
        kinds(&applied(&db, &delivery("pull_request", (1000, 2), &unknown)).await),
        ["Edited", "Unrequested"]
            .map(String::from)
            .iter()
            .cycle()
            .take(1)
            .chain(std::iter::repeat_n(&"Unrequested".to_string(), 100))
            .cloned()
            .collect::<Vec<_>>()
    );
    for (event, body) in [
        ("pull_request", json!({"action": "opened", "repository": null})),
        ("check_run", json!({})),
        ("push", json!({"ref": 7})),
        ("status", json!({"repository": repository()})),
    ] {
        assert!(matches!(said(&db, &delivery(event, (1, 9), &body), at(2)).await, Said::Unclear(_)), "{event}");
    }
    for event in ["star", "merge_group", "check_suite", "issues", "invented_tomorrow", "member"] {
        assert!(matches!(said(&db, &delivery(event, (1, 9), &json!({})), at(2)).await, Said::Nothing), "{event}");
    }
    let mut form = delivery("pull_request", (2000, 3), &json!({}));
    let text = serde_json::to_string(&about("locked", &pull(2000), json!({}))).expect("JSON");
    form.body = format!("payload={}", text.bytes().map(|it| format!("%{it:02x}")).collect::<String>()).into_bytes();
    applied(&db, &form).await;
    assert_eq!(whole(&db, 401).await.pull_request.source_at, at(2000), "a form is read too");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_goes_into_a_branch_makes_us_ask_again(db: PgPool) {
    let stale = "select coalesce(stale_at::text, 'fresh') from github.pull_request";
    open(&db).await;
    sqlx::query("update github.pull_request set stale_at = null, mergeable = 'mergeable'")
        .execute(&db)
        .await
        .expect("set");
    let push = |name: &str, millis: i64| {
        json!({"ref": name, "before": "b", "after": "c", "forced": false, "sender": user(1),
        "repository": with(repository(), json!({"pushed_at": at(millis).timestamp()}))})
    };
    applied(&db, &delivery("push", (1000, 1), &push("refs/heads/other", 1000))).await;
    assert_eq!(texts(&db, stale).await, ["fresh"]);
    applied(&db, &delivery("push", (60_000, 2), &push("refs/heads/main", 60_000))).await;
    assert_ne!(texts(&db, stale).await, ["fresh"]);
    assert_eq!(whole(&db, 401).await.pull_request.mergeable, Mergeable::Mergeable, "until GitHub says otherwise");
    assert_eq!(texts(&db, "select ref from github.push order by at").await, ["refs/heads/other", "refs/heads/main"]);
    let moved = with(pull(70_000), json!({"head": {"sha": "d".repeat(40), "ref": "retry"}}));
    let happened = applied(
        &db,
        &delivery("pull_request", (70_000, 3), &about("synchronize", &moved, json!({"before": "a".repeat(40)}))),
    )
    .await;
    assert_eq!(kinds(&happened), ["Pushed"]);
    assert_eq!(whole(&db, 401).await.pull_request.mergeable, Mergeable::Unknown);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn teams_deployments_and_what_we_may_read_are_kept(db: PgPool) {
    let organization = json!({"id": 9, "login": "mosaic-lane"});
    let member = |action: &str| json!({"action": action, "scope": "team", "member": user(2), "team": team(301), "organization": organization, "sender": user(1)});
    applied(&db, &delivery("membership", (2000, 1), &member("removed"))).await;
    applied(&db, &delivery("membership", (1000, 2), &member("added"))).await;
    let there = "select actor_id::text from github.team_member where gone_at is null";
    assert_eq!(texts(&db, there).await, [""; 0]);
    applied(&db, &delivery("membership", (3000, 3), &member("added"))).await;
    assert_eq!(texts(&db, there).await, ["2"]);
    let left = json!({"action": "member_removed", "membership": {"user": user(2)}, "organization": organization, "sender": user(1)});
    applied(&db, &delivery("organization", (4000, 4), &left)).await;
    assert_eq!(texts(&db, there).await, [""; 0]);
    let deployment = json!({"id": 901, "sha": "c", "ref": "main", "environment": "production", "creator": user(1), "created_at": second(0)});
    let status = |id: i64, state: &str| json!({"action": "created", "deployment": deployment, "deployment_status": {"id": id, "state": state, "created_at": second(1000)}, "repository": repository(), "sender": user(1)});
    applied(&db, &delivery("deployment_status", (1000, 5), &status(12, "success"))).await;
    applied(&db, &delivery("deployment_status", (1000, 6), &status(11, "in_progress"))).await;
    applied(
        &db,
        &delivery(
            "deployment",
            (0, 7),
            &json!({"action": "created", "deployment": deployment, "repository": repository(), "sender": user(1)}),
        ),
    )
    .await;
    assert_eq!(texts(&db, "select state || ' ' || environment from github.deployment").await, ["success production"]);
    let bare = json!({"id": 202, "node_id": "R202", "full_name": "mosaic-lane/web", "private": false});
    let installed = json!({"action": "created", "installation": {"id": 5}, "repositories": [bare], "sender": user(1)});
    applied(&db, &delivery("installation", (1000, 8), &installed)).await;
    let readable = "select name from github.repository where installation_id = 5";
    assert_eq!(texts(&db, readable).await, ["mosaic-lane/web"]);
    let removed =
        json!({"action": "removed", "installation": {"id": 5}, "repositories_removed": [bare], "sender": user(1)});
    applied(&db, &delivery("installation_repositories", (2000, 9), &removed)).await;
    assert_eq!((texts(&db, readable).await.len(), REPOSITORY), (0, 201));
}
