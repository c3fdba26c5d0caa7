//! The database is away, or the program is killed: what was acknowledged is there, and the rest is asked for again.

use futures::future::join_all;
use sqlx::PgPool;

use super::sender::{count, program, stored};
use super::{Event, Hook};
use crate::common::{Console, Tunnel, address, scalar, until};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn while_the_database_is_away_senders_are_asked_to_try_again(db: PgPool) {
    let tunnel = Tunnel::to(&db).await;
    let hook = Hook::with(program(tunnel.address(&db))).await;
    assert_eq!(hook.status(&Event::new("{}")).await, 202);
    tunnel.cut();
    let events: Vec<Event> = (0..200).map(|_| Event::new("{}")).collect();
    for answer in join_all(events.iter().map(|it| hook.send(it))).await {
        assert_eq!((answer.status, answer.retry_after.as_deref()), (503, Some("5")));
        assert_eq!(answer.body, "{\"error\":\"Service Unavailable\"}");
    }
    // What nobody may store is still refused as such.
    assert_eq!(hook.status(&Event::new("[]")).await, 422);
    assert_eq!(hook.status(&Event::new("{}").header("x-hub-signature-256", "")).await, 401);
    tunnel.mend();
    let again = &events[0];
    until("a database that is back", async || (hook.status(again).await == 202).then_some(())).await;
    assert_eq!(join_all(events.iter().map(|it| hook.status(it))).await, [202; 200]);
    assert_eq!(count(&db).await, 201);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_table_that_is_locked_means_later_too(db: PgPool) {
    let hook = Hook::over(&db).await;
    let mut transaction = db.begin().await.expect("a transaction");
    sqlx::query("lock table inbox.delivery in access exclusive mode").execute(&mut *transaction).await.expect("a lock");
    let events: Vec<Event> = (0..20).map(|_| Event::new("{}")).collect();
    let answers = join_all(events.iter().map(|it| hook.send(it))).await;
    assert!(answers.iter().all(|it| it.status == 503 && it.retry_after.as_deref() == Some("5")));
    transaction.rollback().await.expect("an end");
    until("room for events", async || (hook.status(&events[0]).await == 202).then_some(())).await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_acknowledged_outlives_the_program(db: PgPool) {
    let Hook { console, program, .. } = Hook::over(&db).await;
    let client = reqwest::Client::new();
    let url = console.public.join("webhooks/github").expect("an address");
    let send = async |event: Event| {
        let request = client.post(url.clone()).body(event.body.clone());
        let request = event.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        request.send().await.is_ok_and(|it| it.status() == 202)
    };
    let ids: Vec<String> = (0..400).map(|it| format!("id-{it:04}")).collect();
    let sent = join_all(ids.iter().map(|id| send(Event::named(id, format!("{{\"id\":\"{id}\"}}")))));
    let killed = async {
        until("some events", async || (count(&db).await > 20).then_some(())).await;
        console.crash();
    };
    let (acknowledged, ()) = tokio::join!(sent, killed);
    let there: Vec<String> = stored(&db).await.into_iter().map(|it| it.0).collect();
    let lost = ids.iter().zip(acknowledged).filter(|(id, acknowledged)| *acknowledged && !there.contains(id));
    assert_eq!(lost.count(), 0);
    let hook = Hook::with(program).await;
    let again = ids.iter().map(|id| Event::named(id, format!("{{\"id\":\"{id}\"}}"))).collect::<Vec<_>>();
    assert_eq!(join_all(again.iter().map(|it| hook.status(it))).await, [202; 400]);
    assert_eq!(count(&db).await, 400);
    assert_eq!(scalar::<i64>(&db, "select count(*) from inbox.body").await, 400, "each with its body");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn there_is_room_of_its_own_for_each_month_soon_after_the_start(db: PgPool) {
    let _console = Console::start(&program(address(&db))).await;
    until("four months", async || {
        let months = "select count(*) from pg_inherits where inhparent = 'inbox.body'::regclass";
        (scalar::<i64>(&db, months).await == 5).then_some(())
    })
    .await;
}
