use std::collections::HashMap;

use bot::Request;
use cards::Reader;
use cards::terminal::{Style, text};
use chrono::Utc;
use chrono_tz::Tz;
use console::{Ctx, usage};
use domain::account::{Account, Platform, Proof};
use domain::person::Person;
use sqlx::PgPool;
use uuid::Uuid;

use crate::common::company;

/// The demo company with pull requests: Ada and Grace are of the team that orders belong to; Lin is nobody here.
const PULLS: &str = "
insert into github.actor (id, login, kind, source_at) values
    (1, 'ada-l', 'User', now()), (2, 'ghopper', 'User', now()), (3, 'lin', 'User', now()), (4, 'bumper[bot]', 'Bot', now());
insert into github.repository (id, name, url, default_branch, source_at) values
    (10, 'mosaic-lane/orders', 'https://github.com/mosaic-lane/orders', 'main', now()),
    (11, 'mosaic-lane/shipping', 'https://github.com/mosaic-lane/shipping', 'main', now()),
    (12, 'elsewhere/orders', 'https://github.com/elsewhere/orders', 'main', now());
insert into github.team (id, organization, slug, name, source_at) values (20, 'mosaic-lane', 'orders', 'Orders', now());
insert into github.team_member (team_id, actor_id, source_at) values (20, 1, now()), (20, 2, now());
insert into github.pull_request
    (id, repository_id, number, title, url, author_id, state, draft, head_sha, head_ref, base_ref, created_at, active_at, source_at,
     additions, deletions, files, labels, approvals_needed) values
    (100, 10, 7, 'Retry <once>', 'https://github.com/mosaic-lane/orders/pull/7', 2, 'open', false, 'aaa', 'retry', 'main',
        now() - interval '3 days', now() - interval '1 hour', now() - interval '1 hour', 12, 3, 2, '{urgent}', 2),
    (101, 10, 8, 'Drop a column', 'https://github.com/mosaic-lane/orders/pull/8', 1, 'open', false, 'bbb', 'drop', 'main',
        now() - interval '2 days', now() - interval '2 hours', now() - interval '2 hours', 1, 1, 1, '{}', 1),
    (102, 11, 7, 'Print labels', 'https://github.com/mosaic-lane/shipping/pull/7', 1, 'open', true, 'ccc', 'labels', 'main',
        now() - interval '1 days', now() - interval '3 hours', now() - interval '3 hours', null, null, null, '{}', null),
    (103, 11, 9, 'Bump a library', null, 4, 'open', false, 'ddd', 'bump', 'main',
        now() - interval '5 days', now() - interval '4 days', now() - interval '4 days', 2, 2, 1, '{}', null),
    (104, 12, 1, 'Other people''s', null, 3, 'open', false, 'eee', 'x', 'main',
        now() - interval '5 days', now() - interval '4 days', now() - interval '4 days', 2, 2, 1, '{}', null);
insert into github.pull_request
    (id, repository_id, number, title, author_id, state, head_sha, base_ref, created_at, closed_at, merge_sha, merged_by, active_at, source_at)
values (105, 10, 5, 'Cache prices', 2, 'merged', 'fff', 'main', now() - interval '2 days', now() - interval '3 hours',
    '0123456789abcdef0123456789abcdef01234567', 1, now() - interval '3 hours', now() - interval '3 hours');
insert into github.review_request (pull_request_id, kind, target, requested_by, requested_at, source_at, again) values
    (100, 'actor', 1, 2, now() - interval '2 days', now(), true), (100, 'team', 20, 2, now() - interval '2 days', now(), false),
    (103, 'team', 20, null, now() - interval '4 days', now(), false);
insert into github.review (id, pull_request_id, actor_id, state, sha, submitted_at, source_at) values
    (200, 100, 3, 'approved', 'old', now() - interval '1 day', now());
insert into github.check_result (repository_id, sha, kind, name, state, url, source_at) values
    (10, 'bbb', 'run', 'build', 'success', null, now()),
    (10, 'bbb', 'run', 'lint', 'failure', 'https://github.com/mosaic-lane/orders/runs/1', now());
insert into github.activity (id, pull_request_id, at, kind, actor_id, text) values
    ('comment:1', 100, now() - interval '2 hours', 'commented', 3, 'Why <twice>?'),
    ('review:200', 100, now() - interval '1 day', 'approved', 3, '');
";

pub(super) struct Ground {
    pub(super) db: PgPool,
    pub(super) ctx: Ctx,
}

impl Ground {
    pub(super) async fn new(db: &PgPool) -> Self {
        company(db).await;
        sqlx::raw_sql(PULLS).execute(db).await.expect("pull requests");
        for (person, login) in [("ada", "Ada-L"), ("grace", "ghopper")] {
            let person = Person::named(db, person).await.expect("people").expect("somebody");
            let mut db = db.acquire().await.expect("a connection");
            let account = (Platform::Github, "", login);
            Account::prove(&mut *db, person.id, account, Proof::Directory, None).await.expect("an account");
        }
        Self { db: db.clone(), ctx: Ctx::new(db.clone(), usage::recorder().0) }
    }

    /// What somebody reads in a terminal.
    pub(super) async fn told(&self, who: &str, typed: &str) -> String {
        let asker = Person::named(&self.db, who).await.expect("people").expect("somebody");
        let request = Request { id: Uuid::now_v7(), platform: Platform::Terminal, text: typed.into(), place: None };
        let card = bot::answer(&self.ctx, &request, async { Ok(asker) }).await.card;
        let public = "https://pin.example/".parse().expect("an address");
        let reader = Reader { public: &public, mentions: &HashMap::new(), zone: Tz::UTC, now: Some(Utc::now()) };
        text(&card, &reader, Style { colour: false, width: 200 })
    }
}
