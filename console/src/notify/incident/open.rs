//! Which messages events open, and which messages that are there take their incidents up.

use std::collections::HashMap;

use domain::PgConnection;
use domain::incidents::Status;
use domain::incidents::ping::{self, Opening, Ping, Recent, Told, Unsent};

use super::folding::Folding;
use super::seats::{Seat, seats};
use super::views::Views;
use super::ways::Ways;
use super::{Change, Rules, fold};

/// A message that is not there yet.
pub(super) struct Draft {
    pub(super) key: String,
    /// Id of the incident for which it is put.
    pub(super) incident: String,
    pub(super) thread_of: Option<String>,
    pub(super) ways: Ways,
}

/// An answer that waits to be sent and takes an incident up, with one of its own in case it was sent meanwhile.
pub(super) struct Grown {
    pub(super) reply: String,
    pub(super) draft: Draft,
    pub(super) ping: Ping,
}

/// What events open.
#[derive(Default)]
pub(super) struct Opened {
    /// New messages.
    pub(super) drafts: Vec<Draft>,
    /// Answers that are there already.
    pub(super) grown: Vec<Grown>,
}

/// Whether an event may open anything: something is wrong that nobody has taken, or that nobody was told of, and it is news.
pub(super) fn may(change: &Change) -> bool {
    change.told
        && match change.incident.status {
            Status::Triggered => true,
            Status::Acknowledged => change.before.is_none(),
            Status::Resolved => false,
        }
}

/// What these events open, in their order, and which messages tell of their incidents from now on. It holds the places, and
/// writes nothing.
pub(super) async fn open(
    db: &mut PgConnection,
    rules: &Rules,
    changes: &[Change],
    views: &Views,
) -> sqlx::Result<(Opened, Opening)> {
    // An incident that was not known cannot have been told of.
    let known = changes.iter().filter(|it| may(it) && it.before.is_some());
    let told = Told::of(&mut *db, &known.map(|it| it.incident.id.clone()).collect::<Vec<_>>()).await?;
    let mut taken = Vec::new();
    for change in changes.iter().filter(|it| may(it)) {
        let Some(view) = views.of(&change.incident.id) else { continue };
        let told = told.get(&change.incident.id).map_or(&[][..], |it| it);
        taken.extend(seats(rules, change, view, told).into_iter().map(|seat| (change, seat)));
    }
    if taken.is_empty() {
        return Ok(Default::default());
    }
    let mut folding = folding(db, rules, changes, &taken).await?;
    for (change, seat) in taken {
        folding.fold(rules, &change.incident, seat);
    }
    Ok(folding.done())
}

/// What is at the places of these seats, held.
async fn folding(
    db: &mut PgConnection,
    rules: &Rules,
    changes: &[Change],
    taken: &[(&Change, Seat)],
) -> sqlx::Result<Folding> {
    let windows: HashMap<&str, f64> = taken.iter().map(|it| (it.1.place.as_str(), it.1.window(rules))).collect();
    let windows: Vec<(String, f64)> = windows.into_iter().map(|(place, window)| (place.into(), window)).collect();
    let places: Vec<String> = windows.iter().map(|it| it.0.clone()).collect();
    ping::hold(&mut *db, &places).await?;
    let recent = Recent::at(&mut *db, &windows, &ended(changes)).await?;
    let channels = taken.iter().filter(|it| it.1.member.is_none());
    let signs = channels
        .flat_map(|(change, seat)| fold::signs(&change.incident).into_iter().map(|sign| (seat.place.clone(), sign)));
    let known = ping::known_by(&mut *db, &signs.collect::<Vec<_>>()).await?;
    let direct = |it: &&Recent| taken.iter().any(|(_, seat)| seat.member.is_some() && seat.place == it.place);
    let heads: Vec<String> = recent.iter().filter(direct).map(|it| it.key.clone()).collect();
    Ok(Folding::new(recent, known, Unsent::below(db, &heads).await?))
}

/// Ids of the incidents that are over by these events.
pub(super) fn ended(changes: &[Change]) -> Vec<String> {
    let over = |it: &&Change| it.incident.status == Status::Resolved && it.before != Some(Status::Resolved);
    changes.iter().filter(over).map(|it| it.incident.id.clone()).collect()
}
