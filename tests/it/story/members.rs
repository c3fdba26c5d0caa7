//! Members of our Slack workspace: what Slack tells of them unasked, and what it need not be asked again.

use integrations::fake::slack::SlackMember;
use sqlx::PgPool;

use crate::common::{Console, Office, forged, people, scalar, signed};

const ACCOUNTS: &str = "select count(*) from auth.account where tenant = 'T0PIN'";
const STRANGER: &str = "! You are not linked yet";

fn ada() -> SlackMember {
    SlackMember::new("U0ADA", "Ada Lindqvist", "ada@pinconsole.example")
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_change_in_slack_holds_at_once(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let office = Office::open(&db).await;
    let changes = [
        ("a guest", SlackMember { guest: true, ..ada() }),
        ("deactivated", SlackMember { deleted: true, ..ada() }),
        ("of another workspace", SlackMember { stranger: true, ..ada() }),
    ];
    for (what, member) in changes {
        assert!(office.told("U0ADA", "/pin whoami").await.starts_with("You are ada"), "before: {what}");
        assert_eq!(office.slack.change(member).await.status, Some(200), "{what}");
        assert_eq!(scalar::<i64>(&db, ACCOUNTS).await, 0, "{what}");
        assert!(office.told("U0ADA", "/pin whoami").await.starts_with(STRANGER), "{what}");
        office.slack.change(ada()).await;
    }
    assert!(office.told("U0ADA", "/pin whoami").await.starts_with("You are ada"));
    let renamed = SlackMember { email: Some("grace@pinconsole.example".into()), ..ada() };
    office.slack.change(renamed).await;
    assert!(office.told("U0ADA", "/pin whoami").await.starts_with("You are grace"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_changes_nothing_costs_nothing_and_what_is_unclear_is_asked(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    office.typed("U0ADA", "/pin help").await;
    let kept = "select coalesce(string_agg(a::text, ','), '') from auth.account a";
    let before: String = scalar(&db, kept).await;
    office.slack.change(SlackMember { name: "Ada L. (on holiday)".into(), ..ada() }).await;
    assert_eq!(scalar::<String>(&db, kept).await, before, "nothing of it is kept");
    office.typed("U0ADA", "/pin help").await;
    assert_eq!(office.slack.calls("users.info"), 1);
    // Without the address Slack does not say whether it is the same.
    let silent = office.slack.changed(&SlackMember { email: None, ..ada() });
    assert_eq!(office.slack.deliver(&silent).await.status, Some(200));
    office.slack.broken(2);
    assert!(office.told("U0ADA", "/pin whoami").await.starts_with("You are ada"), "the last proof still holds");
    office.typed("U0ADA", "/pin help").await;
    assert_eq!(office.slack.calls("users.info"), 4, "two that fail, and one that proves it again");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn only_slack_can_tell_of_a_change_in_our_workspace(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    office.typed("U0ADA", "/pin help").await;
    let real = office.slack.changed(&SlackMember { guest: true, ..ada() });
    let unsigned = forged(&real, |it| it.signature = it.signature.replace("v0=", "v0=0"));
    assert_eq!(office.slack.deliver(&unsigned).await.status, Some(401));
    let body = String::from_utf8(real.body.clone()).expect("JSON");
    for other in [body.replace("\"T0PIN\"", "\"T0OTHER\""), body.replace("user_change", "user_huddle_changed")] {
        assert_eq!(office.slack.deliver(&signed(&real, &office.secret(), other)).await.status, Some(200));
    }
    let broken = body.replace("\"U0ADA\"", "17");
    assert_eq!(office.slack.deliver(&signed(&real, &office.secret(), broken)).await.status, Some(200));
    assert_eq!(scalar::<i64>(&db, ACCOUNTS).await, 1);
    for _ in 0..2 {
        assert_eq!(office.slack.deliver(&real).await.status, Some(200), "a repeat is as good as the first");
    }
    assert_eq!(scalar::<i64>(&db, ACCOUNTS).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_is_refused_does_not_spend_our_calls(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    let gus = SlackMember::new("U0GUS", "Gus", "gus@agency.example");
    office.slack.member(SlackMember { guest: true, ..gus.clone() });
    let other = Console::start(&office.program).await;
    for _ in 0..3 {
        assert!(office.told("U0GUS", "/pin catalog payments").await.contains("Guests of this workspace"));
    }
    office.move_in(&other);
    assert!(office.told("U0GUS", "/pin whoami").await.contains("Guests of this workspace"));
    assert_eq!(office.slack.calls("users.info"), 1, "another replica knows it, too");
    sqlx::query("update auth.stranger set seen_at = now() - interval '6 minutes'").execute(&db).await.expect("a row");
    office.typed("U0GUS", "/pin whoami").await;
    assert_eq!(office.slack.calls("users.info"), 2, "for a few minutes only");
    office.slack.change(gus).await;
    assert!(office.told("U0GUS", "/pin whoami").await.contains("has the address gus@agency.example"));
    assert_eq!(office.slack.calls("users.info"), 3, "and not after a change");
    // The directory is our own: what it says is asked each time.
    people(&db, "ada\ngus gus@agency.example").await;
    assert!(office.told("U0GUS", "/pin whoami").await.starts_with("You are gus"));
    assert_eq!(office.slack.calls("users.info"), 3);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_replica_that_starts_while_slack_is_away_answers_whom_it_knows(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    office.typed("U0ADA", "/pin help").await;
    assert_eq!(office.slack.calls("auth.test"), 1);
    let fresh = Console::start(&office.program).await;
    office.move_in(&fresh);
    office.slack.broken(usize::from(u8::MAX));
    let asked = office.slack.command("U0ADA", "/pin whoami").await;
    assert!(asked.body.contains("You are ada"), "{asked:?}");
    assert_eq!(office.slack.calls("auth.test"), 1);
    let token: String = scalar(&db, "select encode(digest, 'escape') from auth.home").await;
    assert!(!token.contains("xoxb"), "the token itself is not kept");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_id_that_the_directory_names_is_an_account_once_slack_confirms_it(db: PgPool) {
    people(&db, "ada slack:U0PRIVATE\ngrace slack:U0GUEST\nlinus slack:U0FOREIGN").await;
    let office = Office::open(&db).await;
    let private = |id: &str| SlackMember::new(id, id, "somebody@home.example");
    office.slack.member(private("U0PRIVATE"));
    office.slack.member(SlackMember { guest: true, ..private("U0GUEST") });
    office.slack.member(SlackMember { stranger: true, ..private("U0FOREIGN") });
    let told = office.told("U0PRIVATE", "/pin whoami").await;
    assert!(told.starts_with("You are ada"), "{told}");
    assert_eq!(told.matches("U0PRIVATE").count(), 1, "{told}");
    assert!(told.contains("directory attribute"), "{told}");
    office.typed("U0PRIVATE", "/pin help").await;
    assert_eq!(office.slack.calls("users.info"), 1, "a fresh proof holds");
    office.slack.change(SlackMember { name: "Ada".into(), ..private("U0PRIVATE") }).await;
    assert_eq!(scalar::<i64>(&db, ACCOUNTS).await, 1, "another address changes nothing for it");
    for user in ["U0GUEST", "U0FOREIGN"] {
        assert!(office.told(user, "/pin whoami").await.starts_with(STRANGER), "{user}");
    }
    // The directory no longer says so.
    people(&db, "ada\ngrace\nlinus").await;
    assert!(office.told("U0PRIVATE", "/pin whoami").await.starts_with(STRANGER));
    assert_eq!(scalar::<i64>(&db, ACCOUNTS).await, 0);
}
