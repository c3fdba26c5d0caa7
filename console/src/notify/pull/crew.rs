//! Teams that are asked: their channel, and those of them who chose to be told.

use domain::github::{Change, Crew, News, Notice, Reviewer};

use super::around::Around;
use super::cast;
use crate::notify::Destination;
use crate::notify::incident::channel;

/// The teams that an event asks or mentions, and those that have a message already.
pub(super) fn of(around: &Around, News { happened, whole }: &News, notices: &[Notice]) -> Vec<Crew> {
    let asked = happened.changes.iter().filter_map(|it| match it {
        Change::Requested { of: Reviewer::Team(it), .. } => Some(it.id),
        _ => None,
    });
    let mut ids: Vec<i64> = asked.chain(notices.iter().filter_map(|it| it.team_id)).collect();
    // What it means for one of a team depends on whether the team is asked still.
    if !notices.is_empty() || happened.changes.is_empty() || happened.changes.contains(&Change::Ready) {
        ids.extend(whole.requests.iter().filter_map(|it| match &it.of {
            Reviewer::Team(it) => Some(it.id),
            Reviewer::Actor(_) => None,
        }));
    }
    let slugs: Vec<&String> = cast::mentions(happened).filter(|it| it.contains('/')).collect();
    around.crews(&ids, &slugs)
}

/// The channel of a team.
pub(super) fn place(crew: &Crew) -> Option<Destination> {
    crew.channel.as_deref().and_then(channel)
}
