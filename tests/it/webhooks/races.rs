//! Many at once, and the same more than once.

use std::collections::BTreeSet;

use futures::StreamExt;
use futures::future::join_all;
use sqlx::PgPool;

use super::sender::{count, program, stored};
use super::{Event, Hook};
use crate::common::address;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn twenty_at_once_with_one_id_are_one_event(db: PgPool) {
    let hook = Hook::over(&db).await;
    for id in ["a-1", "a-2", "a-3"] {
        let events: Vec<Event> = (0..20).map(|nth| Event::named(id, format!("{{\"nth\":{nth}}}"))).collect();
        let statuses = join_all(events.iter().map(|it| hook.status(it))).await;
        assert_eq!(statuses, [202; 20]);
    }
    let ids: Vec<String> = stored(&db).await.into_iter().map(|it| it.0).collect();
    assert_eq!(ids, ["a-1", "a-2", "a-3"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn duplicates_among_many_leave_one_row_each_with_two_replicas_and_small_pools(db: PgPool) {
    let pools = |size: u32| program(address(&db)).config(&format!("[database]\nconnections = {size}\n"));
    let hooks = [Hook::with(pools(1)).await, Hook::with(pools(4)).await];
    // Of a hundred fifteen come again, most of them while the first is still under way.
    let ids: Vec<usize> = (0..600).flat_map(|it| if it % 100 < 15 { vec![it, it] } else { vec![it] }).collect();
    let sent = ids.iter().enumerate().map(|(nth, id)| {
        let event =
            Event::named(&format!("id-{id:04}"), format!("{{\"id\":{id},\"filler\":\"{}\"}}", "x".repeat(9_000)));
        let hook = &hooks[nth % 2];
        async move { hook.status(&event).await }
    });
    let statuses: Vec<u16> = futures::stream::iter(sent).buffer_unordered(48).collect().await;
    assert!(statuses.iter().all(|it| *it == 202), "{statuses:?}");
    let stored = stored(&db).await;
    let bodies: BTreeSet<&[u8]> = stored.iter().map(|it| &it.2[..]).collect();
    assert_eq!((stored.len(), bodies.len()), (600, 600));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn one_bad_row_does_not_fail_those_beside_it(db: PgPool) {
    sqlx::query("alter table inbox.delivery add check (external_id <> 'bad')").execute(&db).await.expect("a rule");
    let hook = Hook::over(&db).await;
    let events: Vec<Event> = (0..60)
        .map(|nth| Event::named(&if nth % 20 == 7 { "bad".into() } else { format!("good-{nth}") }, "{}"))
        .collect();
    let statuses = join_all(events.iter().map(|it| hook.status(it))).await;
    for (nth, status) in statuses.into_iter().enumerate() {
        assert_eq!(status, if nth % 20 == 7 { 503 } else { 202 }, "{nth}");
    }
    assert_eq!(count(&db).await, 57);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn senders_that_hang_up_do_no_harm(db: PgPool) {
    use tokio::io::AsyncWriteExt;
    let hook = Hook::over(&db).await;
    let address = hook.url().socket_addrs(|| None).expect("an address")[0];
    for _ in 0..50 {
        let request = Event::new("{}").head("content-length: 2") + "{}";
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
        stream.write_all(request.as_bytes()).await.expect("written");
    }
    let events: Vec<Event> = (0..50).map(|_| Event::new("{}")).collect();
    assert_eq!(join_all(events.iter().map(|it| hook.status(it))).await, [202; 50]);
    assert!(count(&db).await >= 50);
}
