//! What somebody chose to go without is not sent to them.

use domain::outbox_claim::Claim;
use domain::preference::{self, Kind, Way};
use uuid::Uuid;

use super::send::Stop;
use super::{Destination, Sender};

impl Sender {
    /// Whether the message is not sent, since whoever it is for wants none of its kind at this moment. What they got already
    /// goes on to change. It goes no other way: they need no telling elsewhere.
    pub(super) async fn declined(&self, claim: &Claim) -> Result<bool, Stop> {
        let Some((person, kind)) = optional(claim) else { return Ok(false) };
        let db = &self.parts.ctx.db;
        if preference::of(db, person, kind).await? == Way::Direct || self.is_there(claim, person).await? {
            return Ok(false);
        }
        if !claim.declined(db, &format!("they chose to get no {} by direct message", kind.as_str())).await? {
            return Err(Stop::Lost);
        }
        tracing::info!(message = %claim.id, key = claim.key, kind = kind.as_str(), "a message was declined");
        Ok(true)
    }

    /// Whether it was posted, where that is unclear; what was is settled as ever.
    async fn is_there(&self, claim: &Claim, person: Uuid) -> Result<bool, Stop> {
        if claim.unsure_since.is_none() {
            return Ok(false);
        }
        let (channel, thread) = match &claim.thread {
            Some((channel, ts)) => (channel.clone(), Some(ts.as_str())),
            None => match self.room(claim, person).await {
                Ok(channel) => (channel, None),
                Err(Stop::ForGood(_)) => return Ok(false),
                Err(stop) => return Err(stop),
            },
        };
        Ok(self.look(claim, &channel, thread).await?.is_some_and(|it| !it.is_empty()))
    }
}

/// For whom it is and of which kind, where they may go without and did not get it yet.
fn optional(claim: &Claim) -> Option<(Uuid, Kind)> {
    let kind = claim.kind.filter(|it| it.may_be_off() && claim.posted.is_none())?;
    match Destination::read(&claim.destination)? {
        Destination::Person(person) => Some((person, kind)),
        Destination::SlackChannel(_) | Destination::Members(_) | Destination::Administrators => None,
    }
}
