//! Whose account a member is: the one person with the same e-mail address.

use sqlx::PgConnection;
use uuid::Uuid;

use super::Member;
use crate::account::{Platform, Proof};

impl Member {
    /// Links members to the people who alone have their address, and forgets links that it no longer proves; how many
    /// changed. What the directory or an administrator said stays.
    pub async fn link(db: &mut PgConnection) -> sqlx::Result<u64> {
        let proven = sqlx::query!(
            r#"select m.id, p.id as person, m.email as "email!" from incidents.member m
             join org.person p on lower(p.email) = lower(m.email) and p.left_at is null
             where m.gone_at is null and m.email <> ''
                -- An address that two have proves nothing about either.
                and not exists (select from org.person other where lower(other.email) = lower(m.email)
                    and other.left_at is null and other.id <> p.id)
                and not exists (select from incidents.member other where lower(other.email) = lower(m.email)
                    and other.gone_at is null and other.id <> m.id)
                -- An administrator says which account is theirs, and it is another one.
                and not exists (select from auth.account a where a.platform = $1 and a.tenant = '' and a.person_id = p.id
                    and a.external_id <> m.id and a.proof = $2)"#,
            Platform::Pagerduty.as_str(),
            Proof::Administrator.as_str()
        )
        .fetch_all(&mut *db)
        .await?;
        let (mut ids, mut people, mut emails) = (Vec::<String>::new(), Vec::<Uuid>::new(), Vec::<String>::new());
        for it in proven {
            ids.push(it.id);
            people.push(it.person);
            emails.push(it.email);
        }
        let forgotten = sqlx::query!(
            "delete from auth.account a where a.platform = $1 and a.tenant = '' and a.proof = $2
                and not exists (select from unnest($3::text[], $4::uuid[]) as p (id, person)
                    where p.id = a.external_id and p.person = a.person_id)",
            Platform::Pagerduty.as_str(),
            Proof::Email.as_str(),
            &ids,
            &people
        )
        .execute(&mut *db)
        .await?;
        let own: Vec<Uuid> = ids.iter().map(|_| Uuid::now_v7()).collect();
        let linked = sqlx::query!(
            "insert into auth.account (id, person_id, platform, tenant, external_id, proof, email)
             select own, person, $1, '', id, $2, email
             from unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[]) as p (own, id, person, email)
             on conflict on constraint account_external_key do update set email = excluded.email, proven_at = now()
             where account.proof = excluded.proof and account.email is distinct from excluded.email",
            Platform::Pagerduty.as_str(),
            Proof::Email.as_str(),
            &own,
            &ids,
            &people,
            &emails
        )
        .execute(&mut *db)
        .await?;
        Ok(forgotten.rows_affected() + linked.rows_affected())
    }
}
