//! The program ends at the worst moment, and there is more than one of it.

use std::time::Duration;

use sqlx::PgPool;

use crate::common::{Console, Office, messages, people, said, scalar, until};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_acknowledged_is_done_by_whoever_comes_next(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let mut office = Office::open(&db).await;
    office.typed("U0GRACE", "/pin help").await;
    // Who Ada is is asked before there is a token, where her answer goes only afterwards.
    for (user, method, tokens) in [("U0ADA", "users.info", 0), ("U0GRACE", "response", 1)] {
        let before = office.slack.calls(method);
        office.slack.slow(Duration::from_secs(4), 1);
        let exchange = office.slack.command(user, "/pin link terminal").await;
        assert_eq!((exchange.status, exchange.body.as_str()), (Some(200), ""));
        until("the slow call", async || (office.slack.calls(method) > before).then_some(())).await;
        let next = Console::start(&office.program).await;
        office.move_in(&next);
        std::mem::replace(&mut office.console, next).crash();
        let made = "select count(*) from auth.token where created_at > now() - interval '1 minute'";
        assert_eq!(scalar::<i64>(&db, made).await, tokens + (user == "U0GRACE") as i64);
        // As if the time of the one that crashed had run out.
        sqlx::query("update auth.request set leased_until = now()").execute(&db).await.expect("a lease that ends");
        let answer = office.slack.answer(&exchange).await.expect("an answer");
        let words = said(answer.message().expect("a message"));
        assert!(words.starts_with("A token for your terminal"), "{words}");
        until("an end", async || {
            let open = scalar::<i64>(&db, "select count(*) from auth.request where finished_at is null").await;
            (open == 0).then_some(())
        })
        .await;
        assert_eq!(messages(&office.slack, &exchange).len(), 1);
        let token = words[words.find("pin_").expect("a token")..].split_whitespace().next().expect("a token").into();
        let asked = office.terminal(&token, &["whoami"]).await;
        assert_eq!(asked.code, Some(0), "{asked}");
    }
    assert_eq!(scalar::<i64>(&db, "select count(*) from auth.token").await, 2);
    let addresses = "select count(*) from auth.request where respond_to <> ''";
    assert_eq!(scalar::<i64>(&db, addresses).await, 0, "where an answer went is forgotten");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn two_programs_do_a_thing_once(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    office.typed("U0ADA", "/pin help").await;
    let other = Console::start(&office.program).await;
    let here = office.slack.typed("U0ADA", "/pin link terminal");
    let mut there = here.clone();
    there.url.set_port(other.public.port()).expect("a port");
    let sent = [here.clone(), there.clone(), here.clone(), there.clone()];
    let deliveries = sent.iter().map(|it| office.slack.deliver(it));
    let exchanges = futures::future::join_all(deliveries).await;
    assert!(exchanges.iter().all(|it| it.status == Some(200)));
    office.slack.answer(&exchanges[0]).await.expect("an answer");
    office.token("U0ADA").await;
    assert_eq!(messages(&office.slack, &exchanges[0]).len(), 1);
    assert_eq!(scalar::<i64>(&db, "select count(*) from auth.token").await, 2);
}
