//! Requests that GitHub did not sign.

use sqlx::PgPool;

use super::sender::{SECRETS, count, sign};
use super::{Event, Hook};
use crate::common::{Program, raw};

const BODY: &[u8] = b"{\"action\":\"opened\"}";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn only_what_an_active_secret_signed_is_stored(db: PgPool) {
    let hook = Hook::over(&db).await;
    let real = || Event::new(BODY);
    let good = sign(SECRETS[1], BODY);
    let with = |signature: &str| real().header("x-hub-signature-256", signature);
    let mut other_body = real();
    other_body.body = b"{\"action\":\"closed\"}".to_vec();
    let sha1 = format!("sha1={}", &good[7..47]);
    let forgeries = [
        ("no signature", with("")),
        ("the old header alone", with("").more("x-hub-signature", &sha1)),
        ("the new digest in the old header", with("").more("x-hub-signature", &good)),
        ("SHA-1", with(&sha1)),
        ("SHA-1 by another name", with(&good.replace("sha256=", "sha1="))),
        ("no scheme", with(&good[7..])),
        ("a loud scheme", with(&good.replace("sha256", "SHA256"))),
        ("another secret", with(&sign("somebody-elses-secret", BODY))),
        ("an empty secret", with(&sign("", BODY))),
        ("both secrets at once", with(&sign(&SECRETS.join(","), BODY))),
        ("another body", other_body),
        ("cut short", with(&good[..good.len() - 1])),
        ("and more", with(&format!("{good}00"))),
        ("not hexadecimal", with(&good.replace(|it: char| it.is_ascii_digit(), "g"))),
        ("two in one", with(&format!("{good},{good}"))),
        ("twice", real().more("x-hub-signature-256", &good)),
        ("a right and a wrong one", real().more("x-hub-signature-256", &sign("x", BODY))),
    ];
    for (what, forgery) in forgeries {
        let answer = hook.send(&forgery).await;
        assert_eq!((answer.status, answer.body.as_str()), (401, "{\"error\":\"Unauthorized\"}"), "{what}");
    }
    assert_eq!(count(&db).await, 0);
    for secret in SECRETS {
        assert_eq!(hook.status(&with(&sign(secret, BODY))).await, 202, "while it is changed, both are good");
    }
    assert_eq!(count(&db).await, 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn without_a_signature_the_body_is_not_waited_for(db: PgPool) {
    let hook = Hook::over(&db).await;
    for event in
        [Event::new(BODY).header("x-hub-signature-256", ""), Event::new(BODY).header("x-hub-signature-256", "x")]
    {
        let head = event.head("content-length: 20000000");
        assert_eq!(raw(&hook.console.public, head.as_bytes()).await, "HTTP/1.1 401 Unauthorized");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_address_is_there_where_it_should_be_only(db: PgPool) {
    let hook = Hook::over(&db).await;
    let event = Event::new(BODY);
    let request = event.head(&format!("content-length: {}", BODY.len())).into_bytes();
    let request = [request, BODY.to_vec()].concat();
    assert_eq!(raw(&hook.console.web, &request).await, "HTTP/1.1 404 Not Found");
    assert_eq!(raw(&hook.console.public, &request).await, "HTTP/1.1 202 Accepted");
    let get = b"GET /webhooks/github HTTP/1.1\r\nhost: x\r\n\r\n";
    assert_eq!(raw(&hook.console.public, get).await, "HTTP/1.1 405 Method Not Allowed");
    let unset = super::sender::program(crate::common::address(&db)).without("GITHUB_WEBHOOK_SECRET");
    let hook = Hook::with(unset).await;
    assert_eq!(raw(&hook.console.public, &request).await, "HTTP/1.1 404 Not Found");
}

#[tokio::test]
async fn secrets_that_can_be_guessed_refuse_the_start() {
    let refused = async |value: &str| Program::new().with("GITHUB_WEBHOOK_SECRET", value).run(&["serve"]).await;
    for (value, why) in [("", "is empty"), ("0123456789abcde", "has 15 bytes"), ("0123456789abcdef,", "is empty")] {
        let ended = refused(value).await;
        assert_eq!(ended.code, Some(1), "{ended}");
        assert!(ended.err.contains("GITHUB_WEBHOOK_SECRET") && ended.err.contains(why), "{ended}");
    }
    let program = Program::new();
    let path = program.file("secret", "0123456789abcdef\n");
    let checked = program.with("GITHUB_WEBHOOK_SECRET_FILE", path).run(&["config", "check"]).await;
    assert!(checked.code == Some(0) && checked.out.contains("GitHub:    on"), "{checked}");
}
