//! A folder of catalog files, read again and again while it changes.

use std::fs;

use sqlx::PgPool;

use crate::common::{Ended, Office, Program, address, get, people, scalar};

const PAYMENTS: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payments
  description: Takes money
spec:
  type: service
  lifecycle: production
  owner: everybody
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: payments
spec:
  type: openapi
  lifecycle: production
  owner: group:nobody-here
  definition: 'openapi: 3.1.0'
";

const BROKEN: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: -nope-
spec:
  type: service
  lifecycle: production
  owner: everybody
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ledger
spec:
  type: service
  lifecycle: production
  owner: everybody
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: half
spec: {
";

const NOTES: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: everybody
  annotations:
    pinconsole.io/slack-channel: '#everybody'
spec:
  type: team
  children: []
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata:
  name: mallory
spec:
  memberOf: [everybody]
";

const ENTITY: &str = "{apiVersion: backstage.io/v1alpha1, kind: KIND, metadata: {NAME}, spec: SPEC}\n";

const CREW: &str = "{type: team, children: []}";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_folder_is_read_as_it_changes(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let program = folder(&db, "");
    insta::assert_snapshot!(sync(&program, &["--dry-run"]).await, @r#"
    Entities: 5 read: 5 new, 0 change, 0 vanish, 0 are removed
      ~ component:default/ledger
      ~ group:default/everybody
      ~ user:default/mallory
      ~ component:default/payments
      ~ api:default/payments
    Problems: 3
      ! catalog/broken.yaml:4: metadata.name is "-nope-", but a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit
      ! catalog/broken.yaml:23: is not valid YAML: unclosed bracket '{'
      ! catalog/notes.yaml:11: user:default/mallory is not in the directory: people and groups of namespace `default` come from there; mend the name, or give it a namespace of its own
    Read 5 entities, with 3 problems.
    [0]
    "#);
    assert_eq!(scalar::<i64>(&db, "select count(*) from catalog.entity").await, 0, "a dry run writes nothing");
    assert_eq!(scalar::<i64>(&db, "select count(*) from catalog.run where source = 'files'").await, 0);
    sync(&program, &[]).await;
    let before = rows(&db).await;
    insta::assert_snapshot!(sync(&program, &[]).await, @r#"
    Entities: 5 read: 0 new, 0 change, 0 vanish, 0 are removed
    Problems: 3
      ! catalog/broken.yaml:4: metadata.name is "-nope-", but a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit
      ! catalog/broken.yaml:23: is not valid YAML: unclosed bracket '{'
      ! catalog/notes.yaml:11: user:default/mallory is not in the directory: people and groups of namespace `default` come from there; mend the name, or give it a namespace of its own
    Read 5 entities, with 3 problems.
    [0]
    "#);
    assert_eq!(rows(&db).await, before, "the second reading writes nothing");

    fs::remove_file(program.folder().join("catalog/payments.yaml")).expect("a file");
    insta::assert_snapshot!(sync(&program, &[]).await, @r#"
    Entities: 3 read: 0 new, 0 change, 2 vanish, 0 are removed
      - api:default/payments
      - component:default/payments
    Problems: 3
      ! catalog/broken.yaml:4: metadata.name is "-nope-", but a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit
      ! catalog/broken.yaml:23: is not valid YAML: unclosed bracket '{'
      ! catalog/notes.yaml:11: user:default/mallory is not in the directory: people and groups of namespace `default` come from there; mend the name, or give it a namespace of its own
    Read 3 entities, with 3 problems.
    [0]
    "#);
    program.file("catalog/moved/payments.yaml", PAYMENTS);
    insta::assert_snapshot!(sync(&program, &[]).await, @r#"
    Entities: 5 read: 0 new, 2 change, 0 vanish, 0 are removed
      ~ component:default/payments
      ~ api:default/payments
    Problems: 3
      ! catalog/broken.yaml:4: metadata.name is "-nope-", but a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit
      ! catalog/broken.yaml:23: is not valid YAML: unclosed bracket '{'
      ! catalog/notes.yaml:11: user:default/mallory is not in the directory: people and groups of namespace `default` come from there; mend the name, or give it a namespace of its own
    Read 5 entities, with 3 problems.
    [0]
    "#);
    assert_eq!(scalar::<i64>(&db, "select count(*) from catalog.entity where orphaned_at is not null").await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_vanished_is_shown_and_removed_by_policy_only(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let (keep, remove) = (folder(&db, ""), folder(&db, "vanished = \"remove\"\nremove_after_days = 0\n"));
    for program in [&keep, &remove] {
        sync(program, &[]).await;
        program.file("catalog/payments.yaml", "");
    }
    sync(&keep, &[]).await;
    sync(&keep, &[]).await;
    let office = Office::open(&db).await;
    let told = office.told("U0ADA", "/pin catalog component:payments").await;
    assert!(told.contains("Its file no longer has it") && told.contains("Takes money"), "{told}");
    let status = get(&office.console.web, "status").await.text;
    assert!(status.contains("component:default/payments") && status.contains("since"), "{status}");
    insta::assert_snapshot!(sync(&remove, &[]).await, @r#"
    Entities: 3 read: 0 new, 0 change, 0 vanish, 2 are removed
      - api:default/payments
      - component:default/payments
    Problems: 3
      ! catalog/broken.yaml:4: metadata.name is "-nope-", but a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit
      ! catalog/broken.yaml:23: is not valid YAML: unclosed bracket '{'
      ! catalog/notes.yaml:11: user:default/mallory is not in the directory: people and groups of namespace `default` come from there; mend the name, or give it a namespace of its own
    Read 3 entities, with 3 problems.
    [0]
    "#);
    assert!(office.told("U0ADA", "/pin catalog component:payments").await.starts_with("! Not in the catalog"));
    assert!(office.told("U0ADA", "/pin catalog payments").await.starts_with("Nothing found"));
    assert_eq!(scalar::<i64>(&db, "select count(*) from catalog.relation where origin like '%payments'").await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn problems_are_shown_with_file_and_line_and_harm_nobody_else(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let program = folder(&db, "");
    sync(&program, &[]).await;
    let office = Office::open(&db).await;
    assert!(office.told("U0ADA", "/pin catalog ledger").await.starts_with("ledger\n"));
    let team = office.told("U0ADA", "/pin team everybody").await;
    assert!(team.contains("#everybody") && !team.contains("mallory"), "a file annotates and adds nobody: {team}");
    assert!(office.told("U0ADA", "/pin person mallory").await.starts_with("Nobody found"));
    assert!(office.told("U0ADA", "/pin catalog mallory").await.starts_with("Nothing found"));
    assert_eq!(get(&office.console.web, "catalog/user/default/mallory").await.status, 404);
    let status = get(&office.console.web, "status").await.text;
    for problem in ["catalog/broken.yaml:4", "catalog/notes.yaml:11", "is not in the directory"] {
        assert!(status.contains(problem), "{problem}: {status}");
    }
    let doctor = program.run(&["doctor"]).await;
    assert!(doctor.out.contains("5 entities, 2 problems"), "{doctor}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn annotations_of_people_are_told_before_a_directory_was_read(db: PgPool) {
    let program = folder(&db, "");
    let told = sync(&program, &[]).await.out;
    for reference in ["user:default/mallory", "group:default/everybody"] {
        let problem = format!("no directory has been read yet, and {reference} can only be known from there");
        assert!(told.contains(&problem), "{told}");
    }
    let office = Office::open(&db).await;
    let status = get(&office.console.web, "status").await.text;
    assert!(status.contains("no directory has been read yet"), "{status}");
    people(&db, "ada\ngrace\nmallory").await;
    let told = sync(&program, &[]).await.out;
    assert!(!told.contains("directory"), "{told}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_gone_is_marked_where_others_name_it(db: PgPool) {
    people(&db, "ada").await;
    let program = folder(&db, "");
    program.file(
        "catalog/team.yaml",
        &ENTITY.replace("KIND", "Group").replace("NAME", "name: crew, namespace: old").replace("SPEC", CREW),
    );
    let shop = "{type: service, lifecycle: production, owner: 'group:old/crew', dependsOn: ['component:ledger', 'component:never']}";
    program.file(
        "catalog/shop.yaml",
        &ENTITY.replace("KIND", "Component").replace("NAME", "name: shop").replace("SPEC", shop),
    );
    sync(&program, &[]).await;
    let office = Office::open(&db).await;
    let page = async || get(&office.console.web, "catalog/component/default/shop").await.text;
    let told = office.told("U0ADA", "/pin catalog component:shop").await;
    assert!(told.contains("component:default/never (missing)") && !told.contains("(orphaned)"), "{told}");
    program.file("catalog/broken.yaml", "");
    program.file("catalog/team.yaml", "");
    sync(&program, &[]).await;
    let told = office.told("U0ADA", "/pin catalog component:shop").await;
    for marked in ["crew (orphaned)", "ledger (orphaned)", "component:default/never (missing)"] {
        assert!(told.contains(marked), "{marked}: {told}");
    }
    let page = page().await;
    assert!(page.matches("(orphaned)").count() == 2 && page.contains("(missing)"), "{page}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_link_that_leads_nowhere_is_a_file_that_is_gone(db: PgPool) {
    people(&db, "ada").await;
    let program = folder(&db, "");
    sync(&program, &[]).await;
    let payments = program.folder().join("catalog/payments.yaml");
    fs::remove_file(&payments).expect("a file");
    std::os::unix::fs::symlink("nowhere", &payments).expect("a link");
    let told = sync(&program, &[]).await.out;
    assert!(told.contains("2 vanish"), "{told}");
    assert!(told.contains("! catalog/payments.yaml: is a link that leads nowhere"), "{told}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_folder_that_is_gone_makes_nothing_vanish(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let program = folder(&db, "");
    sync(&program, &[]).await;
    let before = rows(&db).await;
    fs::rename(program.folder().join("catalog"), program.folder().join("elsewhere")).expect("a folder");
    let ended = program.run(&["sync", "catalog"]).await;
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.out.contains("nothing was taken for vanished"), "{ended}");
    assert_eq!(rows(&db).await, before);
}

/// The program with a folder of files: valid ones, broken ones, and notes on who is in the directory.
fn folder(db: &PgPool, policy: &str) -> Program {
    let program = Program::new().with("DATABASE_URL", address(db));
    program.file("catalog/payments.yaml", PAYMENTS);
    program.file("catalog/broken.yaml", BROKEN);
    program.file("catalog/notes.yaml", NOTES);
    program.config(&format!("[catalog]\npaths = [\"catalog\"]\n{policy}"))
}

async fn sync(program: &Program, arguments: &[&str]) -> Ended {
    let ended = program.run(&[&["sync", "catalog"], arguments].concat()).await;
    assert_eq!(ended.code, Some(0), "{ended}");
    ended
}

/// Which versions of rows there are.
async fn rows(db: &PgPool) -> String {
    scalar(
        db,
        "select string_agg(it, ',' order by it) from (
            select xmin || ctid::text || ref as it from catalog.entity
            union all select xmin || ctid::text || source || type || target from catalog.relation
            union all select xmin || ctid::text || ref || field from catalog.term
         ) rows",
    )
    .await
}
