use std::fmt;

use uuid::Uuid;

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A channel of Slack, by its id.
    SlackChannel(String),
    /// A person of the directory, by direct message.
    Person(Uuid),
    /// Everybody in this group of the directory and below it, each by direct message.
    Members(String),
    /// The administrators: their channel, or else each of them.
    Administrators,
}

impl Destination {
    /// The destination that is stored like this; none if a newer replica stored it.
    pub(crate) fn read(stored: &str) -> Option<Self> {
        match stored.split_once(':') {
            None if stored == "administrators" => Some(Self::Administrators),
            Some(("slack", channel)) => Some(Self::SlackChannel(channel.into())),
            Some(("person", id)) => id.parse().ok().map(Self::Person),
            Some(("members", group)) => Some(Self::Members(group.into())),
            _ => None,
        }
    }
}

/// As it is stored.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SlackChannel(id) => write!(f, "slack:{id}"),
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Members(group) => write!(f, "members:{group}"),
            Self::Administrators => f.write_str("administrators"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again() {
        let person = Destination::Person(Uuid::from_u128(7));
        let group = Destination::Members("team:a".into());
        for it in [Destination::SlackChannel("C0PIN".into()), person, group, Destination::Administrators] {
            assert_eq!(Destination::read(&it.to_string()), Some(it));
        }
        assert_eq!(Destination::read("discord:7"), None);
        assert_eq!(Destination::read("person:ada"), None);
    }
}
