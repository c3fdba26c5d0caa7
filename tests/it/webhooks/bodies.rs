//! What may be signed, and all that is not taken even then.

use sqlx::PgPool;

use super::sender::{count, stored};
use super::{Event, Hook};

const FORM: &str = "application/x-www-form-urlencoded";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn signed_nonsense_is_refused_and_not_stored(db: PgPool) {
    let hook = Hook::over(&db).await;
    let deep = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let cases: [(&[u8], u16); 15] = [
        (b"", 400),
        (b"{", 400),
        (b"{\"action\":\"open", 400),
        (b"{} {}", 400),
        (b"{\"a\":01}", 400),
        (b"{\"a\":\"\n\"}", 400),
        (b"{'a':1}", 400),
        (b"{\"a\":\"\xff\"}", 400),
        (b"\xef\xbb\xbf{}", 400),
        (deep(129).leak().as_bytes(), 400),
        ("[".repeat(100_000).leak().as_bytes(), 400),
        (b"[]", 422),
        (b"null", 422),
        (b"\"{}\"", 422),
        (b"5", 422),
    ];
    for (body, status) in cases {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(hook.status(&Event::new(body)).await, status, "{shown}");
    }
    assert_eq!(count(&db).await, 0);
    let taken = [
        deep(128),
        "{}".into(),
        r#"{"title":"zero \u0000 and half \ud800","sender":null,"repository":null,"n":1e999}"#.into(),
        r#"{"action":{"not":"a word"},"repository":[],"number":"seven"}"#.into(),
        format!("{{\"action\":\"{}\",\"repository\":{{\"full_name\":\"\\u0000\"}}}}", "a".repeat(10_000)),
    ];
    for (nth, body) in taken.iter().enumerate() {
        assert_eq!(hook.status(&Event::new(body.as_str())).await, 202, "{nth}");
    }
    let bodies: Vec<Vec<u8>> = stored(&db).await.into_iter().map(|it| it.2).collect();
    assert_eq!(bodies, taken.map(String::into_bytes), "to the byte");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_form_carries_its_payload_and_is_stored_as_it_was_signed(db: PgPool) {
    let hook = Hook::over(&db).await;
    let form = |body: &str| Event::new(body).header("content-type", FORM);
    let good =
        "payload=%7B%22action%22%3A%22re+opened%22%2C%22repository%22%3A%7B%22full_name%22%3A%22Mosaic%2FPay%22%7D%7D";
    assert_eq!(hook.status(&form(good)).await, 202);
    let loud = Event::new(good).header("content-type", "Application/X-WWW-Form-URLEncoded; charset=utf-8");
    assert_eq!(hook.status(&loud).await, 202);
    for (wrong, status) in [
        ("", 400),
        ("x=1", 400),
        ("{\"action\":\"opened\"}", 400),
        ("payload=%7B%7D&payload=%7B%7D", 400),
        ("payload=%7", 400),
        ("payload=%FF", 400),
        ("payload=%5B%5D", 422),
    ] {
        assert_eq!(hook.status(&form(wrong)).await, status, "{wrong}");
    }
    assert_eq!(stored(&db).await.iter().filter(|it| it.2 == good.as_bytes()).count(), 2);
    let row: (String, String, String, i32) =
        sqlx::query_as("select content_type, action, subject, size from inbox.delivery limit 1")
            .fetch_one(&db)
            .await
            .expect("a row");
    assert_eq!(row, ("form".into(), "re opened".into(), "mosaic/pay".into(), good.len() as i32));
}
