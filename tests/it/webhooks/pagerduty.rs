//! PagerDuty's events: it drops an event that is refused, and after three of them stops sending.

use sqlx::PgPool;

use super::Hook;
use super::pager::{event, paged, request, sign, unknown};
use super::sender::{SECRETS, count, settled};
use crate::common::{address, raw, scalar};

/// What is stored, without the bytes: id, type, what it is about, and how far it came.
async fn rows(db: &PgPool) -> Vec<String> {
    let rows = "select concat_ws(' ', external_id, event, subject, state) from inbox.delivery order by id";
    sqlx::query_scalar(rows).fetch_all(db).await.expect("rows")
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_event_is_stored_once_and_applied(db: PgPool) {
    let hook = Hook::with(paged(&db)).await;
    for _ in 0..3 {
        assert_eq!(hook.page(&unknown("01ABCdef", "Q1")).await.status, 202);
    }
    let note = serde_json::json!({ "id": "PNOTE01", "incident": { "id": "Q1" }, "content": "\u{0} ünïcode", "trimmed": false });
    assert_eq!(hook.page(&event("01NOTE", "incident.invented_too", &note)).await.status, 202);
    settled(&db).await;
    assert_eq!(
        rows(&db).await,
        ["01ABCdef incident.invented_tomorrow Q1 ignored", "01NOTE incident.invented_too Q1 ignored"]
    );
    let happened: chrono::DateTime<chrono::Utc> = scalar(&db, "select source_at from inbox.delivery limit 1").await;
    assert_eq!(happened.to_rfc3339(), "2026-11-22T19:04:05.123+00:00");
    let tries: i64 = scalar(&db, "select sum(attempts) from inbox.delivery").await;
    assert_eq!(tries, 2, "each was applied once");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_ping_is_noted_and_the_doctor_tells_of_it(db: PgPool) {
    let program = paged(&db);
    let doctor = program.run(&["doctor"]).await;
    assert!(doctor.out.contains("ok    PagerDuty's events: none came yet"), "{doctor}");
    let hook = Hook::with(program).await;
    let ping = serde_json::json!({ "message": "Hello from your friend Pagey!", "type": "ping" });
    assert_eq!(hook.page(&event("01PING", "pagey.ping", &ping)).await.status, 202);
    assert_eq!(rows(&db).await, ["01PING pagey.ping ignored"]);
    let doctor = hook.program.run(&["doctor"]).await;
    assert!(
        doctor.out.contains("PagerDuty's events: the last came 0 minutes ago, the last ping 0 minutes ago"),
        "{doctor}"
    );
    sqlx::query("update inbox.delivery set state = 'dead'").execute(&db).await.expect("a commit");
    let doctor = hook.program.run(&["doctor"]).await;
    assert!(doctor.out.contains("FAIL  PagerDuty's events: 1 could not be applied"), "{doctor}");
    let off = super::sender::program(address(&db)).run(&["doctor"]).await;
    assert!(off.out.contains("off   PagerDuty's events: set PAGERDUTY_WEBHOOK_SECRET"), "{off}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn any_signature_of_any_secret_will_do_and_no_other(db: PgPool) {
    let hook = Hook::with(paged(&db)).await;
    let body = br#"{"event":{"id":"01A","event_type":"service.deleted","data":{"id":"P1"}}}"#;
    let [old, new] = SECRETS.map(|it| sign(it, body));
    let wrong = sign("a secret of somebody else", body);
    let with = |value: &str| request(body).header("x-pagerduty-signature", value);
    let filler = |count: usize| format!("{wrong},").repeat(count);
    for good in [
        old.clone(),
        new.clone(),
        format!("{wrong},{new}"),
        format!(" v0=abc , {old} "),
        format!("v1=nonsense,{new},"),
        format!("{}{new}", filler(15)),
    ] {
        assert_eq!(hook.page(&with(&good)).await.status, 202, "{good}");
    }
    assert_eq!(count(&db).await, 1);
    let bare = new.trim_start_matches("v1=");
    for bad in [
        wrong.clone(),
        bare.into(),
        format!("v2={bare}"),
        format!("sha256={bare}"),
        "v1=".into(),
        format!("{}{new}", filler(16)),
        "\u{e9}".into(),
        String::new(),
    ] {
        assert_eq!(hook.page(&with(&bad)).await.status, 401, "{bad}");
    }
    assert_eq!(hook.page(&with(&new).more("x-pagerduty-signature", &new)).await.status, 401, "twice");
    let other = request(br#"{"event":{"id":"01B"}}"#).header("x-pagerduty-signature", &new);
    assert_eq!(hook.page(&other).await.status, 401);
    assert_eq!(count(&db).await, 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_signed_and_well_formed_is_never_refused(db: PgPool) {
    let hook = Hook::with(paged(&db)).await;
    let odd: [&[u8]; 7] = [
        b"{}",
        br#"{"event":null}"#,
        br#"{"event":[]}"#,
        br#"{"event":{"id":7,"event_type":["x"],"data":null}}"#,
        br#"{"event":{"id":"poll:incident:Q1:2026","event_type":"incident.triggered"}}"#,
        br#"{"event":{"id":"a b","event_type":"in cident","occurred_at":"yesterday"}}"#,
        br#"{"messages":[{"event":"incident.trigger"}]}"#,
    ];
    for (nth, body) in odd.iter().enumerate() {
        let of_its_own = format!("delivery-{nth}");
        for _ in 0..2 {
            let status = hook.page(&request(body).header("x-webhook-id", &of_its_own)).await.status;
            assert_eq!(status, 202, "{}", String::from_utf8_lossy(body));
        }
        assert_eq!(hook.page(&request(body).header("x-webhook-id", "")).await.status, 202);
    }
    settled(&db).await;
    let polled: i64 = scalar(&db, "select count(*) from inbox.delivery where external_id like 'poll:%'").await;
    assert_eq!(polled, 0, "nobody outside takes an id of our own readings");
    let unparsed: i64 =
        scalar(&db, "select count(*) from inbox.delivery where state = 'unparsed' and error <> ''").await;
    assert!(unparsed >= 8, "{unparsed}: {:?}", rows(&db).await);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_no_json_object_or_too_large_is_not_stored(db: PgPool) {
    let hook = Hook::with(paged(&db)).await;
    let cases: [(&[u8], u16); 4] = [(b"{", 400), (b"\xff", 400), (b"[]", 422), (b"null", 422)];
    for (body, status) in cases {
        assert_eq!(hook.page(&request(body)).await.status, status);
    }
    let form = request(b"payload=%7B%7D").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(hook.page(&form).await.status, 415);
    assert_eq!(hook.page(&request(b"{}").more("content-encoding", "gzip")).await.status, 415);
    // Refused by its length alone: more than that the server does not read.
    let head = request(b"{}").head(&format!("content-length: {}", 2 * 1024 * 1024 + 1)).replace("github", "pagerduty");
    assert_eq!(raw(&hook.console.public, head.as_bytes()).await, "HTTP/1.1 413 Payload Too Large");
    assert_eq!(count(&db).await, 0);
    let just = format!("{{\"x\":\"{}\"}}", "x".repeat(2 * 1024 * 1024 - 8));
    assert_eq!(hook.page(&request(just.as_bytes())).await.status, 202);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_github_sent_is_applied_beside_pagerdutys(db: PgPool) {
    let hook = Hook::with(paged(&db).config("[database]\nconnections = 1\n")).await;
    assert_eq!(hook.status(&super::Event::named("a-push", "{}")).await, 202);
    assert_eq!(hook.page(&unknown("01A", "Q1")).await.status, 202);
    settled(&db).await;
    assert_eq!(rows(&db).await, ["a-push pull_request unparsed", "01A incident.invented_tomorrow Q1 ignored"]);
}
