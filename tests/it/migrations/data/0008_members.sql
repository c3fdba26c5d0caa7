insert into auth.home (platform, digest, tenant) values ('slack', '\x42', 'T0');

insert into auth.stranger (platform, tenant, external_id, standing, email) values
    ('slack', 'T0', 'U0GUEST', 'guest', 'gus@agency.example'),
    ('slack', 'T0', 'U0NEW', 'member', 'nora@pinconsole.example');
