-- What the questions about who is on call look through, and which turns people were told of.

-- Where the source of an entity is: what its annotation says, else the place of its file. The repository as `owner/name` in small
-- letters, and the folder within it with a slash at its end; nothing where the place does not tell.
create function catalog.source_place(document jsonb, location text) returns text immutable parallel safe language sql as $$
    select coalesce(document #>> '{metadata,annotations,backstage.io/source-location}', location)
$$;
create function catalog.source_repository(document jsonb, location text) returns text immutable parallel safe language sql as $$
    select lower(coalesce(
        substring(catalog.source_place(document, location) from '^url:https?://[^/]+/([^/]+/[^/?#]+)'),
        document #>> '{metadata,annotations,github.com/project-slug}'))
$$;
create function catalog.source_folder(document jsonb, location text) returns text immutable parallel safe language sql as $$
    select case
        when place ~ '^url:https?://[^/]+/[^/]+/[^/]+/?$' then ''
        when place ~ '^url:' then substring(substring(place from '^url:https?://[^/]+/[^/]+/[^/]+/(?:-/)?(?:tree|blob|edit|raw)/[^/]+/?(.*)$')
            from '^((?:.*/)?)[^/]*$')
        when place ~ '^(file|dir):' then substring(regexp_replace(place, '^(file|dir):(\./)?', '') from '^((?:.*/)?)[^/]*$')
    end from (select catalog.source_place(document, location) as place) as it
$$;
create index entity_source_folder on catalog.entity (catalog.source_folder(document, location));
create index entity_source_repository on catalog.entity
    (catalog.source_repository(document, location), catalog.source_folder(document, location));
create index entity_project_slug on catalog.entity (lower(document #>> '{metadata,annotations,github.com/project-slug}'))
    where document #>> '{metadata,annotations,github.com/project-slug}' is not null;

create index shift_starts on incidents.shift (starts_at);
create index shift_seen on incidents.shift (seen_at);

-- Turns whose begin people were told of, each once whatever the number of replicas.
create table incidents.handover (
    policy_id text not null,
    level smallint not null,
    schedule_id text not null,
    member_id text not null,
    starts_at timestamptz not null,
    told_at timestamptz not null default now(),
    primary key (policy_id, level, schedule_id, member_id, starts_at)
);
create index handover_told on incidents.handover (told_at);
