-- What each person wants to be told directly.
create schema preferences;

-- Kinds of messages about which somebody said something. What they said nothing about reaches them directly.
create table preferences.choice (
    person_id uuid not null references org.person,
    kind text not null,
    -- 'direct' or 'off'.
    way text not null,
    chosen_at timestamptz not null default now(),
    primary key (person_id, kind)
);

-- What kind of message it is; nothing for what an older program put, which is never declined.
alter table notify.message add column kind text;
create index message_declined on notify.message (sent_at) where state = 'declined';
-- What somebody was told last.
create index message_told on notify.message (destination, created_at) where ts is not null and destination like 'person:%';

create or replace view notify.due as
select m.id, m.destination, m.lane, m.created_at, m.format,
    greatest(m.next_at, case
        when m.ts is null then (select next_at from notify.pace where name = 'method:chat.postMessage')
        else (select next_at from notify.pace where name = 'method:chat.update')
    end) as due_at
from notify.message m
where m.state = 'waiting'
    -- An answer waits for what it answers, or for the message that lists it.
    and case when m.thread_of is null then true else coalesce((
        select parent.ts is not null or parent.state in ('passed', 'declined', 'dead') or parent.state = 'bundled' and coalesce((
            select bundle.ts is not null or bundle.state in ('declined', 'dead')
            from notify.message bundle where bundle.id = parent.bundle
        ), true)
        from notify.message parent where parent.key = m.thread_of
    ), false) end;
