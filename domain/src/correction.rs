//! Saying whose an account is, where what proves it is wrong or missing.

use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::account::{Account, Platform, Proof};
use crate::token::Token;

/// Whose account it is from now on.
#[derive(Clone, Copy, Debug)]
pub struct Correction<'a> {
    /// Whose.
    pub person: Uuid,
    /// On which platform.
    pub platform: Platform,
    /// In which workspace or organisation; empty where the platform has none.
    pub tenant: &'a str,
    /// The id there.
    pub external_id: &'a str,
    /// What people call it, where the id says nothing: of GitHub the login.
    pub label: Option<&'a str>,
}

/// What a correction changed besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    /// Other accounts on the platform that were the person's until then.
    pub removed: Vec<String>,
    /// Terminal tokens that no longer work.
    pub tokens: u64,
}

impl Correction<'_> {
    /// Who else has the account, by id and name; whoever asks for it holds it until the transaction ends.
    pub async fn holder(&self, db: &mut PgConnection) -> sqlx::Result<Option<(Uuid, String)>> {
        let holder = sqlx::query!(
            "select p.id, p.name from auth.account a join org.person p on p.id = a.person_id
             where a.platform = $1 and a.person_id <> $4
                and (a.tenant = $2 and a.external_id = $3 or a.tenant = '' and lower(a.external_id) = lower($5))
             order by a.tenant desc for update of a",
            self.platform.as_str(),
            self.tenant,
            self.external_id,
            self.person,
            self.label
        );
        Ok(holder.fetch_optional(db).await?.map(|it| (it.id, it.name)))
    }

    /// Makes it so: this account, and no other on the platform, is the person's. Whoever could speak as the wrong person
    /// may have made tokens as them, so the tokens of everybody concerned end.
    pub async fn apply(&self, db: &mut PgConnection) -> sqlx::Result<Corrected> {
        let holder = self.holder(&mut *db).await?;
        let removed = self.remove_others(&mut *db).await?;
        self.link(&mut *db).await?;
        let mut tokens = Token::revoke(&mut *db, self.person).await?;
        if let Some((holder, _)) = holder {
            tokens += Token::revoke(&mut *db, holder).await?;
        }
        Ok(Corrected { removed, tokens })
    }

    async fn remove_others(&self, db: impl PgExecutor<'_>) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar!(
            r#"delete from auth.account where platform = $1 and (
                -- Of GitHub there are ids and logins.
                person_id = $3 and (tenant = $2 or platform = 'github') and (tenant, external_id) <> ($2, $4)
                or tenant = '' and lower(external_id) = lower($5)
             ) returning coalesce(label, external_id) as "it!""#,
            self.platform.as_str(),
            self.tenant,
            self.person,
            self.external_id,
            self.label
        )
        .fetch_all(db)
        .await
    }

    async fn link(&self, db: impl PgExecutor<'_>) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into auth.account (id, person_id, platform, tenant, external_id, proof, label)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict on constraint account_external_key
             do update set person_id = excluded.person_id, proof = excluded.proof, label = excluded.label, email = null,
                proven_at = now()",
            Uuid::now_v7(),
            self.person,
            self.platform.as_str(),
            self.tenant,
            self.external_id,
            Proof::Administrator.as_str(),
            self.label
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Whether an administrator said which account of the platform is the person's, and it is another one than this.
pub async fn contradicts(
    db: impl PgExecutor<'_>,
    person: Uuid,
    (platform, tenant, external_id): (Platform, &str, &str),
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
            select from auth.account where person_id = $1 and platform = $2 and tenant = $3 and external_id <> $4
                and proof = $5
         ) as "exists!""#,
        person,
        platform.as_str(),
        tenant,
        external_id,
        Proof::Administrator.as_str()
    )
    .fetch_one(db)
    .await
}

/// A number that is another one whenever somebody has other accounts, or the same by another proof.
pub fn version(accounts: &[Account]) -> i64 {
    let mut sum = Sha256::new();
    for it in accounts {
        [&it.platform, &it.external_id, &it.proof].into_iter().for_each(|it| sum.update(format!("{it}\n")));
    }
    let digest = sum.finalize();
    // Without its sign, so that it is plain on a button.
    i64::from_be_bytes(std::array::from_fn(|at| digest[at])) & i64::MAX
}
