//! Writing a plan of the directory, in the transaction of the caller.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::claims::{AccountChanges, Key, StoredAccount};
use crate::clash::{settle, shared_ids};
use crate::directory::{DirectoryGroup, DirectoryPerson, Snapshot};
use crate::org_plan::{OrgPlan, Stored, StoredGroup, StoredPerson};
use crate::{org_terms, term};

/// Number of the lock that lets one sync in at a time; the number itself means nothing.
const LOCK: i64 = 0x6f72_6773_796e_6301;

/// People and groups as they were at some count of changes.
#[derive(Clone, Debug)]
pub struct Known {
    generation: i64,
    people: HashMap<Uuid, StoredPerson>,
    groups: HashMap<Uuid, StoredGroup>,
}

impl Known {
    /// How many people and groups are here, which is about how many a reading will find.
    pub fn sizes(&self) -> (usize, usize) {
        (self.people.values().filter(|it| !it.left).count(), self.groups.values().filter(|it| !it.left).count())
    }
}

/// Reads what is known while the directory is still being read; [`stored_since`] notices when it has changed since.
pub async fn known(db: &mut PgConnection) -> sqlx::Result<Known> {
    // The count first: what changes while the rest is read makes it stale.
    let generation = generation(db).await?;
    let people = sqlx::query!(
        r#"select id, name, disabled, left_at is not null as "left!", email is not null as "email!", digest from org.person"#
    );
    let people = people.map(|it| {
        (
            it.id,
            StoredPerson { name: it.name, disabled: it.disabled, left: it.left, email: it.email, digest: it.digest },
        )
    });
    let people = people.fetch_all(&mut *db).await?.into_iter().collect();
    let groups =
        sqlx::query!(r#"select id, name, left_at is not null as "left!", digest, members_digest from org."group""#);
    let groups = groups.map(|it| {
        (it.id, StoredGroup { name: it.name, left: it.left, digest: it.digest, members_digest: it.members_digest })
    });
    let groups = groups.fetch_all(&mut *db).await?.into_iter().collect();
    Ok(Known { generation, people, groups })
}

/// Reads what a plan for this snapshot needs, and keeps other syncs out until the transaction ends.
pub async fn stored(db: &mut PgConnection, snapshot: &Snapshot) -> sqlx::Result<Stored> {
    let known = known(db).await?;
    stored_since(db, snapshot, known).await
}

/// The same with what was known before; it is read again where it has changed.
pub async fn stored_since(db: &mut PgConnection, snapshot: &Snapshot, known: Known) -> sqlx::Result<Stored> {
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK).execute(&mut *db).await?;
    let fresh = generation(db).await? == known.generation;
    let Known { people, groups, .. } = if fresh { known } else { self::known(db).await? };
    let (dns, accounts) = (dns(db, snapshot).await?, accounts(db).await?);
    let mut stored = Stored { people, groups, dns, accounts, members: HashMap::new() };
    let settled = settle(snapshot, &stored);
    stored.members = differing_members(db, &settled.snapshot, &stored.groups).await?;
    Ok(stored)
}

async fn generation(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!("select number from catalog.generation where area = 'org'").fetch_one(db).await
}

/// DNs of those whose id several entries have.
async fn dns(db: &mut PgConnection, snapshot: &Snapshot) -> sqlx::Result<HashMap<Uuid, String>> {
    let shared = shared_ids(snapshot);
    if shared.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"select id as "id!", dn as "dn!" from org.person where id = any($1) and left_at is null
         union all select id, dn from org."group" where id = any($1) and left_at is null"#,
        &shared
    );
    Ok(rows.map(|it| (it.id, it.dn)).fetch_all(db).await?.into_iter().collect())
}

/// The directory names no workspace, so only accounts without one can be its; those of GitHub by login, so that it takes none from whoever
/// signed in with it.
async fn accounts(db: &mut PgConnection) -> sqlx::Result<HashMap<Key, StoredAccount>> {
    let rows = sqlx::query!(
        r#"select platform as "platform!", external_id as "external_id!", person_id as "person_id!",
            proof = 'directory attribute' as "directory!"
         from auth.account where tenant = ''
         union all
         select a.platform, coalesce((select g.login from github.actor g where g.id::text = a.external_id), a.label),
            a.person_id, false
         from auth.account a where a.platform = 'github' and a.tenant = 'id' and a.label is not null
            and not exists (
                select from auth.account d where d.platform = 'github' and d.tenant = '' and d.person_id = a.person_id
                    and lower(d.external_id) = lower(a.label)
            )
         order by 4 desc"#
    );
    let rows =
        rows.map(|it| ((it.platform, it.external_id), StoredAccount { person: it.person_id, directory: it.directory }));
    Ok(rows.fetch_all(db).await?.into_iter().collect())
}

/// Members of the groups that are gone or whose members differ.
async fn differing_members(
    db: &mut PgConnection,
    snapshot: &Snapshot,
    groups: &HashMap<Uuid, StoredGroup>,
) -> sqlx::Result<HashMap<Uuid, (Vec<Uuid>, Vec<Uuid>)>> {
    let now: HashMap<Uuid, &DirectoryGroup> = snapshot.groups.iter().map(|it| (it.id, it)).collect();
    let same = |id: &Uuid, it: &StoredGroup| now.get(id).is_some_and(|now| it.members_digest == now.members_digest());
    let differing: Vec<Uuid> = groups.iter().filter(|(id, it)| !it.left && !same(id, it)).map(|(id, _)| *id).collect();
    let mut members: HashMap<Uuid, (Vec<Uuid>, Vec<Uuid>)> = HashMap::new();
    if differing.is_empty() {
        return Ok(members);
    }
    let rows = sqlx::query!(
        r#"select group_id as "group!", person_id as "member!", true as "person!"
         from org.membership where group_id = any($1)
         union all
         select parent_id, child_id, false from org.nesting where parent_id = any($1)"#,
        &differing
    );
    for row in rows.fetch_all(db).await? {
        let (people, groups) = members.entry(row.group).or_default();
        if row.person { people.push(row.member) } else { groups.push(row.member) }
    }
    Ok(members)
}

/// Writes the plan: only what changed, and a leaver's rights end here.
pub async fn apply(db: &mut PgConnection, plan: &OrgPlan) -> sqlx::Result<()> {
    // Even a statement that changes no row would tell everybody who keeps copies that something has changed.
    if plan.changes() == 0 && plan.digests.is_empty() {
        return Ok(());
    }
    leave(db, plan).await?;
    let people: Vec<&DirectoryPerson> = plan.joined.iter().chain(plan.changed.iter().map(|it| &it.1)).collect();
    write_people(db, &people).await?;
    let groups: Vec<&DirectoryGroup> = plan.founded.iter().chain(plan.altered.iter().map(|it| &it.1)).collect();
    write_groups(db, &groups).await?;
    write_members(db, plan).await?;
    write_terms(db, plan, &people, &groups).await?;
    // Last: from here on until the end, whoever proves an account waits.
    end_rights(db, plan).await?;
    write_accounts(db, &plan.accounts).await
}

/// Marks who left and frees the names of who is renamed, so that names may be swapped.
async fn leave(db: &mut PgConnection, plan: &OrgPlan) -> sqlx::Result<()> {
    let left: Vec<Uuid> = plan.left.iter().map(|it| it.0).collect();
    let closed: Vec<Uuid> = plan.closed.iter().map(|it| it.0).collect();
    let renamed = plan.changed.iter().filter(|(before, it)| *before != it.name).map(|it| it.1.id);
    let renamed_groups = plan.altered.iter().filter(|(before, it)| *before != it.name).map(|it| it.1.id);
    let (renamed, renamed_groups): (Vec<Uuid>, Vec<Uuid>) = (renamed.collect(), renamed_groups.collect());
    sqlx::query!("update org.person set left_at = now(), updated_at = now() where id = any($1)", &left)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        r#"update org."group" set left_at = now(), updated_at = now(), members_digest = '' where id = any($1)"#,
        &closed
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("update org.person set name = id::text where id = any($1)", &renamed).execute(&mut *db).await?;
    sqlx::query!(r#"update org."group" set name = id::text where id = any($1)"#, &renamed_groups)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from org.membership where person_id = any($1) or group_id = any($2)", &left, &closed)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from org.nesting where child_id = any($1) or parent_id = any($1)", &closed)
        .execute(&mut *db)
        .await?;
    Ok(())
}

/// Takes the tokens of leavers and disabled, and the accounts of leavers.
async fn end_rights(db: &mut PgConnection, plan: &OrgPlan) -> sqlx::Result<()> {
    let left: Vec<Uuid> = plan.left.iter().map(|it| it.0).collect();
    let disabled: Vec<Uuid> = plan.changed.iter().filter(|it| it.1.disabled).map(|it| it.1.id).collect();
    sqlx::query!("delete from auth.token where person_id = any($1) or person_id = any($2)", &left, &disabled)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from auth.account where person_id = any($1)", &left).execute(db).await?;
    Ok(())
}

async fn write_people(db: &mut PgConnection, people: &[&DirectoryPerson]) -> sqlx::Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = people.iter().map(|it| it.id).collect();
    let text = |of: fn(&DirectoryPerson) -> &str| -> Vec<String> { people.iter().map(|it| of(it).into()).collect() };
    let optional = |of: fn(&DirectoryPerson) -> &Option<String>| -> Vec<Option<String>> {
        people.iter().map(|it| of(it).clone()).collect()
    };
    let disabled: Vec<bool> = people.iter().map(|it| it.disabled).collect();
    let digests: Vec<Vec<u8>> = people.iter().map(|it| it.digest().to_vec()).collect();
    sqlx::query!(
        "insert into org.person (id, name, display_name, email, title, description, dn, disabled, digest)
         select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
            $8::bool[], $9::bytea[])
         on conflict (id) do update set name = excluded.name, display_name = excluded.display_name,
            email = excluded.email, title = excluded.title, description = excluded.description, dn = excluded.dn,
            disabled = excluded.disabled, digest = excluded.digest, left_at = null, updated_at = now()",
        &ids,
        &text(|it| &it.name),
        &text(|it| &it.display_name),
        &optional(|it| &it.email) as &[Option<String>],
        &optional(|it| &it.title) as &[Option<String>],
        &optional(|it| &it.description) as &[Option<String>],
        &text(|it| &it.dn),
        &disabled,
        &digests
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn write_groups(db: &mut PgConnection, groups: &[&DirectoryGroup]) -> sqlx::Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = groups.iter().map(|it| it.id).collect();
    let text = |of: fn(&DirectoryGroup) -> &str| -> Vec<String> { groups.iter().map(|it| of(it).into()).collect() };
    let optional = |of: fn(&DirectoryGroup) -> &Option<String>| -> Vec<Option<String>> {
        groups.iter().map(|it| of(it).clone()).collect()
    };
    let digests: Vec<Vec<u8>> = groups.iter().map(|it| it.digest().to_vec()).collect();
    sqlx::query!(
        r#"insert into org."group" (id, name, display_name, email, kind, description, dn, digest, members_digest)
         select *, ''::bytea from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
            $7::text[], $8::bytea[])
         on conflict (id) do update set name = excluded.name, display_name = excluded.display_name,
            email = excluded.email, kind = excluded.kind, description = excluded.description, dn = excluded.dn,
            digest = excluded.digest, left_at = null, updated_at = now()"#,
        &ids,
        &text(|it| &it.name),
        &text(|it| &it.display_name),
        &optional(|it| &it.email) as &[Option<String>],
        &text(|it| &it.kind),
        &optional(|it| &it.description) as &[Option<String>],
        &text(|it| &it.dn),
        &digests
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn write_members(db: &mut PgConnection, plan: &OrgPlan) -> sqlx::Result<()> {
    let pairs = |of: fn(&crate::org_plan::MemberChange) -> &Vec<Uuid>| -> (Vec<Uuid>, Vec<Uuid>) {
        plan.members.iter().flat_map(|(group, it)| of(it).iter().map(|member| (*group, *member))).unzip()
    };
    let (groups, people) = pairs(|it| &it.people_out);
    sqlx::query!(
        "delete from org.membership using unnest($1::uuid[], $2::uuid[]) as gone (g, m) where group_id = g and person_id = m",
        &groups,
        &people
    )
    .execute(&mut *db)
    .await?;
    let (parents, children) = pairs(|it| &it.groups_out);
    sqlx::query!(
        "delete from org.nesting using unnest($1::uuid[], $2::uuid[]) as gone (p, c) where parent_id = p and child_id = c",
        &parents,
        &children
    )
    .execute(&mut *db)
    .await?;
    let (groups, people) = pairs(|it| &it.people_in);
    sqlx::query!(
        "insert into org.membership (group_id, person_id) select * from unnest($1::uuid[], $2::uuid[]) on conflict do nothing",
        &groups,
        &people
    )
    .execute(&mut *db)
    .await?;
    let (parents, children) = pairs(|it| &it.groups_in);
    sqlx::query!(
        "insert into org.nesting (parent_id, child_id) select * from unnest($1::uuid[], $2::uuid[]) on conflict do nothing",
        &parents,
        &children
    )
    .execute(&mut *db)
    .await?;
    write_digests(db, plan).await
}

async fn write_digests(db: &mut PgConnection, plan: &OrgPlan) -> sqlx::Result<()> {
    let (ids, digests): (Vec<Uuid>, Vec<Vec<u8>>) =
        plan.digests.iter().map(|(id, digest)| (*id, digest.to_vec())).unzip();
    sqlx::query!(
        r#"update org."group" set members_digest = now.digest
         from unnest($1::uuid[], $2::bytea[]) as now (id, digest) where "group".id = now.id"#,
        &ids,
        &digests
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what changes of the accounts that the directory is the proof of; what was proven otherwise stays.
async fn write_accounts(db: &mut PgConnection, accounts: &AccountChanges) -> sqlx::Result<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    let (platforms, externals): (Vec<String>, Vec<String>) = accounts.unlinked.keys().cloned().unzip();
    // With them goes what a platform confirmed for one of its workspaces.
    sqlx::query!(
        "delete from auth.account a using unnest($1::text[], $2::text[]) as gone (platform, external_id)
         where a.platform = gone.platform and a.external_id = gone.external_id and proof = 'directory attribute'",
        &platforms,
        &externals
    )
    .execute(&mut *db)
    .await?;
    let (platforms, externals): (Vec<String>, Vec<String>) = accounts.linked.keys().cloned().unzip();
    let ids: Vec<Uuid> = platforms.iter().map(|_| Uuid::now_v7()).collect();
    let owners: Vec<Uuid> = accounts.linked.values().copied().collect();
    sqlx::query!(
        "insert into auth.account (id, person_id, platform, external_id, proof)
         select *, 'directory attribute' from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[])
         on conflict on constraint account_external_key do nothing",
        &ids,
        &owners,
        &platforms,
        &externals
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn write_terms(
    db: &mut PgConnection,
    plan: &OrgPlan,
    people: &[&DirectoryPerson],
    groups: &[&DirectoryGroup],
) -> sqlx::Result<()> {
    use org_terms::{group_reference as group, user};
    let mut stale: Vec<String> = plan.left.iter().map(|it| user(&it.1)).collect();
    stale.extend(plan.changed.iter().map(|it| user(&it.0)));
    stale.extend(people.iter().map(|it| user(&it.name)));
    stale.extend(plan.closed.iter().map(|it| group(&it.1)));
    stale.extend(plan.altered.iter().map(|it| group(&it.0)));
    stale.extend(groups.iter().map(|it| group(&it.name)));
    let mut terms: Vec<term::Term> = people.iter().flat_map(|it| org_terms::person(it)).collect();
    terms.extend(groups.iter().flat_map(|it| org_terms::group(it)));
    if stale.is_empty() {
        return Ok(());
    }
    term::replace(db, &stale, &terms).await
}
