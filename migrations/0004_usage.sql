-- Every command's use, for figures later.
create schema usage;

create table usage.command (
    id uuid primary key,
    at timestamptz not null,
    person_id uuid,
    platform text not null,
    command text not null,
    duration_ms integer not null,
    results integer,
    outcome text not null
);
create index command_at on usage.command (at);
