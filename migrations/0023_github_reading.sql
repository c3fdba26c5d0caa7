-- What reading GitHub remembers from one reading to the next.

-- How each part of it fares.
create table github.reading (
    part text primary key,
    begun_at timestamptz not null default now(),
    tried_at timestamptz not null,
    -- When it was last read whole, and the same moment by GitHub's clock.
    read_at timestamptz,
    moment timestamptz,
    failures integer not null default 0,
    error text
);

-- Where the app is installed.
create table github.installation (
    id bigint primary key,
    login text not null,
    -- Whether it is an organization, which has teams, rather than somebody's own account.
    organization boolean not null,
    suspended boolean not null default false
);

-- Marks of the pages of a list, by which GitHub says that nothing changed.
create table github.page_mark (
    -- Such as repositories:<installation>.
    list text primary key,
    etags text[] not null,
    read_at timestamptz not null default now()
);

-- Which state of a pull request was read last: GitHub's own time of its last change.
create table github.pull_request_read (
    pull_request_id bigint primary key,
    updated_at timestamptz not null,
    -- When GitHub was last asked whether it conflicts.
    asked_at timestamptz,
    read_at timestamptz not null default now()
);
create index pull_request_read_at on github.pull_request_read (read_at);

-- Events that did not reach us, which GitHub was asked to send again.
create table github.redelivery (
    -- GitHub's id of the event, which is the same each time.
    guid text primary key,
    event text not null,
    -- When it was sent first.
    failed_at timestamptz not null,
    times integer not null default 0,
    next_at timestamptz not null default now()
);
create index redelivery_failed on github.redelivery (failed_at);
