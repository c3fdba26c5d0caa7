//! Requests that did not come from Slack, or not now, or not so.

use chrono::Utc;
use hmac::{Hmac, KeyInit, Mac};
use integrations::fake::slack::SignedRequest;
use integrations::slack::Signature;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;

use crate::common::{Office, forged, messages, people, scalar};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn only_what_slack_signed_just_now_is_answered(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    let (secret, now) = (office.secret(), Utc::now().timestamp());
    let real = office.slack.typed("U0ADA", "/pin link terminal");
    let at = |moment: i64| sealed(&real, &secret, &moment.to_string());
    let other = SecretString::from("signing-by-somebody-else");
    let sha1 = format!("sha1={}", &real.signature[3..43]);
    let forgeries = [
        ("no signature", forged(&real, |it| it.signature.clear())),
        ("of another secret", sealed(&real, &other, &real.timestamp)),
        ("of an empty secret", sealed(&real, &SecretString::from(""), &real.timestamp)),
        ("of another body", forged(&real, |it| it.body = b"text=whoami".to_vec())),
        ("of another time", forged(&real, |it| it.timestamp = (now - 1).to_string())),
        ("of a later scheme", forged(&real, |it| it.signature = it.signature.replace("v0=", "v1="))),
        ("in SHA-1", forged(&real, |it| it.signature = sha1)),
        ("cut short", forged(&real, |it| it.signature.truncate(66))),
        ("and more", forged(&real, |it| it.signature += "00")),
        ("stale", at(now - 302)),
        ("of the future", at(now + 302)),
        ("at no time", sealed(&real, &secret, "")),
        ("at a signed time", sealed(&real, &secret, &format!("+{now}"))),
        ("at a broken time", sealed(&real, &secret, &format!("{now}.0"))),
        ("at an endless time", sealed(&real, &secret, &"9".repeat(400))),
    ];
    for (what, forgery) in forgeries {
        let exchange = office.slack.deliver(&forgery).await;
        assert_eq!((exchange.status, exchange.body.as_str()), (Some(401), "{\"error\":\"Unauthorized\"}"), "{what}");
    }
    let nothing: i64 =
        scalar(&db, "select (select count(*) from auth.request) + (select count(*) from auth.token)").await;
    assert_eq!(nothing, 0);
    assert_eq!(office.slack.deliver(&at(now - 297)).await.status, Some(200));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn headers_must_be_there_once(db: PgPool) {
    let office = Office::open(&db).await;
    let real = office.slack.typed("U0ADA", "/pin help");
    let (signature, timestamp) = (real.signature.as_str(), real.timestamp.as_str());
    let cases: [&[(&str, &str)]; 4] = [
        &[("x-slack-signature", signature)],
        &[("x-slack-request-timestamp", timestamp)],
        &[("x-slack-signature", signature), ("x-slack-signature", signature), ("x-slack-request-timestamp", timestamp)],
        &[
            ("x-slack-signature", signature),
            ("x-slack-request-timestamp", timestamp),
            ("x-slack-request-timestamp", timestamp),
        ],
    ];
    for headers in cases {
        let mut request = reqwest::Client::new().post(real.url.clone()).header("content-type", real.content_type);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(real.body.clone()).send().await.expect("an answer");
        assert_eq!(answer.status(), 401, "{headers:?}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_request_sent_again_acts_once(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    let request = office.slack.typed("U0ADA", "/pin link terminal");
    let first = office.slack.deliver(&request).await;
    let answer = office.slack.answer(&first).await.expect("an answer");
    assert!(!answer.is_failure());
    for _ in 0..3 {
        assert_eq!(office.slack.deliver(&request).await.status, Some(200));
    }
    // What comes after the repeats is answered after them.
    office.token("U0ADA").await;
    assert_eq!(messages(&office.slack, &first).len(), 1);
    assert_eq!(office.slack.calls("response"), 2);
    assert_eq!(scalar::<i64>(&db, "select count(*) from auth.token").await, 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_question_sent_again_does_no_harm(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    let request = office.slack.typed("U0ADA", "/pin person ada");
    let (first, again) = (office.slack.deliver(&request).await, office.slack.deliver(&request).await);
    assert_eq!((first.status, first.body.contains("ada@pinconsole.example")), (Some(200), true));
    assert_eq!((again.status, again.body.contains("ada@pinconsole.example")), (Some(200), true));
    assert_eq!(scalar::<i64>(&db, "select count(*) from auth.request").await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_address_is_confirmed_to_slack_alone_and_as_json(db: PgPool) {
    let office = Office::open(&db).await;
    let question = office.slack.challenge("<script>alert(1)</script>");
    let answer = raw_answer(&question).await;
    assert_eq!((answer.0, answer.1.as_str()), (200, "application/json"));
    assert_eq!(answer.2, r#"{"challenge":"<script>alert(1)</script>"}"#);
    let wrong = forged(&question, |it| it.signature = it.signature.replace("v0=", "v0=0"));
    assert_eq!(raw_answer(&wrong).await.0, 401);
    let form = forged(&question, |it| it.content_type = "application/x-www-form-urlencoded");
    assert_eq!(raw_answer(&form).await.0, 415);
}

/// The same request as somebody with this secret signs it at this time.
fn sealed(request: &SignedRequest, secret: &SecretString, timestamp: &str) -> SignedRequest {
    let signature = Signature::sign(secret, timestamp, &request.body);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.expose_secret().as_bytes()).expect("a key");
    [b"v0:", timestamp.as_bytes(), b":", &request.body].iter().for_each(|it| mac.update(it));
    assert_eq!(signature, format!("v0={}", hex::encode(mac.finalize().into_bytes())), "as Slack describes it");
    forged(request, |it| (it.timestamp, it.signature) = (timestamp.into(), signature))
}

/// Status, content type and body of the answer to a request.
async fn raw_answer(request: &SignedRequest) -> (u16, String, String) {
    let sent = reqwest::Client::new()
        .post(request.url.clone())
        .header("content-type", request.content_type)
        .header("x-slack-request-timestamp", &request.timestamp)
        .header("x-slack-signature", &request.signature)
        .body(request.body.clone());
    let answer = sent.send().await.expect("an answer");
    let kind = answer.headers()["content-type"].to_str().expect("a type").to_string();
    (answer.status().as_u16(), kind, answer.text().await.expect("a body"))
}
