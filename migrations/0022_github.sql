-- What GitHub tells: every open pull request, and who must act on it. Ids are GitHub's own and never change; logins and the names of
-- repositories and teams do. `source_at` is the moment, by GitHub's clock, that a row is true for: what is older never takes the
-- place of what is newer. No foreign keys between them: events come in any order, and name what we were not told of yet.
create schema github;

-- People, bots and organisations. Whose account it is lies in auth.account.
create table github.actor (
    id bigint primary key,
    login text not null,
    -- GitHub's word: User, Bot, Organization, Mannequin, or one that it adds.
    kind text not null,
    source_at timestamptz not null
);
create index actor_login on github.actor (lower(login));

create table github.repository (
    id bigint primary key,
    -- owner/name, as GitHub spells it.
    name text not null,
    node_id text,
    default_branch text,
    url text,
    private boolean not null default false,
    archived boolean not null default false,
    -- The installation through which it can be read.
    installation_id bigint,
    source_at timestamptz not null,
    gone_at timestamptz
);
create index repository_name on github.repository (lower(name));

create table github.team (
    id bigint primary key,
    organization text not null,
    slug text not null,
    name text not null,
    source_at timestamptz not null,
    gone_at timestamptz
);
create index team_slug on github.team (lower(organization), lower(slug));

create table github.team_member (
    team_id bigint not null,
    actor_id bigint not null,
    source_at timestamptz not null,
    gone_at timestamptz,
    primary key (team_id, actor_id)
);
create index team_member_actor on github.team_member (actor_id);

create table github.pull_request (
    id bigint primary key,
    repository_id bigint not null,
    number integer not null,
    node_id text,
    title text not null,
    url text,
    -- Nobody where the account was deleted.
    author_id bigint,
    state text not null constraint pull_request_state_check check (state in ('open', 'closed', 'merged')),
    draft boolean not null default false,
    head_sha text not null,
    head_ref text not null default '',
    base_ref text not null,
    -- The commit that it became.
    merge_sha text,
    merged_by bigint,
    created_at timestamptz not null,
    closed_at timestamptz,
    -- Unknown where nothing told.
    additions integer,
    deletions integer,
    files integer,
    labels text[] not null default '{}',
    auto_merge boolean not null default false,
    -- Since when it waits in the merge queue.
    queued_at timestamptz,
    -- What GitHub works out only when it is asked: whether it conflicts, how many approvals it needs, its decision. `asked_for` is the
    -- head that was asked about; `stale_at` says since when it must be asked again.
    mergeable text not null default 'unknown'
        constraint pull_request_mergeable_check check (mergeable in ('mergeable', 'conflicting', 'unknown')),
    -- GitHub's words, such as BEHIND and REVIEW_REQUIRED.
    merge_state text,
    decision text,
    approvals_needed integer,
    asked_for text,
    stale_at timestamptz default now(),
    -- When anybody did anything about it last.
    active_at timestamptz not null,
    source_at timestamptz not null,
    -- Counts the changes that we saw, so that a button knows what was drawn.
    revision bigint not null default 1,
    -- The moment that each part is from: several events share a second, and each tells for certain only what it is about.
    told jsonb not null default '{}'
);
create index pull_request_number on github.pull_request (repository_id, number);
create index pull_request_open on github.pull_request (active_at desc) where state = 'open';
create index pull_request_author on github.pull_request (author_id, created_at desc);
create index pull_request_head on github.pull_request (head_sha);
create index pull_request_merged on github.pull_request (repository_id, closed_at desc) where state = 'merged';
create index pull_request_base on github.pull_request (repository_id, base_ref) where state = 'open';
create index pull_request_stale on github.pull_request (stale_at) where state = 'open' and stale_at is not null;

-- Who is asked to review it now; whoever was and is no longer stays, so that an older event does not ask them anew.
create table github.review_request (
    pull_request_id bigint not null,
    kind text not null constraint review_request_kind_check check (kind in ('actor', 'team')),
    target bigint not null,
    requested_by bigint,
    requested_at timestamptz not null,
    -- Whether they had reviewed it before.
    again boolean not null default false,
    source_at timestamptz not null,
    gone_at timestamptz,
    primary key (pull_request_id, kind, target)
);
create index review_request_target on github.review_request (kind, target) where gone_at is null;

create table github.review (
    id bigint primary key,
    pull_request_id bigint not null,
    -- Nobody where the account was deleted.
    actor_id bigint,
    state text not null constraint review_state_check check (state in ('approved', 'changes_requested', 'commented', 'dismissed')),
    sha text,
    url text,
    submitted_at timestamptz not null,
    source_at timestamptz not null
);
create index review_pull_request on github.review (pull_request_id, submitted_at);

-- What was found out about a commit: check runs, and statuses of the older kind.
create table github.check_result (
    repository_id bigint not null,
    sha text not null,
    kind text not null constraint check_result_kind_check check (kind in ('run', 'status')),
    -- Name of the run, or context of the status; a run of the same name replaces the one before.
    name text not null,
    state text not null constraint check_result_state_check check (state in ('pending', 'success', 'failure', 'neutral')),
    url text,
    -- GitHub's id of the run; of two at one moment the greater counts.
    external_id bigint not null default 0,
    source_at timestamptz not null,
    primary key (repository_id, sha, kind, name)
);
create index check_result_source on github.check_result (source_at);

-- What people did and said about a pull request, one row an act; comments by excerpt.
create table github.activity (
    -- Such as comment:1 or merged:<pull request>:<time>.
    id text primary key,
    -- 0 as long as its pull request is not known; then it waits under these.
    pull_request_id bigint not null,
    repository_id bigint,
    number integer,
    at timestamptz not null,
    kind text not null,
    actor_id bigint,
    text text not null default '',
    url text,
    -- Since when it reads so.
    source_at timestamptz not null default now()
);
create index activity_early on github.activity (repository_id, number) where pull_request_id = 0;
create index activity_pull_request on github.activity (pull_request_id, at, id);
create index activity_actor on github.activity (actor_id, at);

-- What went into which branch, and what was deployed: kept for whoever asks where a commit is.
create table github.push (
    id uuid primary key,
    repository_id bigint not null,
    ref text not null,
    before text not null,
    after text not null,
    forced boolean not null default false,
    actor_id bigint,
    at timestamptz not null
);
create index push_ref on github.push (repository_id, ref, at desc);

create table github.deployment (
    id bigint primary key,
    repository_id bigint not null,
    sha text not null,
    ref text,
    environment text not null,
    -- GitHub's word, such as in_progress; pending until a status tells.
    state text not null,
    -- The status that told it; of two at one moment the greater counts.
    status_id bigint not null default 0,
    url text,
    actor_id bigint,
    created_at timestamptz not null,
    source_at timestamptz not null
);
create index deployment_sha on github.deployment (repository_id, sha);

-- Which groups say that this is their team.
create index entity_github_team on catalog.entity (lower(document #>> '{metadata,annotations,github.com/team-slug}'))
    where document #>> '{metadata,annotations,github.com/team-slug}' is not null;

-- Whose login it is, in whichever case the directory writes it.
create index account_github on auth.account (lower(external_id)) where platform = 'github';
