//! The company in the database: who is who at GitHub, its repositories, and what is open there.

use anyhow::{Result, ensure};
use chrono::Utc;
use domain::PgPool;

use super::PEOPLE;

const FILL: [&str; 2] = [
    "insert into github.actor (id, login, kind, source_at) select n, 'user' || n, 'User', now() - interval '1 day'
     from generate_series(0, 699) n",
    "insert into github.repository (id, name, default_branch, source_at) select n, 'mosaic-lane/bench' || n, 'main', now() - interval '1 day'
     from generate_series(0, 499) n",
];
/// Pull requests to which nothing happened yet.
const PULLS: [&str; 6] = [
    "delete from github.pull_request",
    "delete from github.review_request",
    "delete from github.review",
    "delete from github.check_result",
    "insert into github.pull_request (id, repository_id, number, title, author_id, state, head_sha, base_ref, created_at, active_at,
        source_at)
     select n, n % 500, n, 'Change ' || n, n % 700, 'open', lpad(to_hex(n), 40, '0'), 'main', now() - interval '2 days',
        now() - interval '1 day', now() - interval '1 day'
     from generate_series(0, 2999) n",
    "vacuum analyze github.pull_request, github.review_request, github.review, github.check_result",
];
/// As if everybody had signed in at GitHub: whatever happens concerns somebody.
const LINK: &str = "insert into auth.account (id, person_id, platform, tenant, external_id, proof, label)
    select gen_random_uuid(), p.id, 'github', 'id', n::text, 'OAuth', 'user' || n
    from generate_series(0, 699) n join org.person p on p.name = 'user' || n and p.left_at is null";
/// When each event was applied: a moment before its transaction ends.
const NOTE: [&str; 3] = [
    "create table public.applied as select received_at, now() as at from inbox.delivery limit 0",
    "create function public.note() returns trigger language plpgsql as
     'begin insert into public.applied values (new.received_at, clock_timestamp()); return null; end'",
    "create trigger note after update on inbox.delivery for each row
     when (old.state = 'pending' and new.state = 'applied') execute function public.note()",
];

/// Lets nothing have happened to any pull request: else what comes in later rounds would be no news.
pub async fn pulls(db: &PgPool) -> Result<()> {
    for pulls in PULLS {
        sqlx::query(pulls).execute(db).await?;
    }
    Ok(())
}

/// Fills in all but pull requests.
pub async fn fill(db: &PgPool) -> Result<()> {
    domain::delivery::make_room(db, Utc::now()).await?;
    for fill in FILL {
        sqlx::query(fill).execute(db).await?;
    }
    let linked = sqlx::query(LINK).execute(db).await?.rows_affected();
    ensure!(linked == PEOPLE as u64, "{linked} of {PEOPLE} people have an account at GitHub");
    for note in NOTE.into_iter().chain(["vacuum analyze"]) {
        sqlx::query(note).execute(db).await?;
    }
    Ok(())
}
