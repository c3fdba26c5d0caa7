//! What a reading of the directory would change: read, plan, print, apply.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use uuid::Uuid;

use crate::directory::{DirectoryGroup, DirectoryPerson, Snapshot};

/// What is already stored, as far as a plan needs it.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// People by directory id, those who left included.
    pub people: HashMap<Uuid, StoredPerson>,
    /// Groups by directory id, those that are gone included.
    pub groups: HashMap<Uuid, StoredGroup>,
    /// Members of the groups whose members differ from the snapshot's: people, then groups.
    pub members: HashMap<Uuid, (Vec<Uuid>, Vec<Uuid>)>,
    /// How many direct memberships and nestings there are in all.
    pub memberships: usize,
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
    /// How many direct members it has, people and groups.
    pub size: usize,
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
    /// Why the snapshot cannot be applied as it is, such as two people with one name.
    pub conflicts: Vec<String>,
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
    let mut plan =
        OrgPlan { conflicts: snapshot.collisions().map(|it| it.to_string()).collect(), ..OrgPlan::default() };
    plan_people(&mut plan, snapshot, stored);
    plan_groups(&mut plan, snapshot, stored);
    for group in snapshot.groups.iter().filter(|it| !same_members(it, stored)) {
        plan.digests.push((group.id, group.members_digest()));
        plan.members.insert(group.id, member_change(group, stored));
    }
    for (id, name) in &plan.closed {
        let (people_out, groups_out) = stored.members.get(id).cloned().unwrap_or_default();
        let change = MemberChange { group: name.clone(), people_out, groups_out, ..MemberChange::default() };
        plan.members.insert(*id, change);
    }
    plan.members.retain(|_, it| it.incoming() + it.outgoing() > 0);
    plan.sizes = sizes(snapshot, stored);
    plan
}

impl OrgPlan {
    /// How many rows it writes.
    pub fn changes(&self) -> usize {
        let people = self.joined.len() + self.changed.len() + self.left.len();
        let groups = self.founded.len() + self.altered.len() + self.closed.len();
        people + groups + self.members.values().map(|it| it.incoming() + it.outgoing()).sum::<usize>()
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
                    if person.disabled && !it.disabled {
                        plan.disabled.push(person.name.clone());
                    }
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

fn same_members(group: &DirectoryGroup, stored: &Stored) -> bool {
    let known = stored.groups.get(&group.id).filter(|it| !it.left);
    known.is_some_and(|it| it.members_digest == group.members_digest())
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

fn sizes(snapshot: &Snapshot, stored: &Stored) -> Sizes {
    let here = || stored.people.values().filter(|it| !it.left);
    Sizes {
        enabled_before: here().filter(|it| !it.disabled).count(),
        people_before: here().count(),
        groups_before: stored.groups.values().filter(|it| !it.left).count(),
        memberships_before: stored.memberships,
        people: snapshot.people.len(),
        groups: snapshot.groups.len(),
        memberships: snapshot.memberships(),
    }
}

/// Lines of one kind beyond these are counted, not listed.
const MAX_LINES: usize = 20;

impl fmt::Display for OrgPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sizes { people_before, groups_before, memberships_before, people, groups, memberships, .. } = self.sizes;
        let [joined, changed, left] = [self.joined.len(), self.changed.len(), self.left.len()];
        writeln!(f, "People: {people_before} -> {people}: {joined} join, {changed} change, {left} leave")?;
        lines(f, '+', self.joined.iter().map(|it| format!("{} ({})", it.name, it.display_name)))?;
        lines(
            f,
            '~',
            self.changed.iter().map(|(before, it)| renamed(before, &it.name, self.disabled.contains(&it.name))),
        )?;
        lines(f, '-', self.left.iter().map(|it| it.1.clone()))?;
        let [founded, altered, closed] = [self.founded.len(), self.altered.len(), self.closed.len()];
        writeln!(f, "Groups: {groups_before} -> {groups}: {founded} new, {altered} change, {closed} gone")?;
        lines(f, '+', self.founded.iter().map(|it| format!("{} ({})", it.name, it.display_name)))?;
        lines(f, '~', self.altered.iter().map(|(before, it)| renamed(before, &it.name, false)))?;
        lines(f, '-', self.closed.iter().map(|it| it.1.clone()))?;
        let (lost, won) = (self.memberships_lost(), self.members.values().map(MemberChange::incoming).sum::<usize>());
        writeln!(f, "Memberships: {memberships_before} -> {memberships}: {won} begin, {lost} end")?;
        lines(f, '~', self.members.values().map(|it| format!("{}: +{} -{}", it.group, it.incoming(), it.outgoing())))?;
        lines(f, '!', self.conflicts.iter().cloned())
    }
}

fn renamed(before: &str, now: &str, disabled: bool) -> String {
    let name = if before == now { now.to_string() } else { format!("{before} is now {now}") };
    if disabled { format!("{name}: disabled") } else { name }
}

fn lines(f: &mut fmt::Formatter<'_>, mark: char, lines: impl ExactSizeIterator<Item = String>) -> fmt::Result {
    let more = lines.len().saturating_sub(MAX_LINES);
    for line in lines.take(MAX_LINES) {
        writeln!(f, "  {mark} {line}")?;
    }
    if more > 0 { writeln!(f, "  … and {more} more") } else { Ok(()) }
}
