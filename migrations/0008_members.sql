-- What a replica need not ask a chat platform again.

-- Which workspace a bot's token belongs to, so that a replica that starts while the platform is away knows its own.
create table auth.home (
    platform text not null,
    -- Of the token, which itself is never stored.
    digest bytea not null,
    tenant text not null,
    known_at timestamptz not null default now(),
    primary key (platform, digest)
);

-- What the platform lately said of somebody whom we do not know.
create table auth.stranger (
    platform text not null,
    tenant text not null,
    external_id text not null,
    standing text not null,
    -- The address that the platform verified.
    email text,
    seen_at timestamptz not null default now(),
    primary key (platform, tenant, external_id)
);
create index stranger_seen on auth.stranger (seen_at);
