//! Linking a terminal: a personal token, shown once.

use cards::{Card, Text};
use chrono::{Duration, Utc};
use domain::person::Person;
use domain::token::Token;
use uuid::Uuid;

use crate::{Ctx, Failure, words};

/// How long a token works.
const LIFETIME: Duration = Duration::days(90);

/// Makes a token for a person and shows it, the only time; a repeat of the same request replaces the first try's token.
pub async fn terminal(ctx: &Ctx, person: &Person, request: Uuid) -> Result<Card, Failure> {
    let secret = secret();
    let expires = Utc::now() + LIFETIME;
    Token::store(&ctx.db, person.id, request, &secret, expires).await?;
    Ok(Card::new("A token for your terminal")
        .text("It answers as you. Keep it like a password: it is shown only now, and only to you.")
        .fact("Token", Text::code(&secret))
        .fact("Works until", Text::moment(expires))
        .text("Put it into the environment of your shell, then ask:")
        .item(Text::code(format!("export PINCONSOLE_TOKEN={secret}")), Text::default())
        .item(Text::code("pinconsole ask whoami"), Text::default()))
}

/// Takes back every token of a person.
pub async fn revoke(ctx: &Ctx, person: &Person) -> Result<Card, Failure> {
    let revoked = Token::revoke(&ctx.db, person.id).await?;
    let count = words::count(i64::try_from(revoked).unwrap_or(i64::MAX), "token", "tokens");
    Ok(Card::new(format!("{count} taken back")).text("No terminal answers as you any more."))
}

/// 244 random bits with a prefix that scanners of leaked secrets can be taught.
fn secret() -> String {
    format!("pin_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}
