-- What PagerDuty tells: what is broken, and who is asked when. Ids are PagerDuty's own and opaque. What it no longer has is kept with
-- `gone_at`, since incidents and past shifts still name it. `source_at` is the moment that the row is true for, in PagerDuty's time:
-- what is older never takes the place of what is newer.
create schema incidents;

-- Somebody who can be asked. Whose account it is lies in auth.account.
create table incidents.member (
    id text primary key,
    name text not null,
    email text,
    time_zone text,
    url text,
    source_at timestamptz not null,
    gone_at timestamptz
);
create index member_email on incidents.member (lower(email));

create table incidents.policy (
    id text primary key,
    name text not null,
    -- How often it begins anew when nobody answers.
    loops integer not null default 0,
    url text,
    source_at timestamptz not null,
    gone_at timestamptz
);

-- Whom an escalation policy asks, level by level.
create table incidents.level (
    policy_id text not null references incidents.policy on delete cascade,
    level smallint not null,
    position smallint not null,
    kind text not null constraint level_kind_check check (kind in ('member', 'schedule')),
    target text not null,
    -- How long the level has before the next one is asked.
    delay_minutes integer not null,
    primary key (policy_id, level, position)
);
create index level_target on incidents.level (target);

create table incidents.schedule (
    id text primary key,
    name text not null,
    time_zone text,
    url text,
    source_at timestamptz not null,
    gone_at timestamptz
);

create table incidents.service (
    id text primary key,
    name text not null,
    description text,
    -- PagerDuty's word: active, warning, critical, maintenance, disabled, or one that it adds.
    status text not null,
    policy_id text,
    url text,
    source_at timestamptz not null,
    gone_at timestamptz
);
create index service_policy on incidents.service (policy_id);

-- Who is on call, from when to when; past ones stay, so that one can ask who it was.
create table incidents.shift (
    id uuid primary key,
    policy_id text not null,
    level smallint not null,
    -- Empty for somebody whom the policy names itself.
    schedule_id text not null default '',
    member_id text not null,
    -- For somebody whom the policy names itself: when that was read first.
    starts_at timestamptz not null,
    -- Without an end for somebody whom the policy names itself.
    ends_at timestamptz,
    seen_at timestamptz not null,
    constraint shift_key unique (policy_id, level, schedule_id, member_id, starts_at)
);
create index shift_policy on incidents.shift (policy_id, ends_at);
create index shift_schedule on incidents.shift (schedule_id, ends_at);
create index shift_member on incidents.shift (member_id, ends_at);

-- Turns that somebody took over from whoever the schedule names.
create table incidents.override (
    id text primary key,
    schedule_id text not null,
    member_id text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    -- Said to us; PagerDuty keeps none.
    reason text,
    made_by uuid references org.person,
    seen_at timestamptz not null,
    gone_at timestamptz
);
create index override_schedule on incidents.override (schedule_id, ends_at);

create table incidents.incident (
    id text primary key,
    number bigint not null,
    title text not null,
    status text not null constraint incident_status_check check (status in ('triggered', 'acknowledged', 'resolved')),
    urgency text not null constraint incident_urgency_check check (urgency in ('high', 'low')),
    priority text,
    service_id text not null,
    policy_id text,
    -- PagerDuty's key of the cause: events with the same one are one incident as long as it is open.
    key text,
    url text,
    bridge_url text,
    created_at timestamptz not null,
    resolved_at timestamptz,
    -- Who changed it last, in words; nobody where PagerDuty did so by itself.
    changed_by text,
    -- The moment, and the id of the event, that this state is from.
    source_at timestamptz not null,
    source_id text not null,
    -- Counts the changes that we saw, so that a button knows what was drawn.
    revision bigint not null default 1,
    seen_at timestamptz not null default now()
);
create index incident_number on incidents.incident (number);
create index incident_open on incidents.incident (service_id, created_at) where status <> 'resolved';
create index incident_created on incidents.incident (created_at desc);
create index incident_service on incidents.incident (service_id, created_at desc);
create index incident_policy on incidents.incident (policy_id, created_at desc);

-- Who is asked now.
create table incidents.assignee (
    incident_id text not null references incidents.incident on delete cascade,
    member_id text not null,
    name text not null,
    assigned_at timestamptz not null,
    primary key (incident_id, member_id)
);
create index assignee_member on incidents.assignee (member_id);

-- Who was asked to help besides: people, or whoever a policy names.
create table incidents.responder (
    incident_id text not null references incidents.incident on delete cascade,
    kind text not null constraint responder_kind_check check (kind in ('member', 'policy')),
    target text not null,
    name text not null,
    -- PagerDuty's word: pending, joined, declined, or one that it adds.
    state text not null,
    message text,
    source_at timestamptz not null,
    primary key (incident_id, kind, target)
);

-- What happened to an incident, one row an event.
create table incidents.log (
    id text primary key,
    incident_id text not null references incidents.incident on delete cascade,
    at timestamptz not null,
    -- PagerDuty's word, such as acknowledged.
    kind text not null,
    -- In words; nobody where PagerDuty did so by itself.
    who text,
    member_id text,
    text text not null default ''
);
create index log_incident on incidents.log (incident_id, at, id);

-- Which entities say that this is their service.
create index entity_pagerduty_service on catalog.entity ((document #>> '{metadata,annotations,pagerduty.com/service-id}'))
    where document #>> '{metadata,annotations,pagerduty.com/service-id}' is not null;
