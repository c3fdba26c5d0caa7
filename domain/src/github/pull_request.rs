use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::known::{Known, Told};
use super::{About, Mergeable, State};

impl Known {
    /// The pull requests that events are about, which nobody else changes until the transaction ends; all locked in one order, so that
    /// two transactions never wait for each other.
    pub async fn hold(db: &mut PgConnection, about: &About) -> sqlx::Result<BTreeMap<i64, Self>> {
        let (places, numbers): (Vec<i64>, Vec<i32>) = about.numbers.iter().copied().unzip();
        let (of_commits, commits): (Vec<i64>, Vec<String>) = about.commits.iter().cloned().unzip();
        let (of_branches, branches): (Vec<i64>, Vec<String>) = about.branches.iter().cloned().unzip();
        let rows = sqlx::query!(
            r#"select id, repository_id, number, node_id, title, url, author_id, state, draft, head_sha, head_ref, base_ref,
                merge_sha, merged_by, created_at, closed_at, additions, deletions, files, auto_merge, queued_at, mergeable,
                merge_state, decision, approvals_needed, asked_for, stale_at, active_at, source_at, told as "told: Json<Told>",
                revision
             from github.pull_request where id = any (array(
                -- Each is looked up, whatever the planner believes of the table: `offset 0` keeps it from joining.
                select unnest($1::bigint[])
                union all select p.id from unnest($2::bigint[], $3::int[]) it (place, number) cross join lateral (
                    select id from github.pull_request where repository_id = it.place and number = it.number offset 0) p
                union all select p.id from unnest($4::bigint[], $5::text[]) it (place, sha) cross join lateral (
                    select id from github.pull_request where head_sha = it.sha and repository_id = it.place and state = 'open'
                    offset 0) p
                union all select p.id from unnest($6::bigint[], $7::text[]) it (place, branch) cross join lateral (
                    select id from github.pull_request where repository_id = it.place and base_ref = it.branch and state = 'open'
                    offset 0) p
                union all select p.id from github.pull_request p where p.repository_id = any($8) and p.state = 'open'))
             order by id for update"#,
            &about.pulls,
            &places,
            &numbers,
            &of_commits,
            &commits,
            &of_branches,
            &branches,
            &about.gone
        );
        let rows = rows.fetch_all(db).await?.into_iter();
        let known = rows.map(|it| Self {
            id: it.id,
            repository_id: it.repository_id,
            number: it.number,
            node_id: it.node_id,
            title: it.title,
            url: it.url,
            author_id: it.author_id,
            // A constraint keeps it to the words that we know.
            state: State::from_word(&it.state).unwrap_or(State::Open),
            draft: it.draft,
            head_sha: it.head_sha,
            head_ref: it.head_ref,
            base_ref: it.base_ref,
            merge_sha: it.merge_sha,
            merged_by: it.merged_by,
            created_at: it.created_at,
            closed_at: it.closed_at,
            size: it.additions.zip(it.deletions).zip(it.files).map(|((add, take), files)| (add, take, files)),
            auto_merge: it.auto_merge,
            queued_at: it.queued_at,
            mergeable: Mergeable::from_word(&it.mergeable),
            merge_state: it.merge_state,
            decision: it.decision,
            approvals_needed: it.approvals_needed,
            asked_for: it.asked_for,
            stale_at: it.stale_at,
            active_at: it.active_at,
            source_at: it.source_at,
            told: it.told.0,
            revision: it.revision,
        });
        Ok(known.map(|it| (it.id, it)).collect())
    }

    /// Makes room for new pull requests, sorted by id, to be updated with what is known of them; false where somebody else has just
    /// stored one.
    pub(super) async fn insert(db: &mut PgConnection, new: &[&Self]) -> sqlx::Result<bool> {
        let ids: Vec<i64> = new.iter().map(|it| it.id).collect();
        let created: Vec<_> = new.iter().map(|it| it.created_at).collect();
        let repositories: Vec<i64> = new.iter().map(|it| it.repository_id).collect();
        let numbers: Vec<i32> = new.iter().map(|it| it.number).collect();
        let inserted = sqlx::query!(
            "insert into github.pull_request (id, repository_id, number, created_at, title, state, head_sha, base_ref, active_at, source_at)
             select id, place, number, created, '', 'open', '', '', created, created
             from unnest($1::bigint[], $2::bigint[], $3::int[], $4::timestamptz[]) it (id, place, number, created)
             order by id on conflict (id) do nothing",
            &ids,
            &repositories,
            &numbers,
            &created
        );
        Ok(inserted.execute(&mut *db).await?.rows_affected() == u64::try_from(new.len()).unwrap_or_default())
    }

    /// Stores what is known of pull requests now, sorted by id, which are held.
    pub(super) async fn update(db: &mut PgConnection, all: &[&Self]) -> sqlx::Result<()> {
        sqlx::query!(
            "update github.pull_request p set repository_id = it.repository_id, number = it.number, node_id = it.node_id,
                title = it.title, url = it.url, author_id = it.author_id, state = it.state, draft = it.draft, head_sha = it.head_sha,
                head_ref = it.head_ref, base_ref = it.base_ref, merge_sha = it.merge_sha, merged_by = it.merged_by,
                closed_at = it.closed_at, additions = it.additions, deletions = it.deletions, files = it.files,
                labels = array(select jsonb_array_elements_text(it.told #> '{labels,n}')), auto_merge = it.auto_merge,
                queued_at = it.queued_at, mergeable = it.mergeable, merge_state = it.merge_state, decision = it.decision,
                approvals_needed = it.approvals_needed, asked_for = it.asked_for, stale_at = it.stale_at, active_at = it.active_at,
                source_at = it.source_at, told = it.told, revision = it.revision
             from unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[],
                $9::boolean[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bigint[], $15::timestamptz[], $16::int[],
                $17::int[], $18::int[], $19::boolean[], $20::timestamptz[], $21::text[], $22::text[], $23::text[], $24::int[],
                $25::text[], $26::timestamptz[], $27::timestamptz[], $28::timestamptz[], $29::jsonb[], $30::bigint[])
                it (id, repository_id, number, node_id, title, url, author_id, state, draft, head_sha, head_ref, base_ref, merge_sha,
                    merged_by, closed_at, additions, deletions, files, auto_merge, queued_at, mergeable, merge_state, decision,
                    approvals_needed, asked_for, stale_at, active_at, source_at, told, revision)
             where p.id = any($1) and p.id = it.id",
            &each(all, |it| it.id),
            &each(all, |it| it.repository_id),
            &each(all, |it| it.number),
            &each(all, |it| it.node_id.as_deref()) as &[Option<&str>],
            &each(all, |it| it.title.as_str()) as &[&str],
            &each(all, |it| it.url.as_deref()) as &[Option<&str>],
            &each(all, |it| it.author_id) as &[Option<i64>],
            &each(all, |it| it.state.as_str()) as &[&str],
            &each(all, |it| it.draft),
            &each(all, |it| it.head_sha.as_str()) as &[&str],
            &each(all, |it| it.head_ref.as_str()) as &[&str],
            &each(all, |it| it.base_ref.as_str()) as &[&str],
            &each(all, |it| it.merge_sha.as_deref()) as &[Option<&str>],
            &each(all, |it| it.merged_by) as &[Option<i64>],
            &each(all, |it| it.closed_at) as &[Option<DateTime<Utc>>],
            &each(all, |it| it.size.map(|it| it.0)) as &[Option<i32>],
            &each(all, |it| it.size.map(|it| it.1)) as &[Option<i32>],
            &each(all, |it| it.size.map(|it| it.2)) as &[Option<i32>],
            &each(all, |it| it.auto_merge),
            &each(all, |it| it.queued_at) as &[Option<DateTime<Utc>>],
            &each(all, |it| it.mergeable.as_str()) as &[&str],
            &each(all, |it| it.merge_state.as_deref()) as &[Option<&str>],
            &each(all, |it| it.decision.as_deref()) as &[Option<&str>],
            &each(all, |it| it.approvals_needed) as &[Option<i32>],
            &each(all, |it| it.asked_for.as_deref()) as &[Option<&str>],
            &each(all, |it| it.stale_at) as &[Option<DateTime<Utc>>],
            &each(all, |it| it.active_at),
            &each(all, |it| it.source_at),
            &each(all, |it| Json(&it.told)) as &[Json<&Told>],
            &each(all, |it| it.revision)
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}

/// A column.
fn each<'a, T>(all: &[&'a Known], column: impl Fn(&'a Known) -> T) -> Vec<T> {
    all.iter().map(|it| column(it)).collect()
}
