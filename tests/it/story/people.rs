//! Who somebody is: proven by both sides, forgotten when either changes.

use integrations::fake::slack::SlackMember;
use sqlx::PgPool;

use crate::common::{Office, answered, people, said, scalar, signed};

const ACCOUNTS: &str = "select count(*) from auth.account";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_is_not_surely_known_hears_only_how_to_be_linked(db: PgPool) {
    people(&db, "ada\ntwin1 twin@pinconsole.example\ntwin2 Twin@pinconsole.example\ngone disabled").await;
    let office = Office::open(&db).await;
    let slack = &office.slack;
    let member = |id: &str, mail: &str| SlackMember::new(id, id, mail);
    let ada = |id: &str| member(id, "ada@pinconsole.example");
    slack.member(SlackMember { email_confirmed: false, ..ada("U1UNPROVEN") });
    slack.member(SlackMember { email: None, ..ada("U2SILENT") });
    slack.member(SlackMember { guest: true, ..ada("U3GUEST") });
    slack.member(SlackMember { stranger: true, ..ada("U4FOREIGN") });
    slack.member(SlackMember { bot: true, ..ada("U5BOT") });
    slack.member(SlackMember { deleted: true, ..ada("U6CLOSED") });
    slack.member(member("U7NEW", "new@pinconsole.example"));
    slack.member(member("U8TWIN", "twin@pinconsole.example"));
    slack.member(member("U9DISABLED", "gone@pinconsole.example"));
    let mut told = String::new();
    for user in [
        "U1UNPROVEN",
        "U2SILENT",
        "U3GUEST",
        "U4FOREIGN",
        "U5BOT",
        "U6CLOSED",
        "U7NEW",
        "U8TWIN",
        "U9DISABLED",
        "UNOBODY",
    ] {
        let first = office.told(user, "/pin person ada").await;
        for command in ["help", "link terminal", "whoami", "nonsense"] {
            assert_eq!(office.told(user, &format!("/pin {command}")).await, first, "{user}: {command}");
        }
        let (title, words) = first.split_once('\n').expect("a title");
        assert_eq!(title, "! You are not linked yet");
        told += &format!("{user}: {}\n", words.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    insta::assert_snapshot!(told, @"
    U1UNPROVEN: Slack shows no verified e-mail address for you. Confirm the address in your Slack profile, then ask again.
    U2SILENT: Slack shows no verified e-mail address for you. Confirm the address in your Slack profile, then ask again.
    U3GUEST: PinConsole answers members of the company. Guests of this workspace are not linked; ask the person who invited you.
    U4FOREIGN: PinConsole answers members of its own workspace. Ask from there, with the account of your company.
    U5BOT: This account is a bot or was deactivated. Ask from your own account.
    U6CLOSED: This account is a bot or was deactivated. Ask from your own account.
    U7NEW: Nobody in the company directory has the address new@pinconsole.example. Use your company address in your Slack profile, or have the directory corrected, then ask again.
    U8TWIN: More than one person in the company directory has the address twin@pinconsole.example. Have the directory corrected; after its next sync, ask again.
    U9DISABLED: The company directory has disabled you. If that is wrong, have it corrected there.
    UNOBODY: PinConsole answers members of its own workspace. Ask from there, with the account of your company.
    ");
    assert_eq!(scalar::<i64>(&db, "select count(*) from auth.token").await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_member_of_another_workspace_is_nobody(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    let request = office.slack.typed("U0ADA", "/pin whoami");
    let body = String::from_utf8(request.body.clone()).expect("a form").replace("team_id=T0PIN", "team_id=T0OTHER");
    let exchange = office.slack.deliver(&signed(&request, &office.secret(), body)).await;
    let told = said(&answered(&office.slack, &exchange).await);
    assert!(told.starts_with("! You are not linked yet"), "{told}");
    assert_eq!(scalar::<i64>(&db, ACCOUNTS).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_proof_is_checked_again_when_either_side_changes(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let office = Office::open(&db).await;
    assert!(office.told("U0ADA", "/pin whoami").await.contains("verified e-mail ada@pinconsole.example"));
    office.typed("U0ADA", "/pin whoami").await;
    assert_eq!(office.slack.calls("users.info"), 1, "a fresh proof holds");
    // The directory gives the address to somebody else.
    people(&db, "ada ada.l@pinconsole.example\ngrace ada@pinconsole.example").await;
    assert!(office.told("U0ADA", "/pin whoami").await.starts_with("You are grace"));
    assert_eq!(office.slack.calls("users.info"), 2);
    // Nobody has it any more.
    people(&db, "ada ada.l@pinconsole.example\ngrace").await;
    assert!(office.told("U0ADA", "/pin whoami").await.contains("has the address ada@pinconsole.example"));
    assert_eq!(scalar::<i64>(&db, ACCOUNTS).await, 0, "an account without a proof is forgotten");
    // Slack has the new one; then an hour is over.
    office.slack.change(SlackMember::new("U0ADA", "Ada", "Ada.L@pinconsole.example")).await;
    assert!(office.told("U0ADA", "/pin whoami").await.starts_with("You are ada"));
    office.slack.member(SlackMember { guest: true, ..SlackMember::new("U0ADA", "Ada", "ada.l@pinconsole.example") });
    age(&db, "61 minutes").await;
    assert!(office.told("U0ADA", "/pin whoami").await.starts_with("! You are not linked yet"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_recent_proof_holds_while_slack_is_away(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    office.typed("U0ADA", "/pin help").await;
    age(&db, "23 hours").await;
    office.slack.broken(2);
    assert!(office.told("U0ADA", "/pin whoami").await.starts_with("You are ada"));
    age(&db, "25 hours").await;
    office.slack.broken(2);
    assert!(office.told("U0ADA", "/pin whoami").await.starts_with("✗ That did not work"));
    assert!(office.told("U0ADA", "/pin whoami").await.starts_with("You are ada"), "asked again, Slack answers");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whom_slack_no_longer_knows_is_not_known_by_an_old_proof(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    office.typed("U0ADA", "/pin help").await;
    sqlx::query("update auth.account set external_id = 'U0LEFT', proven_at = now() - interval '2 hours'")
        .execute(&db)
        .await
        .expect("an account that Slack no longer has");
    assert!(office.told("U0LEFT", "/pin whoami").await.starts_with("! You are not linked yet"));
    assert_eq!(scalar::<i64>(&db, ACCOUNTS).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_leaves_or_is_disabled_is_answered_no_more(db: PgPool) {
    people(&db, "ada\ngrace\nlinus").await;
    let office = Office::open(&db).await;
    let (ada, grace) = (office.token("U0ADA").await, office.token("U0GRACE").await);
    assert_eq!(office.terminal(&ada, &["whoami"]).await.code, Some(0));
    people(&db, "grace disabled\nlinus").await;
    for (user, token) in [("U0ADA", &ada), ("U0GRACE", &grace)] {
        let asked = office.terminal(token, &["person", "linus"]).await;
        assert_eq!((asked.code, asked.out.as_str()), (Some(1), ""));
        assert!(asked.err.contains("not known or no longer works"), "{asked}");
        assert!(office.told(user, "/pin person linus").await.starts_with("! You are not linked yet"));
    }
    people(&db, "ada\ngrace\nlinus").await;
    assert_eq!(office.terminal(&ada, &["whoami"]).await.code, Some(1), "who comes back gets a new token");
    assert!(office.told("U0ADA", "/pin whoami").await.starts_with("You are ada"));
}

/// Lets time pass for every proof.
async fn age(db: &PgPool, by: &'static str) {
    let aged = sqlx::query("update auth.account set proven_at = now() - $1::text::interval").bind(by).execute(db).await;
    assert!(aged.expect("an older proof").rows_affected() > 0);
}
