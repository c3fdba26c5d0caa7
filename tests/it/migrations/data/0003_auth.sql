insert into auth.account (id, person_id, platform, tenant, external_id, proof, email) values
    ('00000000-0000-0000-0000-000000000031', '00000000-0000-0000-0000-000000000001', 'slack', 'T0', 'U0ADA',
     'verified e-mail', 'ada@pinconsole.example'),
    ('00000000-0000-0000-0000-000000000032', '00000000-0000-0000-0000-000000000004', 'github', '', 'linus-m',
     'directory attribute', null);

insert into auth.token (id, person_id, digest, expires_at, request_id) values
    ('00000000-0000-0000-0000-000000000041', '00000000-0000-0000-0000-000000000001', '\x41', '2126-01-01 00:00+00',
     '00000000-0000-0000-0000-000000000051');

insert into auth.request
    (id, platform, external_id, tenant, account, command, shares, respond_to, leased_until, finished_at, outcome)
values
    ('00000000-0000-0000-0000-000000000051', 'slack', '1.2.3', 'T0', 'U0ADA', 'link terminal', false,
     'https://hooks.slack.com/commands/1', '2026-01-01 06:00+00', '2026-01-01 06:00+00', 'ok'),
    ('00000000-0000-0000-0000-000000000052', 'slack', '1.2.4', 'T0', 'U0ADA', 'link terminal', false,
     'https://hooks.slack.com/commands/2', '2026-01-01 06:00+00', null, null);
