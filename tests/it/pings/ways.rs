use console::notify::incident::Rules;
use domain::outbox_list::State;
use integrations::fake::slack::{CHANNEL, SlackChannel, Trouble, When};
use sqlx::PgPool;

use super::scene::{PAYMENTS, words};
use super::{Event, Scene};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_is_not_in_slack_is_named_in_the_channel(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.plays(&Event::triggered(7, "Payments fail", &["PGHOST"])).await;
    let posted = scene.posted(PAYMENTS).0;
    assert_eq!(posted.len(), 2, "the incident, and whom it asks");
    let asked = posted[1].message().expect("a message")["blocks"].to_string();
    assert!(asked.contains("ghost, you are asked to take this") && asked.contains("another way failed"), "{asked}");
    assert_eq!(scene.post.count(State::Dead).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_is_nobody_here_is_named_in_the_channel_too_once_in_a_while(db: PgPool) {
    let scene = Scene::open(&db).await;
    for number in 1..=3 {
        scene.plays(&Event::triggered(number, "Payments fail", &["PNOBODY"])).await;
    }
    let posted = scene.posted(PAYMENTS).0;
    assert_eq!(posted.len(), 2);
    assert!(words(&posted[1]).contains("Member PNOBODY, you are asked"), "{}", words(&posted[1]));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_channel_that_takes_nothing_gives_way_to_its_owners_each(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.post.slack.channel(SlackChannel { joined: false, ..SlackChannel::new(PAYMENTS, "payments") });
    let event = Event::triggered(7, "Payments fail", &["PADA"]);
    scene.plays(&event).await;
    scene.plays(&event.then(60, "acknowledged", Some("Ada Lindqvist"))).await;
    // Everybody is in the group that owns it; one of them is asked besides.
    assert_eq!((scene.top("D0GRACE"), scene.top("D0ADA").len()), (vec!["! #7 Payments fail".to_string()], 2));
    assert_eq!(scene.threads("D0GRACE"), ["Acknowledged by Ada Lindqvist"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn without_an_entity_the_configured_channel_is_told_and_without_that_the_last_resort(db: PgPool) {
    let mut scene = Scene::open(&db).await;
    scene.plays(&Event::triggered(1, "Ledger is slow", &["PADA"]).about("LEDGER", "PEP2")).await;
    assert_eq!(scene.top("C0ONCALL"), ["✗ #1 Ledger is slow"]);
    scene.rules = Rules { last_resort: Some(CHANNEL.into()), ..Rules::default() };
    scene.plays(&Event::triggered(2, "Ledger is gone", &["PGHOST"]).about("LEDGER", "PEP2")).await;
    assert_eq!(scene.top(CHANNEL), ["✗ #2 Ledger is gone", "✗ #2 Ledger is gone"], "the incident, and whom it asks");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_may_have_been_posted_in_a_channel_by_name_is_looked_for_by_its_id(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.plays(&Event::triggered(1, "Payments fail", &[])).await;
    scene.post.slack.trouble("chat.postMessage", Trouble::Reset, When::After, 1);
    scene.happens(&Event::triggered(2, "Refunds fail", &[])).await;
    scene.send().await;
    scene.post.pass(60.0).await;
    scene.send().await;
    assert_eq!((scene.top(PAYMENTS).len(), scene.post.unsettled().await), (2, 0));
    assert_eq!(scene.post.slack.log("conversations.history")[0].text("channel"), PAYMENTS);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_owner_names_the_channel_for_what_names_none(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.entity("ledger", "LEDGER", "component:default/payments-api", Some("@ada")).await;
    scene.plays(&Event::triggered(1, "Ledger is slow", &[]).about("LEDGER", "PEP2")).await;
    assert_eq!(scene.top(PAYMENTS), ["✗ #1 Ledger is slow"], "what leads to a person is no channel");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn with_nowhere_to_go_administrators_hear_of_it(db: PgPool) {
    let mut scene = Scene::open(&db).await;
    scene.rules = Rules::default();
    scene.plays(&Event::triggered(1, "Ledger is slow", &[]).about("LEDGER", "PEP2")).await;
    assert!(scene.post.listed().await[0].contains("no administrators are configured"));
}
