-- Where many messages wait for one destination, one message that lists them goes in their place.
alter table notify.message add column bundle uuid references notify.message on delete set null;
create index message_bundle on notify.message (bundle) where bundle is not null;
create index message_bundled on notify.message (sent_at) where state = 'bundled';

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
        select parent.ts is not null or parent.state in ('passed', 'dead') or parent.state = 'bundled' and coalesce((
            select bundle.ts is not null or bundle.state = 'dead'
            from notify.message bundle where bundle.id = parent.bundle
        ), true)
        from notify.message parent where parent.key = m.thread_of
    ), false) end;
