use domain::audit::{self, Entry, Outcome, Receipt};
use domain::person::Person;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Action, Decision, Resource, decide};
use crate::{Ctx, Failure};

/// Somebody who asks to do something.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Who asks.
    pub person: &'a Person,
    /// To do what.
    pub action: Action,
    /// To what.
    pub resource: &'a Resource,
    /// In which request.
    pub request: Uuid,
}

impl Attempt<'_> {
    /// Goes on only when they may; a refusal is written down, and is told with the rule and who can.
    pub async fn demand(&self, ctx: &Ctx) -> Result<Decision, Failure> {
        let decision = decide(ctx, self.person, self.action, self.resource).await?;
        if decision.allowed {
            return Ok(decision);
        }
        let detail = match decision.errors.as_slice() {
            [] => json!({}),
            errors => json!({ "errors": errors }),
        };
        let entry = self.entry(&decision, detail);
        audit::denied(&mut *ctx.db.acquire().await?, &entry).await?;
        Err(decision.refusal(self.action).into())
    }

    /// Goes on only when they may and it is written down that they are about to: act only with the receipt in hand, and end
    /// by `audit::outcome`.
    pub async fn begin(&self, ctx: &Ctx, detail: Value) -> Result<Receipt, Failure> {
        let decision = self.demand(ctx).await?;
        Ok(audit::intend(&ctx.db, &self.entry(&decision, detail)).await?)
    }

    fn entry(&self, decision: &Decision, detail: Value) -> Entry {
        Entry {
            who: self.person.into(),
            action: self.action.as_str().into(),
            resource: self.resource.reference(),
            rule: decision.rule.clone(),
            request: Some(self.request),
            detail,
        }
    }
}

/// Writes down that an act failed; its intent alone would leave that open.
pub async fn note_failure(ctx: &Ctx, receipt: Receipt) {
    let noted = async { audit::outcome(&mut *ctx.db.acquire().await?, receipt, Outcome::Failed, json!({})).await };
    if let Err(error) = noted.await {
        tracing::error!(number = receipt.number, %error, "the audit could not be told that an act failed");
    }
}
