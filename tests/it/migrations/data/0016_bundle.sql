insert into notify.message (id, key, lane, destination, ways, card, format, sent_revision, channel, ts, state, sent_at, bundle)
values
    ('00000000-0000-0000-0000-000000000161', 'bundle/161', 1, 'slack:C0PIN', '{slack:C0PIN}',
     '{"format": 1, "title": "21 messages", "tone": "neutral", "parts": [], "actions": []}', 1, 1,
     'C0PIN', '1767247200.000161', 'sent', '2026-01-01 06:00+00', null),
    ('00000000-0000-0000-0000-000000000162', 'one of them', 1, 'slack:C0PIN', '{slack:C0PIN}',
     '{"format": 1, "title": "One of them", "tone": "neutral", "parts": [], "actions": []}', 1, 1,
     null, null, 'bundled', '2026-01-01 06:00+00', '00000000-0000-0000-0000-000000000161');
