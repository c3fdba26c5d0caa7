-- What PinConsole does by itself: one row a run, and who may write for a job.
create schema schedule;

-- The newest fencing token of each job. Whoever writes for a job proves in the same transaction that theirs is still the newest.
create table schedule.job (
    job text primary key,
    token bigint not null default 0
);

-- When each job runs, as the replica that looked last understands its configuration; for people to read.
create table schedule.timetable (
    job text primary key,
    expression text not null,
    zone text not null,
    next_at timestamptz,
    announced_by text not null,
    announced_at timestamptz not null default now()
);

create table schedule.tick (
    id uuid primary key,
    job text not null,
    -- For what a person asked for: when they asked.
    scheduled_for timestamptz not null,
    asked_by text,
    argument jsonb,
    token bigint,
    holder text,
    leased_until timestamptz,
    attempts integer not null default 0,
    max_attempts integer not null default 3,
    started_at timestamptz,
    finished_at timestamptz,
    outcome text,
    note text,
    constraint tick_job_key unique (job, scheduled_for)
);
create index tick_unfinished on schedule.tick (job, scheduled_for) where finished_at is null;
create index tick_scheduled on schedule.tick (job, scheduled_for) where asked_by is null;
