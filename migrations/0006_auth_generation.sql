-- How often it has changed who has which account and which token, so that who keeps a copy learns of it at once.
insert into catalog.generation (area) values ('auth');

-- That an account was proven again or a token used again changes nobody's rights, and happens all the time. That a proof
-- is older than it was said to be does: it is to be renewed.
create function auth.rights_changed() returns trigger language plpgsql as $$
begin
    if exists (
        (select to_jsonb(it) - '{proven_at,last_used_at}'::text[] from before it
            except select to_jsonb(it) - '{proven_at,last_used_at}'::text[] from after it)
        union all
        (select to_jsonb(it) - '{proven_at,last_used_at}'::text[] from after it
            except select to_jsonb(it) - '{proven_at,last_used_at}'::text[] from before it)
    ) or exists (
        select from before was join after is_now using (id)
        where (to_jsonb(is_now) ->> 'proven_at')::timestamptz < (to_jsonb(was) ->> 'proven_at')::timestamptz
    ) then
        update catalog.generation set number = number + 1 where area = 'auth';
    end if;
    return null;
end
$$;

-- An insert that met a conflict, and a deletion of what is not there, come by without a row.
create function auth.rights_came_or_went() returns trigger language plpgsql as $$
begin
    if exists (select from touched) then
        update catalog.generation set number = number + 1 where area = 'auth';
    end if;
    return null;
end
$$;

create function auth.rights_emptied() returns trigger language plpgsql as $$
begin
    update catalog.generation set number = number + 1 where area = 'auth';
    return null;
end
$$;

create trigger came after insert on auth.account referencing new table as touched
    for each statement execute function auth.rights_came_or_went();
create trigger changed after update on auth.account referencing old table as before new table as after
    for each statement execute function auth.rights_changed();
create trigger went after delete on auth.account referencing old table as touched
    for each statement execute function auth.rights_came_or_went();
create trigger emptied after truncate on auth.account
    for each statement execute function auth.rights_emptied();

create trigger came after insert on auth.token referencing new table as touched
    for each statement execute function auth.rights_came_or_went();
create trigger changed after update on auth.token referencing old table as before new table as after
    for each statement execute function auth.rights_changed();
create trigger went after delete on auth.token referencing old table as touched
    for each statement execute function auth.rights_came_or_went();
create trigger emptied after truncate on auth.token
    for each statement execute function auth.rights_emptied();
