//! Accounts elsewhere that the directory gives to people: one that several claim is nobody's.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use crate::account::Platform;
use crate::directory::DirectoryPerson;
use crate::org_plan::OrgPlan;
use crate::problem::Problem;

/// An account: the word of its platform, and the id there.
pub type Key = (String, String);

/// A stored account that the directory may be the proof of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredAccount {
    /// Whose it is.
    pub person: Uuid,
    /// Whether the directory is its proof.
    pub directory: bool,
}

/// What changes in the accounts that the directory is the proof of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChanges {
    /// Accounts that get an owner, or another one.
    pub linked: BTreeMap<Key, Uuid>,
    /// Accounts that lose their owner.
    pub unlinked: BTreeMap<Key, Uuid>,
}

impl AccountChanges {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.linked.is_empty() && self.unlinked.is_empty()
    }

    /// How many change for people of whom nothing else changes.
    pub(crate) fn besides(&self, plan: &OrgPlan) -> usize {
        let joined = plan.joined.iter().map(|it| it.id);
        let others = joined.chain(plan.changed.iter().map(|it| it.1.id)).chain(plan.left.iter().map(|it| it.0));
        let known: HashSet<Uuid> = others.collect();
        let all = self.linked.iter().chain(&self.unlinked).filter(|it| !known.contains(it.1));
        all.map(|it| it.0).collect::<BTreeSet<_>>().len()
    }
}

/// What the people of a reading change in the stored accounts, and which accounts several of them claim.
///
/// An account that two claim proves nothing about either, as with an e-mail address that two have; it is nobody's until
/// one of them gives it up. Whoever may do nothing any more claims nothing from those who may: a leaver's entry often
/// lives on for a while beside the new one.
pub fn changes(people: &[DirectoryPerson], stored: &HashMap<Key, StoredAccount>) -> (AccountChanges, Vec<Problem>) {
    let mut claims: BTreeMap<(&str, String), Vec<(&DirectoryPerson, &str)>> = BTreeMap::new();
    for person in people {
        for (platform, external) in person.accounts.iter().filter(|it| Platform::from_word(&it.0).is_some()) {
            // Ids that differ in case only may be one account there.
            claims.entry((platform, external.to_lowercase())).or_default().push((person, external));
        }
    }
    let (mut owners, mut problems) = (BTreeMap::new(), Vec::new());
    for ((platform, _), mut claimants) in claims {
        if claimants.iter().any(|it| !it.0.disabled) {
            claimants.retain(|it| !it.0.disabled);
        }
        match claimants.as_slice() {
            [(person, external)] => drop(owners.insert((platform.to_owned(), (*external).to_owned()), person.id)),
            several => problems.extend(contested(platform, several)),
        }
    }
    let taken = |key: &Key, person: &Uuid| {
        stored.get(key).filter(|it| !it.directory && it.person != *person).map(|_| Problem {
            file: people.iter().find(|it| it.id == *person).map(|it| it.dn.clone()).unwrap_or_default(),
            line: None,
            reason: format!("claims the {} account {}, which was proven to be somebody else's", shown(&key.0), key.1),
        })
    };
    problems.extend(owners.iter().filter_map(|(key, person)| taken(key, person)));
    let old = stored.iter().filter(|(key, it)| it.directory && owners.get(*key) != Some(&it.person));
    let unlinked = old.map(|(key, it)| (key.clone(), it.person)).collect();
    owners.retain(|key, person| stored.get(key).is_none_or(|it| it.directory && it.person != *person));
    (AccountChanges { linked: owners, unlinked }, problems)
}

fn contested(platform: &str, claimants: &[(&DirectoryPerson, &str)]) -> Vec<Problem> {
    let platform = shown(platform);
    let problem = |(at, (person, external)): (usize, &(&DirectoryPerson, &str))| {
        let other = claimants[usize::from(at == 0)].0;
        let reason = format!(
            "claims the {platform} account {external}, as does {}: it is nobody's until only one entry names it",
            other.dn
        );
        Problem { file: person.dn.clone(), line: None, reason }
    };
    claimants.iter().enumerate().map(problem).collect()
}

fn shown(platform: &str) -> String {
    Platform::from_word(platform).map_or(platform.to_owned(), |it| it.to_string())
}

#[cfg(test)]
#[path = "claims_tests.rs"]
mod tests;
