-- People, groups and memberships, as the directory last told them.
create schema org;

create table org.person (
    id uuid primary key,
    name text not null,
    ref text not null generated always as ('user:default/' || lower(name)) stored,
    display_name text not null,
    email text,
    title text,
    description text,
    dn text not null,
    disabled boolean not null default false,
    -- A leaver stays as a tombstone, so that history and ownership still resolve.
    left_at timestamptz,
    digest bytea not null,
    updated_at timestamptz not null default now()
);
create unique index person_ref_key on org.person (ref) where left_at is null;
create index person_email on org.person (lower(email)) where left_at is null;

create table org."group" (
    id uuid primary key,
    name text not null,
    ref text not null generated always as ('group:default/' || lower(name)) stored,
    display_name text not null,
    email text,
    kind text not null,
    description text,
    dn text not null,
    left_at timestamptz,
    digest bytea not null,
    -- Of the direct members, so that an unchanged group of five thousand costs one comparison.
    members_digest bytea not null,
    updated_at timestamptz not null default now()
);
create unique index group_ref_key on org."group" (ref) where left_at is null;

create table org.membership (
    group_id uuid not null references org."group",
    person_id uuid not null references org.person,
    primary key (group_id, person_id)
);
create index membership_person on org.membership (person_id);

create table org.nesting (
    parent_id uuid not null references org."group",
    child_id uuid not null references org."group",
    primary key (parent_id, child_id)
);
create index nesting_child on org.nesting (child_id);
