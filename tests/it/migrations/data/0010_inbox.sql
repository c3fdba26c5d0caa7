insert into inbox.delivery (id, source, external_id, event, action, subject, received_at, content_type, headers, size)
values ('018f3a6e-0000-7000-8000-000000000001', 'github', '72d3162e-cc78-11e3-81ab-4c9367dc0958', 'pull_request', 'opened',
    'mosaic/payments#7', '2026-11-02T10:00:00Z', 'json', '{"x-github-hook-id": "292430182"}', 19);
insert into inbox.body (delivery_id, received_at, body)
values ('018f3a6e-0000-7000-8000-000000000001', '2026-11-02T10:00:00Z', '{"action":"opened"}');
