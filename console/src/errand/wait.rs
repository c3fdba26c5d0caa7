use std::time::{Duration, Instant};

use cards::{Card, Text};
use domain::incidents::errand::{Errand, State};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{ENDED, elsewhere};
use crate::{Ctx, Failure, Reply, UserError};

/// How long whoever asked waits: a little less than Slack does.
/// <https://docs.slack.dev/interactivity/handling-user-interaction/#acknowledgment_response>
const PATIENCE: Duration = Duration::from_millis(1_800);

/// How often one looks whether another replica carried it out.
const LOOK: Duration = Duration::from_millis(250);

/// What came of the errand of a request, or that it is under way; nothing where the request has ordered none.
pub(crate) async fn answered(ctx: &Ctx, request: Uuid) -> Result<Option<Reply>, Failure> {
    match Errand::outcome(&ctx.db, request).await? {
        None => Ok(None),
        Some(_) => Ok(Some(awaited(ctx, request).await)),
    }
}

/// What came of the errand of a request, if it comes soon; later it goes by message.
pub(crate) async fn awaited(ctx: &Ctx, request: Uuid) -> Reply {
    let (end, mut ended) = (Instant::now() + PATIENCE, ENDED.subscribe());
    loop {
        match Errand::outcome(&ctx.db, request).await? {
            Some(Some((state, card))) => return told(state, &card),
            None => return Err(anyhow::anyhow!("the errand of request {request} is gone").into()),
            Some(None) => {}
        }
        let rest = end.saturating_duration_since(Instant::now());
        if rest.is_zero()
            && let Some(action) = Errand::leave(&ctx.db, request).await?
        {
            return Ok(under_way(elsewhere(&action)));
        }
        // Neither matters: then it is read again.
        let _ = tokio::time::timeout(rest.min(LOOK), ended.changed()).await;
    }
}

fn told(state: State, card: &Value) -> Reply {
    let card = Card::deserialize(card)?;
    match state {
        State::Done | State::Waiting => Ok(card),
        State::Refused | State::Failed => Err(UserError::from(card).into()),
    }
}

fn under_way(whom: &str) -> Card {
    let text = Text::plain(format!("{whom} has not answered yet. What comes of it is sent to you by message; "));
    Card::new("Under way").text(text.then("it need not be asked for again.")).results(0)
}
