//! Requests of the wrong shape: too long, of another type, encoded, broken.

use secrecy::ExposeSecret;
use sqlx::PgPool;

use crate::common::{Office, people, raw, signed};

const FORM: &str = "application/x-www-form-urlencoded";
const MIB: usize = 1024 * 1024;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn other_types_encodings_and_lengths_are_refused(db: PgPool) {
    let office = Office::open(&db).await;
    let request = office.slack.typed("U0ADA", "/pin help");
    let head = |extra: &str| {
        format!(
            "POST /slack/commands HTTP/1.1\r\nhost: x\r\nx-slack-signature: {}\r\nx-slack-request-timestamp: {}\r\n{extra}\r\n",
            request.signature, request.timestamp
        )
    };
    let form = format!("content-type: {FORM}\r\n");
    let body = String::from_utf8(request.body.clone()).expect("a form");
    let whole = format!("content-length: {}\r\n", body.len());
    let sent = async |extra: &str, body: &str| raw(&office.console.public, (head(extra) + body).as_bytes()).await;
    assert_eq!(sent(&format!("{form}{whole}"), &body).await, "HTTP/1.1 200 OK");
    let unsupported = "HTTP/1.1 415 Unsupported Media Type";
    assert_eq!(sent(&whole, &body).await, unsupported);
    assert_eq!(sent(&format!("content-type: text/plain\r\n{whole}"), &body).await, unsupported);
    assert_eq!(sent(&format!("content-type: application/json\r\n{whole}"), &body).await, unsupported);
    assert_eq!(sent(&format!("{form}content-encoding: gzip\r\n{whole}"), &body).await, unsupported);
    let large = "HTTP/1.1 413 Payload Too Large";
    // By what it says alone: not one byte of the body is needed.
    assert_eq!(sent(&format!("{form}content-length: {}\r\n", MIB + 1), "").await, large);
    let chunk = format!("{MIB:x}\r\n{}\r\n10\r\n{}\r\n", "a".repeat(MIB), "a".repeat(16));
    assert_eq!(sent(&format!("{form}transfer-encoding: chunked\r\n"), &chunk).await, large);
    let headers = format!("{form}x-long: {}\r\n", "a".repeat(70 * 1024));
    assert_eq!(sent(&headers, "").await, "HTTP/1.1 431 Request Header Fields Too Large");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn without_a_signature_the_body_is_not_waited_for(db: PgPool) {
    let office = Office::open(&db).await;
    for path in ["commands", "interactions", "events"] {
        let head = format!(
            "POST /slack/{path} HTTP/1.1\r\nhost: x\r\ncontent-type: {FORM}\r\ncontent-length: 1000000\r\n\r\n"
        );
        assert_eq!(raw(&office.console.public, head.as_bytes()).await, "HTTP/1.1 401 Unauthorized");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn each_listener_has_its_own_doors_only(db: PgPool) {
    let office = Office::open(&db).await;
    let missing = "HTTP/1.1 404 Not Found";
    for path in ["/", "/status", "/search?q=a", "/api/ask", "/demo/chat", "/metrics"] {
        let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
        assert_eq!(raw(&office.console.public, head.as_bytes()).await, missing, "{path}");
    }
    for path in ["/slack/commands", "/slack/interactions", "/slack/events", "/demo/chat", "/metrics"] {
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(raw(&office.console.web, head.as_bytes()).await, missing, "{path}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn signed_nonsense_is_refused_or_let_pass_and_never_an_error_of_ours(db: PgPool) {
    let office = Office::open(&db).await;
    let secret = office.secret();
    let press = |payload: &str| format!("payload={}", payload.replace('"', "%22"));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases = [
        ("commands", String::new(), 400),
        ("commands", "text=help".into(), 400),
        ("commands", "%%%=&&&;;;\u{0}".into(), 400),
        ("commands", deep.clone(), 400),
        ("interactions", String::new(), 400),
        ("interactions", press("{"), 400),
        ("interactions", press("null"), 400),
        ("interactions", press(&deep), 400),
        ("interactions", press(r#"{"type":"block_actions"}"#), 400),
        ("interactions", press(r#"{"type":"something_new"}"#), 200),
        ("interactions", press(&pressed("act-0", "1:1")), 200),
        ("interactions", press(&pressed("open", "")), 200),
        ("interactions", press(&pressed("brand new", "x")), 200),
    ];
    for (path, body, status) in cases {
        let mut request = office.slack.typed("U0ADA", "/pin help");
        request.url.set_path(&format!("/slack/{path}"));
        let shown: String = body.chars().take(60).collect();
        let exchange = office.slack.deliver(&signed(&request, &secret, body)).await;
        assert_eq!(exchange.status, Some(status), "{path}: {shown}");
    }
    assert_eq!(office.slack.calls("response"), 0);
}

/// A press of a button with this name and value, without an address for answers.
fn pressed(action: &str, value: &str) -> String {
    let of = r#""user":{"id":"U0ADA"},"team":{"id":"T0PIN"},"trigger_id":"1.2.3","container":{}"#;
    format!(
        r#"{{"type":"block_actions",{of},"response_url":"http://127.0.0.1:9/x","actions":[{{"action_id":"{action}","value":"{value}"}}]}}"#
    )
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_terminals_door_takes_questions_with_a_token_only(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    let token = office.token("U0ADA").await;
    let client = reqwest::Client::new();
    let url = office.console.web.join("api/ask").expect("an address");
    let bearer = |token: &str| client.post(url.clone()).bearer_auth(token);
    let json = |request: reqwest::RequestBuilder, body: &str| {
        request.header("content-type", "application/json").body(body.to_string())
    };
    let question = r#"{"text":"whoami"}"#;
    let mine = || bearer(token.expose_secret());
    let cases = [
        (json(mine(), question), 200),
        (json(client.post(url.clone()), question), 401),
        (json(bearer("pin_0"), question), 401),
        (json(bearer(""), question), 401),
        (json(mine().bearer_auth("another"), question), 401),
        (mine().body(question), 415),
        (json(mine().header("content-encoding", "gzip"), question), 415),
        (json(mine(), "{"), 400),
        (json(mine(), "[]"), 400),
        (json(mine(), r#"{"text":"whoami","sudo":true}"#), 400),
        (json(mine(), "{\"text\":\"\\ud800\"}"), 400),
        (client.get(url.clone()).bearer_auth(token.expose_secret()), 405),
    ];
    for (request, status) in cases {
        let answer = request.send().await.expect("an answer");
        let (seen, body) = (answer.status().as_u16(), answer.text().await.expect("a body"));
        assert_eq!(seen, status, "{body}");
        assert!(!body.contains("pin_") && !body.contains("sql"), "{body}");
    }
    let head = "POST /api/ask HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\ncontent-type: application/json\r\n";
    let long = format!("{head}content-length: {}\r\n\r\n", 64 * 1024 + 1);
    assert_eq!(raw(&office.console.web, long.as_bytes()).await, "HTTP/1.1 413 Payload Too Large");
}
