//! A small company: the people and groups of a directory, and three entities.

use chrono::{TimeDelta, Utc};
use domain::catalog_plan::{self, Removal, Seen};
use domain::directory::{DirectoryGroup, DirectoryPerson, Snapshot};
use domain::document::Document;
use domain::run::{Outcome, Run, Source};
use domain::{catalog_apply, org_apply, org_plan};
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// How many people the group `crowd` has, so that it needs pages.
pub(super) const CROWD: u128 = 23;

pub(super) async fn company(db: &PgPool) {
    let mut transaction = db.begin().await.expect("a transaction");
    directory(&mut transaction).await;
    catalog(&mut transaction).await;
    for source in Source::ALL {
        let finished_at = Utc::now();
        let started_at = finished_at - TimeDelta::minutes(5);
        let (summary, plan) = ("Read it all.".to_string(), "People: 0 -> 25\n".to_string());
        let outcome = Outcome::Applied;
        let run = Run { source, started_at, finished_at, outcome, summary, plan, changes: 25, accepted_by: None };
        run.keep(&mut *transaction).await.expect("a kept run");
    }
    transaction.commit().await.expect("a commit");
}

async fn directory(db: &mut PgConnection) {
    let crowd: Vec<Uuid> = (0..CROWD).map(|it| Uuid::from_u128(1_000 + it)).collect();
    let mut people = vec![person(1, "Ada", "Ada <b>Lindqvist</b>"), person(2, "grace", "Grace Okafor")];
    people.extend(
        crowd
            .iter()
            .enumerate()
            .map(|(at, id)| DirectoryPerson { id: *id, ..person(0, &format!("p{at}"), "One of many") }),
    );
    let groups = vec![
        group(10, "payments", "Payments", vec![Uuid::from_u128(1), Uuid::from_u128(2)]),
        group(11, "crowd", "Crowd", crowd),
    ];
    let snapshot = Snapshot { people, groups, remarks: Vec::new() };
    let stored = org_apply::stored(db, &snapshot).await.expect("what is stored");
    org_apply::apply(db, &org_plan::plan(&snapshot, &stored)).await.expect("an applied plan");
}

fn person(id: u128, name: &str, display_name: &str) -> DirectoryPerson {
    DirectoryPerson {
        id: Uuid::from_u128(id),
        dn: format!("uid={name},dc=example"),
        name: name.into(),
        display_name: display_name.into(),
        email: Some(format!("{name}@example.com")),
        title: Some("Engineer".into()),
        description: None,
        disabled: false,
        accounts: Vec::new(),
    }
}

fn group(id: u128, name: &str, display_name: &str, people: Vec<Uuid>) -> DirectoryGroup {
    DirectoryGroup {
        id: Uuid::from_u128(id),
        dn: format!("cn={name},dc=example"),
        name: name.into(),
        display_name: display_name.into(),
        description: None,
        kind: "team".into(),
        email: None,
        people,
        children: Vec::new(),
    }
}

async fn catalog(db: &mut PgConnection) {
    let seen = [
        entity("System", "Shop", json!({"owner": "payments"})),
        entity(
            "Component",
            "Payments-API",
            json!({"type": "service", "lifecycle": "production", "owner": "payments", "system": "shop", "dependsOn": ["resource:Ledger-DB"]}),
        ),
        entity("Resource", "Ledger-DB", json!({"type": "database", "owner": "nobody-here"})),
    ];
    let stored = catalog_apply::stored(db, Source::Files).await.expect("what is stored");
    let plan = catalog_plan::plan(seen.into(), Vec::new(), |_| true, &stored, Removal { before: None });
    catalog_apply::apply(db, Source::Files, &plan).await.expect("an applied plan");
}

fn entity(kind: &str, name: &str, spec: Value) -> Seen {
    let metadata = json!({"name": name, "description": "Takes <script>money</script> & gives it"});
    let value = json!({"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": spec});
    let document = Document::parse(value).unwrap_or_else(|faults| panic!("{faults:?}"));
    Seen { document, location: "file:catalog.yaml".into(), line: 1 }
}
