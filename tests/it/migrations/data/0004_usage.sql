insert into usage.command (id, at, person_id, platform, command, duration_ms, results, outcome) values
    ('00000000-0000-0000-0000-000000000061', '2026-01-01 06:00+00', '00000000-0000-0000-0000-000000000001', 'slack',
     'catalog', 12, 1, 'ok'),
    ('00000000-0000-0000-0000-000000000062', '2026-01-01 06:01+00', null, 'terminal', 'unknown', 3, null, 'refused');
