//! One question, one answer, on every surface.

use cards::Card;
use sqlx::PgPool;

use crate::common::{Office, company, facts, get, said, squeezed, steady};

/// Every command, with the ways in which it answers.
const QUESTIONS: [&str; 15] = [
    "catalog payments-api",
    "catalog payments-ledger",
    "catalog component:default/payments-api",
    "catalog payments --all",
    "catalog paymnets",
    "catalog group:payments",
    "catalog user:ada",
    "owns payments",
    "owns ada",
    "person ada",
    "person lindqvist",
    "team payments",
    "team payments --page 2",
    "help",
    "help catalog",
];

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn each_question_has_the_same_answer_everywhere(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    same_everywhere(&office).await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn one_connection_is_enough(db: PgPool) {
    company(&db).await;
    let office = Office::furnished(&db, |it| it.config("[database]\nconnections = 1\n")).await;
    same_everywhere(&office).await;
    let many = (0..20).map(|_| office.told("U0ADA", "/pin team payments"));
    assert!(futures::future::join_all(many).await.iter().all(|it| it.starts_with("Payments\n")));
}

/// Asks each question in Slack, in a terminal and, where it needs no identity, on the web.
async fn same_everywhere(office: &Office) {
    let token = office.token("U0ADA").await;
    for question in QUESTIONS.iter().chain(&["whoami"]) {
        let words: Vec<&str> = question.split(' ').collect();
        let json = office.terminal(&token, &[&["--json"], &words[..]].concat()).await;
        assert_eq!(json.code, Some(0), "{question}: {json}");
        let card: Card = serde_json::from_str(&json.out).expect("a card");
        let drawn = squeezed(&office.terminal(&token, &words).await.out);
        let slack = squeezed(&said(&office.typed("U0ADA", &format!("/pin {question}")).await));
        for fact in facts(&card) {
            assert!(drawn.contains(&fact), "{question}: the terminal lacks {fact}: {drawn}");
            assert!(slack.contains(&fact), "{question}: Slack lacks {fact}: {slack}");
        }
        let Some(link) = &card.link else {
            assert_eq!(*question, "whoami", "every other answer has a page");
            continue;
        };
        let page = get(&office.console.web, &String::from(link.clone())).await;
        let (status, page) = (page.status, squeezed(&page.text));
        assert_eq!(status, 200, "{question}");
        for fact in facts(&card) {
            assert!(page.contains(&fact), "{question}: the page lacks {fact}: {page}");
        }
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_terminal_reads_well(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let token = office.token("U0ADA").await;
    let asked = async |words: &[&str]| steady(&office.terminal(&token, words).await.to_string(), &[]);
    insta::assert_snapshot!(asked(&["catalog", "payments-ledger"]).await, @"
    payments-ledger

    Double-entry ledger of every amount that moves between buyers, sellers and us.

      Kind:          Component · service · production
      Reference:     component:default/payments-ledger
      Owner:         Payments
      Tier:          1
      Channel:       #payments
      Repository:    mosaic-lane/payments (https://github.com/mosaic-lane/payments)
      Runbook:       https://runbooks.pinconsole.example/payments-ledger
      Dashboards:    https://dashboards.pinconsole.example/d/payments-ledger/main
      Tags:          rust grpc
      Part of:       Payments
      Provides API:  Ledger API
      Depends on:    money, ledger-db

    Links
      • Chart of accounts (https://wiki.pinconsole.example/ledger/accounts)

    Next
      Owner: Payments:   team payments
      System: payments:  catalog system:default/payments
      On call:           oncall component:default/payments-ledger
      All matches:       catalog payments-ledger --all

    <how fresh>
    file:catalog/payments.yaml:97
    https://pin.example/catalog/component/default/payments-ledger
    [0]
    ");
    insta::assert_snapshot!(asked(&["person", "ada"]).await, @"
    Ada Lindqvist

      Title:                   Senior Software Engineer
      Name:                    Ada Lindqvist ada
      E-mail:                  ada@pinconsole.example
      About:                   Works on card payments and the ledger; on the
                               payments team since 2019.
      Teams:                   Accessibility Guild, Payments
      Also in, through those:  Commerce Engineering, Engineering, Mosaic Lane
      Owns, with their teams:  17 entities

    Next
      What they own:              owns user:ada
      Team: Accessibility Guild:  team accessibility-guild

    <how fresh>
    https://pin.example/person/ada
    [0]
    ");
    insta::assert_snapshot!(asked(&["team", "payments"]).await, @"
    Payments

    Takes buyers' money, pays sellers and keeps the ledger right.

      Kind:     team
      Name:     payments
      Channel:  #payments
      Part of:  Commerce Engineering
      People:   13
      Owns:     17 entities

    People
      • Ada Lindqvist – Senior Software Engineer
      • Arjun Desai – Senior Software Engineer
      • Camila Núñez – Site Reliability Engineer
      • Chinedu Okonkwo – Software Engineer
      • Fatoumata Bekele – Software Engineer
      • Florian Brandt – Engineering Manager
      • Grace Okafor – Staff Software Engineer and On-Call Lead
      • Ingrid Nygård – Software Engineer
      • José Álvarez – Senior Software Engineer
      • Nguyễn Văn Minh – Software Engineer

    1 to 10 of 13

    Next
      Next page:             team payments --page 2
      What it owns:          owns group:payments
      On call:               oncall group:payments
      Commerce Engineering:  team commerce-engineering

    <how fresh>
    https://pin.example/team/payments
    [0]
    ");
    insta::assert_snapshot!(asked(&["person", "lind"]).await, @"
    3 matches for “lind”

      • Anders Lindholm – Person · Senior Data Scientist
      • Adam Lindquist – Person · Software Engineer
      • Ada Lindqvist – Person · Senior Software Engineer · display name matches
        Ada Lindqvist

    Next
      Anders Lindholm:  person alindholm
      Adam Lindquist:   person alindquist
      Ada Lindqvist:    person ada

    <how fresh>
    https://pin.example/search?q=lind&kind=user
    [0]
    ");
    insta::assert_snapshot!(asked(&["owns", "nobody-at-all"]).await, @"
    ! Nobody by that name

    No person or group is called nobody-at-all. Look for one with person <words> or
    team <words>.
    [1]
    ");
    insta::assert_snapshot!(asked(&["--as", "grace", "whoami"]).await, @"
    ! Only the demo answers as somebody else

    Leave out --as; you ask as yourself.
    [1]
    ");
}
