insert into notify.message
    (id, key, lane, destination, ways, thread_of, card, format, revision, sent_revision, channel, ts, state, error, sent_at)
values
    ('00000000-0000-0000-0000-000000000111', 'sync/ldap/refused/1', 0, 'administrators', '{administrators}', null,
     '{"format": 1, "title": "The directory was not applied", "tone": "bad", "parts": [], "actions": []}', 1, 1, 1,
     null, null, 'passed', null, '2026-01-01 06:00+00'),
    ('00000000-0000-0000-0000-000000000112', 'a summary', 1, 'slack:C0PIN', '{slack:C0PIN}', null,
     '{"format": 1, "title": "The directory changed", "tone": "neutral", "parts": [], "actions": []}', 1, 2, 1,
     'C0PIN', '1767247200.000100', 'waiting', null, '2026-01-01 06:00+00'),
    ('00000000-0000-0000-0000-000000000113', 'an answer', 1, 'slack:C0GONE', '{slack:C0GONE}', 'a summary',
     '{"format": 1, "title": "More", "tone": "neutral", "parts": [], "actions": []}', 1, 1, 0,
     null, null, 'dead', 'channel_not_found', null);

insert into notify.pace (name, next_at) values ('slack:C0PIN', '2026-01-01 06:00:01+00'), ('method:chat.update', 'epoch');
