//! What came of a message that was claimed. Each is recorded only by whoever still holds the destination's lease.

use std::time::Duration;

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::outbox_claim::Claim;

impl Claim {
    /// It was posted, or its newest state shown; the destination is left alone for so long. False when somebody else holds
    /// the lease by now.
    pub async fn sent(
        &self,
        db: impl PgExecutor<'_>,
        (channel, ts): (&str, &str),
        pace: Duration,
        unsettled: i32,
    ) -> sqlx::Result<bool> {
        let sent = sqlx::query!(
            "with mine as (
                update notify.pace set leased_until = 'epoch', failures = 0, next_at = now() + make_interval(secs => $3),
                    room = case when $9 then $5 else room end
                where name = $1 and token = $2 returning name
             )
             update notify.message set channel = $5, ts = $6, sent_revision = $7, sent_at = now(), unsure_since = null,
                error = null, state = case when revision = $7 then 'sent' else 'waiting' end, unsettled = unsettled + $8
             where id = $4 and exists (select from mine)",
            self.destination,
            self.token,
            pace.as_secs_f64(),
            self.id,
            channel,
            ts,
            self.revision,
            unsettled,
            // An answer may lie elsewhere: where what it answers went.
            self.thread.is_none()
        );
        Ok(sent.execute(db).await?.rows_affected() == 1)
    }

    /// It was posted after the lease was lost: whoever holds it finds that, unless they post it themselves at this moment or
    /// did before.
    pub async fn posted_late(&self, db: impl PgExecutor<'_>, ts: &str) -> sqlx::Result<()> {
        sqlx::query!(
            "update notify.message set unsettled = unsettled + 1 where id = $1 and ts is distinct from $2",
            self.id,
            ts
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// It is tried again, after about so long; it may have been posted or surely was not.
    pub async fn later(
        &self,
        db: impl PgExecutor<'_>,
        wait: Duration,
        error: &str,
        may_be_posted: bool,
    ) -> sqlx::Result<()> {
        sqlx::query!(
            "with mine as (
                update notify.pace set leased_until = 'epoch', failures = least(failures + 1, 30),
                    -- Replicas and destinations that failed together do not come back together.
                    next_at = now() + make_interval(secs => $3) * (0.5 + random())
                where name = $1 and token = $2 returning name
             )
             update notify.message set error = $5, unsure_since = case when $6 then unsure_since end
             where id = $4 and exists (select from mine)",
            self.destination,
            self.token,
            wait.as_secs_f64(),
            self.id,
            error,
            may_be_posted
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// It is posted anew: what was posted is gone.
    pub async fn anew(&self, db: impl PgExecutor<'_>) -> sqlx::Result<()> {
        sqlx::query!(
            "with mine as (
                update notify.pace set leased_until = 'epoch' where name = $1 and token = $2 returning name
             )
             update notify.message set channel = null, ts = null, reposted = true, unsure_since = null
             where id = $3 and exists (select from mine)",
            self.destination,
            self.token,
            self.id
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// It goes the next way, and says why.
    pub async fn elsewhere(&self, db: impl PgExecutor<'_>, error: &str) -> sqlx::Result<()> {
        sqlx::query!(
            "with mine as (
                update notify.pace set leased_until = 'epoch' where name = $1 and token = $2 returning name
             )
             update notify.message set way = way + 1, destination = ways[way + 1], channel = null, ts = null,
                unsure_since = null, error = null, detour = concat_ws('; ', detour, $4::text)
             where id = $3 and way < cardinality(ways) and exists (select from mine)",
            self.destination,
            self.token,
            self.id,
            error
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// Nobody gets it. False when somebody else holds the lease by now.
    pub async fn dead(&self, db: impl PgExecutor<'_>, error: &str) -> sqlx::Result<bool> {
        let dead = sqlx::query!(
            "with mine as (
                update notify.pace set leased_until = 'epoch' where name = $1 and token = $2 returning name
             )
             update notify.message set state = 'dead', error = $4, unsure_since = null
             where id = $3 and exists (select from mine)",
            self.destination,
            self.token,
            self.id,
            error
        );
        Ok(dead.execute(db).await?.rows_affected() == 1)
    }

    /// It is for nobody as things are configured, and says so. False when somebody else holds the lease by now.
    pub async fn unaddressed(&self, db: impl PgExecutor<'_>, why: &str) -> sqlx::Result<bool> {
        let passed = sqlx::query!(
            "with mine as (
                update notify.pace set leased_until = 'epoch' where name = $1 and token = $2 returning name
             )
             update notify.message set sent_revision = $4, sent_at = now(), unsure_since = null, error = $5,
                state = case when revision = $4 then 'passed' else 'waiting' end
             where id = $3 and exists (select from mine)",
            self.destination,
            self.token,
            self.id,
            self.revision,
            why
        );
        Ok(passed.execute(db).await?.rows_affected() == 1)
    }

    /// It goes to each of these as a copy, or to those who have one already as its newest state. False when somebody else
    /// holds the lease by now.
    pub async fn pass_on(
        &self,
        db: &mut PgConnection,
        to: &[String],
        or_else: &[String],
        format: i32,
    ) -> sqlx::Result<bool> {
        let passed = sqlx::query!(
            "with mine as (
                update notify.pace set leased_until = 'epoch' where name = $1 and token = $2 returning name
             )
             update notify.message set sent_revision = $4, sent_at = now(), unsure_since = null,
                state = case when revision = $4 then 'passed' else 'waiting' end
             where id = $3 and exists (select from mine)",
            self.destination,
            self.token,
            self.id,
            self.revision
        );
        if passed.execute(&mut *db).await?.rows_affected() == 0 {
            return Ok(false);
        }
        if !self.renew_copies(&mut *db, format).await? {
            self.copy(db, to, or_else, format).await?;
        }
        Ok(true)
    }

    /// Whether there were copies, which now say what this says.
    async fn renew_copies(&self, db: &mut PgConnection, format: i32) -> sqlx::Result<bool> {
        let known = sqlx::query_scalar!(
            r#"select exists (select from notify.message where copy_of = $1) as "known!""#,
            self.id
        );
        if !known.fetch_one(&mut *db).await? {
            return Ok(false);
        }
        sqlx::query!(
            "update notify.message set card = $2, format = $3, revision = revision + 1, state = 'waiting', attempts = 0,
                error = null, next_at = now(), expires_at = now() + interval '24 hours'
             where copy_of = $1 and state <> 'dead' and card is distinct from $2",
            self.id,
            self.card,
            format
        )
        .execute(db)
        .await?;
        Ok(true)
    }

    async fn copy(&self, db: &mut PgConnection, to: &[String], or_else: &[String], format: i32) -> sqlx::Result<()> {
        let ids: Vec<Uuid> = to.iter().map(|_| Uuid::now_v7()).collect();
        sqlx::query!(
            "insert into notify.message
                (id, key, lane, destination, ways, thread_of, copy_of, card, format, about_delivery, detour, why, kind)
             select it.id, m.key || '/' || it.name, m.lane, it.name, it.name || $4::text[],
                m.thread_of || '/' || it.name, m.id, m.card, $5, m.about_delivery, m.detour, m.why, m.kind
             from notify.message m, unnest($2::uuid[], $3::text[]) it (id, name) where m.id = $1
             on conflict on constraint message_key do nothing",
            self.id,
            &ids,
            to,
            or_else,
            format
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
