use anyhow::{Context, Result, bail};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::delivery::{self, Again, Delivery};
use domain::{PgPool, audit};
use serde_json::json;

use super::operator::entry;
use crate::logging::say;

/// As the audit and the policies know it.
const ACTION: &str = "replay-delivery";

/// Tries events again that were set aside or not understood: one, or all of them.
pub(super) async fn retry(db: &PgPool, id: Option<&str>) -> Result<()> {
    let ids = match id {
        Some(id) => named(db, id).await?.into_iter().map(|it| Some(it.id)).collect(),
        None => vec![None],
    };
    let mut transaction = db.begin().await?;
    let mut count = 0;
    for id in &ids {
        count += delivery::retry(&mut *transaction, *id).await?;
    }
    if count > 0 {
        let detail = json!({ "what": "retry", "events": count });
        audit::changed(&mut transaction, &entry(ACTION, &reference(id), detail)).await?;
    }
    transaction.commit().await?;
    match (count, id) {
        (0, Some(id)) => bail!(
            "{id} was neither set aside nor misunderstood, or its bytes are no longer kept; `pinconsole inbox show {id}` tells"
        ),
        (0, None) => say("No event was set aside."),
        (1, _) => say("1 event is tried again."),
        (count, _) => say(format!("{count} events are tried again.")),
    }
}

/// Lets events be applied once more, whatever came of them.
pub(super) async fn replay(db: &PgPool, id: Option<&str>, between: Option<Again>) -> Result<()> {
    let which = match (id, between) {
        (Some(id), _) => named(db, id).await?.into_iter().map(|it| Again::One(it.id)).collect(),
        (None, Some(between)) => vec![between],
        (None, None) => bail!("say which event, or since when"),
    };
    let mut transaction = db.begin().await?;
    let mut count = 0;
    for again in which {
        count += delivery::replay(&mut *transaction, again).await?;
    }
    if count > 0 {
        let detail = json!({ "what": "replay", "events": count, "which": between.map(|it| format!("{it:?}")) });
        audit::changed(&mut transaction, &entry(ACTION, &reference(id), detail)).await?;
    }
    transaction.commit().await?;
    match count {
        0 => say("No event to apply again: they wait already, or their bytes are no longer kept."),
        1 => say("1 event is applied once more. What is newer than it stays, and nothing is sent twice."),
        count => say(format!(
            "{count} events are applied once more. What is newer than they are stays, and nothing is sent twice."
        )),
    }
}

async fn named(db: &PgPool, id: &str) -> Result<Vec<Delivery>> {
    let found = Delivery::with_id(db, id.trim()).await?;
    if found.is_empty() {
        bail!("there is no event with this id; `pinconsole inbox list` shows the newest");
    }
    Ok(found)
}

fn reference(id: Option<&str>) -> String {
    format!("delivery:{}", id.map_or("any", str::trim))
}

/// A moment such as 2026-01-31T09:30:00Z, or the beginning of a day.
pub(super) fn moment(text: &str) -> Result<DateTime<Utc>> {
    let day = || text.parse::<NaiveDate>().map(|it| it.and_time(NaiveTime::MIN).and_utc());
    let moment = DateTime::parse_from_rfc3339(text).map(|it| it.with_timezone(&Utc));
    moment.or_else(|_| day()).ok().context("a moment looks like 2026-01-31T09:30:00Z, or 2026-01-31 for its beginning")
}
