insert into incidents.handover (policy_id, level, schedule_id, member_id, starts_at)
values ('PEP0001', 1, 'PSCHED1', 'PADA001', '2026-11-02T09:00:00Z');
