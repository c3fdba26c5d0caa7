use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use super::known::{Known, Told};
use super::{Mergeable, State};

impl Known {
    /// The pull request, which nobody else changes until the transaction ends.
    pub async fn hold(db: impl PgExecutor<'_>, id: i64) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query!(
            r#"select id, repository_id, number, node_id, title, url, author_id, state, draft, head_sha, head_ref, base_ref,
                merge_sha, merged_by, created_at, closed_at, additions, deletions, files, auto_merge, queued_at, mergeable,
                merge_state, decision, approvals_needed, asked_for, stale_at, active_at, source_at, told as "told: Json<Told>"
             from github.pull_request where id = $1 for update"#,
            id
        );
        Ok(row.fetch_optional(db).await?.map(|it| Self {
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
        }))
    }

    /// GitHub's id of the pull request with this number.
    pub async fn numbered(db: impl PgExecutor<'_>, (repository, number): (i64, i32)) -> sqlx::Result<Option<i64>> {
        let id = sqlx::query_scalar!(
            "select id from github.pull_request where repository_id = $1 and number = $2",
            repository,
            number
        );
        id.fetch_optional(db).await
    }

    /// Open pull requests whose newest commit this is.
    pub async fn with_head(db: impl PgExecutor<'_>, (repository, sha): (i64, &str)) -> sqlx::Result<Vec<i64>> {
        let ids = sqlx::query_scalar!(
            "select id from github.pull_request where head_sha = $2 and repository_id = $1 and state = 'open' order by id",
            repository,
            sha
        );
        ids.fetch_all(db).await
    }

    /// Locks what events will touch that are about these subjects (owner/name#number, owner/name@commit, or owner/name for all that
    /// is open there), all in one order, so that two transactions never wait for each other.
    pub async fn lock(db: &mut PgConnection, subjects: &[String]) -> sqlx::Result<()> {
        let (mut names, mut numbers, mut commits, mut whole) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for subject in subjects {
            if let Some((name, number)) = subject.rsplit_once('#') {
                names.push(name.to_lowercase());
                numbers.push(number.parse::<i32>().unwrap_or_default());
            } else if let Some((_, commit)) = subject.rsplit_once('@') {
                commits.push(commit.to_string());
            } else {
                whole.push(subject.to_lowercase());
            }
        }
        sqlx::query!(
            "select id from github.pull_request where id = any (array(
                select p.id from unnest($1::text[], $2::int[]) it (name, number)
                join github.repository r on lower(r.name) = it.name
                join github.pull_request p on p.repository_id = r.id and p.number = it.number
                union select p.id from github.pull_request p where p.head_sha = any($3)
                union select p.id from github.repository r
                join github.pull_request p on p.repository_id = r.id and p.state = 'open' where lower(r.name) = any($4)))
             order by id for update",
            &names,
            &numbers,
            &commits,
            &whole
        )
        .fetch_all(db)
        .await
        .map(|_| ())
    }

    /// Says that GitHub must be asked again about what goes into this branch, since it moved at that moment.
    pub async fn outdate(
        db: impl PgExecutor<'_>,
        (repository, base): (i64, &str),
        at: DateTime<Utc>,
    ) -> sqlx::Result<u64> {
        let outdated = sqlx::query!(
            "update github.pull_request set stale_at = $3 where id = any (array(
                select id from github.pull_request where repository_id = $1 and base_ref = $2 and state = 'open'
                    and (stale_at is null or stale_at < $3)
                order by id for update))",
            repository,
            base,
            at
        );
        Ok(outdated.execute(db).await?.rows_affected())
    }

    /// Open pull requests of a repository.
    pub async fn open_in(db: impl PgExecutor<'_>, repository: i64) -> sqlx::Result<Vec<i64>> {
        let ids = sqlx::query_scalar!(
            "select id from github.pull_request where repository_id = $1 and state = 'open' order by id",
            repository
        );
        ids.fetch_all(db).await
    }

    /// Stores a new pull request, with what was said of it before; false where somebody else did so just now.
    pub async fn insert(&self, db: &mut PgConnection) -> sqlx::Result<bool> {
        let (additions, deletions, files) = parts(self.size);
        let inserted = sqlx::query!(
            "insert into github.pull_request (id, repository_id, number, node_id, title, url, author_id, state, draft, head_sha,
                head_ref, base_ref, merge_sha, merged_by, created_at, closed_at, additions, deletions, files, labels, auto_merge,
                queued_at, mergeable, merge_state, decision, approvals_needed, asked_for, stale_at, active_at, source_at, told)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
                $25, $26, $27, $28, $29, $30, $31)
             on conflict (id) do nothing",
            self.id,
            self.repository_id,
            self.number,
            self.node_id,
            self.title,
            self.url,
            self.author_id,
            self.state.as_str(),
            self.draft,
            self.head_sha,
            self.head_ref,
            self.base_ref,
            self.merge_sha,
            self.merged_by,
            self.created_at,
            self.closed_at,
            additions,
            deletions,
            files,
            self.labels(),
            self.auto_merge,
            self.queued_at,
            self.mergeable.as_str(),
            self.merge_state,
            self.decision,
            self.approvals_needed,
            self.asked_for,
            self.stale_at,
            self.active_at,
            self.source_at,
            Json(&self.told) as _
        );
        Ok(inserted.execute(&mut *db).await?.rows_affected() > 0)
    }

    /// Stores what is known of a pull request now, which was held before; whoever looked at it `anew` sees something else.
    pub async fn update(&self, db: &mut PgConnection, anew: bool) -> sqlx::Result<()> {
        let (additions, deletions, files) = parts(self.size);
        sqlx::query!(
            "update github.pull_request set node_id = $2, title = $3, url = $4, author_id = $5, state = $6, draft = $7,
                head_sha = $8, head_ref = $9, base_ref = $10, merge_sha = $11, merged_by = $12, closed_at = $13, additions = $14,
                deletions = $15, files = $16, labels = $17, auto_merge = $18, queued_at = $19, mergeable = $20, merge_state = $21,
                decision = $22, approvals_needed = $23, asked_for = $24, stale_at = $25, active_at = $26, source_at = $27,
                told = $28, revision = revision + $29::int, repository_id = $30, number = $31
             where id = $1",
            self.id,
            self.node_id,
            self.title,
            self.url,
            self.author_id,
            self.state.as_str(),
            self.draft,
            self.head_sha,
            self.head_ref,
            self.base_ref,
            self.merge_sha,
            self.merged_by,
            self.closed_at,
            additions,
            deletions,
            files,
            self.labels(),
            self.auto_merge,
            self.queued_at,
            self.mergeable.as_str(),
            self.merge_state,
            self.decision,
            self.approvals_needed,
            self.asked_for,
            self.stale_at,
            self.active_at,
            self.source_at,
            Json(&self.told) as _,
            i32::from(anew),
            self.repository_id,
            self.number
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}

fn parts(size: Option<(i32, i32, i32)>) -> (Option<i32>, Option<i32>, Option<i32>) {
    (size.map(|it| it.0), size.map(|it| it.1), size.map(|it| it.2))
}
