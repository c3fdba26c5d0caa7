-- Who somebody is on each platform, and what they may present to us.
create schema auth;

create table auth.account (
    id uuid primary key,
    person_id uuid not null references org.person,
    platform text not null,
    -- Workspace or organisation; empty where the platform has one space of ids.
    tenant text not null default '',
    external_id text not null,
    proof text not null,
    email text,
    proven_at timestamptz not null default now(),
    constraint account_external_key unique (platform, tenant, external_id)
);
create index account_person on auth.account (person_id);

create table auth.token (
    id uuid primary key,
    person_id uuid not null references org.person,
    digest bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    last_used_at timestamptz,
    -- The request that asked for it, so that a repeat after a crash replaces rather than adds.
    request_id uuid not null,
    constraint token_digest_key unique (digest),
    constraint token_request_key unique (request_id)
);
create index token_person on auth.token (person_id);

-- Requests that act, from before they are acknowledged until they are done.
create table auth.request (
    id uuid primary key,
    platform text not null,
    external_id text not null,
    tenant text not null,
    account text not null,
    command text not null,
    shares boolean not null,
    respond_to text not null,
    received_at timestamptz not null default now(),
    leased_until timestamptz not null,
    attempts integer not null default 1,
    finished_at timestamptz,
    outcome text,
    constraint request_external_key unique (platform, external_id)
);
create index request_unfinished on auth.request (leased_until) where finished_at is null;
