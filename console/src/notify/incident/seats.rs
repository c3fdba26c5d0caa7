//! Who should get a message of their own about an incident.

use domain::incidents::ping::{Ping, Told};
use domain::incidents::{Somebody, Status, Urgency};

use super::open::Draft;
use super::ways::{self, Ways};
use super::{Change, Rules};
use crate::incident::View;

/// Whoever could get a message.
pub(super) struct Seat {
    /// Who is asked; nobody for the channel.
    pub(super) member: Option<String>,
    pub(super) key: String,
    pub(super) place: String,
    ways: Ways,
}

impl Seat {
    pub(super) fn ping(&self, thread_of: Option<String>) -> Ping {
        let (key, place) = (self.key.clone(), self.place.clone());
        Ping { key, place, thread_of, member_id: self.member.clone(), many: false }
    }

    pub(super) fn draft(self, incident: &str, thread_of: Option<String>) -> Draft {
        Draft { key: self.key, incident: incident.into(), thread_of, ways: self.ways }
    }

    /// For how many seconds a message of its place takes up what comes after it.
    pub(super) fn window(&self, rules: &Rules) -> f64 {
        let minutes = if self.member.is_some() { rules.fold_direct_minutes } else { rules.fold_minutes };
        f64::from(minutes) * 60.0
    }
}

/// Who should get a message: the channel, once an incident; and whoever is asked.
pub(super) fn seats(rules: &Rules, change: &Change, view: &View, told: &[Told]) -> Vec<Seat> {
    let incident = &change.incident;
    let triggered = incident.status == Status::Triggered;
    // What somebody took before we heard of it is worth a message to the channel, and wakes nobody.
    let first = triggered || change.before.is_none();
    let mut seats = Vec::new();
    if first && told.iter().all(|it| it.member_id.is_some()) {
        let ways = ways::to_channel(rules, view);
        seats.push(Seat { member: None, key: format!("incident/{}", incident.id), place: ways.place(), ways });
    }
    if triggered {
        seats.extend(asked(change, view, told).iter().map(|who| {
            let ways = ways::to_person(rules, view, who);
            let member = who.member_id.clone();
            let before = told.iter().find(|it| it.member_id.as_ref() == Some(&member)).map_or(0, |it| it.messages);
            let again = if before == 0 { String::new() } else { format!("/{}", before + 1) };
            let key = format!("incident/{}/asked/{member}{again}", incident.id);
            // Whoever is nobody here has no place of their own; messages for them still are theirs.
            let place = who.person_id.map_or_else(|| format!("member:{member}"), |_| ways.place());
            Seat { member: Some(member), key, place, ways }
        }));
    }
    seats
}

/// Who is asked anew: whoever was not asked just before this event; everybody who is asked where it escalated, since they may be of both
/// levels, or where nobody works on it any more, since PagerDuty calls them again; and whoever was only told quietly of what is urgent now.
fn asked(change: &Change, view: &View, told: &[Told]) -> Vec<Somebody> {
    let quiet = |id: &str| told.iter().any(|it| it.member_id.as_deref() == Some(id) && !it.urgent);
    let louder = |it: &&Somebody| change.incident.urgency == Urgency::High && quiet(&it.member_id);
    let dropped = change.before == Some(Status::Acknowledged);
    let newly = |it: &Somebody| dropped || change.escalated || change.asked.contains(&it.member_id);
    let mut all: Vec<Somebody> = view.around.asked.iter().filter(|it| newly(it) || louder(it)).cloned().collect();
    // Somebody is never left out because we know no more than their id.
    for id in &change.asked {
        if all.iter().all(|it| it.member_id != *id) {
            let (member_id, name) = (id.clone(), id.clone());
            all.push(Somebody { member_id, name, person_id: None, person: None, display: None });
        }
    }
    all
}
