-- What people asked PagerDuty for through us. An errand is ordered in the transaction that decides it, and carried out after that by
-- any replica: looked at again, done, and written down.
create table incidents.errand (
    id uuid primary key,
    -- The word of the action.
    action text not null,
    -- PagerDuty's id of the incident, schedule or service.
    target text not null,
    -- What is to be done, as it was shown.
    input jsonb not null,
    person_id uuid not null references org.person,
    -- PagerDuty's user in whose name it is done; none where anybody may.
    member_id text,
    email text,
    request_id uuid not null,
    -- The number of its intent in the audit.
    receipt bigint not null,
    state text not null default 'waiting'
        constraint errand_state_check check (state in ('waiting', 'done', 'refused', 'failed')),
    -- What whoever asked is told.
    outcome jsonb,
    made_at timestamptz not null default now(),
    due_at timestamptz not null default now(),
    leased_until timestamptz,
    -- Grows with each replica that takes it up, so that one that was overtaken finds out.
    fence bigint not null default 0,
    -- Since when it may have been done: then it is looked for before it is done again.
    sent_at timestamptz,
    -- Since when nobody waits for the answer any more, so that it goes by message.
    left_at timestamptz,
    ended_at timestamptz,
    constraint errand_request_key unique (request_id)
);
create index errand_waiting on incidents.errand (target, id) where state = 'waiting';
create index errand_ended on incidents.errand (ended_at) where ended_at is not null;
