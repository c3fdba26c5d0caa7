-- The catalog: entities, their relations, what search looks through, and how each source fared.
create extension if not exists pg_trgm with schema public;
create schema catalog;

create table catalog.entity (
    ref text primary key,
    kind text not null,
    namespace text not null,
    name text not null,
    title text,
    description text,
    type text,
    lifecycle text,
    owner text,
    document jsonb not null,
    source text not null,
    location text not null,
    line integer not null,
    digest bytea not null,
    -- Since when its source no longer has it.
    orphaned_at timestamptz,
    updated_at timestamptz not null default now()
);
create index entity_owner on catalog.entity (owner);

-- Both directions of a pair are rows, so one look-up by source finds all relations of an entity.
create table catalog.relation (
    source text not null,
    type text not null,
    target text not null,
    origin text not null references catalog.entity on delete cascade,
    primary key (source, type, target, origin)
);
create index relation_origin on catalog.relation (origin);

create table catalog.problem (
    source text not null,
    file text not null,
    line integer,
    reason text not null,
    seen_at timestamptz not null default now()
);
create index problem_source on catalog.problem (source);

-- What search looks through: one row a field, folded to lower case without accents.
create table catalog.term (
    ref text not null,
    field text not null,
    value text not null,
    folded text not null,
    weight smallint not null,
    primary key (ref, field, folded)
);
create index term_folded_trgm on catalog.term using gin (folded public.gin_trgm_ops);
create index term_folded on catalog.term (folded text_pattern_ops);

-- How each reading of a source ended.
create table catalog.run (
    id uuid primary key,
    source text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    outcome text not null,
    summary text not null,
    plan text not null default '',
    changes integer not null default 0,
    accepted_by text
);
create index run_source on catalog.run (source, started_at desc);

-- Everything that has a reference, people and groups included.
create view catalog.subject as
    select ref, kind, name, coalesce(title, name) as title, description, type, owner, orphaned_at
    from catalog.entity
    where kind not in ('User', 'Group') or namespace <> 'default'
    union all
    select ref, 'User', name, display_name, title, null, null, null from org.person where left_at is null
    union all
    select ref, 'Group', name, display_name, description, kind, null, null from org."group" where left_at is null;
