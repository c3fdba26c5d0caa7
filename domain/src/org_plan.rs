//! What a reading of the directory would change: read, plan, print, apply.

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use crate::claims::{self, AccountChanges, Key, StoredAccount};
use crate::clash::settle;
use crate::directory::{DirectoryGroup, DirectoryPerson, Snapshot};
use crate::problem::Problem;

/// What is already stored, as far as a plan needs it.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// People by directory id, those who left included.
    pub people: HashMap<Uuid, StoredPerson>,
    /// Groups by directory id, those that are gone included.
    pub groups: HashMap<Uuid, StoredGroup>,
    /// Members of the groups whose members differ from the snapshot's: people, then groups.
    pub members: HashMap<Uuid, (Vec<Uuid>, Vec<Uuid>)>,
    /// DNs of those whose id several entries of the snapshot have.
    pub dns: HashMap<Uuid, String>,
    /// Accounts of the platforms that have one space of ids.
    pub accounts: HashMap<Key, StoredAccount>,
}

/// A stored person, as far as a plan needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPerson {
    /// Entity name.
    pub name: String,
    /// Whether the directory disabled them.
    pub disabled: bool,
    /// Whether they left.
    pub left: bool,
    /// Whether they have an e-mail address.
    pub email: bool,
    /// Digest of all mapped fields.
    pub digest: Vec<u8>,
}

/// A stored group, as far as a plan needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredGroup {
    /// Entity name.
    pub name: String,
    /// Whether it is gone.
    pub left: bool,
    /// Digest of all mapped fields but the members.
    pub digest: Vec<u8>,
    /// Digest of the direct members.
    pub members_digest: Vec<u8>,
}

/// Everything that a reading would change.
#[derive(Clone, Debug, Default)]
pub struct OrgPlan {
    /// People who are new or came back.
    pub joined: Vec<DirectoryPerson>,
    /// People of whom something changed, with their name so far.
    pub changed: Vec<(String, DirectoryPerson)>,
    /// People who are no longer in the directory.
    pub left: Vec<(Uuid, String)>,
    /// Names of people who are newly disabled.
    pub disabled: Vec<String>,
    /// Names of people who were disabled and no longer are.
    pub enabled: Vec<String>,
    /// Names of people whose e-mail address goes.
    pub unreachable: Vec<String>,
    /// Groups that are new or came back.
    pub founded: Vec<DirectoryGroup>,
    /// Groups of which something besides members changed, with their name so far.
    pub altered: Vec<(String, DirectoryGroup)>,
    /// Groups that are no longer in the directory.
    pub closed: Vec<(Uuid, String)>,
    /// Changes of members, by group.
    pub members: BTreeMap<Uuid, MemberChange>,
    /// New digests of members, by group.
    pub digests: Vec<(Uuid, [u8; 32])>,
    /// Changes of the accounts that the directory is the proof of.
    pub accounts: AccountChanges,
    /// How many of those are of people of whom nothing else changes.
    pub relinked: usize,
    /// What could not be taken as it stands, such as two people with one name, and what was done instead.
    pub problems: Vec<Problem>,
    /// How many people, groups and memberships were stored and are in the snapshot.
    pub sizes: Sizes,
}

/// A group's change of direct members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// Name of the group.
    pub group: String,
    /// People who come in.
    pub people_in: Vec<Uuid>,
    /// People who go out.
    pub people_out: Vec<Uuid>,
    /// Groups that come in.
    pub groups_in: Vec<Uuid>,
    /// Groups that go out.
    pub groups_out: Vec<Uuid>,
}

impl MemberChange {
    /// How many come in.
    pub fn incoming(&self) -> usize {
        self.people_in.len() + self.groups_in.len()
    }

    /// How many go out.
    pub fn outgoing(&self) -> usize {
        self.people_out.len() + self.groups_out.len()
    }
}

/// How many there are, before and in the snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// People who are here and enabled, before.
    pub enabled_before: usize,
    /// People who are here and disabled, before.
    pub disabled_before: usize,
    /// People who are here and have an e-mail address, before.
    pub reachable_before: usize,
    /// People who are here, before.
    pub people_before: usize,
    /// Groups before.
    pub groups_before: usize,
    /// Direct memberships before.
    pub memberships_before: usize,
    /// People in the snapshot.
    pub people: usize,
    /// Groups in the snapshot.
    pub groups: usize,
    /// Direct memberships in the snapshot.
    pub memberships: usize,
}

/// What a snapshot would change in what is stored.
pub fn plan(snapshot: &Snapshot, stored: &Stored) -> OrgPlan {
    let settled = settle(snapshot, stored);
    let snapshot = &*settled.snapshot;
    let mut plan = OrgPlan { problems: settled.problems, ..OrgPlan::default() };
    plan_people(&mut plan, snapshot, stored);
    plan_groups(&mut plan, snapshot, stored);
    plan_members(&mut plan, snapshot, stored);
    let (accounts, contested) = claims::changes(&snapshot.people, &stored.accounts);
    plan.problems.extend(contested);
    plan.relinked = accounts.besides(&plan);
    plan.accounts = accounts;
    plan
}

impl OrgPlan {
    /// How many rows it writes.
    pub fn changes(&self) -> usize {
        let people = self.joined.len() + self.changed.len() + self.left.len();
        let groups = self.founded.len() + self.altered.len() + self.closed.len();
        let members: usize = self.members.values().map(|it| it.incoming() + it.outgoing()).sum();
        people + groups + members + self.relinked
    }

    fn note_losses(&mut self, before: &StoredPerson, now: &DirectoryPerson) {
        match (before.disabled, now.disabled) {
            (false, true) => self.disabled.push(now.name.clone()),
            (true, false) => self.enabled.push(now.name.clone()),
            _ => {}
        }
        if before.email && now.email.is_none() {
            self.unreachable.push(now.name.clone());
        }
    }

    /// How many memberships end.
    pub fn memberships_lost(&self) -> usize {
        self.members.values().map(MemberChange::outgoing).sum()
    }
}

fn plan_people(plan: &mut OrgPlan, snapshot: &Snapshot, stored: &Stored) {
    let mut here = HashSet::new();
    for person in &snapshot.people {
        here.insert(person.id);
        match stored.people.get(&person.id) {
            Some(it) if !it.left => {
                if it.digest != person.digest() {
                    plan.note_losses(it, person);
                    plan.changed.push((it.name.clone(), person.clone()));
                }
            }
            _ => plan.joined.push(person.clone()),
        }
    }
    let gone = stored.people.iter().filter(|(id, it)| !it.left && !here.contains(*id));
    plan.left = gone.map(|(id, it)| (*id, it.name.clone())).collect();
    plan.left.sort_by(|a, b| a.1.cmp(&b.1));
}

fn plan_groups(plan: &mut OrgPlan, snapshot: &Snapshot, stored: &Stored) {
    let mut here = HashSet::new();
    for group in &snapshot.groups {
        here.insert(group.id);
        match stored.groups.get(&group.id) {
            Some(it) if !it.left => {
                if it.digest != group.digest() {
                    plan.altered.push((it.name.clone(), group.clone()));
                }
            }
            _ => plan.founded.push(group.clone()),
        }
    }
    let gone = stored.groups.iter().filter(|(id, it)| !it.left && !here.contains(*id));
    plan.closed = gone.map(|(id, it)| (*id, it.name.clone())).collect();
    plan.closed.sort_by(|a, b| a.1.cmp(&b.1));
}

/// Compares members by their digests, so only the groups that differ are looked at.
fn plan_members(plan: &mut OrgPlan, snapshot: &Snapshot, stored: &Stored) {
    let mut sizes = Sizes::of(snapshot, stored);
    for group in &snapshot.groups {
        let digest = group.members_digest();
        let known = stored.groups.get(&group.id).filter(|it| !it.left);
        if known.is_some_and(|it| it.members_digest == digest) {
            sizes.memberships_before += group.people.len() + group.children.len();
            continue;
        }
        plan.digests.push((group.id, digest));
        plan.members.insert(group.id, member_change(group, stored));
    }
    for (id, name) in &plan.closed {
        let (people_out, groups_out) = stored.members.get(id).cloned().unwrap_or_default();
        let change = MemberChange { group: name.clone(), people_out, groups_out, ..MemberChange::default() };
        plan.members.insert(*id, change);
    }
    sizes.memberships_before += stored.members.values().map(|it| it.0.len() + it.1.len()).sum::<usize>();
    plan.members.retain(|_, it| it.incoming() + it.outgoing() > 0);
    plan.sizes = sizes;
}

fn member_change(group: &DirectoryGroup, stored: &Stored) -> MemberChange {
    let none = (Vec::new(), Vec::new());
    let (people, groups) = stored.members.get(&group.id).unwrap_or(&none);
    let (people_in, people_out) = difference(&group.people, people);
    let (groups_in, groups_out) = difference(&group.children, groups);
    MemberChange { group: group.name.clone(), people_in, people_out, groups_in, groups_out }
}

/// What is only in the first, and what is only in the second.
fn difference(now: &[Uuid], before: &[Uuid]) -> (Vec<Uuid>, Vec<Uuid>) {
    let only = |these: &[Uuid], those: &[Uuid]| -> Vec<Uuid> {
        let those: HashSet<&Uuid> = those.iter().collect();
        these.iter().filter(|it| !those.contains(it)).copied().collect()
    };
    (only(now, before), only(before, now))
}

impl Sizes {
    /// All but the memberships before.
    fn of(snapshot: &Snapshot, stored: &Stored) -> Self {
        let here = |of: fn(&StoredPerson) -> bool| stored.people.values().filter(|it| !it.left && of(it)).count();
        Self {
            enabled_before: here(|it| !it.disabled),
            disabled_before: here(|it| it.disabled),
            reachable_before: here(|it| it.email),
            people_before: here(|_| true),
            groups_before: stored.groups.values().filter(|it| !it.left).count(),
            memberships_before: 0,
            people: snapshot.people.len(),
            groups: snapshot.groups.len(),
            memberships: snapshot.memberships(),
        }
    }
}
