//! Accounts whose proof is wrong or missing.

use integrations::fake::slack::SlackMember;
use sqlx::PgPool;

use crate::common::{Office, company, scalar};

const ADMINISTRATORS: &str = "[administrators]\ngroup = \"platform-admins\"\n";

async fn office(db: &PgPool) -> Office {
    company(db).await;
    let office = Office::furnished(db, |it| it.config(ADMINISTRATORS)).await;
    office.slack.member(SlackMember::new("U0LINUS", "Linus Meyer", "linus@pinconsole.example"));
    office.slack.member(SlackMember::new("U0OTHER", "Ada at home", "ada@elsewhere.example"));
    office
}

/// Asks, and confirms by typing what the answer says.
async fn confirmed(office: &Office, user: &str, typed: &str) -> String {
    let asked = office.told(user, typed).await;
    let at = asked.find("confirm ").unwrap_or_else(|| panic!("nothing to confirm: {asked}"));
    let code: Vec<&str> = asked[at..].split_whitespace().take(2).collect();
    office.told(user, &format!("/pin {}", code.join(" "))).await
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_account_that_nothing_proves_is_linked_by_an_administrator(db: PgPool) {
    let office = office(&db).await;
    assert!(office.told("U0OTHER", "/pin whoami").await.starts_with("! You are not linked yet"));
    let token = office.token("U0ADA").await;
    let correct = "/pin account correct ada slack U0OTHER --reason \"works from another account\"";
    assert!(office.told("U0ADA", correct).await.starts_with("! You may not correct an account"));
    let shown = office.told("U0LINUS", correct).await;
    assert!(shown.starts_with("! Correct an account of Ada Lindqvist?"), "{shown}");
    assert!(shown.contains("U0ADA") && shown.contains("U0OTHER") && shown.contains("another account"), "{shown}");
    let done = confirmed(&office, "U0LINUS", correct).await;
    assert!(done.starts_with("✓ Corrected") && done.contains("administrator"), "{done}");
    assert!(office.told("U0OTHER", "/pin whoami").await.starts_with("You are Ada Lindqvist"));
    let before = office.told("U0ADA", "/pin whoami").await;
    assert!(before.contains("An administrator has linked you to another account"), "{before}");
    assert_eq!(office.terminal(&token, &["whoami"]).await.code, Some(1), "what the other account may have made ends");
    let reason: String = scalar(
        &db,
        "select detail #>> '{input,reason}' from audit.entry
        where action = 'correct-account' and kind = 'intent'",
    )
    .await;
    assert_eq!(reason, "works from another account");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_account_of_somebody_else_is_taken_only_when_told(db: PgPool) {
    let office = office(&db).await;
    office.typed("U0GRACE", "/pin whoami").await;
    let correct = "/pin account correct ada slack U0GRACE --reason swapped";
    let refused = office.told("U0LINUS", correct).await;
    assert!(refused.starts_with("! Somebody else has that account") && refused.contains("--take"), "{refused}");
    let done = confirmed(&office, "U0LINUS", &format!("{correct} --take")).await;
    assert!(done.starts_with("✓ Corrected"), "{done}");
    assert!(office.told("U0GRACE", "/pin whoami").await.starts_with("You are Ada Lindqvist"));
    let taken: String = scalar(
        &db,
        "select detail ->> 'taken_from' from audit.entry
        where action = 'correct-account' and kind = 'outcome'",
    )
    .await;
    assert_eq!(taken, "grace");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_missing_or_wrong_is_told_by_name(db: PgPool) {
    let office = office(&db).await;
    let told = async |typed: &str| office.told("U0LINUS", typed).await;
    let incomplete = told("/pin account correct ada slack nobody").await;
    assert!(incomplete.starts_with("! That is not complete"), "{incomplete}");
    assert!(incomplete.contains("--reason") && incomplete.contains("member id"), "{incomplete}");
    assert!(told("/pin account corect ada").await.contains("Did you mean correct?"));
    assert!(told("/pin account correct ada slak U0X").await.contains("Did you mean slack?"));
    assert!(told("/pin account correct zeppelin").await.starts_with("! Nobody by that name"));
    let offered = told("/pin account correct ada").await;
    assert!(offered.starts_with("Accounts of Ada Lindqvist") && offered.contains("[Correct…]"), "{offered}");
    assert!(told("/pin confirm").await.starts_with("! What should “confirm” look for?"));
    assert!(told("/pin press 7").await.contains("no button of ours"));
}
