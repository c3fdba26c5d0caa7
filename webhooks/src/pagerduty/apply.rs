use console::Ctx;
use domain::PgConnection;
use domain::delivery::Claimed;
use serde::Deserialize;

use crate::apply::Applied;

/// What every event of PagerDuty has.
#[derive(Deserialize)]
struct Envelope {
    event: Type,
}

#[derive(Deserialize)]
struct Type {
    event_type: String,
}

/// Applies an event of PagerDuty. No type of them changes anything that we keep yet.
pub(crate) async fn apply(_: &Ctx, _: &mut PgConnection, claimed: &Claimed) -> anyhow::Result<Applied> {
    Ok(match serde_json::from_slice::<Envelope>(&claimed.body) {
        Ok(it) if it.event.event_type.is_empty() => Applied::Unparsed("it says no type".into()),
        Ok(_) => Applied::Ignored,
        Err(error) => Applied::Unparsed(format!("it has no type: {error}")),
    })
}
