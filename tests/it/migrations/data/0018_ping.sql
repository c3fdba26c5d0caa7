insert into incidents.place (name, pings) values ('slack:#payments', 1);
insert into incidents.ping (key, incident_id, place, service_id, policy_id, urgent)
values ('incident/Q1AAAAAAAAAAAA', 'Q1AAAAAAAAAAAA', 'slack:#payments', 'PSVC001', 'PEP0001', true);
insert into incidents.ping (key, incident_id, place, member_id, service_id, policy_id, urgent)
values ('incident/Q1AAAAAAAAAAAA/asked/PADA001', 'Q1AAAAAAAAAAAA', 'member:PADA001', 'PADA001', 'PSVC001', 'PEP0001', true);
insert into incidents.pinged (incident_id, key)
values ('Q1AAAAAAAAAAAA', 'incident/Q1AAAAAAAAAAAA'), ('Q1AAAAAAAAAAAA', 'incident/Q1AAAAAAAAAAAA/asked/PADA001');
insert into incidents.sign (place, sign, key) values ('slack:#payments', 'title:sample', 'incident/Q1AAAAAAAAAAAA');
