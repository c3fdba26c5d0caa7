//! Linking a terminal: a personal token, shown once.

use cards::{Card, Text};
use chrono::{Duration, Utc};
use domain::audit::{self, Outcome, Receipt};
use domain::person::Person;
use domain::token::Token;
use serde_json::json;
use uuid::Uuid;

use crate::access::{self, Action, Attempt};
use crate::{Ctx, Failure, words};

/// How long a token works.
const LIFETIME: Duration = Duration::days(90);

/// Makes a token for a person and shows it, the only time; a repeat of the same request replaces the first try's token.
pub async fn terminal(ctx: &Ctx, person: &Person, request: Uuid) -> Result<Card, Failure> {
    let secret = secret();
    let expires = Utc::now() + LIFETIME;
    let receipt = begin(ctx, person, Action::LinkTerminal, request).await?;
    let stored = async {
        let mut transaction = ctx.db.begin().await?;
        Token::store(&mut *transaction, person.id, request, &secret, expires).await?;
        audit::outcome(&mut transaction, receipt, Outcome::Done, json!({ "days": LIFETIME.num_days() })).await?;
        transaction.commit().await
    };
    or_failed(ctx, receipt, stored.await).await?;
    Ok(Card::new("A token for your terminal")
        .text("It answers as you. Keep it like a password: it is shown only now, and only to you.")
        .fact("Token", Text::code(&secret))
        .fact("Works until", Text::moment(expires))
        .text("Put it into the environment of your shell, then ask:")
        .item(Text::code(format!("export PINCONSOLE_TOKEN={secret}")), Text::default())
        .item(Text::code("pinconsole ask whoami"), Text::default()))
}

/// Takes back every token of a person.
pub async fn revoke(ctx: &Ctx, person: &Person, request: Uuid) -> Result<Card, Failure> {
    let receipt = begin(ctx, person, Action::RevokeTerminals, request).await?;
    let revoked = async {
        let mut transaction = ctx.db.begin().await?;
        let revoked = Token::revoke(&mut *transaction, person.id).await?;
        audit::outcome(&mut transaction, receipt, Outcome::Done, json!({ "tokens": revoked })).await?;
        transaction.commit().await?;
        Ok(revoked)
    };
    let revoked = or_failed(ctx, receipt, revoked.await).await?;
    let count = words::count(i64::try_from(revoked).unwrap_or(i64::MAX), "token", "tokens");
    Ok(Card::new(format!("{count} taken back")).text("No terminal answers as you any more."))
}

/// Goes on only where policies let somebody do this with what is theirs, and once it is written down.
async fn begin(ctx: &Ctx, person: &Person, action: Action, request: Uuid) -> Result<Receipt, Failure> {
    Attempt { person, action, resource: &action.of(person), request }.begin(ctx, json!({})).await
}

/// Writes down that an act failed, where it did.
async fn or_failed<T>(ctx: &Ctx, receipt: Receipt, result: sqlx::Result<T>) -> sqlx::Result<T> {
    if result.is_err() {
        access::note_failure(ctx, receipt).await;
    }
    result
}

/// 244 random bits with a prefix that scanners of leaked secrets can be taught.
fn secret() -> String {
    format!("pin_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}
