insert into incidents.member (id, name, email, time_zone, source_at) values
    ('PADA', 'Ada Lindqvist', 'ada.pd@pinconsole.example', 'Europe/Berlin', now()),
    ('PGRACE', 'Grace Okafor', 'grace.pd@pinconsole.example', 'Europe/Berlin', now());
insert into auth.account (id, person_id, platform, tenant, external_id, proof)
select gen_random_uuid(), id, 'pagerduty', '', case name when 'ada' then 'PADA' else 'PGRACE' end, 'directory attribute'
from org.person where name in ('ada', 'grace');
insert into incidents.policy (id, name, source_at) values ('PEP1', 'Payments', now());
insert into incidents.level (policy_id, level, position, kind, target, delay_minutes) values
    ('PEP1', 1, 0, 'schedule', 'PSCHED1', 30), ('PEP1', 2, 1, 'member', 'PGRACE', 30);
insert into incidents.schedule (id, name, time_zone, source_at) values ('PSCHED1', 'Payments primary', 'Europe/Berlin', now());
insert into incidents.service (id, name, status, policy_id, source_at)
values ('PMM6KG3', 'payments-api', 'active', 'PEP1', now() - interval '1 day');
insert into incidents.shift (id, policy_id, level, schedule_id, member_id, starts_at, ends_at, seen_at) values
    (gen_random_uuid(), 'PEP1', 1, 'PSCHED1', 'PADA', now() - interval '1 day', now() + interval '20 days', now()),
    (gen_random_uuid(), 'PEP1', 2, '', 'PGRACE', now() - interval '1 day', null, now());
update catalog.entity set document =
    jsonb_set(document, '{metadata,annotations,pagerduty.com/integration-key}', '"0123456789abcdef0123456789abcdef"')
where ref = 'component:default/payments-api';
