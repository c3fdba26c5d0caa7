insert into incidents.log (id, incident_id, at, kind, text, read)
values ('RLOG0001', 'Q1UNKNOWN', '2026-11-02T10:06:00Z', 'annotated', 'known before its incident', true);
insert into incidents.responder (incident_id, kind, target, name, state, source_at)
values ('Q1UNKNOWN', 'member', 'PADA001', 'Ada Lovelace', 'joined', '2026-11-02T10:06:00Z');
insert into incidents.reading (part, tried_at, read_at, moment, failures, error, silent_since)
values ('incidents', '2026-11-02T10:10:00Z', '2026-11-02T10:05:00Z', '2026-11-02T10:05:00Z', 1, 'PagerDuty does not answer', null),
    ('feed', '2026-11-02T10:10:00Z', '2026-11-02T10:00:00Z', null, 1, 'no ping came', '2026-11-02T10:00:00Z');
