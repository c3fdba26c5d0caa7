-- Events that others sent us, each kept as it was signed before it is acknowledged.
create schema inbox;

create table inbox.delivery (
    id uuid primary key,
    source text not null,
    -- The sender's own id of it: a repeat has the same one.
    external_id text not null,
    event text not null,
    action text,
    -- What it is about; events of one subject are applied in order.
    subject text,
    received_at timestamptz not null,
    state text not null default 'pending'
        constraint delivery_state_check check (state in ('pending', 'applied', 'ignored', 'unparsed', 'dead')),
    content_type text not null,
    -- Those that matter; never all of them, since some senders put secrets there.
    headers jsonb not null default '{}',
    size integer not null,
    attempts integer not null default 0,
    leased_until timestamptz,
    error text,
    constraint delivery_external_key unique (source, external_id)
);
-- What still needs somebody, and when it came.
create index delivery_open on inbox.delivery (source, state, received_at) where state in ('pending', 'unparsed', 'dead');
-- Rows come in the order of this column, so that a few bytes a megabyte are index enough.
create index delivery_received on inbox.delivery using brin (received_at) with (autosummarize = on);

-- The bytes, by month, so that old ones go in one piece. No foreign key: both rows are written by one statement.
create table inbox.body (
    delivery_id uuid not null,
    received_at timestamptz not null,
    body bytea not null,
    constraint body_pkey primary key (delivery_id, received_at)
) partition by range (received_at);
do $$
begin
    alter table inbox.body alter column body set compression lz4;
exception
    -- A server that was built without lz4 compresses in its own way.
    when feature_not_supported then null;
end
$$;
-- Takes what has no month yet, so that no event is refused for want of a partition.
create table inbox.body_default partition of inbox.body default;

-- Makes room for a month, and moves there what had to go elsewhere; false where it was there.
create function inbox.add_month(month date) returns boolean language plpgsql as $$
declare
    name text := 'body_' || to_char(month, 'YYYY_MM');
    first timestamptz := month::timestamp at time zone 'UTC';
    next timestamptz := (month + interval '1 month')::timestamp at time zone 'UTC';
begin
    if to_regclass('inbox.' || name) is not null then
        return false;
    end if;
    -- One replica at a time, which then sees what the other did; and nobody who writes waits long for us.
    perform set_config('lock_timeout', '2s', true);
    -- First the whole, then its part, as whoever writes does.
    lock table only inbox.body in share update exclusive mode;
    lock table inbox.body_default in access exclusive mode;
    if to_regclass('inbox.' || name) is not null then
        return false;
    end if;
    execute format('create table inbox.%I (like inbox.body including all)', name);
    execute format(
        'with moved as (delete from inbox.body_default where received_at >= %L and received_at < %L returning *)
         insert into inbox.%I select * from moved', first, next, name);
    execute format('alter table inbox.body attach partition inbox.%I for values from (%L) to (%L)', name, first, next);
    return true;
end
$$;

-- Drops the months before this one; how many went.
create function inbox.drop_months(before date) returns integer language plpgsql as $$
declare
    name text;
    dropped integer := 0;
begin
    perform set_config('lock_timeout', '2s', true);
    for name in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'inbox.body'::regclass and c.relname ~ '^body_\d{4}_\d{2}$'
            and c.relname < 'body_' || to_char(before, 'YYYY_MM')
    loop
        lock table only inbox.body in access exclusive mode;
        execute format('drop table if exists inbox.%I', name);
        dropped := dropped + 1;
    end loop;
    delete from inbox.body_default where received_at < before::timestamp at time zone 'UTC';
    return dropped;
end
$$;
