//! Whose an account is, by GitHub's id and by its login.

use chrono::{DateTime, Utc};
use domain::account::{Account, Platform, Proof};
use domain::github::people::{self, Contested};
use domain::person::Person;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::common::people as company;

async fn person(db: &PgPool, name: &str) -> Uuid {
    Person::named(db, name).await.expect("people").expect("a person").id
}

/// GitHub tells that this id has this login now.
async fn told(db: &PgPool, id: i64, login: &str, minute: u32) {
    let at: DateTime<Utc> = format!("2026-11-23T08:{minute:02}:00Z").parse().expect("a moment");
    sqlx::query(
        "insert into github.actor (id, login, kind, source_at) values ($1, $2, 'User', $3)
         on conflict (id) do update set login = excluded.login, source_at = excluded.source_at",
    )
    .bind(id)
    .bind(login)
    .bind(at)
    .execute(db)
    .await
    .expect("an actor");
}

async fn named(db: &PgPool, name: &str, login: &str, proof: Proof) {
    let key = (Platform::Github, "", login);
    Account::prove(db, person(db, name).await, key, proof, None).await.expect("an account");
}

/// The catalog says what somebody is called.
async fn annotated(db: &PgPool, name: &str, login: &str) {
    sqlx::query(
        "insert into catalog.entity (ref, kind, namespace, name, document, source, location, line, digest)
         values ('user:default/' || $1, 'User', 'default', $1, $2, 'files', 'file:people.yaml', 1, '')",
    )
    .bind(name)
    .bind(json!({ "metadata": { "annotations": { "github.com/user-login": login } } }))
    .execute(db)
    .await
    .expect("an entity");
}

/// Whose an account is, by name; nobody's is `-`.
async fn whose(db: &PgPool, id: i64) -> String {
    let owner = people::of(db, &[id]).await.expect("owners").remove(&id);
    match owner {
        None => "-".into(),
        Some(owner) => {
            // Both ways round agree.
            let accounts = people::accounts(db, owner).await.expect("accounts");
            assert!(accounts.iter().any(|it| it.id == id), "{accounts:?}");
            Person::with_id(db, owner).await.expect("people").expect("a person").name
        }
    }
}

async fn signs_in(db: &PgPool, name: &str, account: (i64, &str)) -> Result<(), Contested> {
    let mut db = db.acquire().await.expect("a connection");
    let person = Person::named(&mut *db, name).await.expect("people").expect("a person").id;
    people::link(&mut db, person, account, Utc::now()).await.expect("accounts")
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_signed_in_is_known_by_an_id_that_no_rename_moves(db: PgPool) {
    company(&db, "ada\ngrace").await;
    told(&db, 7, "octo-ada", 0).await;
    signs_in(&db, "ada", (7, "octo-ada")).await.expect("hers");
    assert_eq!(whose(&db, 7).await, "ada");
    // She renames herself, and somebody else takes the login that she had; the directory still names it for Grace.
    told(&db, 7, "lovelace", 59).await;
    told(&db, 8, "octo-ada", 59).await;
    assert_eq!((whose(&db, 7).await, whose(&db, 8).await), ("ada".into(), "-".into()));
    let shown = Account::of(&db, person(&db, "ada").await).await.expect("accounts");
    assert_eq!(shown.iter().map(Account::shown).collect::<Vec<_>>(), ["lovelace"], "as it is called now");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_login_counts_where_nobody_signed_in_and_only_as_the_last_to_have_it(db: PgPool) {
    company(&db, "ada\ngrace").await;
    named(&db, "ada", "Octo-Ada", Proof::Directory).await;
    told(&db, 7, "octo-ada", 0).await;
    assert_eq!(whose(&db, 7).await, "ada");
    // An account that was told of before with the same login has another one by now.
    told(&db, 8, "octo-ada", 5).await;
    assert_eq!((whose(&db, 7).await, whose(&db, 8).await), ("-".into(), "ada".into()));
    // Whoever signs in under it proves more than what is written down; and who signed in has no login besides.
    signs_in(&db, "grace", (8, "octo-ada")).await.expect("hers");
    assert_eq!(whose(&db, 8).await, "grace");
    signs_in(&db, "ada", (9, "ada-work")).await.expect("hers");
    told(&db, 10, "octo-ada", 50).await;
    assert_eq!((whose(&db, 9).await, whose(&db, 10).await), ("ada".into(), "-".into()));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_an_administrator_said_is_not_taken_by_signing_in(db: PgPool) {
    company(&db, "ada\ngrace").await;
    named(&db, "ada", "octo", Proof::Administrator).await;
    assert_eq!(signs_in(&db, "grace", (7, "Octo")).await, Err(Contested::Held("ada".into())));
    assert_eq!(signs_in(&db, "ada", (8, "other")).await, Err(Contested::Corrected));
    assert_eq!(signs_in(&db, "ada", (7, "octo")).await, Ok(()));
    assert_eq!(signs_in(&db, "grace", (7, "octo")).await, Err(Contested::Held("ada".into())));
    assert_eq!(whose(&db, 7).await, "ada");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_catalog_names_a_login_where_nothing_else_does_and_two_that_claim_one_have_none(db: PgPool) {
    company(&db, "ada\ngrace\nlinus").await;
    for (id, login) in [(7, "octo-ada"), (8, "octo-grace"), (9, "shared")] {
        told(&db, id, login, 0).await;
    }
    annotated(&db, "ada", "Octo-Ada").await;
    assert_eq!(whose(&db, 7).await, "ada");
    assert_eq!(people::annotated(&db, person(&db, "ada").await).await.expect("a login").as_deref(), Some("Octo-Ada"));
    annotated(&db, "grace", "shared").await;
    assert_eq!(whose(&db, 9).await, "grace");
    annotated(&db, "linus", "shared").await;
    assert_eq!(whose(&db, 9).await, "-");
    named(&db, "grace", "octo-grace", Proof::Directory).await;
    assert_eq!((whose(&db, 8).await, whose(&db, 9).await), ("grace".into(), "linus".into()));
    assert_eq!(people::annotated(&db, person(&db, "grace").await).await.expect("a login"), None);
}
