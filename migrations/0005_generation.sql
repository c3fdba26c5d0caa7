-- How often what is known has changed: who keeps a copy asks with one small read whether it still holds.
create table catalog.generation (
    area text primary key,
    number bigint not null default 0
);
-- Two rows, because the syncs that write the two areas must not wait for each other.
insert into catalog.generation (area) values ('catalog'), ('org');

create function catalog.changed() returns trigger language plpgsql as $$
begin
    update catalog.generation set number = number + 1 where area = tg_table_schema;
    return null;
end
$$;

create trigger changed after insert or update or delete or truncate on org.person
    for each statement execute function catalog.changed();
create trigger changed after insert or update or delete or truncate on org."group"
    for each statement execute function catalog.changed();
create trigger changed after insert or update or delete or truncate on org.membership
    for each statement execute function catalog.changed();
create trigger changed after insert or update or delete or truncate on org.nesting
    for each statement execute function catalog.changed();
create trigger changed after insert or update or delete or truncate on catalog.entity
    for each statement execute function catalog.changed();
create trigger changed after insert or update or delete or truncate on catalog.relation
    for each statement execute function catalog.changed();
