use chrono::{DateTime, TimeDelta, Utc};
use domain::delivery::Claimed;
use domain::github::{Moment, Weight};
use uuid::{Uuid, Version};

use super::wire::Payload;

/// An event that happened longer ago changes what is known, but nobody is told of it.
const NEWS: TimeDelta = TimeDelta::hours(24);

/// Nor of one that lay here for so long before it could be applied.
const WAITED: TimeDelta = TimeDelta::hours(1);

/// GitHub sends a delivery again for three days; and clocks differ.
/// <https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks>
const PAST: TimeDelta = TimeDelta::days(4);
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// An event with what its delivery says.
pub(super) struct Event<'a> {
    /// What it brings.
    pub(super) payload: &'a Payload,
    /// Our id of it.
    pub(super) id: Uuid,
    /// When GitHub sent it first.
    pub(super) sent_at: DateTime<Utc>,
    /// When it came.
    pub(super) received_at: DateTime<Utc>,
    /// When it is applied.
    pub(super) now: DateTime<Utc>,
}

impl<'a> Event<'a> {
    pub(super) fn of(payload: &'a Payload, claimed: &Claimed, now: DateTime<Utc>) -> Self {
        let sent_at = sent(&claimed.external_id, claimed.received_at);
        Self { payload, id: claimed.id, sent_at, received_at: claimed.received_at, now }
    }

    /// Whether people are told of what happened then.
    pub(super) fn news(&self, at: DateTime<Utc>) -> bool {
        self.now - at < NEWS && self.now - self.received_at < WAITED
    }

    /// The moment of what a payload shows as of then.
    pub(super) fn moment(&self, at: DateTime<Utc>) -> Moment {
        Moment { at, weight: Weight::Seen, tie: self.sent_at }
    }

    /// Who did it.
    pub(super) fn by(&self) -> Option<i64> {
        self.payload.sender.as_ref().map(|it| it.id)
    }

    /// The moment that this event shows names of.
    pub(super) fn named_at(&self) -> DateTime<Utc> {
        let pull = self.payload.pull_request.as_ref().and_then(|it| it.updated_at);
        let comment = self.payload.comment.as_ref().and_then(|it| it.updated_at);
        comment.max(pull).unwrap_or(self.sent_at)
    }
}

/// When GitHub made a delivery: its ids begin with that, finer than the seconds of what it sends, and stay when it is sent again.
/// Where an id says nothing of the kind, it was when it came.
fn sent(external_id: &str, received_at: DateTime<Utc>) -> DateTime<Utc> {
    let id = Uuid::parse_str(external_id).ok().filter(|it| it.get_version() == Some(Version::Mac));
    let (seconds, nanos) = id.and_then(|it| it.get_timestamp()).map_or((0, 0), |it| it.to_unix());
    let sent = i64::try_from(seconds).ok().and_then(|it| DateTime::from_timestamp(it, nanos));
    sent.filter(|it| received_at - PAST < *it && *it < received_at + AHEAD).unwrap_or(received_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_when_they_were_made_if_that_can_be() {
        let id = "72d3162e-cc78-11e3-81ab-4c9367dc0958";
        let made: DateTime<Utc> = "2014-04-25T12:52:24Z".parse().expect("a moment");
        let near = sent(id, made);
        assert!(near != made && (near - made).abs() < TimeDelta::minutes(1), "{near}");
        let later = made + TimeDelta::days(3);
        assert_eq!(sent(id, later), near, "sent again");
        for other in [made + TimeDelta::days(30), made - TimeDelta::days(1)] {
            assert_eq!(sent(id, other), other, "that cannot be");
        }
        assert_eq!(sent("a-push", made), made);
        assert_eq!(sent("3f2504e0-4f89-41d3-9a0c-0305e82c3301", made), made, "made of chance");
    }
}
