-- What buttons and forms that act stand for, and what was shown to whom before it is done.
create table auth.intent (
    id uuid primary key,
    action text not null,
    -- What is acted upon.
    target text not null,
    created_at timestamptz not null default now(),
    -- Who acted last, for whoever comes too late.
    acted_by text,
    acted_at timestamptz,
    -- Since when there is nothing to act upon any more.
    closed_at timestamptz,
    constraint intent_action_key unique (action, target)
);
create index intent_closed on auth.intent (closed_at) where closed_at is not null;

create table auth.confirmation (
    id uuid primary key,
    -- What is typed or pressed; it helps nobody but the person.
    code text not null,
    intent_id uuid not null references auth.intent on delete cascade,
    person_id uuid not null references org.person,
    -- The state of what is acted upon that the person saw.
    version bigint not null,
    -- What they entered.
    input jsonb not null,
    -- The request that it answers, so that a repeat gets the same one.
    request_id uuid not null,
    made_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    -- The request that used it, which may run again after a crash.
    used_by uuid,
    constraint confirmation_code_key unique (code),
    constraint confirmation_request_key unique (request_id)
);
create index confirmation_intent on auth.confirmation (intent_id);
create index confirmation_person on auth.confirmation (person_id);
create index confirmation_expiry on auth.confirmation (expires_at);

-- Whether the answer takes the place of the message that was pressed.
alter table auth.request add column in_place boolean not null default false;
