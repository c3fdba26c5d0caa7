insert into github.actor (id, login, kind, source_at) values
    (101, 'ada', 'User', '2026-11-02T10:00:00Z'), (102, 'deploy-helper', 'Bot', '2026-11-02T10:00:00Z');
insert into github.repository (id, name, default_branch, source_at)
values (201, 'mosaic-lane/payments', 'main', '2026-11-02T10:00:00Z');
insert into github.team (id, organization, slug, name, source_at)
values (301, 'mosaic-lane', 'payments', 'Payments', '2026-11-02T10:00:00Z');
insert into github.team_member (team_id, actor_id, source_at) values (301, 101, '2026-11-02T10:00:00Z');
insert into github.pull_request (id, repository_id, number, title, author_id, state, head_sha, base_ref, created_at, active_at, source_at)
values (401, 201, 7, 'Retry once', 101, 'open', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'main', '2026-11-02T09:00:00Z',
    '2026-11-02T10:00:00Z', '2026-11-02T10:00:00Z');
insert into github.review_request (pull_request_id, kind, target, requested_at, source_at)
values (401, 'team', 301, '2026-11-02T09:00:00Z', '2026-11-02T09:00:00Z');
insert into github.review (id, pull_request_id, actor_id, state, submitted_at, source_at)
values (501, 401, 102, 'commented', '2026-11-02T09:30:00Z', '2026-11-02T09:30:00Z');
insert into github.check_result (repository_id, sha, kind, name, state, source_at)
values (201, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'run', 'build', 'failure', '2026-11-02T09:40:00Z');
insert into github.activity (id, pull_request_id, at, kind, actor_id, text)
values ('comment:1', 401, '2026-11-02T09:45:00Z', 'commented', 101, 'Why twice?');
insert into github.push (id, repository_id, ref, before, after, at)
values ('018f3a6e-0000-7000-8000-000000000221', 201, 'refs/heads/main', 'b', 'c', '2026-11-02T09:50:00Z');
insert into github.deployment (id, repository_id, sha, environment, state, created_at, source_at)
values (601, 201, 'c', 'production', 'success', '2026-11-02T09:55:00Z', '2026-11-02T09:56:00Z');
