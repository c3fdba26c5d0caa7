-- What channels asked to be told of pull requests.
create table github.subscription (
    id uuid primary key,
    platform text not null,
    channel text not null,
    -- What people called the channel then, where the platform said so.
    channel_name text,
    kind text not null constraint subscription_kind_check check (kind in ('repository', 'entity', 'team')),
    -- GitHub's id of the repository, which stays when it is renamed; else the reference of the entity or group, which the catalog ties to
    -- repositories.
    target text not null,
    -- Which events, and which pull requests.
    wanted jsonb not null,
    made_by uuid not null references org.person,
    made_at timestamptz not null default now(),
    -- Since when the channel takes no messages, and what it said.
    paused_at timestamptz,
    paused_why text,
    constraint subscription_target_key unique (kind, target, platform, channel)
);
create index subscription_channel on github.subscription (platform, channel);

-- Which messages show which pull requests in which channels, one each.
create table github.channel_post (
    -- Key of the message.
    key text primary key,
    pull_request_id bigint not null,
    platform text not null,
    channel text not null,
    -- How many answers it has, and what the last one says.
    answers integer not null default 0,
    said jsonb,
    -- Whether the channel takes no messages, so that it is left as it is.
    closed boolean not null default false,
    told_at timestamptz not null default now()
);
create index channel_post_pull_request on github.channel_post (pull_request_id);
create index channel_post_channel on github.channel_post (platform, channel);

-- Where a request was asked: the channel, and what people call it.
alter table auth.request add column place text;
