//! The database is away, and comes back.

use integrations::fake::slack::SlackMember;
use secrecy::SecretString;
use sqlx::PgPool;
use uuid::Uuid;

use crate::common::{Console, Office, Program, Tunnel, answered, company, get, messages, said, until};

/// Nobody listens there.
const NOWHERE: &str = "postgres://nobody@127.0.0.1:9/none";

#[tokio::test]
async fn without_a_database_everything_says_so_and_nothing_breaks() {
    let office = Office::unready(NOWHERE).await;
    let web = &office.console.web;
    let ready = get(&office.console.public, "readyz").await;
    assert_eq!((ready.status.as_u16(), ready.text.as_str()), (503, "the database does not answer\n"));
    assert_eq!(get(&office.console.public, "healthz").await.status, 200);
    for path in ["", "search?q=ada", "person/ada", "team/payments", "status"] {
        let page = get(web, path).await;
        // The first page needs nothing but the search field.
        assert_eq!(page.status.as_u16(), if path.is_empty() { page.status.as_u16() } else { 503 }, "{path}");
        assert!(!page.text.contains("127.0.0.1:9") && !page.text.contains("refused"), "{}", page.text);
    }
    assert_eq!(get(web, "help").await.status, 200);
    for command in ["/pin catalog payments", "/pin whoami", "/pin link terminal"] {
        let exchange = office.slack.command("U0ADA", command).await;
        assert_eq!(exchange.status, Some(200), "{command}");
        let told = said(&answered(&office.slack, &exchange).await);
        assert!(told.starts_with("✗ That did not work"), "{command}: {told}");
        quoted(&office.console, &told).await;
        assert_eq!(messages(&office.slack, &exchange).len(), 1);
    }
    let asked = office.terminal(&SecretString::from("pin_some_token"), &["whoami"]).await;
    assert_eq!(asked.code, Some(2), "{asked}");
    assert!(asked.out.starts_with("✗ That did not work"), "{asked}");
    quoted(&office.console, &asked.out).await;
}

/// The reference on an error card is the id of one logged failure.
async fn quoted(console: &Console, told: &str) {
    let reference = told.split_whitespace().find_map(|it| it.parse::<Uuid>().ok()).expect("a reference").to_string();
    until("the line of the failure", async || {
        let lines: Vec<String> = console.lines().into_iter().filter(|it| it.contains(&reference)).collect();
        let failures = lines.iter().filter(|it| it.contains("\"ERROR\"")).count();
        assert!(failures < 2, "{lines:?}");
        (failures == 1).then_some(())
    })
    .await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_database_that_comes_back_needs_no_restart(db: PgPool) {
    company(&db).await;
    let tunnel = Tunnel::to(&db).await;
    let database = tunnel.address(&db);
    let office = Office::furnished(&db, |it| it.with("DATABASE_URL", database)).await;
    let token = office.token("U0ADA").await;
    let asked = office.slack.command("U0ADA", "/pin catalog payments-ledger").await;
    let answer = office.slack.answer(&asked).await.expect("an answer");

    tunnel.cut();
    let told = office.told("U0ADA", "/pin catalog payments-ledger").await;
    assert!(told.starts_with("✗ That did not work"), "{told}");
    for button in ["share", "read-0"] {
        let pressed = office.slack.press("U0ADA", answer.id, button).await.expect("a button");
        assert_eq!(pressed.status, Some(200));
        let told = said(&answered(&office.slack, &pressed).await);
        assert!(told.starts_with("✗ That did not work"), "{button}: {told}");
    }
    assert_eq!(office.terminal(&token, &["whoami"]).await.code, Some(2));
    assert_eq!(get(&office.console.web, "person/ada").await.status, 503);
    let grace = SlackMember::new("U0GRACE", "Grace", "grace@pinconsole.example");
    assert_eq!(office.slack.change(grace).await.status, Some(503), "Slack sends it again");

    tunnel.mend();
    until("an answer", async || {
        office.told("U0ADA", "/pin catalog payments-ledger").await.starts_with("payments-ledger").then_some(())
    })
    .await;
    assert_eq!(office.terminal(&token, &["whoami"]).await.code, Some(0));
    assert_eq!(get(&office.console.web, "person/ada").await.status, 200);
}

#[sqlx::test(migrations = false)]
async fn a_database_that_was_not_migrated_is_named(db: PgPool) {
    let office = Office::unready(&crate::common::address(&db)).await;
    let ready = get(&office.console.public, "readyz").await;
    assert_eq!(
        (ready.status.as_u16(), ready.text.as_str()),
        (503, "the database is empty: run `pinconsole migrate`\n")
    );
    let program = Program::new().with("DATABASE_URL", crate::common::address(&db));
    let config = "[ldap.users]\nbases = [\"ou=people,dc=x\"]\n[catalog]\npaths = [\".\"]\n";
    let program = program.with("LDAP_URL", "ldap://127.0.0.1:9").config(config);
    for source in ["ldap", "catalog"] {
        let ended = program.run(&["sync", source]).await;
        assert_eq!(
            (ended.code, ended.err.as_str()),
            (Some(1), "pinconsole: the database is empty: run `pinconsole migrate`\n")
        );
    }
    let migrated = program.run(&["migrate"]).await;
    assert_eq!(migrated.code, Some(0), "{migrated}");
    assert_eq!(program.run(&["migrate"]).await.out, migrated.out, "a second time changes nothing");
    until("readiness", async || (get(&office.console.public, "readyz").await.status == 200).then_some(())).await;
}
