insert into audit.entry
    (number, format, at, kind, who_id, who, action, resource, rule, request_id, intent, outcome, detail, previous, hash)
values
    (1, 1, '2026-01-01 06:00+00', 'intent', '00000000-0000-0000-0000-000000000001', 'ada', 'link-terminal', 'person:ada',
     'Everybody may link a terminal of their own.', '00000000-0000-0000-0000-000000000051', null, null, '{}', '\x00', '\x01'),
    (2, 1, '2026-01-01 06:00+00', 'outcome', '00000000-0000-0000-0000-000000000001', 'ada', 'link-terminal', 'person:ada',
     'Everybody may link a terminal of their own.', '00000000-0000-0000-0000-000000000051', 1, 'done', '{"days": 90}', '\x01',
     '\x02'),
    (3, 1, '2026-01-01 07:00+00', 'denial', '00000000-0000-0000-0000-000000000004', 'linus', 'read-audit', 'audit:log',
     'No rule allows it.', null, null, null, '{}', '\x02', '\x03'),
    (4, 1, '2026-01-01 08:00+00', 'change', null, 'root at the terminal', 'read-audit', 'audit:log', '', null, null, null,
     '{}', '\x03', '\x04');
