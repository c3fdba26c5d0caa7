insert into preferences.choice (person_id, kind, way, chosen_at)
select id, 'shifts', 'off', '2026-11-02 09:00+00' from org.person order by id limit 1;
insert into notify.message
    (id, key, lane, kind, destination, ways, card, format, sent_revision, state, error, sent_at)
values
    ('00000000-0000-0000-0000-000000000211', 'oncall/PEP0001/1', 1, 'shifts', 'person:00000000-0000-0000-0000-000000000001',
     '{person:00000000-0000-0000-0000-000000000001}',
     '{"format": 1, "title": "You are on call", "tone": "neutral", "parts": [], "actions": []}', 1, 1,
     'declined', 'they turned shifts off', '2026-11-02 09:00+00');
