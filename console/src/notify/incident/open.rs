//! Which messages an event opens, and which messages that are there take the incident up.

use domain::PgConnection;
use domain::incidents::ping::{self, Opening, Ping, Recent, Told};
use domain::incidents::{Somebody, Status, Urgency};

use super::ways::{self, Ways};
use super::{Change, Rules, fold};
use crate::incident::View;

/// A message that is not there yet.
pub(super) struct Draft {
    pub(super) key: String,
    pub(super) thread_of: Option<String>,
    pub(super) ways: Ways,
}

/// What an event opens.
#[derive(Default)]
pub(super) struct Opened {
    /// New messages.
    pub(super) drafts: Vec<Draft>,
    /// Answers that wait to be sent and take the incident up: the key, and the answer of its own in case it was sent meanwhile.
    pub(super) grown: Vec<(String, Draft, Ping)>,
    /// Whether the channel's message told of other incidents before.
    pub(super) joined: bool,
}

/// Whoever could get a message.
struct Seat {
    /// Who is asked; nobody for the channel.
    member: Option<String>,
    key: String,
    place: String,
    ways: Ways,
}

/// Whether an event may open anything: something is wrong that nobody has taken, or that nobody was told of, and it is news.
pub(super) fn may(change: &Change<'_>) -> bool {
    change.told
        && match change.incident.status {
            Status::Triggered => true,
            Status::Acknowledged => change.before.is_none(),
            Status::Resolved => false,
        }
}

/// Opens what this event opens, and notes which messages tell of the incident from now on.
pub(super) async fn open(
    db: &mut PgConnection,
    rules: &Rules,
    change: &Change<'_>,
    view: &View,
) -> sqlx::Result<Opened> {
    let incident = change.incident;
    // An incident that was not known cannot have been told of.
    let told = if change.before.is_none() { Vec::new() } else { Told::of(&mut *db, &incident.id).await? };
    let seats = seats(rules, change, view, &told);
    if seats.is_empty() {
        return Ok(Opened::default());
    }
    let places: Vec<String> = seats.iter().map(|it| it.place.clone()).collect();
    ping::hold(&mut *db, &places).await?;
    let windows: Vec<(String, f64)> = seats.iter().map(|it| (it.place.clone(), window(rules, it))).collect();
    let (signs, urgent) = (fold::signs(incident), incident.urgency == Urgency::High);
    let recent = Recent::at(&mut *db, &windows, urgent, &signs).await?;
    let (mut opened, mut opening) = (Opened::default(), Opening::default());
    for seat in seats {
        let there: Vec<&Recent> = recent.iter().filter(|it| it.place == seat.place).collect();
        match &seat.member {
            None => {
                let head = fold::in_channel(&there, incident, rules).map(|it| it.key.clone());
                let key = head.clone().unwrap_or_else(|| seat.key.clone());
                opening.signs.extend(signs.iter().map(|it| (seat.place.clone(), it.clone(), key.clone())));
                opened.joined = head.is_some();
                seat.take(&mut opened, &mut opening, head);
            }
            Some(_) => {
                let head = there.first().map(|it| it.key.clone());
                answer(db, seat, &mut opened, &mut opening, head).await?;
            }
        }
    }
    opening.write(db, incident, urgent).await?;
    Ok(opened)
}

/// Somebody who was asked something a moment ago is asked in that message's thread, so that they notice.
async fn answer(
    db: &mut PgConnection,
    seat: Seat,
    opened: &mut Opened,
    opening: &mut Opening,
    head: Option<String>,
) -> sqlx::Result<()> {
    let Some(head) = head else {
        seat.take(opened, opening, None);
        return Ok(());
    };
    opening.joined.push(head.clone());
    let own = seat.ping(Some(head.clone()));
    match Ping::unsent_reply(db, &head).await? {
        Some(reply) => {
            opening.joined.push(reply.clone());
            opened.grown.push((reply, seat.draft(Some(head)), own));
        }
        None => {
            opening.new.push(own);
            opened.drafts.push(seat.draft(Some(head)));
        }
    }
    Ok(())
}

impl Seat {
    fn take(self, opened: &mut Opened, opening: &mut Opening, head: Option<String>) {
        match head {
            Some(head) => opening.joined.push(head),
            None => {
                opening.new.push(self.ping(None));
                opened.drafts.push(self.draft(None));
            }
        }
    }

    fn ping(&self, thread_of: Option<String>) -> Ping {
        let (key, place) = (self.key.clone(), self.place.clone());
        Ping { key, place, thread_of, member_id: self.member.clone(), many: false }
    }

    fn draft(self, thread_of: Option<String>) -> Draft {
        Draft { key: self.key, thread_of, ways: self.ways }
    }
}

fn window(rules: &Rules, seat: &Seat) -> f64 {
    let minutes = if seat.member.is_some() { rules.fold_direct_minutes } else { rules.fold_minutes };
    f64::from(minutes) * 60.0
}

/// Who should get a message: the channel, once an incident; and whoever is asked.
fn seats(rules: &Rules, change: &Change<'_>, view: &View, told: &[Told]) -> Vec<Seat> {
    let incident = change.incident;
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

/// Who is asked anew: whoever was not asked just before this event, and whoever was only told quietly of what is urgent now.
fn asked(change: &Change<'_>, view: &View, told: &[Told]) -> Vec<Somebody> {
    let quiet = |id: &str| told.iter().any(|it| it.member_id.as_deref() == Some(id) && !it.urgent);
    let louder = |it: &&Somebody| change.incident.urgency == Urgency::High && quiet(&it.member_id);
    let newly = |it: &Somebody| change.asked.contains(&it.member_id);
    let mut all: Vec<Somebody> = view.around.asked.iter().filter(|it| newly(it) || louder(it)).cloned().collect();
    // Somebody is never left out because we know no more than their id.
    for id in change.asked {
        if all.iter().all(|it| it.member_id != *id) {
            let (member_id, name) = (id.clone(), id.clone());
            all.push(Somebody { member_id, name, person_id: None, person: None, display: None });
        }
    }
    all
}
