//! Old and new replicas side by side: a migration only adds, so that the program before it goes on.

use std::fs;
use std::path::PathBuf;

use sqlx::{AssertSqlSafe, PgPool};

use super::{name, rows};

/// Every statement of the program, as the macros noted it.
fn statements() -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.sqlx");
    let files = fs::read_dir(folder).expect("the statements").map(|it| it.expect("a file").path());
    let noted = files.map(|it| fs::read_to_string(it).expect("a file"));
    let noted = noted.map(|it| serde_json::from_str::<serde_json::Value>(&it).expect("JSON"));
    noted.map(|it| it["query"].as_str().expect("a statement").to_string()).collect()
}

/// The statements that the database, as it is now, would run.
async fn understood(db: &PgPool, statements: &[String]) -> Vec<bool> {
    let mut understood = Vec::new();
    for statement in statements {
        let prepared = AssertSqlSafe(format!("prepare it as {statement}"));
        let is = sqlx::raw_sql(prepared).execute(db).await.is_ok();
        if is {
            sqlx::raw_sql("deallocate it").execute(db).await.expect("it was prepared");
        }
        understood.push(is);
    }
    understood
}

/// A pool of one connection: what is prepared is known to its connection only.
async fn alone(db: &PgPool) -> PgPool {
    let options = (*db.connect_options()).clone();
    sqlx::postgres::PgPoolOptions::new().max_connections(1).connect_with(options).await.expect("a connection")
}

#[sqlx::test(migrations = false)]
async fn what_ran_before_a_migration_runs_after_it(db: PgPool) {
    let (db, statements) = (alone(&db).await, statements());
    assert!(statements.len() > 50, "only {} statements were found", statements.len());
    let mut before = vec![false; statements.len()];
    for migration in domain::MIGRATOR.iter() {
        domain::MIGRATOR.run_to(migration.version, &db).await.expect("the migration applies");
        let after = understood(&db, &statements).await;
        let each = statements.iter().zip(before.iter().zip(&after));
        let broken: Vec<&String> = each.filter(|(_, (before, after))| **before && !**after).map(|it| it.0).collect();
        assert!(broken.is_empty(), "{} breaks {broken:#?}", name(migration));
        before = after;
    }
    let never: Vec<&String> = statements.iter().zip(&before).filter(|(_, is)| !**is).map(|it| it.0).collect();
    assert!(never.is_empty(), "no database runs {never:#?}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_an_older_program_writes_is_still_taken(db: PgPool) {
    for migration in domain::MIGRATOR.iter() {
        let written = sqlx::raw_sql(AssertSqlSafe(rows(migration))).execute(&db).await;
        written.unwrap_or_else(|error| panic!("the newest tables refuse the rows of {}: {error}", name(migration)));
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_migration_that_takes_something_away_is_found(db: PgPool) {
    let (db, statements) = (alone(&db).await, statements());
    sqlx::raw_sql("alter table org.person drop column title cascade").execute(&db).await.expect("a careless migration");
    assert!(understood(&db, &statements).await.contains(&false), "a statement reads the column");
}
