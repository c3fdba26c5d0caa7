//! Migrations run over tables that have rows in them, as they do for whoever upgrades.

mod beside;

use std::fs;
use std::path::PathBuf;

use domain::account::{Account, Platform};
use domain::entity::Entity;
use domain::group::Group;
use domain::person::Person;
use domain::run::{Run, Source};
use domain::token::Token;
use sqlx::migrate::Migration;
use sqlx::{AssertSqlSafe, PgPool};

/// After each migration the rows of its own file go in: rows such as the program of that time wrote.
#[sqlx::test(migrations = false)]
async fn each_migration_keeps_the_rows_before_it(db: PgPool) {
    for migration in domain::MIGRATOR.iter() {
        domain::MIGRATOR.run_to(migration.version, &db).await.expect("the migration applies to the rows before it");
        let rows = rows(migration);
        sqlx::raw_sql(AssertSqlSafe(rows))
            .execute(&db)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", name(migration)));
        assert_eq!(empty_tables(&db).await, Vec::<String>::new(), "without a row after {}", name(migration));
    }
    reads(&db).await;
}

/// What a newer program makes of those rows.
async fn reads(db: &PgPool) {
    let ada = Person::named(db, "ADA").await.expect("people").expect("Ada");
    assert_eq!(ada.display_name, "Ada Lindqvist");
    assert_eq!(ada.groups(db).await.expect("groups").len(), 2, "payments, and commerce through it");
    let payments = Group::named(db, "payments").await.expect("groups").expect("payments");
    assert_eq!(payments.headcount(db).await.expect("a count"), 1);
    assert_eq!(payments.parents(db).await.expect("parents").len(), 1);
    let api =
        Entity::with_reference(db, "component:default/payments-api").await.expect("entities").expect("payments-api");
    assert_eq!((api.location.as_str(), api.line), ("file:catalog/payments.yaml", 1));
    assert_eq!(Account::of(db, ada.id).await.expect("accounts").len(), 1);
    assert!(Account::with_id(db, Platform::Slack, "T0", "U0ADA").await.expect("accounts").is_some());
    assert_eq!(Token::of(db, ada.id).await.expect("tokens").len(), 1);
    assert_eq!(Run::last(db, Source::Files).await.expect("runs").expect("a run").summary, "Read 1 entity.");
}

/// Tables of ours that have no row.
async fn empty_tables(db: &PgPool) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', table_schema, table_name) from information_schema.tables
         where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema', 'public')
         order by 1",
    )
    .fetch_all(db)
    .await
    .expect("the catalog of tables");
    let mut empty = Vec::new();
    for table in tables {
        let any: bool = sqlx::query_scalar(AssertSqlSafe(format!("select exists (select from {table})")))
            .fetch_one(db)
            .await
            .expect("a table of ours");
        if !any {
            empty.push(table);
        }
    }
    empty
}

/// The rows that belong to a migration. Every migration needs some, so that the next one meets them.
fn rows(migration: &Migration) -> String {
    let path = data().join(name(migration));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("sample rows are missing: {}: {error}", path.display()))
}

fn name(migration: &Migration) -> String {
    format!("{:04}_{}.sql", migration.version, migration.description.replace(' ', "_"))
}

fn data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/it/migrations/data")
}

#[test]
fn no_rows_belong_to_nothing() {
    let known: Vec<String> = domain::MIGRATOR.iter().map(name).collect();
    let files = fs::read_dir(data()).expect("a folder").map(|it| it.expect("a file").file_name());
    let unknown: Vec<_> = files.filter(|it| !known.iter().any(|known| it == known.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[sqlx::test(migrations = false)]
async fn a_migration_that_rows_stand_against_fails(db: PgPool) {
    let first = domain::MIGRATOR.iter().next().expect("a migration");
    domain::MIGRATOR.run_to(first.version, &db).await.expect("a migration");
    assert!(empty_tables(&db).await.contains(&"org.person".to_string()), "nothing has rows yet");
    sqlx::raw_sql(AssertSqlSafe(rows(first))).execute(&db).await.expect("sample rows");
    let careless = sqlx::raw_sql("alter table org.person add column zone text not null").execute(&db).await;
    assert!(careless.expect_err("rows have no zone").to_string().contains("contains null values"));
}
