insert into schedule.job (job, token) values ('ldap', 2), ('catalog', 0), ('housekeeping', 0);

insert into schedule.timetable (job, expression, zone, next_at, announced_by) values
    ('ldap', '0 * * * *', 'Europe/Berlin', '2026-01-01 07:00+00', 'console-1:17');

insert into schedule.tick
    (id, job, scheduled_for, asked_by, argument, token, holder, leased_until, attempts, started_at, finished_at, outcome, note)
values
    ('00000000-0000-0000-0000-000000000091', 'ldap', '2026-01-01 06:00+00', null, null, 1, 'console-1:17', null, 1,
     '2026-01-01 06:00:01+00', '2026-01-01 06:00:09+00', 'done', 'Read 3 people, 2 groups and 2 memberships.'),
    ('00000000-0000-0000-0000-000000000092', 'ldap', '2026-01-01 06:30+00', 'ada', '{"accept": "k7", "by": "ada"}', 2,
     'console-2:23', '2026-01-01 06:31+00', 1, '2026-01-01 06:30:02+00', null, null, null),
    ('00000000-0000-0000-0000-000000000093', 'catalog', '2026-01-01 06:00+00', null, null, null, null, null, 0,
     null, '2026-01-01 06:20+00', 'skipped', 'a newer run was due');
