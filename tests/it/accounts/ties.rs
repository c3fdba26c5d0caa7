//! Which team of GitHub's is which group.

use domain::github::tie::{self, How};
use domain::group::Group;
use domain::person::Person;
use serde_json::json;
use sqlx::PgPool;

use crate::common::{Office, company};

async fn team(db: &PgPool, id: i64, slug: &str, members: &[i64]) {
    sqlx::query("insert into github.team (id, organization, slug, name, source_at) values ($1, 'Acme', $2, $2, now())")
        .bind(id)
        .bind(slug)
        .execute(db)
        .await
        .expect("a team");
    for member in members {
        sqlx::query("insert into github.team_member (team_id, actor_id, source_at) values ($1, $2, now())")
            .bind(id)
            .bind(member)
            .execute(db)
            .await
            .expect("a member");
    }
}

/// Gives everybody directly in a group an account; their ids.
async fn accounts(db: &PgPool, group: &str, from: i64) -> Vec<i64> {
    let group = Group::named(db, group).await.expect("groups").expect("a group");
    let (members, _) = group.members(db, 50, 0).await.expect("members");
    let mut db = db.acquire().await.expect("a connection");
    let mut ids = Vec::new();
    for (id, member) in (from..).zip(members) {
        let person = Person::named(&mut *db, &member.name).await.expect("people").expect("a person").id;
        let login = format!("octo-{}", member.name);
        domain::github::people::link(&mut db, person, (id, &login), chrono::Utc::now())
            .await
            .expect("accounts")
            .expect("theirs");
        ids.push(id);
    }
    ids
}

/// The groups of a team, with how that is known.
async fn groups(db: &PgPool, team: i64) -> Vec<(String, How)> {
    let mut db = db.acquire().await.expect("a connection");
    let mut tied = tie::groups_of_team(&mut db, &[team]).await.expect("ties");
    let tied = tied.remove(&team).unwrap_or_default();
    for it in &tied {
        let back = tie::teams_of_group(&mut db, &[it.id]).await.expect("ties");
        assert!(back[&it.id].iter().any(|it| it.0.id == team), "both ways round agree");
    }
    tied.into_iter().map(|it| (it.name, it.how)).collect()
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_team_is_the_group_that_names_it_or_is_called_so_or_has_its_members(db: PgPool) {
    company(&db).await;
    team(&db, 1, "payments", &[]).await;
    assert_eq!(groups(&db, 1).await, [("payments".into(), How::Name)]);
    let told = Office::open(&db).await.told("U0ADA", "/pin team payments").await;
    assert!(told.contains("Acme/payments (by name)"), "{told}");

    // Most people of either are in the other, whatever they are called.
    let search = accounts(&db, "visual-search", 1000).await;
    assert!(search.len() >= 3, "{search:?}");
    team(&db, 2, "eyes", &[&search[1..], &[9_999]].concat()).await;
    assert_eq!(groups(&db, 2).await, [("visual-search".into(), How::Members)]);
    team(&db, 3, "somebody", &search[..1]).await;
    assert_eq!(groups(&db, 3).await, [], "one is too few to tell");

    sqlx::query(
        "insert into catalog.entity (ref, kind, namespace, name, document, source, location, line, digest)
         values ('group:default/payments', 'Group', 'default', 'payments', $1, 'files', 'file:teams.yaml', 1, '')
         on conflict (ref) do update set document = excluded.document",
    )
    .bind(json!({ "metadata": { "annotations": { "github.com/team-slug": "acme/Eyes" } } }))
    .execute(&db)
    .await
    .expect("an entity");
    assert_eq!(groups(&db, 2).await, [("payments".into(), How::Annotation)], "what a group says goes first");
    assert_eq!(groups(&db, 1).await, [], "it names another team");
}
