//! What one complete reading of the directory found, free of any vendor's words.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Everyone and every group that the directory has, each list sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// Everyone.
    pub people: Vec<DirectoryPerson>,
    /// Every group.
    pub groups: Vec<DirectoryGroup>,
    /// What could not be taken as it stands, sorted by DN.
    pub remarks: Vec<Remark>,
}

/// One person of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DirectoryPerson {
    /// Id that survives renames and moves.
    pub id: Uuid,
    /// Distinguished name, as the directory wrote it.
    pub dn: String,
    /// Entity name, valid by the catalog's rule.
    pub name: String,
    /// What people call them.
    pub display_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// What they do.
    pub title: Option<String>,
    /// What the directory says of them.
    pub description: Option<String>,
    /// Whether they may do nothing any more.
    pub disabled: bool,
    /// Accounts elsewhere, as (platform, id there), sorted.
    pub accounts: Vec<(String, String)>,
}

/// One group of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DirectoryGroup {
    /// Id that survives renames and moves.
    pub id: Uuid,
    /// Distinguished name, as the directory wrote it.
    pub dn: String,
    /// Entity name, valid by the catalog's rule.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What the directory says of it.
    pub description: Option<String>,
    /// What sort of group it is; `unknown` where the directory does not tell.
    pub kind: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Direct members, sorted.
    pub people: Vec<Uuid>,
    /// Groups that are direct members, sorted.
    pub children: Vec<Uuid>,
}

/// Something that could not be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Remark {
    /// The entry it is about; empty when it is about the whole reading.
    pub dn: String,
    /// What is the matter.
    pub reason: Reason,
}

/// Why an entry could not be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Another entry of the same sort has the same entity name or the same id. Both are in the snapshot;
    /// [`crate::clash::settle`] settles which keeps it.
    Collision {
        /// The name or id that both have.
        name: String,
        /// The entry that has it too.
        other: String,
    },
    /// The entry was left out.
    LeftOut(String),
    /// A value of the entry was left out or changed.
    Value(String),
    /// Members that are neither people nor groups of this reading.
    UnknownMembers {
        /// How many.
        count: usize,
        /// One of them.
        example: String,
    },
    /// Parts of the tree that another server has; they were not read.
    Referrals {
        /// How many.
        count: usize,
        /// One of them.
        example: String,
    },
}

impl Snapshot {
    /// The remarks about names and ids that more than one entry has.
    pub fn collisions(&self) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(|it| matches!(it.reason, Reason::Collision { .. }))
    }

    /// How many direct memberships of people and of groups there are.
    pub fn memberships(&self) -> usize {
        self.groups.iter().map(|it| it.people.len() + it.children.len()).sum()
    }
}

impl DirectoryPerson {
    /// A digest of everything but the id: equal digests, nothing to write.
    pub fn digest(&self) -> [u8; 32] {
        let Self { id: _, dn, name, display_name, email, title, description, disabled, accounts } = self;
        let mut sum = Sum::new();
        sum.text(dn).text(name).text(display_name).maybe(email).maybe(title).maybe(description);
        sum.text(if *disabled { "disabled" } else { "enabled" });
        accounts.iter().for_each(|(platform, id)| {
            sum.text(platform).text(id);
        });
        sum.done()
    }
}

impl DirectoryGroup {
    /// A digest of everything but the id and the members: equal digests, nothing to write.
    pub fn digest(&self) -> [u8; 32] {
        let Self { id: _, dn, name, display_name, description, kind, email, people: _, children: _ } = self;
        let mut sum = Sum::new();
        sum.text(dn).text(name).text(display_name).maybe(description).text(kind).maybe(email);
        sum.done()
    }

    /// A digest of the direct members, so that an unchanged group of thousands costs one comparison.
    pub fn members_digest(&self) -> [u8; 32] {
        let mut sum = Sum::new();
        sum.ids(&self.people).ids(&self.children);
        sum.done()
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.dn.as_str() {
            "" => write!(f, "{}", self.reason),
            dn => write!(f, "{dn}: {}", self.reason),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Collision { name, other } => write!(f, "has the same name or id ({name}) as {other}"),
            Self::LeftOut(why) => write!(f, "left out: {why}"),
            Self::Value(what) => f.write_str(what),
            Self::UnknownMembers { count, example } => {
                write!(f, "{count} of its members are neither people nor groups that were read, for example {example}")
            }
            Self::Referrals { count, example } => {
                write!(f, "{count} references to other servers were not followed, for example {example}")
            }
        }
    }
}

/// A digest in the making. Every field is preceded by its length, so that no two records run together.
pub(crate) struct Sum(Sha256);

impl Sum {
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn maybe(&mut self, text: &Option<String>) -> &mut Self {
        self.0.update([u8::from(text.is_some())]);
        self.text(text.as_deref().unwrap_or_default())
    }

    pub(crate) fn ids(&mut self, ids: &[Uuid]) -> &mut Self {
        self.0.update((ids.len() as u64).to_be_bytes());
        ids.iter().for_each(|it| self.0.update(it));
        self
    }

    pub(crate) fn done(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group() -> DirectoryGroup {
        DirectoryGroup {
            id: Uuid::from_u128(1),
            dn: "cn=payments".into(),
            name: "payments".into(),
            display_name: "Payments".into(),
            description: None,
            kind: "unknown".into(),
            email: None,
            people: vec![Uuid::from_u128(2), Uuid::from_u128(3)],
            children: vec![],
        }
    }

    fn person() -> DirectoryPerson {
        DirectoryPerson {
            id: Uuid::from_u128(2),
            dn: "uid=ada".into(),
            name: "ada".into(),
            display_name: "Ada".into(),
            email: None,
            title: None,
            description: None,
            disabled: false,
            accounts: vec![],
        }
    }

    #[test]
    fn members_change_only_the_members_digest() {
        let nested = DirectoryGroup { people: vec![Uuid::from_u128(2)], children: vec![Uuid::from_u128(3)], ..group() };
        assert_eq!(group().digest(), nested.digest());
        assert_ne!(group().members_digest(), nested.members_digest());
    }

    #[test]
    fn every_field_of_a_person_but_the_id_changes_the_digest() {
        let changed = [
            DirectoryPerson { dn: "uid=ada,ou=x".into(), ..person() },
            DirectoryPerson { name: "Ada".into(), ..person() },
            DirectoryPerson { display_name: "Ada L".into(), ..person() },
            DirectoryPerson { email: Some(String::new()), ..person() },
            DirectoryPerson { title: Some("x".into()), ..person() },
            DirectoryPerson { description: Some("x".into()), ..person() },
            DirectoryPerson { disabled: true, ..person() },
            DirectoryPerson { accounts: vec![("github".into(), "ada".into())], ..person() },
        ];
        let digests: std::collections::BTreeSet<_> = changed.iter().map(DirectoryPerson::digest).collect();
        assert_eq!(digests.len(), changed.len());
        assert!(!digests.contains(&person().digest()));
        assert_eq!(DirectoryPerson { id: Uuid::nil(), ..person() }.digest(), person().digest());
    }

    #[test]
    fn fields_do_not_run_together() {
        let left = DirectoryPerson { name: "ab".into(), display_name: "c".into(), ..person() };
        let right = DirectoryPerson { name: "a".into(), display_name: "bc".into(), ..person() };
        assert_ne!(left.digest(), right.digest());
    }
}
