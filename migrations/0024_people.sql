-- When people work and rest, where else than directly they are told, and accounts that are proven by signing in.

-- When each person works and rests. What is null is as the organisation has it.
create table preferences.rhythm (
    person_id uuid primary key references org.person,
    -- IANA name.
    zone text,
    -- Such as 09:00-17:30.
    work_hours text,
    -- Such as mon-fri.
    work_days text,
    -- 'off', 'outside-work', or hours.
    quiet text,
    chosen_at timestamptz not null default now()
);

-- The zone in which a platform says that somebody is.
create table preferences.seen_zone (
    person_id uuid not null references org.person,
    platform text not null,
    zone text not null,
    seen_at timestamptz not null default now(),
    primary key (person_id, platform)
);

-- Repositories of which somebody wants to hear nothing that does not ask them by name; GitHub's ids.
create table preferences.mute (
    person_id uuid not null references org.person,
    repository_id bigint not null,
    chosen_at timestamptz not null default now(),
    primary key (person_id, repository_id)
);

-- Entity name, in lower case, of the team whose channel is told instead, where the way is 'channel'.
alter table preferences.choice add column team text;

-- Until when it waits for the end of somebody's quiet hours, where its state is 'held'.
alter table notify.message add column held_until timestamptz;
create index message_held on notify.message (held_until) where state = 'held';
-- Whom it is for, where they chose to be told in a channel; and what it is there, so that it is there once.
alter table notify.message add column meant_for uuid;
alter table notify.message add column shared_as text;
create unique index message_shared on notify.message (shared_as) where shared_as is not null;

-- What people call an account whose id says nothing: a login of GitHub's.
alter table auth.account add column label text;

-- Somebody was sent to another platform to sign in there, and may come back once.
create table auth.linking (
    -- SHA-256 of what they bring back.
    digest bytea primary key,
    person_id uuid not null references org.person,
    platform text not null,
    -- What proves to the platform that who fetches the token is who sent them (RFC 7636).
    verifier text not null,
    request_id uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index linking_expires on auth.linking (expires_at);

-- Which people say, in the catalog, that this is their login.
create index entity_github_login on catalog.entity (lower(document #>> '{metadata,annotations,github.com/user-login}'))
    where document #>> '{metadata,annotations,github.com/user-login}' is not null;

-- Whose each account of GitHub's is: whoever signed in with it, by GitHub's own id, which stays when it is renamed; else whoever an
-- administrator, the directory or the catalog names by its login. Whoever signed in has no login besides; of two accounts that had the same
-- login, the one has it that had it last; and a login that two people of the catalog claim is nobody's.
create view github.owner as
select g.id as actor_id, coalesce(
    (
        select a.person_id from auth.account a
        where a.platform = 'github' and a.tenant = 'id' and a.external_id = g.id::text
    ),
    (
        select a.person_id from auth.account a
        where a.platform = 'github' and a.tenant = '' and lower(a.external_id) = lower(g.login)
            and not exists (
                select from auth.account own where own.person_id = a.person_id and own.platform = 'github' and own.tenant = 'id'
            )
            and not exists (
                select from github.actor later where lower(later.login) = lower(g.login)
                    and (later.source_at, later.id) > (g.source_at, g.id)
            )
        order by a.proof <> 'administrator', a.proven_at desc limit 1
    ),
    (
        select min(p.id::text)::uuid from catalog.entity e
        join org.person p on p.ref = e.ref and p.left_at is null
        where lower(e.document #>> '{metadata,annotations,github.com/user-login}') = lower(g.login)
            and e.document #>> '{metadata,annotations,github.com/user-login}' is not null
            and e.orphaned_at is null
            and not exists (select from auth.account own where own.person_id = p.id and own.platform = 'github')
            and not exists (
                select from github.actor later where lower(later.login) = lower(g.login)
                    and (later.source_at, later.id) > (g.source_at, g.id)
            )
        having count(*) = 1
    )
) as person_id
from github.actor g;

-- Which team is which group is told on the group's card, which is kept as long as nothing changed. Most of what events tell of teams says
-- what was known.
create function github.teams_changed() returns trigger language plpgsql as $$
begin
    update catalog.generation set number = number + 1 where area = 'catalog';
    return null;
end
$$;
create trigger came_or_went after insert or delete on github.team for each row execute function github.teams_changed();
create trigger changed after update on github.team for each row
    when ((old.organization, old.slug, old.name, old.gone_at) is distinct from (new.organization, new.slug, new.name, new.gone_at))
    execute function github.teams_changed();
create trigger came_or_went after insert or delete on github.team_member for each row execute function github.teams_changed();
create trigger changed after update on github.team_member for each row
    when (old.gone_at is distinct from new.gone_at) execute function github.teams_changed();
create trigger renamed after update on github.actor for each row when (old.login is distinct from new.login)
    execute function github.teams_changed();

-- Which team of GitHub's is which group, as the group's annotation says, or because they are called the same; a group whose annotation names
-- another team is not tied by its name, nor a team that an annotation names.
create view github.named_tie as
with annotated as (
    select t.id as team_id, g.id as group_id
    from catalog.entity e
    join org."group" g on g.ref = e.ref and g.left_at is null
    join github.team t on t.gone_at is null and lower(e.document #>> '{metadata,annotations,github.com/team-slug}')
        in (lower(t.slug), lower(t.organization) || '/' || lower(t.slug))
    where e.document #>> '{metadata,annotations,github.com/team-slug}' is not null and e.orphaned_at is null
)
select team_id, group_id, 'annotation' as how from annotated
union all
select t.id, g.id, 'name'
from github.team t join org."group" g on g.ref = 'group:default/' || lower(t.slug) and g.left_at is null
where t.gone_at is null
    and not exists (select from annotated where annotated.team_id = t.id)
    and not exists (
        select from catalog.entity e where e.ref = g.ref and e.orphaned_at is null
            and e.document #>> '{metadata,annotations,github.com/team-slug}' is not null
    );
