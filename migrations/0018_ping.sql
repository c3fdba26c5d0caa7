-- Which messages tell of which incidents. Usually one message tells of one; in a storm one message tells of many.

-- Where messages about incidents go first: a channel or somebody. Whoever puts a new message there holds the row, so that two
-- replicas do not both open the last message that is allowed.
create table incidents.place (
    name text primary key,
    pings bigint not null default 0
);

-- A message about incidents. Whoever draws it holds the row, so that what is drawn last saw everything.
create table incidents.ping (
    -- Key of the message.
    key text primary key,
    -- The incident for which it was put.
    incident_id text not null references incidents.incident on delete cascade,
    place text not null,
    -- Key of the message that it answers.
    thread_of text,
    -- Who is asked by it; nobody for a message to a channel.
    member_id text,
    service_id text not null,
    policy_id text,
    urgent boolean not null,
    -- Whether it may tell of more than one incident.
    many boolean not null default false,
    opened_at timestamptz not null default now(),
    -- When it last took an incident up, or one of its incidents ended.
    last_at timestamptz not null default now()
);
create index ping_place on incidents.ping (place, last_at) where thread_of is null;
create index ping_thread on incidents.ping (thread_of, opened_at) where thread_of is not null;
create index ping_incident on incidents.ping (incident_id);

-- Of which incidents a message tells.
create table incidents.pinged (
    incident_id text not null references incidents.incident on delete cascade,
    key text not null references incidents.ping on delete cascade,
    primary key (incident_id, key)
);
create index pinged_key on incidents.pinged (key);

-- By what an incident is known that comes again: PagerDuty's key of its cause, or its service and title. The newest message of it.
create table incidents.sign (
    place text not null,
    sign text not null,
    key text not null references incidents.ping on delete cascade,
    primary key (place, sign)
);
create index sign_key on incidents.sign (key);

-- Id of the channel that a destination names, once something was posted there: only posting takes names.
alter table notify.pace add column room text;

-- Why somebody gets a message, as a text of a card.
alter table notify.message add column why jsonb;
