insert into org.person (id, name, display_name, email, title, description, dn, disabled, left_at, digest) values
    ('00000000-0000-0000-0000-000000000001', 'ada', 'Ada Lindqvist', 'ada@pinconsole.example', 'Staff engineer', null,
     'uid=ada,ou=people,dc=pinconsole,dc=example', false, null, '\x01'),
    ('00000000-0000-0000-0000-000000000002', 'grace', 'Grace Okafor', null, null, 'On leave',
     'uid=grace,ou=people,dc=pinconsole,dc=example', true, null, '\x02'),
    -- A leaver, and whoever got the name after them.
    ('00000000-0000-0000-0000-000000000003', 'linus', 'Linus Alt', 'linus@pinconsole.example', null, null,
     'uid=linus,ou=people,dc=pinconsole,dc=example', true, '2025-11-30 12:00+00', '\x03'),
    ('00000000-0000-0000-0000-000000000004', 'linus', 'Linus Meyer', 'linus@pinconsole.example', null, null,
     'uid=linus,ou=people,dc=pinconsole,dc=example', false, null, '\x04');

insert into org."group" (id, name, display_name, email, kind, description, dn, left_at, digest, members_digest) values
    ('00000000-0000-0000-0000-000000000011', 'commerce', 'Commerce', null, 'department', null,
     'cn=commerce,ou=groups,dc=pinconsole,dc=example', null, '\x11', '\x11'),
    ('00000000-0000-0000-0000-000000000012', 'payments', 'Payments', 'payments@pinconsole.example', 'team', 'Moves money',
     'cn=payments,ou=groups,dc=pinconsole,dc=example', null, '\x12', '\x12'),
    ('00000000-0000-0000-0000-000000000013', 'faxes', 'Faxes', null, 'team', null,
     'cn=faxes,ou=groups,dc=pinconsole,dc=example', '2025-11-30 12:00+00', '\x13', '\x13');

insert into org.membership (group_id, person_id) values
    ('00000000-0000-0000-0000-000000000012', '00000000-0000-0000-0000-000000000001');

-- A cycle, as directories have them.
insert into org.nesting (parent_id, child_id) values
    ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000012'),
    ('00000000-0000-0000-0000-000000000012', '00000000-0000-0000-0000-000000000011');
