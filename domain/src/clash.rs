//! Entries of the directory that claim one name, one id or one account: what is done about them, so that they hold up
//! nothing else.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::directory::{DirectoryGroup, DirectoryPerson, Snapshot};
use crate::org_plan::Stored;
use crate::problem::Problem;

/// A snapshot in which every id and every name is there once.
#[derive(Clone, Debug)]
pub struct Settled<'a> {
    /// The snapshot, changed only where it had clashes.
    pub snapshot: Cow<'a, Snapshot>,
    /// What was done about each clash, and how to mend it.
    pub problems: Vec<Problem>,
}

/// Settles who keeps an id and who keeps a name.
///
/// Of entries with one id the one whose DN is stored is believed, and otherwise none: an id that can be chosen freely
/// must not take over somebody's rights. Of entries with one name the one that is stored under it keeps it, and
/// otherwise the one with the lowest id; the others are called by their name and id.
pub fn settle<'a>(snapshot: &'a Snapshot, stored: &Stored) -> Settled<'a> {
    if snapshot.collisions().next().is_none() {
        return Settled { snapshot: Cow::Borrowed(snapshot), problems: Vec::new() };
    }
    let mut problems = Vec::new();
    let held = |id: &Uuid| stored.people.get(id).filter(|it| !it.left).map(|it| it.name.as_str());
    let (people, nobody) = settled(&snapshot.people, stored, held, &mut problems);
    let held = |id: &Uuid| stored.groups.get(id).filter(|it| !it.left).map(|it| it.name.as_str());
    let (mut groups, nothing) = settled(&snapshot.groups, stored, held, &mut problems);
    for group in &mut groups {
        group.people.retain(|it| !nobody.contains(it));
        group.children.retain(|it| !nothing.contains(it));
    }
    let snapshot = Snapshot { people, groups, remarks: snapshot.remarks.clone() };
    Settled { snapshot: Cow::Owned(snapshot), problems }
}

/// The ids that more than one entry has.
pub(crate) fn shared_ids(snapshot: &Snapshot) -> Vec<Uuid> {
    let people = snapshot.people.chunk_by(|a, b| a.id == b.id).filter(|it| it.len() > 1).map(|it| it[0].id);
    let groups = snapshot.groups.chunk_by(|a, b| a.id == b.id).filter(|it| it.len() > 1).map(|it| it[0].id);
    people.chain(groups).collect()
}

/// What people and groups have in common here.
trait Record: Clone {
    fn id(&self) -> Uuid;
    fn dn(&self) -> &str;
    fn name(&mut self) -> &mut String;
}

impl Record for DirectoryPerson {
    fn id(&self) -> Uuid {
        self.id
    }

    fn dn(&self) -> &str {
        &self.dn
    }

    fn name(&mut self) -> &mut String {
        &mut self.name
    }
}

impl Record for DirectoryGroup {
    fn id(&self) -> Uuid {
        self.id
    }

    fn dn(&self) -> &str {
        &self.dn
    }

    fn name(&mut self) -> &mut String {
        &mut self.name
    }
}

/// The records that are believed, under names of their own, and the ids of which none is.
fn settled<'a, T: Record>(
    records: &[T],
    stored: &Stored,
    held: impl Fn(&Uuid) -> Option<&'a str>,
    problems: &mut Vec<Problem>,
) -> (Vec<T>, HashSet<Uuid>) {
    let (mut believed, mut none) = (Vec::with_capacity(records.len()), HashSet::new());
    for same in records.chunk_by(|a, b| a.id() == b.id()) {
        let dn = stored.dns.get(&same[0].id());
        match same.iter().position(|it| same.len() == 1 || Some(it.dn()) == dn.map(String::as_str)) {
            Some(at) => believed.push(same[at].clone()),
            None => drop(none.insert(same[0].id())),
        }
        problems.extend(shared_id(same, dn));
    }
    rename(&mut believed, held, problems);
    (believed, none)
}

fn shared_id<T: Record>(same: &[T], stored: Option<&String>) -> Vec<Problem> {
    let believed = same.iter().find(|it| Some(it.dn()) == stored.map(String::as_str));
    let others = || same.iter().filter(|it| Some(it.dn()) != believed.map(T::dn));
    let ignored = others().filter(|_| same.len() > 1).map(|it| {
        let other = same.iter().find(|other| other.dn() != it.dn()).unwrap_or(it);
        let verdict = match believed {
            Some(_) => "the entry that was known before is the one that counts",
            None => "neither counts, since nobody can tell which is meant",
        };
        let reason = format!(
            "has the same id ({}) as {}: {verdict}; give each an id of its own, in the directory or by \
             `attributes.uuid`",
            it.id(),
            other.dn()
        );
        Problem { file: it.dn().to_owned(), line: None, reason }
    });
    ignored.collect()
}

/// Gives every record but one of each name another name.
fn rename<'a, T: Record>(records: &mut [T], held: impl Fn(&Uuid) -> Option<&'a str>, problems: &mut Vec<Problem>) {
    let mut named: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, record) in records.iter_mut().enumerate() {
        named.entry(record.name().to_ascii_lowercase()).or_default().push(at);
    }
    let mut clashes: Vec<(String, Vec<usize>)> =
        named.iter().filter(|it| it.1.len() > 1).map(|(name, all)| (name.clone(), all.clone())).collect();
    clashes.sort();
    let mut taken: HashSet<String> = named.into_keys().collect();
    for (name, all) in clashes {
        let keeps = |at: &&usize| held(&records[**at].id()).is_some_and(|it| it.eq_ignore_ascii_case(&name));
        // Records are sorted by id, so the first has the lowest.
        let keeper = all.iter().find(keeps).copied().unwrap_or(all[0]);
        for at in all.into_iter().filter(|it| *it != keeper) {
            let wanted = records[at].name().clone();
            let free = names(&wanted, records[at].id()).find(|it| taken.insert(it.to_ascii_lowercase()));
            let name = free.unwrap_or_else(|| records[at].id().to_string());
            let reason = format!(
                "has the same name ({wanted}) as {}, so it is called {name}: give each a name of its own, in the \
                 directory or by `attributes.name`",
                records[keeper].dn()
            );
            problems.push(Problem { file: records[at].dn().to_owned(), line: None, reason });
            *records[at].name() = name;
        }
    }
}

/// <https://backstage.io/docs/features/software-catalog/descriptor-format/#name-required>
const MAX_NAME: usize = 63;

/// Names for a record whose own is taken, the nicest first; they do not end.
fn names(wanted: &str, id: Uuid) -> impl Iterator<Item = String> {
    let id = id.simple().to_string();
    let short = |suffix: &str| {
        let stem: String = wanted.chars().take(MAX_NAME - 1 - suffix.len()).collect();
        format!("{}-{suffix}", stem.trim_end_matches(|it: char| !it.is_ascii_alphanumeric()))
    };
    // The last digits: the first of a UUID by time are those of its neighbours too.
    let nice = [short(&id[id.len() - 8..]), short(&id)];
    nice.into_iter().chain((2_u64..).map(move |it| format!("{id}-{it}")))
}

#[cfg(test)]
#[path = "clash_tests.rs"]
mod tests;
