use std::collections::{HashMap, HashSet};

use domain::incidents::ping::{Opening, Ping, REPLY, Recent, Unsent};
use domain::incidents::{Incident, Urgency};

use super::open::{Grown, Opened};
use super::seats::Seat;
use super::{Rules, fold};

/// The messages of some places, as they are while one event after the other is folded into them.
#[derive(Default)]
pub(super) struct Folding {
    /// Of each place, the newest first.
    recent: HashMap<String, Vec<Recent>>,
    /// The message that is known for a sign at a place.
    known: HashMap<(String, String), String>,
    /// The last answer below a message, while it has room.
    unsent: HashMap<String, (String, i64)>,
    /// Where new messages are in what is opened, by their keys.
    new: HashMap<String, usize>,
    opened: Opened,
    opening: Opening,
    signs: HashMap<(String, String), String>,
    joined: HashSet<String>,
}

impl Folding {
    pub(super) fn new(recent: Vec<Recent>, known: HashMap<(String, String), String>, unsent: Vec<Unsent>) -> Self {
        let mut all = Self { known, ..Self::default() };
        for it in recent {
            all.recent.entry(it.place.clone()).or_default().push(it);
        }
        all.unsent = unsent.into_iter().map(|it| (it.head, (it.key, it.room))).collect();
        all
    }

    /// Seats an incident: a message that is there takes it up, or it gets its own.
    pub(super) fn fold(&mut self, rules: &Rules, incident: &Incident, seat: Seat) {
        match &seat.member {
            None => self.in_channel(rules, incident, seat),
            Some(_) => self.for_person(incident, seat),
        }
    }

    fn there(&self, incident: &Incident, place: &str) -> Vec<&Recent> {
        let all = self.recent.get(place).into_iter().flatten();
        all.filter(|it| it.urgent == (incident.urgency == Urgency::High)).collect()
    }

    fn in_channel(&mut self, rules: &Rules, incident: &Incident, seat: Seat) {
        let signs: Vec<_> = fold::signs(incident).into_iter().map(|it| (seat.place.clone(), it)).collect();
        let again: HashSet<&str> = signs.iter().filter_map(|it| self.known.get(it)).map(String::as_str).collect();
        let head = fold::in_channel(&self.there(incident, &seat.place), &again, incident, rules);
        let head = head.map(|it| it.key.clone());
        let key = head.clone().unwrap_or_else(|| seat.key.clone());
        for sign in signs {
            self.known.insert(sign.clone(), key.clone());
            self.signs.insert(sign, key.clone());
        }
        match head {
            Some(head) => self.join(&head, incident),
            None => self.begin(incident, seat, None),
        }
    }

    /// Somebody who was asked something a moment ago is asked in that message's thread, so that they notice.
    fn for_person(&mut self, incident: &Incident, seat: Seat) {
        let Some(head) = self.there(incident, &seat.place).first().map(|it| it.key.clone()) else {
            return self.begin(incident, seat, None);
        };
        self.join(&head, incident);
        let Some((reply, room)) = self.unsent.remove(&head) else {
            self.unsent.insert(head.clone(), (seat.key.clone(), REPLY - 1));
            return self.begin(incident, seat, Some(head));
        };
        self.join(&reply, incident);
        if room > 1 {
            self.unsent.insert(head.clone(), (reply.clone(), room - 1));
        }
        if !self.new.contains_key(&reply) {
            let ping = seat.ping(Some(head.clone()));
            self.opened.grown.push(Grown { reply, draft: seat.draft(&incident.id, Some(head)), ping });
        }
    }

    /// A message takes an incident up.
    fn join(&mut self, key: &str, incident: &Incident) {
        self.opening.pinged.push((incident.id.clone(), key.into()));
        match self.new.get(key).and_then(|nth| self.opening.new.get_mut(*nth)) {
            Some((ping, _)) => ping.many = true,
            None => {
                self.joined.insert(key.into());
            }
        }
    }

    /// An incident gets a message of its own.
    fn begin(&mut self, incident: &Incident, seat: Seat, thread_of: Option<String>) {
        let ping = seat.ping(thread_of.clone());
        self.opening.pinged.push((incident.id.clone(), seat.key.clone()));
        self.new.insert(seat.key.clone(), self.opening.new.len());
        if thread_of.is_none() {
            self.recent.entry(seat.place.clone()).or_default().insert(0, recent(&ping, incident));
        }
        self.opening.new.push((ping, incident.clone()));
        self.opened.drafts.push(seat.draft(&incident.id, thread_of));
    }

    /// What came of it all.
    pub(super) fn done(self) -> (Opened, Opening) {
        let signs = self.signs.into_iter().map(|((place, sign), key)| (place, sign, key)).collect();
        let joined = self.joined.into_iter().collect();
        (self.opened, Opening { signs, joined, ..self.opening })
    }
}

fn recent(ping: &Ping, incident: &Incident) -> Recent {
    Recent {
        key: ping.key.clone(),
        place: ping.place.clone(),
        service_id: incident.service_id.clone(),
        policy_id: incident.policy_id.clone(),
        urgent: incident.urgency == Urgency::High,
    }
}
