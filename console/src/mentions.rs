//! Which account of each person a platform can mention.

use std::collections::HashMap;

use cards::Card;
use domain::account::{Account, Platform};

use crate::Ctx;

/// Accounts on this platform of the people that the card names, by entity name; whoever has none stays a name.
pub async fn of(ctx: &Ctx, card: &Card, platform: Platform, tenant: &str) -> sqlx::Result<HashMap<String, String>> {
    let names: Vec<String> = card.people().into_iter().map(String::from).collect();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(Account::ids(&ctx.db, platform, tenant, &names).await?.into_iter().collect())
}
