//! Who has to do with an event.

use std::collections::HashMap;

use cards::Text;
use domain::github::{Change, Happened, Player, Somebody};

/// Everybody whom an event could concern, by GitHub's id.
#[derive(Clone, Debug, Default)]
pub(super) struct Cast(pub(super) HashMap<i64, Player>);

impl Cast {
    /// What somebody is called.
    pub(super) fn name(&self, actor: Option<i64>) -> String {
        let player = actor.and_then(|it| self.0.get(&it));
        let name = player.map(|it| it.person.as_ref().map_or(&it.actor.login, |person| &person.display));
        name.cloned().unwrap_or_else(|| "Somebody".into())
    }

    /// The same, leading to whoever it is here.
    pub(super) fn text(&self, actor: Option<i64>) -> Text {
        match actor.and_then(|it| self.0.get(&it)?.person.as_ref()) {
            Some(it) => Text::person(&it.name, &it.display),
            None => Text::plain(self.name(actor)),
        }
    }

    /// Whether it is a program.
    pub(super) fn is_bot(&self, actor: Option<i64>) -> bool {
        actor.and_then(|it| self.0.get(&it)).is_some_and(|it| it.actor.bot)
    }

    /// Everybody who is here, with what they are called on GitHub and whether they are mentioned.
    pub(super) fn people(&self) -> Vec<(Somebody, Vec<i64>, bool)> {
        let mut people: Vec<(Somebody, Vec<i64>, bool)> = Vec::new();
        let mut players: Vec<&Player> = self.0.values().collect();
        players.sort_by_key(|it| it.actor.id);
        for player in players {
            let Some(person) = &player.person else { continue };
            match people.iter_mut().find(|it| it.0.id == person.id) {
                Some(known) => {
                    known.1.push(player.actor.id);
                    known.2 |= player.mentioned;
                }
                None => people.push((person.clone(), vec![player.actor.id], player.mentioned)),
            }
        }
        people
    }
}

/// Whom an event mentions; teams have a `/` in their names.
pub(super) fn mentions(happened: &Happened) -> impl Iterator<Item = &String> {
    happened.changes.iter().flat_map(|it| match it {
        Change::Commented { mentions: all, .. } | Change::Mentioned { logins: all } => all.as_slice(),
        _ => &[],
    })
}
