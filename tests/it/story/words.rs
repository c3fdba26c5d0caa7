//! Words that would break, mention or format something, were they taken for more than words.

use sqlx::PgPool;

use crate::common::{Office, company, harmless, said};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn hostile_words_get_a_clear_answer_and_do_nothing(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let hostile = [
        "<!channel>",
        "<!here|here>",
        "<!everyone>",
        "@everyone",
        "<@U0ADA>",
        "<#C0PIN>",
        "<!subteam^S1>",
        "<https://evil.example|payments>",
        "*bold* _it_ `code` ~no~",
        "```",
        "&lt;!channel&gt;",
        "&<>\"'",
        "%_%",
        "\\",
        "'; drop table org.person; --",
        "$1",
        "{{7*7}}",
        "../../etc/passwd",
    ];
    for words in hostile {
        for command in ["catalog", "person", "team", "owns", "help", ""] {
            let message = office.typed("U0ADA", &format!("/pin {command} {words}")).await;
            assert!(!said(&message).contains("That did not work"), "{command} {words}: {}", said(&message));
            harmless(&message);
        }
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn quotes_controls_directions_and_length_are_no_obstacle(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let told = async |words: &str| title(&office.told("U0ADA", &format!("/pin {words}")).await);
    assert_eq!(told("catalog \"payments-ledger").await, "payments-ledger");
    assert_eq!(told("person \"").await, "! What should “person” look for?");
    let told_of = told("catalog \u{0}payments-ledger\u{7}\u{1b}[31m").await;
    assert!(told_of.ends_with(" for “payments-ledger [31m”"), "{told_of}");
    assert_eq!(told("catalog \u{202e}payments-ledger\u{202c}").await, "payments-ledger");
    assert_eq!(told("\u{202e}catalog payments-ledger").await, "payments-ledger");
    assert_eq!(told(&format!("catalog {}", "a".repeat(10_000))).await, "! That is too long");
    assert_eq!(told(&format!("catalog {}", "q7".repeat(450))).await, "Nothing found for");
    assert_eq!(told("CATALOG Payments-Ledger").await, "payments-ledger");
    assert_eq!(told("catalgo payments").await, "! There is no such command");
    assert_eq!(told("catalog --page 0 payments").await, "! That cannot be understood");
    assert_eq!(told("catalog --page 99999999999999999999 payments").await, "! That cannot be understood");
    assert_eq!(told("catalog ---").await, "! That cannot be understood");
    assert_eq!(told("catalog !!!").await, "! Nothing to look for");
    assert_eq!(told("").await, "What you can ask");
    assert_eq!(told("person 🦀").await, "! Nothing to look for");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_meant_is_said(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let told = office.told("U0ADA", "/pin catalgo payments").await;
    insta::assert_snapshot!(told, @"
    ! There is no such command

    No command is called catalgo.

    Did you mean catalog?

    Next
      Help:  help
    ");
    let told = office.told("U0ADA", "/pin link discord").await;
    insta::assert_snapshot!(told, @"
    ! That cannot be understood

    discord is not among terminal, github.

    For example: link terminal, link terminal --revoke, link github

    Next
      Help:  help link
    ");
}

/// The first line.
fn title(words: &str) -> String {
    words.lines().next().unwrap_or_default().to_string()
}
