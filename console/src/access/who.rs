use std::collections::BTreeSet;

use cards::{Card, Text};
use domain::person::Person;
use domain::standing::{Circle, Standing};
use domain::subject::Subject;
use uuid::Uuid;

use super::{ALONE, Action, Asker, Resource};
use crate::{Asks, Ctx, Failure, words};

/// Somebody who may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Every member of a group.
    Group(Circle),
    /// One person.
    Person(Standing),
}

/// More than these nobody reads.
const MAX: usize = 8;

/// Everybody who may do this: of the groups and people that the policies, the configuration and the resource name, those
/// whom the policies allow it.
pub async fn who_can(ctx: &Ctx, action: Action, resource: &Resource) -> Result<Vec<Who>, Failure> {
    let access = &ctx.access;
    let mut mentioned = access.policies.mentioned();
    let named = access.administrators.group.iter().chain(&resource.owner).chain(&resource.owners);
    mentioned.groups.extend(named.map(|it| it.to_lowercase()));
    let allowed = |id: Uuid, groups: &[String]| {
        let asker = Asker { id, groups: groups.to_vec(), administrator: access.administers(groups) };
        access.policies.weigh(&asker, action, resource).allowed
    };
    let (owners, names): (Vec<String>, Vec<String>) =
        mentioned.groups.into_iter().partition(|it| it.starts_with(ALONE));
    for name in owners.iter().filter_map(|it| it.strip_prefix(ALONE)) {
        mentioned.people.extend(Person::named(&ctx.db, name).await?.map(|it| it.id));
    }
    // Those who are asked first, since they are who one looks for.
    let near = resource.people.values().flatten().copied().filter(|it| !mentioned.people.contains(it));
    let people: Vec<Uuid> = near.collect::<BTreeSet<_>>().into_iter().chain(mentioned.people.iter().copied()).collect();
    let groups = Circle::named(&ctx.db, &names).await?;
    let groups = groups.into_iter().filter(|it| allowed(Uuid::nil(), &it.within)).map(Who::Group);
    let mut who: Vec<Who> = groups.take(MAX).collect();
    for id in people.into_iter().take(MAX) {
        let person = Standing::of(&ctx.db, id)
            .await?
            .filter(|it| !it.disabled && access.policies.weigh(&access.asker(it), action, resource).allowed);
        who.extend(person.map(Who::Person));
    }
    Ok(who)
}

impl Who {
    /// The group or person, as a link or a mention.
    pub fn text(&self) -> Text {
        match self {
            Self::Group(it) => words::subject(&Subject::group(&self.reference(), &it.name, &it.display_name, "group")),
            Self::Person(it) => Text::person(&it.name, &it.display_name),
        }
    }

    /// How to reach them besides their page.
    fn reach(&self) -> Text {
        match self {
            Self::Group(Circle { channel: Some(channel), .. }) => Text::plain(format!("ask in {channel}")),
            Self::Group(Circle { email: Some(email), .. }) => Text::plain(format!("write to {email}")),
            Self::Group(_) => Text::plain("its members are on its page"),
            Self::Person(_) => Text::default(),
        }
    }

    fn reference(&self) -> String {
        match self {
            Self::Group(it) => format!("group:default/{}", it.name.to_lowercase()),
            Self::Person(it) => format!("user:default/{}", it.name.to_lowercase()),
        }
    }

    /// The card with them on it, and a button to their page.
    pub(super) fn shown(&self, card: Card) -> Card {
        let card = card.item(self.text(), self.reach());
        let label = match self {
            Self::Group(it) => &it.display_name,
            Self::Person(it) => &it.display_name,
        };
        match Asks::subject(&self.reference()) {
            Some(ask) => card.read(label.clone(), ask),
            None => card,
        }
    }
}
