//! The rooms of the chat, and what of them somebody has not seen yet.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use maud::{Markup, html};

use super::address;
use crate::fake::slack::{CHANNEL, Entry, SlackChannel, SlackMember};

/// Until which entry each member has seen each room.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<Mutex<HashMap<(String, String), u64>>>);

impl Seen {
    /// Notes that somebody looks at a room now.
    pub(super) fn note(&self, user: &str, room: &str, last: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((user.into(), room.into()), last);
    }

    fn until(&self, user: &str, room: &str) -> u64 {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&(user.into(), room.into())).copied().unwrap_or_default()
    }
}

/// Who looks, and where.
#[derive(Clone, Copy)]
pub(super) struct Looks<'a> {
    pub(super) me: &'a SlackMember,
    pub(super) open: &'a SlackChannel,
    /// Name of a channel that is listed before anything is said in it.
    pub(super) always: Option<&'a str>,
}

/// The room that was asked for, where this member may be in it; else the one in which commands are typed.
pub(super) fn chosen<'a>(
    channels: &'a [SlackChannel],
    me: &SlackMember,
    asked: Option<&str>,
) -> Option<&'a SlackChannel> {
    let of = |id: &str| channels.iter().find(|it| it.id == id && it.with.as_ref().is_none_or(|it| *it == me.id));
    asked.and_then(of).or_else(|| of(CHANNEL))
}

/// The channel of this name.
pub(super) fn named<'a>(channels: &'a [SlackChannel], name: Option<&str>) -> Option<&'a SlackChannel> {
    channels.iter().find(|it| Some(it.name.as_str()) == name)
}

/// What a room is called.
pub(super) fn title(room: &SlackChannel) -> String {
    match room.with {
        Some(_) => "Direct messages".into(),
        None => format!("# {}", room.name),
    }
}

/// The rooms in which something was said that this member sees, the one that is open among them.
pub(super) fn list(channels: &[SlackChannel], looks: &Looks<'_>, said: &[Entry], seen: &Seen) -> Markup {
    let Looks { me, open, always } = *looks;
    let shown = |room: &&SlackChannel| {
        let begun = || said.iter().any(|it| it.channel == room.id && it.seen_by(&me.id));
        room.id == open.id || room.id == CHANNEL || Some(room.name.as_str()) == always || begun()
    };
    let own = |room: &&SlackChannel| room.with.as_ref().is_none_or(|it| *it == me.id);
    let mut rooms: Vec<&SlackChannel> = channels.iter().filter(own).filter(shown).collect();
    rooms.sort_by_key(|it| (it.with.is_some(), it.id != CHANNEL, it.name.clone()));
    html! {
        nav.rooms aria-label="Rooms" {
            ul {
                @for room in rooms { li {
                    @let until = seen.until(&me.id, &room.id);
                    @let new = said.iter().filter(|it| it.channel == room.id && it.id > until && it.seen_by(&me.id)).count();
                    a href=(address(&me.id, &room.id)) aria-current=[(room.id == open.id).then_some("page")] {
                        (title(room))
                        @if new > 0 && room.id != open.id { " " span.new { (new) span.unseen { " new" } } }
                    }
                } }
            }
        }
    }
}
