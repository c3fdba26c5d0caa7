use std::collections::{BTreeMap, HashMap};

use cards::{Action, Card};
use domain::PgConnection;
use domain::incidents::ping::Ping;
use domain::incidents::{Group, Incident};

use super::views::Views;
use super::{Change, direct, draw};
use crate::Failure;
use crate::incident::{self, View};

/// The messages that tell of some incidents, as they should be now, by their keys.
pub(super) struct Drawing {
    pub(super) cards: BTreeMap<String, Card>,
    /// What those tell of that tell of several.
    groups: HashMap<String, Group>,
}

impl Drawing {
    /// Draws the messages of these changes, each once. The caller holds them.
    pub(super) async fn of(
        db: &mut PgConnection,
        told: &[(&Change, &[Ping])],
        views: &mut Views,
    ) -> Result<Self, Failure> {
        let mut about: BTreeMap<&str, (&Ping, &Incident)> = BTreeMap::new();
        for (change, pings) in told {
            about.extend(pings.iter().map(|it| (it.key.as_str(), (it, &change.incident))));
        }
        let many: Vec<String> = about.values().filter(|it| it.0.many).map(|it| it.0.key.clone()).collect();
        let groups = if many.is_empty() { Vec::new() } else { Group::of(&mut *db, &many).await? };
        let groups: HashMap<String, Group> =
            groups.into_iter().filter(|it| it.total > 1).map(|it| (it.key.clone(), it)).collect();
        views.load(&mut *db, about.values().map(|it| it.1)).await?;
        let single = about.values().filter(|it| !groups.contains_key(&it.0.key));
        let single: BTreeMap<&str, &Incident> = single.map(|it| (it.1.id.as_str(), it.1)).collect();
        let buttons = incident::all_buttons(db, &single.values().copied().collect::<Vec<_>>()).await?;
        let buttons: HashMap<&str, Vec<Action>> = single.keys().copied().zip(buttons).collect();
        let mut cards = BTreeMap::new();
        for (key, (ping, incident)) in about {
            let (Some(view), buttons) = (views.of(&incident.id), buttons.get(incident.id.as_str())) else { continue };
            cards.insert(key.into(), drawn(view, ping, groups.get(key), buttons.map_or(&[][..], |it| it)));
        }
        Ok(Self { cards, groups })
    }

    /// How many incidents of a message that tells of several are not over.
    pub(super) fn open(&self, key: &str) -> i64 {
        self.groups.get(key).map_or(0, Group::open)
    }
}

/// What a message says: of one incident, or of the group of which it tells.
fn drawn(view: &View, ping: &Ping, group: Option<&Group>, buttons: &[Action]) -> Card {
    match (&ping.member_id, group) {
        (None, Some(group)) => draw::several(view, group),
        (None, None) => draw::one(view, buttons),
        (Some(member), Some(group)) => direct::several(view, group, member),
        (Some(member), None) => direct::one(view, buttons, member),
    }
}
