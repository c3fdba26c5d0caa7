-- Who did what, by which rule, and who was refused: rows are only ever added, and each holds the hash of the one before.
create schema audit;

create table audit.entry (
    number bigint primary key,
    -- Number of the encoding that the hash is made over.
    format smallint not null,
    at timestamptz not null,
    kind text not null,
    -- The directory's id, without a reference: what happened outlasts whoever did it. None for an operator or the program.
    who_id uuid,
    -- The name at the time.
    who text not null,
    action text not null,
    resource text not null,
    rule text not null,
    request_id uuid,
    -- Of an outcome: the intent that it belongs to.
    intent bigint,
    outcome text,
    detail jsonb not null,
    previous bytea not null,
    hash bytea not null,
    -- No two rows follow the same one, so there is one chain whoever writes.
    constraint entry_previous_key unique (previous),
    constraint entry_intent_fkey foreign key (intent) references audit.entry
);
create unique index entry_outcome_key on audit.entry (intent) where intent is not null;
create index entry_at on audit.entry (at);
create index entry_who on audit.entry (lower(who), number);
create index entry_request on audit.entry (request_id) where request_id is not null;

create function audit.refuse() returns trigger language plpgsql as $$
begin
    raise exception 'audit.entry is only ever added to';
end
$$;

create trigger kept before update or delete or truncate on audit.entry
    for each statement execute function audit.refuse();
