//! The brake: a directory that shrinks, and who may accept that.

use domain::audit_chain::verify;
use sqlx::PgPool;

use super::office::{Company, command, words};
use crate::common::{Console, scalar, until};

const HERE: &str = "select count(*) from org.person where left_at is null";
const ACCEPTED: &str = "select count(*) from schedule.tick where argument ? 'accept'";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_braked_sync_is_accepted_in_chat_by_who_may(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let seen = company.asked("U0ADA", "/pin sync").await;
    assert!(words(&seen).starts_with("✗ The directory was not applied"), "{}", words(&seen));
    assert!(!words(&seen).contains("user20"), "who leaves is not for everybody");

    let refused = company.presses("U0ADA", &seen, "Review").await;
    let told = words(&refused);
    assert!(told.starts_with("! You may not accept a sync") && told.contains("No rule allows it."), "{told}");
    assert!(told.contains("Who can") && told.contains("group0"), "{told}");

    let shown = company.asked("U0LINUS", "/pin sync accept").await;
    let told = words(&shown);
    assert!(told.starts_with("! Accept this sync of the directory?"), "{told}");
    assert!(told.contains("15 leave") && told.contains("- user20") && told.contains("confirm "), "{told}");
    assert_eq!(scalar::<i64>(&db, HERE).await, 40, "nothing is done before it is confirmed");

    let done = company.presses("U0LINUS", &shown, "Confirm").await;
    assert!(words(&done).starts_with("✓ Accepted"), "{}", words(&done));
    assert_eq!(done.id, shown.id, "the question is gone, so that nobody presses it again");
    until("a sync that is applied", async || (scalar::<i64>(&db, HERE).await == 25).then_some(())).await;
    let by: String = scalar(&db, "select accepted_by from catalog.run order by started_at desc limit 1").await;
    assert_eq!(by, "Ada Adler", "the directory's name of who is Linus in Slack");
    let settled = company.asked("U0LINUS", "/pin sync accept").await;
    assert!(words(&settled).starts_with("✓ The directory is as it was last read"), "{}", words(&settled));

    let trail: String = scalar(
        &db,
        "select string_agg(kind || ' ' || action || coalesce(' ' || outcome, ''), ', ' order by number) from audit.entry
         where action = 'accept-sync'",
    )
    .await;
    assert_eq!(trail, "denial accept-sync, intent accept-sync, outcome accept-sync done");
    verify(&db, None).await.expect("rows").expect("a chain");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn of_two_administrators_one_acts_and_the_other_is_told_who(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let (linus, grace) =
        (company.asked("U0LINUS", "/pin sync accept").await, company.asked("U0GRACE", "/pin sync accept").await);
    let (first, second) =
        tokio::join!(company.presses("U0LINUS", &linus, "Confirm"), company.presses("U0GRACE", &grace, "Confirm"));
    let told = [words(&first), words(&second)];
    let won = told.iter().filter(|it| it.starts_with("✓ Accepted")).count();
    assert_eq!(won, 1, "{told:?}");
    let lost = told.iter().find(|it| !it.starts_with("✓")).expect("somebody who lost");
    assert!(lost.contains(" was faster") && lost.contains("accepted the plan"), "{lost}");
    assert_eq!(scalar::<i64>(&db, ACCEPTED).await, 1);
    let outcomes: String =
        scalar(&db, "select string_agg(outcome, ' ' order by outcome) from audit.entry where kind = 'outcome'").await;
    assert_eq!(outcomes, "done refused");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_question_is_answered_once_in_time_and_by_who_was_asked(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let linus = company.asked("U0LINUS", "/pin sync accept").await;
    let confirm = command(&linus, "Confirm");
    let other = company.asked("U0GRACE", &format!("/pin {confirm}")).await;
    assert!(words(&other).starts_with("! There is nothing to confirm under that code"), "{}", words(&other));

    sqlx::query("update auth.confirmation set expires_at = now()").execute(&db).await.expect("ten minutes");
    let late = company.presses("U0LINUS", &linus, "Confirm").await;
    assert!(words(&late).starts_with("! That confirmation is too old"), "{}", words(&late));

    let again = company.asked("U0LINUS", "/pin sync accept").await;
    let cancelled = company.presses("U0LINUS", &again, "Cancel").await;
    assert!(words(&cancelled).starts_with("Cancelled"), "{}", words(&cancelled));
    let gone = company.asked("U0LINUS", &format!("/pin {}", command(&again, "Confirm"))).await;
    assert!(words(&gone).starts_with("! There is nothing to confirm"), "{}", words(&gone));
    assert_eq!(scalar::<i64>(&db, ACCEPTED).await, 0);

    let once = company.asked("U0LINUS", "/pin sync accept").await;
    company.presses("U0LINUS", &once, "Confirm").await;
    let twice = company.asked("U0LINUS", &format!("/pin {}", command(&once, "Confirm"))).await;
    assert!(words(&twice).starts_with("! That was confirmed already"), "{}", words(&twice));
    assert_eq!(scalar::<i64>(&db, ACCEPTED).await, 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_changed_since_it_was_shown_is_not_done(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let shown = company.asked("U0LINUS", "/pin sync accept").await;
    company.shrink(35..37).await;
    let stale = company.presses("U0LINUS", &shown, "Confirm").await;
    let told = words(&stale);
    assert!(told.starts_with("! The directory was not applied"), "{told}");
    assert!(told.contains("This has changed since you were asked") && told.contains("17 leave"), "{told}");
    assert_eq!((scalar::<i64>(&db, ACCEPTED).await, scalar::<i64>(&db, HERE).await), (0, 40));
    let review = company.presses("U0LINUS", &stale, "Review").await;
    assert!(words(&review).contains("17 leave"), "{}", words(&review));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_lost_the_role_since_the_question_is_refused(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let shown = company.asked("U0LINUS", "/pin sync accept").await;
    sqlx::query("delete from org.membership where person_id = (select id from org.person where name = 'user0')")
        .execute(&db)
        .await
        .expect("a role that is gone");
    let refused = company.presses("U0LINUS", &shown, "Confirm").await;
    assert!(words(&refused).starts_with("! You may not accept a sync"), "{}", words(&refused));
    assert_eq!(scalar::<i64>(&db, ACCEPTED).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_terminal_confirms_by_typing(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let token = company.office.token("U0LINUS").await;
    let shown = company.office.terminal(&token, &["sync", "accept"]).await;
    assert_eq!(shown.code, Some(0), "{shown}");
    let at = shown.out.find("confirm ").expect("a command");
    let code: Vec<&str> = shown.out[at..].split_whitespace().take(2).collect();
    let done = company.office.terminal(&token, &code).await;
    assert!(done.out.starts_with("✓ Accepted"), "{done}");
    assert_eq!(scalar::<i64>(&db, ACCEPTED).await, 1);
    let twice = company.office.terminal(&token, &code).await;
    assert_eq!(twice.code, Some(1), "{twice}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_same_press_sent_to_two_programs_acts_once(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let slack = &company.office.slack;
    let shown = company.asked("U0LINUS", "/pin sync accept").await;
    let other = Console::start(&company.office.program).await;
    let name = super::office::action(shown.message().expect("a message"), "Confirm");
    let here = slack.pressed("U0LINUS", shown.id, &name).expect("a button");
    let mut there = here.clone();
    there.url.set_port(other.public.port()).expect("a port");
    let sent = [here.clone(), there.clone(), here.clone(), there];
    let exchanges = futures::future::join_all(sent.iter().map(|it| slack.deliver(it))).await;
    assert!(exchanges.iter().all(|it| it.status == Some(200)));
    company.answer(&exchanges[0]).await;
    assert_eq!(scalar::<i64>(&db, ACCEPTED).await, 1);
    assert_eq!(scalar::<i64>(&db, "select count(*) from audit.entry where kind = 'intent'").await, 1);
}
