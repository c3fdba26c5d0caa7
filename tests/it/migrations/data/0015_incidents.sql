insert into incidents.member (id, name, email, time_zone, source_at)
values ('PADA001', 'Ada Lovelace', 'ada@mosaic.example', 'Europe/London', '2026-11-02T10:00:00Z');
insert into incidents.policy (id, name, source_at) values ('PEP0001', 'Payments', '2026-11-02T10:00:00Z');
insert into incidents.level (policy_id, level, position, kind, target, delay_minutes)
values ('PEP0001', 1, 0, 'schedule', 'PSCHED1', 30), ('PEP0001', 2, 1, 'member', 'PADA001', 30);
insert into incidents.schedule (id, name, time_zone, source_at)
values ('PSCHED1', 'Payments primary', 'Europe/London', '2026-11-02T10:00:00Z');
insert into incidents.service (id, name, status, policy_id, source_at)
values ('PSVC001', 'payments-api', 'active', 'PEP0001', '2026-11-02T10:00:00Z');
insert into incidents.shift (id, policy_id, level, schedule_id, member_id, starts_at, ends_at, seen_at)
values ('018f3a6e-0000-7000-8000-000000000151', 'PEP0001', 1, 'PSCHED1', 'PADA001', '2026-11-02T09:00:00Z', '2026-11-09T09:00:00Z', '2026-11-02T10:00:00Z'),
    ('018f3a6e-0000-7000-8000-000000000152', 'PEP0001', 2, '', 'PADA001', '2026-11-02T10:00:00Z', null, '2026-11-02T10:00:00Z');
insert into incidents.override (id, schedule_id, member_id, starts_at, ends_at, reason, seen_at)
values ('POVR001', 'PSCHED1', 'PADA001', '2026-11-03T09:00:00Z', '2026-11-03T17:00:00Z', 'dentist', '2026-11-02T10:00:00Z');
insert into incidents.incident (id, number, title, status, urgency, service_id, policy_id, created_at, source_at, source_id)
values ('Q1AAAAAAAAAAAA', 4711, 'Payments fail', 'triggered', 'high', 'PSVC001', 'PEP0001', '2026-11-02T10:00:00Z', '2026-11-02T10:00:00.123Z', '01EXAMPLE');
insert into incidents.assignee (incident_id, member_id, name, assigned_at)
values ('Q1AAAAAAAAAAAA', 'PADA001', 'Ada Lovelace', '2026-11-02T10:00:00Z');
insert into incidents.responder (incident_id, kind, target, name, state, source_at)
values ('Q1AAAAAAAAAAAA', 'policy', 'PEP0001', 'Payments', 'pending', '2026-11-02T10:05:00Z');
insert into incidents.log (id, incident_id, at, kind, who, member_id)
values ('01EXAMPLE', 'Q1AAAAAAAAAAAA', '2026-11-02T10:00:00.123Z', 'triggered', null, null);
