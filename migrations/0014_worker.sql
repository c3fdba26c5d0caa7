-- Events are applied: when each may be tried, under whose lease, and when it happened by its sender's clock.
alter table inbox.delivery
    -- An older event never overwrites what a newer one said.
    add column source_at timestamptz,
    -- Not tried before; those that came in lately come first.
    add column due_at timestamptz not null default 'epoch',
    -- Which lease, retry or replay of it this is: whoever holds an older one may no longer write.
    add column token bigint not null default 0;
create index delivery_due on inbox.delivery (source, due_at, id) where state = 'pending';
-- What comes first of a subject.
create index delivery_subject on inbox.delivery (source, subject, id) where state = 'pending' and subject is not null;
-- Whether a feed lives: what PagerDuty sent by itself, and its answers to our asking.
create index delivery_pagerduty on inbox.delivery (received_at) where source = 'pagerduty' and event not like 'poll.%';
create index delivery_ping on inbox.delivery (source, received_at) where event = 'pagey.ping';
-- Each event leaves two old rows behind; a table of millions must not wait for a fifth of it to be old.
alter table inbox.delivery set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);
