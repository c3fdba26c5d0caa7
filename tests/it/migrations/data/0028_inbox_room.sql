insert into inbox.delivery (id, source, external_id, event, received_at, content_type, size)
values ('0199e8a0-0000-7000-8000-0000000000f8', 'github', 'f8d5c3a0-1111-11f0-9fd5-7d2c1f0e8a77', 'ping', '2026-11-02T10:00:00Z', 'json', 2);
