//! Buttons on messages that nobody asked for: the brake end to end, and messages that nobody got.

use cards::Card;
use console::notify::{self, Destination, Lane, Message};
use domain::audit_chain::verify;
use integrations::fake::slack::{CHANNEL, Entry, SlackChannel};
use sqlx::PgPool;

use super::office::{Company, action, words};
use crate::common::{scalar, until};

const HERE: &str = "select count(*) from org.person where left_at is null";

/// The message in the administrators' channel whose words begin like this.
async fn posted(company: &Company, begin: &str) -> Entry {
    until(begin, async || company.office.slack.posted(CHANNEL).into_iter().find(|it| words(it).starts_with(begin)))
        .await
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_brake_end_to_end_in_chat(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let alarm = posted(&company, "✗ Directory (LDAP) was not applied").await;

    let told = words(&company.presses("U0ADA", &alarm, "Review").await);
    assert!(told.starts_with("! You may not accept a sync"), "{told}");
    assert!(told.contains("No rule allows it.") && told.contains("Who can") && told.contains("group0"), "{told}");

    let shown = company.presses("U0LINUS", &alarm, "Review").await;
    let told = words(&shown);
    assert!(told.starts_with("! Accept this sync of the directory?") && told.contains("- user34"), "{told}");
    assert!(told.contains("Only you can confirm this, once, within 10 minutes."), "{told}");
    assert_eq!(scalar::<i64>(&db, HERE).await, 40);

    let done = company.presses("U0LINUS", &shown, "Confirm").await;
    assert!(words(&done).starts_with("✓ Accepted"), "{}", words(&done));
    let settled = posted(&company, "✓ Directory (LDAP): settled").await;
    assert_eq!(settled.id, alarm.id, "the alarm itself says how it ended");
    assert!(words(&settled).contains("Ada Adler accepted the plan, and it was applied."), "{}", words(&settled));
    assert_eq!(scalar::<i64>(&db, HERE).await, 25);
    let summary = posted(&company, "Directory (LDAP): who came and who left").await;
    assert!(words(&summary).contains("user20"), "{}", words(&summary));

    let rows =
        "select string_agg(who || ' ' || kind || coalesce(' ' || outcome, ''), ', ' order by number) from audit.entry
        where action = 'accept-sync'";
    assert_eq!(scalar::<String>(&db, rows).await, "user9 denial, user0 intent, user0 outcome done");
    verify(&db, None).await.expect("rows").expect("a chain");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_stale_button_shows_what_is_so_now(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let alarm = posted(&company, "✗ Directory (LDAP) was not applied").await;
    let review = action(alarm.message().expect("a message"), "Review");
    let stale = || company.office.slack.pressed("U0LINUS", alarm.id, &review).expect("a button");
    let (early, late) = (stale(), stale());
    company.shrink(35..37).await;
    let exchange = company.office.slack.deliver(&early).await;
    let told = words(&company.answer(&exchange).await);
    assert!(told.contains("This has changed since that button was drawn") && told.contains("17 leave"), "{told}");

    let shown = company.asked("U0GRACE", "/pin sync accept").await;
    company.presses("U0GRACE", &shown, "Confirm").await;
    until("an end", async || (scalar::<i64>(&db, HERE).await == 23).then_some(())).await;
    let exchange = company.office.slack.deliver(&late).await;
    let told = words(&company.answer(&exchange).await);
    assert!(told.starts_with("✓ The directory is as it was last read") && !told.contains("confirm "), "{told}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_message_that_nobody_got_is_sent_again_from_its_alarm(db: PgPool) {
    let company = Company::open(&db).await;
    let slack = &company.office.slack;
    let card = Card::new("The weekly digest").text("All is well.");
    let to = Destination::SlackChannel("C0GONE".into());
    notify::put(&db, &Message::new("digest", Lane::Update, to, card)).await.expect("a message");
    let alarm = posted(&company, "✗ A message could not be delivered").await;
    let refused = words(&company.presses("U0ADA", &alarm, "Retry").await);
    assert!(refused.starts_with("! You may not retry a message"), "{refused}");
    assert!(words(&company.asked("U0ADA", "/pin outbox").await).starts_with("! You may not retry a message"));

    let listed = company.asked("U0LINUS", "/pin outbox").await;
    assert!(words(&listed).contains("The weekly digest → slack:C0GONE"), "{}", words(&listed));
    let shown = company.presses("U0LINUS", &alarm, "Retry").await;
    assert!(words(&shown).starts_with("! Send this message again?"), "{}", words(&shown));
    slack.channel(SlackChannel::new("C0GONE", "digests"));
    let done = company.presses("U0LINUS", &shown, "Confirm").await;
    assert!(words(&done).starts_with("✓ It will be sent again"), "{}", words(&done));
    until("the digest", async || slack.posted("C0GONE").pop()).await;
    let late = company.presses("U0LINUS", &alarm, "Retry").await;
    assert!(words(&late).starts_with("✓ This message was sent"), "{}", words(&late));
    assert!(words(&company.asked("U0LINUS", "/pin outbox").await).contains("There are none."));
    assert!(words(&company.asked("U0LINUS", "/pin outbox retry").await).starts_with("! What should “outbox”"));
    verify(&db, None).await.expect("rows").expect("a chain");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_accepted_sync_whose_directory_cannot_be_read_is_told_on_the_alarm_at_once(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let alarm = posted(&company, "✗ Directory (LDAP) was not applied").await;
    let shown = company.presses("U0LINUS", &alarm, "Review").await;
    company.server.refuse(true);
    company.presses("U0LINUS", &shown, "Confirm").await;
    let told = until("the alarm", async || {
        let entry = company.office.slack.posted(CHANNEL).into_iter().find(|it| it.id == alarm.id)?;
        words(&entry).contains("the reading that should apply it failed").then_some(entry)
    })
    .await;
    assert!(words(&told).starts_with("✗ Directory (LDAP) was not applied"), "{}", words(&told));
    company.server.refuse(false);
    let shown = company.presses("U0LINUS", &told, "Review").await;
    assert!(words(&shown).starts_with("! Accept this sync of the directory?"), "{}", words(&shown));
    company.presses("U0LINUS", &shown, "Confirm").await;
    let settled = posted(&company, "✓ Directory (LDAP): settled").await;
    assert_eq!(settled.id, alarm.id);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_brake_that_was_held_for_a_day_is_still_released_from_chat(db: PgPool) {
    let company = Company::open(&db).await;
    // Everything so far happened yesterday.
    let aged = "update catalog.run set started_at = started_at - interval '1 day', finished_at = finished_at - interval '1 day'";
    sqlx::query(aged).execute(&db).await.expect("a day");
    let refused = words(&company.asked("U0LINUS", "/pin can i accept-sync").await);
    assert!(refused.contains("No, you cannot") && refused.contains("was last read whole 24 hours ago"), "{refused}");
    company.shrink(20..35).await;
    let alarm = posted(&company, "✗ Directory (LDAP) was not applied").await;
    let told = words(&company.asked("U0LINUS", "/pin can i accept-sync").await);
    assert!(told.contains("Yes, you can") && told.contains("Groups are those of 24 hours ago"), "{told}");
    let other = words(&company.asked("U0LINUS", "/pin can i read-audit").await);
    assert!(other.contains("No, you cannot") && other.contains("accept the sync that the brake holds back"), "{other}");
    let shown = company.presses("U0LINUS", &alarm, "Review").await;
    company.presses("U0LINUS", &shown, "Confirm").await;
    posted(&company, "✓ Directory (LDAP): settled").await;
    assert_eq!(scalar::<i64>(&db, HERE).await, 25);
}
