use std::collections::BTreeSet;

use domain::outbox_list::State;
use sqlx::PgPool;

use super::scene::{PAYMENTS, words};
use super::{Event, Scene};

const INCIDENTS: i64 = 500;
const SERVICES: i64 = 40;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn five_hundred_incidents_are_few_messages_a_channel_and_reach_everybody_who_is_asked(db: PgPool) {
    let scene = Scene::open(&db).await;
    for number in 1..=INCIDENTS {
        let (service, asked) = (number % SERVICES, if number % 2 == 0 { "PADA" } else { "PGRACE" });
        let event = Event::triggered(number, &format!("Host {number} is down"), &[asked]);
        let event = event.about(&format!("S{service}"), &format!("PEP{service}"));
        scene.happens(&event).await;
        // Senders are at work meanwhile.
        if number % 50 == 0 {
            scene.send().await;
        }
    }
    scene.send().await;
    let top = scene.top("C0ONCALL");
    assert!(top.len() <= 20, "{} messages: {top:?}", top.len());
    for (room, odd) in [("D0ADA", 0), ("D0GRACE", 1)] {
        let (top, threads) = scene.posted(room);
        assert_eq!(top.len(), 1, "{room}");
        let said: String = top.iter().chain(&threads).map(words).collect();
        let numbers: BTreeSet<i64> =
            said.split('#').filter_map(|it| it.split(|it: char| !it.is_ascii_digit()).next()?.parse().ok()).collect();
        let expected: BTreeSet<i64> = (1..=INCIDENTS).filter(|it| it % 2 == odd).collect();
        assert_eq!(expected.difference(&numbers).count(), 0, "{room} was not told of each");
    }
    assert_eq!(scene.post.count(State::Dead).await + scene.post.count(State::Waiting).await, 0);
    println!(
        "{INCIDENTS} incidents: {} messages in the channel, {} calls",
        top.len(),
        scene.post.slack.calls("chat.postMessage")
    );
    for number in 1..=INCIDENTS {
        let service = number % SERVICES;
        let event = Event::triggered(number, &format!("Host {number} is down"), &[]);
        let event = event.about(&format!("S{service}"), &format!("PEP{service}"));
        scene.happens(&event.then(900, "resolved", None)).await;
    }
    scene.send().await;
    let top = scene.top("C0ONCALL");
    assert!(top.len() <= 20 && top.iter().all(|it| it.starts_with('✓')), "{top:?}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_message_that_tells_of_five_hundred_takes_no_more_up(db: PgPool) {
    let scene = Scene::open(&db).await;
    let events: Vec<Event> = (1..=503).map(|it| Event::triggered(it, &format!("Host {it} is down"), &[])).collect();
    for some in [&events[..100], &events[100..300], &events[300..501]] {
        scene.happen(some).await;
    }
    scene.send().await;
    assert_eq!(scene.top(PAYMENTS), ["✗ #1 Host 1 is down", "✗ 500 open incidents: Payments API"]);
    scene.happen(&events[501..]).await;
    scene.happen(&[events[1].clone().then(60, "resolved", None)]).await;
    scene.send().await;
    let top = scene.top(PAYMENTS);
    assert_eq!(top[1..], ["✗ 499 open incidents: Payments API", "✗ 2 open incidents: Payments API"], "{top:?}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_applied_together_is_told_as_one_after_the_other_is(db: PgPool) {
    let scene = Scene::open(&db).await;
    let events: Vec<Event> =
        (1..=24).map(|it| Event::triggered(it, &format!("Host {it} is down"), &["PADA"])).collect();
    scene.happen(&events).await;
    scene.send().await;
    assert_eq!(scene.top(PAYMENTS), ["✗ #1 Host 1 is down", "✗ 23 open incidents: Payments API"]);
    assert_eq!(scene.top("D0ADA"), ["✗ 24 open incidents: Payments API"]);
    let answers: Vec<String> = scene.posted("D0ADA").1.iter().map(words).collect();
    assert_eq!(answers.len(), 3, "ten go into one answer");
    for number in 2..=24 {
        let named = format!("#{number} Host {number} is down");
        assert_eq!(answers.iter().filter(|it| it.contains(&named)).count(), 1, "{named}");
    }
    // Some end and some begin in the same moment; what begins is taken up by what was there.
    let mut next: Vec<Event> = events[..23].iter().map(|it| it.clone().then(60, "resolved", None)).collect();
    next.extend((25..=26).map(|it| Event::triggered(it, &format!("Host {it} is down"), &["PADA"])));
    next.push(Event::triggered(27, "Ledger is slow", &["PGRACE"]).about("LEDGER", "PEP2"));
    scene.happen(&next).await;
    scene.send().await;
    assert_eq!(scene.top(PAYMENTS), ["✓ #1 Host 1 is down", "✗ 3 open incidents: Payments API"]);
    assert_eq!(scene.top("C0ONCALL"), ["✗ #27 Ledger is slow"]);
    assert_eq!(scene.top("D0GRACE"), ["✗ #27 Ledger is slow"]);
    assert_eq!(scene.top("D0ADA"), ["✗ 3 open incidents: Payments API"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_comes_and_goes_is_one_message_with_a_thread(db: PgPool) {
    let scene = Scene::open(&db).await;
    for number in 1..=10 {
        let event = Event::triggered(number, "Payments fail", &["PADA"]);
        scene.plays(&event).await;
        scene.plays(&event.then(20, "resolved", None)).await;
    }
    assert_eq!(scene.top(PAYMENTS), ["✓ #10 Payments fail (10 times)"]);
    let threads = scene.threads(PAYMENTS);
    assert_eq!(threads.iter().filter(|it| it.contains("Resolved")).count(), 10, "{threads:?}");
    assert_eq!(threads.iter().filter(|it| it.contains("Triggered")).count(), 9, "{threads:?}");
    assert_eq!((scene.top("D0ADA").len(), scene.threads("D0ADA").len()), (1, 9), "each page is noticed");
    scene.minutes(11).await;
    scene.plays(&Event::triggered(11, "Payments fail", &["PADA"])).await;
    assert_eq!(scene.top(PAYMENTS).len(), 2, "what comes later is news");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_same_key_is_the_same_thing_under_another_title(db: PgPool) {
    let scene = Scene::open(&db).await;
    for (number, title) in [(1, "97 % full"), (2, "98 % full"), (3, "99 % full")] {
        let mut event = Event::triggered(number, title, &[]);
        event.incident.key = Some("disk".into());
        scene.plays(&event).await;
    }
    assert_eq!(scene.top(PAYMENTS), ["✗ 3 open incidents: Payments API"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_last_of_several_to_end_ends_the_message(db: PgPool) {
    let scene = Scene::open(&db).await;
    let events: Vec<Event> = (1..=4).map(|it| Event::triggered(it, &format!("Host {it} is down"), &["PADA"])).collect();
    for event in &events {
        scene.plays(event).await;
    }
    assert_eq!(scene.top(PAYMENTS), ["✗ #1 Host 1 is down", "✗ 3 open incidents: Payments API"]);
    for event in &events[..3] {
        scene.plays(&event.clone().then(60, "resolved", None)).await;
    }
    assert_eq!(scene.top(PAYMENTS), ["✓ #1 Host 1 is down", "✗ 1 open incident: Payments API"]);
    scene.plays(&events[3].clone().then(60, "resolved", None)).await;
    assert_eq!(scene.top(PAYMENTS), ["✓ #1 Host 1 is down", "✓ 3 incidents are over: Payments API"]);
    assert_eq!(scene.top("D0ADA"), ["✓ 4 incidents are over: Payments API"]);
}
