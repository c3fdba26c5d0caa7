//! How much may be sent, in which shape, and how slowly.

use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::sender::{count, stored};
use super::{Event, Hook};
use crate::common::{raw, scalar};

const MIB: usize = 1024 * 1024;

/// An object of this many bytes.
fn object(bytes: usize) -> String {
    format!("{{\"commits\":\"{}\"}}", "a".repeat(bytes - 14))
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn bodies_are_taken_up_to_what_github_sends(db: PgPool) {
    let hook = Hook::over(&db).await;
    for size in [3 * MIB, 25 * MIB] {
        assert_eq!(hook.status(&Event::new(object(size))).await, 202, "{size}");
    }
    assert_eq!(scalar::<i32>(&db, "select max(size) from inbox.delivery").await, 25 * MIB as i32);
    assert_eq!(stored(&db).await[1].2.len(), 25 * MIB);
    let event = Event::new("{}");
    let large = "HTTP/1.1 413 Payload Too Large";
    let promised = event.head(&format!("content-length: {}", 25 * MIB + 1));
    assert_eq!(raw(&hook.console.public, promised.as_bytes()).await, large, "by its head alone");
    let chunk = format!("{:x}\r\n{}\r\n", 25 * MIB, "a".repeat(25 * MIB));
    let chunked = event.head("transfer-encoding: chunked") + &chunk + "10\r\naaaaaaaaaaaaaaaa\r\n";
    assert_eq!(raw(&hook.console.public, chunked.as_bytes()).await, large, "while it comes");
    assert_eq!(count(&db).await, 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn only_plain_json_and_forms_are_taken(db: PgPool) {
    let hook = Hook::over(&db).await;
    let typed = |it: &str| Event::new("{}").header("content-type", it);
    for (content_type, status) in [
        ("application/json", 202),
        ("Application/JSON; charset=utf-8", 202),
        ("", 415),
        ("text/plain", 415),
        ("application/json5", 415),
        ("multipart/form-data; boundary=a", 415),
        ("application/xml", 415),
    ] {
        assert_eq!(hook.status(&typed(content_type)).await, status, "{content_type}");
    }
    for encoding in ["gzip", "identity", "br"] {
        assert_eq!(hook.status(&Event::new("{}").more("content-encoding", encoding)).await, 415, "{encoding}");
    }
    assert_eq!(count(&db).await, 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn odd_framing_is_no_way_around(db: PgPool) {
    let hook = Hook::over(&db).await;
    let head = |length: &str| Event::new("{}").head(length);
    for length in
        ["content-length: x", "content-length: -1", "content-length: 2\r\ncontent-length: 3", "transfer-encoding: x"]
    {
        let line = raw(&hook.console.public, (head(length) + "{}").as_bytes()).await;
        assert!(line.starts_with("HTTP/1.1 400 ") || line == "(closed)", "{length}: {line}");
    }
    let folded = head("x-folded: a\r\n b\r\ncontent-length: 2") + "{}";
    assert!(!raw(&hook.console.public, folded.as_bytes()).await.starts_with("HTTP/1.1 5"));
    let chunked = head("transfer-encoding: chunked") + "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n";
    assert_eq!(raw(&hook.console.public, chunked.as_bytes()).await, "HTTP/1.1 202 Accepted");
    assert!(count(&db).await <= 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn slow_senders_hold_nobody_up_and_are_ended(db: PgPool) {
    let hook = Hook::over(&db).await;
    let address = hook.url().socket_addrs(|| None).expect("an address")[0];
    let begun = Instant::now();
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let head = Event::new("{}").head(&format!("content-length: {}", 24 * MIB));
        stream.write_all((head + "{").as_bytes()).await.expect("written");
        slow.push(stream);
    }
    assert_eq!(hook.status(&Event::new("{}")).await, 202);
    assert!(begun.elapsed() < Duration::from_secs(20), "nobody waits for the slow: {:?}", begun.elapsed());
    let mut answer = Vec::new();
    slow[0].read_to_end(&mut answer).await.expect("an end");
    assert!(answer.starts_with(b"HTTP/1.1 408 "), "{}", String::from_utf8_lossy(&answer));
    assert!(begun.elapsed() > Duration::from_secs(29), "a slow line has half a minute");
    assert_eq!(count(&db).await, 1);
}
