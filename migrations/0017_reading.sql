-- What is read from PagerDuty beside its events.

-- A note, or the answer of somebody who was asked to help, may come before the incident itself is known: it is kept until then.
alter table incidents.log drop constraint log_incident_id_fkey;
alter table incidents.responder drop constraint responder_incident_id_fkey;
-- Told by a reading of PagerDuty's log, which has other ids than its events and knows seconds only.
alter table incidents.log add column read boolean not null default false;
-- The moment that the bridge is from, where it was told without the rest.
alter table incidents.incident add column bridge_at timestamptz,
    -- When its log was last read, by PagerDuty's clock.
    add column log_read_at timestamptz;
-- Their overrides are read one schedule at a time, whoever waited longest first.
alter table incidents.schedule add column overrides_read_at timestamptz;

-- How the readings of each part fare, and whether PagerDuty's events come.
create table incidents.reading (
    part text primary key,
    begun_at timestamptz not null default now(),
    tried_at timestamptz not null,
    -- When it was last read whole; of the events, when one last came.
    read_at timestamptz,
    -- The same moment by PagerDuty's clock.
    moment timestamptz,
    -- Since the last time that it went well.
    failures integer not null default 0,
    error text,
    -- Last heard before the silence that people were told of and that lasts.
    silent_since timestamptz
);
