//! What somebody wished of messages to them, at the moment of sending: none, later, or in a channel.

use chrono::Utc;
use domain::group::Group;
use domain::outbox_claim::Claim;
use domain::outbox_wish::{Moved, Team};
use domain::preference::{self, Choice, Kind, Way};
use domain::rhythm::Rhythm;
use uuid::Uuid;

use super::incident::channel;
use super::send::Stop;
use super::{Destination, Sender};

impl Sender {
    /// Whether the message is not sent now, since whoever it is for wants none of its kind at this moment, or wants it in a channel, or
    /// rests. What they got already goes on to change. Where it is not wanted it goes no other way: they need no telling elsewhere.
    pub(super) async fn as_wished(&self, claim: &Claim) -> Result<bool, Stop> {
        let Some((person, kind)) = wishable(claim) else { return Ok(false) };
        let (db, defaults) = (&self.parts.ctx.db, &self.parts.ctx.defaults);
        let mut choice = preference::of(db, defaults, person, kind).await?;
        if (choice.way, kind) == (Way::Off, Kind::Alarm) && self.is_last(person).await? {
            choice.way = Way::Direct;
        }
        let rests = match kind.wakes() || choice.way == Way::Off {
            true => None,
            false => Rhythm::of_one(db, defaults, person).await?.quiet_until(Utc::now()),
        };
        if (choice.way == Way::Direct && rests.is_none()) || self.is_there(claim, person).await? {
            return Ok(false);
        }
        match (choice.way, rests) {
            (Way::Off, _) => {
                self.decline(claim, &format!("they chose to get no {} by direct message", kind.as_str())).await
            }
            (_, Some(until)) => {
                tracing::debug!(message = %claim.id, %until, "a message waits for the end of quiet hours");
                if claim.held(db, until).await? { Ok(true) } else { Err(Stop::Lost) }
            }
            (Way::Channel, None) => self.to_channel(claim, person, &choice).await,
            (Way::Direct, None) => Ok(false),
        }
    }

    /// Whether somebody is an administrator and no other one gets alarms: then each of them does, since nobody would hear that the
    /// directory is no longer read.
    async fn is_last(&self, person: Uuid) -> Result<bool, Stop> {
        let (db, defaults) = (&self.parts.ctx.db, &self.parts.ctx.defaults);
        let Some(group) = &self.parts.administrators.group else { return Ok(false) };
        let Some(group) = Group::named(db, group).await? else { return Ok(false) };
        let all = group.enabled(db).await?;
        if !all.contains(&person) {
            return Ok(false);
        }
        for other in all.into_iter().filter(|it| *it != person) {
            if preference::of(db, defaults, other, Kind::Alarm).await?.way != Way::Off {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn decline(&self, claim: &Claim, why: &str) -> Result<bool, Stop> {
        if !claim.declined(&self.parts.ctx.db, why).await? {
            return Err(Stop::Lost);
        }
        tracing::info!(message = %claim.id, key = claim.key, why, "a message was declined");
        Ok(true)
    }

    /// Lets it go to the channel that they chose. Where there is none any more, and for what answers something that came directly, it
    /// comes directly; so it does when the channel took nothing.
    async fn to_channel(&self, claim: &Claim, person: Uuid, choice: &Choice) -> Result<bool, Stop> {
        if claim.thread_of.is_some() || claim.detour.is_some() {
            return Ok(false);
        }
        let db = &self.parts.ctx.db;
        let teams = Team::of(db, person).await?;
        let chosen = match &choice.team {
            Some(name) => teams.iter().find(|it| it.name == *name),
            None => teams.first(),
        };
        let Some(channel) = chosen.and_then(|it| channel(&it.channel)) else { return Ok(false) };
        // So that it can name them there.
        match self.user(claim, person).await {
            Ok(_) | Err(Stop::ForGood(_)) => {}
            Err(stop) => return Err(stop),
        }
        let mut db = db.acquire().await?;
        match claim.to_channel(&mut db, &channel.to_string(), person).await? {
            Moved::There => {
                super::wake();
                Ok(true)
            }
            Moved::Told => {
                drop(db);
                self.decline(claim, "the channel of their team has it already").await
            }
            Moved::Lost => Err(Stop::Lost),
        }
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

/// For whom it is and of which kind, where they may wish something about it and did not get it yet.
fn wishable(claim: &Claim) -> Option<(Uuid, Kind)> {
    let kind = claim.kind.filter(|it| it.may_be_off() && claim.posted.is_none())?;
    match Destination::read(&claim.destination)? {
        Destination::Person(person) => Some((person, kind)),
        Destination::SlackChannel(_) | Destination::Members(_) | Destination::Administrators => None,
    }
}
