insert into github.notice (key, pull_request_id, person_id, opened, answers, said)
values ('pull:401:00000000-0000-0000-0000-000000000001', 401, '00000000-0000-0000-0000-000000000001', true, 1,
    '{"kind": "reviews", "title": "Grace Okafor approved"}');
insert into github.notice (key, pull_request_id, team_id, opened) values ('pull:401:team:301', 401, 301, true);
insert into github.nudge (pull_request_id, person_id, nudged_at)
values (401, '00000000-0000-0000-0000-000000000001', '2026-11-02T10:00:00Z');
