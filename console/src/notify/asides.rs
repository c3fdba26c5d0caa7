//! What every message offers about itself: why it is there, and none like it.

use cards::{Action, Ask, Emphasis};
use domain::outbox_claim::Claim;
use domain::preference::{Kind, Way};
use uuid::Uuid;

use super::Destination;
use crate::Asks;

/// Why administrators are told, wherever that is.
pub(super) const FOR_ADMINISTRATORS: &str = "For whoever runs PinConsole";

/// The last buttons of a message. In a channel answers have none, since the message that they answer does, nor has a list of
/// messages, which is there for many reasons.
pub(super) fn of(claim: &Claim) -> Vec<Action> {
    let why = |label: &str| button(label, Asks::why(claim.id));
    match Destination::read(&claim.destination) {
        Some(Destination::Person(_)) => {
            let kind = claim.kind.filter(|it| it.may_be_off());
            let less = kind.map(|it| button("Less of this", less(it, claim.id)));
            std::iter::once(why("Why did I get this?")).chain(less).collect()
        }
        Some(Destination::SlackChannel(_)) if claim.thread_of.is_none() && claim.kind.is_some() => {
            vec![why("Why is this here?")]
        }
        Some(Destination::SlackChannel(_) | Destination::Members(_) | Destination::Administrators) | None => Vec::new(),
    }
}

/// Where there is one way to hear less, it is done at once; of pull requests there are several to choose from.
fn less(kind: Kind, message: Uuid) -> Ask {
    match kind.may_be_in_channel() {
        true => Asks::less(message),
        false => Asks::notify(kind, Way::Off),
    }
}

fn button(label: &str, ask: Ask) -> Action {
    Action::Read { label: label.into(), ask, emphasis: Emphasis::Normal }
}
