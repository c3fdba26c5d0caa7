insert into inbox.delivery (id, source, external_id, event, subject, received_at, source_at, due_at, token, attempts, leased_until, error,
    content_type, headers, size)
values ('018f3a6e-0000-7000-8000-000000000002', 'pagerduty', '01EXAMPLE0000000000000001', 'incident.acknowledged', 'QAAAAAAAAAAAA1',
    '2026-11-22T19:04:06Z', '2026-11-22T19:04:05.123Z', '2026-11-22T19:04:08Z', 2, 2, '2026-11-22T19:04:10Z', 'deadlock detected',
    'json', '{"x-webhook-id": "01EXAMPLE0000000000000001"}', 2);
insert into inbox.body (delivery_id, received_at, body)
values ('018f3a6e-0000-7000-8000-000000000002', '2026-11-22T19:04:06Z', '{}');
