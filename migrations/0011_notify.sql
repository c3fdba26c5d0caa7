-- What is sent to people. A row is a message in the state that it should have; senders make it so.
create schema notify;

create table notify.message (
    id uuid primary key,
    key text not null,
    -- 0 page, 1 update, 2 digest: sent in this order.
    lane smallint not null,
    -- Where it goes now, and every way in order: where one fails for good, the next is tried.
    destination text not null,
    ways text[] not null,
    way integer not null default 1,
    -- Why earlier ways failed.
    detour text,
    -- Key of the message that it answers.
    thread_of text,
    -- The message of which this is one recipient's copy.
    copy_of uuid references notify.message on delete cascade,
    card jsonb not null,
    format integer not null,
    revision integer not null default 1,
    sent_revision integer not null default 0,
    -- Where it was posted.
    channel text,
    ts text,
    state text not null default 'waiting',
    attempts integer not null default 0,
    next_at timestamptz not null default now(),
    -- Since when it may have been posted without our knowing.
    unsure_since timestamptz,
    -- How often it was or may have been posted twice.
    unsettled integer not null default 0,
    -- Whether it was posted anew because somebody took it away.
    reposted boolean not null default false,
    -- Whether it tells of messages that nobody got; when nobody gets it either, nothing more is said.
    about_delivery boolean not null default false,
    error text,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '24 hours',
    sent_at timestamptz,
    constraint message_key unique (key)
);
create index message_waiting on notify.message (lane, created_at, id) where state = 'waiting';
create index message_next on notify.message (destination, lane, created_at, id) where state = 'waiting';
create index message_dead on notify.message (created_at) where state = 'dead';
create index message_sent on notify.message (sent_at) where state in ('sent', 'passed');
create index message_copy on notify.message (copy_of) where copy_of is not null;

-- When the next call may be made: one row a destination (with its lease), one row a method of the platform.
create table notify.pace (
    name text primary key,
    next_at timestamptz not null default 'epoch',
    leased_until timestamptz not null default 'epoch',
    -- Counts the leases, so that a holder knows whether it still is one.
    token bigint not null default 0,
    -- Failures since the last success.
    failures integer not null default 0
);

-- Messages that can be sent as far as they themselves are concerned. Subqueries rather than joins: each is one look at an
-- index, whatever the planner believes of tables whose size changes from minute to minute.
create view notify.due as
select m.id, m.destination, m.lane, m.created_at, m.format,
    greatest(m.next_at, case
        when m.ts is null then (select next_at from notify.pace where name = 'method:chat.postMessage')
        else (select next_at from notify.pace where name = 'method:chat.update')
    end) as due_at
from notify.message m
where m.state = 'waiting'
    -- An answer waits for what it answers.
    and case when m.thread_of is null then true else coalesce((
        select parent.ts is not null or parent.state in ('passed', 'dead')
        from notify.message parent where parent.key = m.thread_of
    ), false) end;
