//! What the headers of a signed event must say, and what they may.

use sqlx::PgPool;

use super::sender::{count, settled, stored};
use super::{Event, Hook};
use crate::common::scalar;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_event_needs_one_id_and_one_name(db: PgPool) {
    let hook = Hook::over(&db).await;
    let real = || Event::new("{}");
    let long = "a".repeat(101);
    for name in ["x-github-delivery", "x-github-event"] {
        let cases = [
            ("missing", real().header(name, "")),
            ("blank", real().header(name, "  ")),
            ("twice", real().more(name, "another")),
            ("twice the same", real().header(name, "same").more(name, "same")),
            ("two words", real().header(name, "a b")),
            ("a path", real().header(name, "../a")),
            ("markup", real().header(name, "<!channel>")),
            ("endless", real().header(name, &long)),
        ];
        for (what, event) in cases {
            let answer = hook.send(&event).await;
            assert_eq!(answer.status, 400, "{name} {what}");
            assert!(answer.body.contains(name), "{}", answer.body);
        }
    }
    assert_eq!(count(&db).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_repeat_is_acknowledged_and_changes_nothing(db: PgPool) {
    let hook = Hook::over(&db).await;
    let id = "72D3162E-CC78-11E3-81AB-4C9367DC0958";
    assert_eq!(hook.status(&Event::named(id, "{\"n\":1}")).await, 202);
    for repeat in [id.to_string(), id.to_lowercase(), format!(" {id} ")] {
        assert_eq!(hook.status(&Event::named(&repeat, "{\"n\":2}")).await, 202);
    }
    settled(&db).await;
    assert_eq!(stored(&db).await, [(id.to_lowercase(), "unparsed".into(), b"{\"n\":1}".to_vec())]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn unknown_events_and_a_ping_need_nothing(db: PgPool) {
    let hook = Hook::over(&db).await;
    let named = |event: &str| Event::new("{\"zen\":\"Keep it logically awesome.\"}").header("x-github-event", event);
    assert_eq!(hook.status(&named("ping")).await, 202);
    assert_eq!(hook.status(&named("Invented_Tomorrow")).await, 202);
    settled(&db).await;
    let states: String =
        scalar(&db, "select string_agg(event || ' ' || state, ', ' order by id) from inbox.delivery").await;
    assert_eq!(states, "ping ignored, invented_tomorrow ignored");
    assert_eq!(hook.console.logged("an event that needs nothing came in").len(), 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn only_headers_that_matter_are_kept(db: PgPool) {
    let hook = Hook::over(&db).await;
    let event = Event::new("{}").more("x-github-encoded-secret", "c2VjcmV0").more("authorization", "Bearer abc");
    assert_eq!(hook.status(&event).await, 202);
    let kept: String = scalar(&db, "select headers::text from inbox.delivery").await;
    assert_eq!(kept, r#"{"x-github-hook-id": "292430182"}"#);
    assert!(hook.console.lines().iter().all(|it| !it.contains("c2VjcmV0") && !it.contains("Bearer")));
}
