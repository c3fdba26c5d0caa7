insert into preferences.rhythm (person_id, zone, work_hours, work_days, quiet, chosen_at)
select id, 'Europe/Berlin', '09:00-17:30', 'mon-fri', '22:00-07:00', '2026-11-22 09:00+00' from org.person order by id limit 1;
insert into preferences.seen_zone (person_id, platform, zone, seen_at)
select id, 'slack', 'Europe/Berlin', '2026-11-22 09:00+00' from org.person order by id limit 1;
insert into preferences.mute (person_id, repository_id, chosen_at)
select id, 4711, '2026-11-22 09:00+00' from org.person order by id limit 1;
insert into auth.linking (digest, person_id, platform, verifier, request_id, created_at, expires_at, used_at)
select sha256('a state'), id, 'github', 'a verifier', '00000000-0000-0000-0000-000000000241',
    '2026-11-22 09:00+00', '2026-11-22 09:10+00', '2026-11-22 09:01+00'
from org.person order by id limit 1;
insert into notify.message (id, key, lane, kind, destination, ways, card, format, state, held_until)
values
    ('00000000-0000-0000-0000-000000000241', 'pull/1/PEP0001', 1, 'reviews', 'person:00000000-0000-0000-0000-000000000001',
     '{person:00000000-0000-0000-0000-000000000001}',
     '{"format": 1, "title": "Ada approved it", "tone": "neutral", "parts": [], "actions": []}', 1,
     'held', '2026-11-23 07:00+00');
