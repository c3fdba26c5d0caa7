//! Reads pull requests with what says who must act on them, many at once.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::{
    Actor, BOT, Checks, Mergeable, PullRequest, Repository, Request, Review, Reviewer, State, Team, Verdict, Whole,
};

impl Whole {
    /// These pull requests, in this order; those that are not known are left out.
    pub async fn of(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Self>> {
        let mut found = pull_requests(&mut *db, ids).await?;
        let mut requests = requests(&mut *db, ids).await?;
        let mut reviews = reviews(&mut *db, ids).await?;
        let mut checks = checks(&mut *db, ids).await?;
        let mut whole = Vec::with_capacity(found.len());
        for id in ids {
            let Some(mut it) = found.remove(id) else { continue };
            it.requests = requests.remove(id).unwrap_or_default();
            it.reviews = reviews.remove(id).unwrap_or_default();
            it.checks = checks.remove(id).unwrap_or_default();
            whole.push(it);
        }
        Ok(whole)
    }
}

fn actor(id: Option<i64>, login: Option<String>, kind: Option<&str>) -> Option<Actor> {
    Some(Actor { id: id?, login: login?, bot: kind == Some(BOT) })
}

async fn pull_requests(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<HashMap<i64, Whole>> {
    let rows = sqlx::query!(
        r#"select p.id as "id!", p.repository_id as "repository_id!", p.number as "number!", p.node_id, p.title as "title!", p.url,
            p.author_id, p.state as "state!", p.draft as "draft!", p.head_sha as "head_sha!", p.head_ref as "head_ref!",
            p.base_ref as "base_ref!", p.merge_sha, p.merged_by, p.created_at as "created_at!", p.closed_at, p.additions, p.deletions,
            p.files, p.labels as "labels!", p.auto_merge as "auto_merge!", p.queued_at, p.mergeable as "mergeable!", p.merge_state,
            p.decision, p.approvals_needed, p.active_at as "active_at!", p.source_at as "source_at!", p.revision as "revision!",
            r.name as "name?", r.default_branch as "default_branch?", r.url as "repository_url?",
            a.login as "login?", a.kind as "kind?", m.login as "merger?", m.kind as "merger_kind?"
         from github.pull_request p
         left join github.repository r on r.id = p.repository_id
         left join github.actor a on a.id = p.author_id
         left join github.actor m on m.id = p.merged_by
         where p.id = any($1)"#,
        ids
    );
    let whole = rows.fetch_all(db).await?.into_iter().map(|it| {
        let repository = Repository {
            id: it.repository_id,
            name: it.name.unwrap_or_else(|| format!("repository {}", it.repository_id)),
            default_branch: it.default_branch,
            url: it.repository_url,
        };
        let pull_request = PullRequest {
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
            labels: it.labels,
            auto_merge: it.auto_merge,
            queued_at: it.queued_at,
            mergeable: Mergeable::from_word(&it.mergeable),
            behind: it.merge_state.as_deref() == Some("BEHIND"),
            review_required: it.decision.map(|word| word == "REVIEW_REQUIRED"),
            approvals_needed: it.approvals_needed,
            active_at: it.active_at,
            source_at: it.source_at,
            revision: it.revision,
        };
        let whole = Whole {
            repository,
            author: actor(it.author_id, it.login, it.kind.as_deref()),
            merged_by: actor(it.merged_by, it.merger, it.merger_kind.as_deref()),
            pull_request,
            requests: Vec::new(),
            reviews: Vec::new(),
            checks: Checks::default(),
        };
        (whole.pull_request.id, whole)
    });
    Ok(whole.collect())
}

async fn requests(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<HashMap<i64, Vec<Request>>> {
    let rows = sqlx::query!(
        r#"select q.pull_request_id as "pull_request_id!", q.kind as "kind!", q.target as "target!", q.requested_by,
            q.requested_at as "requested_at!", q.again as "again!",
            a.login as "login?", a.kind as "actor_kind?", t.organization as "organization?", t.slug as "slug?", t.name as "name?"
         from github.review_request q
         left join github.actor a on q.kind = 'actor' and a.id = q.target
         left join github.team t on q.kind = 'team' and t.id = q.target
         where q.pull_request_id = any($1) and q.gone_at is null order by q.requested_at, q.kind, q.target"#,
        ids
    );
    let mut all: HashMap<i64, Vec<Request>> = HashMap::new();
    for it in rows.fetch_all(db).await? {
        let of = match it.kind.as_str() {
            "team" => it.organization.zip(it.slug).zip(it.name).map(|((organization, slug), name)| {
                Reviewer::Team(Team { id: it.target, slug: format!("{organization}/{slug}"), name })
            }),
            _ => actor(Some(it.target), it.login, it.actor_kind.as_deref()).map(Reviewer::Actor),
        };
        let Some(of) = of else { continue };
        let request = Request { of, by: it.requested_by, at: it.requested_at, again: it.again };
        all.entry(it.pull_request_id).or_default().push(request);
    }
    Ok(all)
}

/// Of each reviewer what counts: the last verdict, or the last remark of whoever gave none. Authors do not review their own.
async fn reviews(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<HashMap<i64, Vec<Review>>> {
    let rows = sqlx::query!(
        r#"select distinct on (r.pull_request_id, r.actor_id) r.pull_request_id as "pull_request_id!", r.actor_id,
            r.state as "state!", r.sha, r.submitted_at as "submitted_at!", a.login as "login?", a.kind as "kind?"
         from github.review r
         join github.pull_request p on p.id = r.pull_request_id
         left join github.actor a on a.id = r.actor_id
         where r.pull_request_id = any($1) and r.actor_id is distinct from p.author_id
         order by r.pull_request_id, r.actor_id, (r.state = 'commented'), r.submitted_at desc, r.id desc"#,
        ids
    );
    let mut all: HashMap<i64, Vec<Review>> = HashMap::new();
    for it in rows.fetch_all(db).await? {
        let Some(verdict) = Verdict::from_word(&it.state) else { continue };
        let by = actor(it.actor_id, it.login, it.kind.as_deref());
        let review = Review { by, verdict, sha: it.sha, at: it.submitted_at };
        all.entry(it.pull_request_id).or_default().push(review);
    }
    all.values_mut().for_each(|it| it.sort_by_key(|review| std::cmp::Reverse(review.at)));
    Ok(all)
}

async fn checks(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<HashMap<i64, Checks>> {
    let rows = sqlx::query!(
        r#"select p.id as "id!", c.name as "name!", c.state as "state!", c.url
         from github.pull_request p
         join github.check_result c on c.repository_id = p.repository_id and c.sha = p.head_sha
         where p.id = any($1) order by c.name"#,
        ids
    );
    let mut all: HashMap<i64, Checks> = HashMap::new();
    for it in rows.fetch_all(db).await? {
        let checks = all.entry(it.id).or_default();
        match it.state.as_str() {
            "pending" => checks.pending.push(it.name),
            "failure" => checks.failed.push((it.name, it.url)),
            _ => checks.passed += 1,
        }
    }
    Ok(all)
}
