insert into catalog.entity
    (ref, kind, namespace, name, title, description, type, lifecycle, owner, document, source, location, line, digest, orphaned_at)
values
    ('component:default/payments-api', 'Component', 'default', 'payments-api', 'Payments API', 'Takes card payments',
     'service', 'production', 'group:default/payments',
     '{"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"namespace": "default", "name": "payments-api"},
       "spec": {"type": "service", "lifecycle": "production", "owner": "payments"}}',
     'files', 'file:catalog/payments.yaml', 1, '\x01', null),
    ('resource:default/ledger-db', 'Resource', 'default', 'ledger-db', null, null, 'database', null, null,
     '{"apiVersion": "backstage.io/v1alpha1", "kind": "Resource", "metadata": {"namespace": "default", "name": "ledger-db"},
       "spec": {"type": "database", "owner": "payments"}}',
     'files', 'file:catalog/ledger.yaml', 12, '\x02', '2025-12-24 06:00+00');

insert into catalog.relation (source, type, target, origin) values
    ('component:default/payments-api', 'ownedBy', 'group:default/payments', 'component:default/payments-api'),
    ('group:default/payments', 'ownerOf', 'component:default/payments-api', 'component:default/payments-api');

insert into catalog.problem (source, file, line, reason) values
    ('files', 'catalog/broken.yaml', 3, 'metadata.name is missing'),
    ('files', 'catalog/gone', null, 'no such folder');

insert into catalog.term (ref, field, value, folded, weight) values
    ('component:default/payments-api', 'name', 'payments-api', 'payments-api', 100),
    ('user:default/ada', 'display name', 'Ada Lindqvist', 'ada lindqvist', 90);

insert into catalog.run (id, source, started_at, finished_at, outcome, summary, plan, changes, accepted_by) values
    ('00000000-0000-0000-0000-000000000021', 'files', '2026-01-01 06:00+00', '2026-01-01 06:01+00', 'applied',
     'Read 1 entity.', '+ component:default/payments-api', 1, null),
    ('00000000-0000-0000-0000-000000000022', 'ldap', '2026-01-01 07:00+00', '2026-01-01 07:01+00', 'applied',
     'Read 3 people, 2 groups and 1 memberships.', '', 5, 'root at the terminal');
