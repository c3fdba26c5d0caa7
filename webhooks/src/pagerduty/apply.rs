use std::borrow::Cow;

use console::Ctx;
use console::pagerduty::What;
use domain::PgConnection;
use domain::delivery::Claimed;
use serde_json::Value;

use super::{event, poll};
use crate::apply::Applied;

/// Applies an event of PagerDuty, or what reading its API told.
pub(crate) async fn apply(ctx: &Ctx, db: &mut PgConnection, claimed: &Claimed) -> anyhow::Result<Applied> {
    let body = without_zeros(&claimed.body);
    match claimed.external_id.starts_with(super::OURS) {
        true => match What::of(&claimed.event) {
            Some(what) => poll::apply(ctx, db, claimed, (what, &body)).await,
            None => Ok(Applied::Unparsed(format!("nothing is read that is called {}", claimed.event))),
        },
        false => event::apply(ctx, db, claimed, &body).await,
    }
}

/// JSON may hold zeros in texts; Postgres's texts may not.
fn without_zeros(body: &[u8]) -> Cow<'_, [u8]> {
    let has = body.windows(ZERO.len()).any(|it| it == ZERO);
    let clean = || {
        let mut value: Value = serde_json::from_slice(body).ok()?;
        scrub(&mut value);
        serde_json::to_vec(&value).ok()
    };
    has.then(clean).flatten().map_or(Cow::Borrowed(body), Cow::Owned)
}

const ZERO: &[u8] = br"\u0000";

fn scrub(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(items) => items.iter_mut().for_each(scrub),
        Value::Object(fields) => fields.values_mut().for_each(scrub),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
