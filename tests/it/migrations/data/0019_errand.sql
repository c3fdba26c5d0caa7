insert into incidents.errand (id, action, target, input, person_id, member_id, email, request_id, receipt, state, outcome, ended_at)
values ('018f3a6e-0000-7000-8000-000000000191', 'acknowledge-incident', 'Q1AAAAAAAAAAAA', '{}',
    '00000000-0000-0000-0000-000000000001', 'PADA001', 'ada@mosaic.example', '00000000-0000-0000-0000-000000000056', 1, 'done',
    '{"said": "Acknowledged"}', '2026-11-02T10:01:00Z'),
    ('018f3a6e-0000-7000-8000-000000000192', 'page', 'component:default/payments-api', '{"message": "Checkout is down"}',
    '00000000-0000-0000-0000-000000000001', null, null, '00000000-0000-0000-0000-000000000057', 2, 'waiting', null, null);
