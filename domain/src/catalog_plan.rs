//! What a reading of the catalog's files would change: read, plan, print, apply.

use std::collections::{HashMap, HashSet};
use std::fmt;

use chrono::{DateTime, Utc};

use crate::document::Document;
use crate::problem::Problem;

/// A document that a source has now.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What it says.
    pub document: Document,
    /// Where its file is.
    pub location: String,
    /// The line in it at which the document begins, from 1.
    pub line: u32,
}

/// A stored entity, as far as a plan needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntity {
    /// Digest of the document and its place.
    pub digest: Vec<u8>,
    /// Where its file was.
    pub location: String,
    /// Since when its source no longer has it.
    pub orphaned_at: Option<DateTime<Utc>>,
}

/// What is already stored of a source.
#[derive(Clone, Debug, Default)]
pub struct StoredCatalog {
    /// Its entities by canonical reference.
    pub entities: HashMap<String, StoredEntity>,
    /// Canonical references of people and groups of the directory; empty before its first reading.
    pub org: HashSet<String>,
}

/// When to remove what has vanished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// What vanished before this moment is removed; nothing is where there is none.
    pub before: Option<DateTime<Utc>>,
}

/// Everything that a reading would change.
#[derive(Clone, Debug, Default)]
pub struct CatalogPlan {
    /// Entities that are new, came back or changed.
    pub written: Vec<Seen>,
    /// How many of those are new.
    pub new: usize,
    /// References of entities that their source no longer has.
    pub vanished: Vec<String>,
    /// References of vanished entities whose time is over.
    pub removed: Vec<String>,
    /// What is wrong with the files.
    pub problems: Vec<Problem>,
    /// How many entities the source has.
    pub seen: usize,
}

/// What these documents would change. What is not among them has vanished only where its location is `gone`: a reading
/// that could not see everything says nothing about the rest.
pub fn plan(
    seen: Vec<Seen>,
    problems: Vec<Problem>,
    gone: impl Fn(&str) -> bool,
    stored: &StoredCatalog,
    removal: Removal,
) -> CatalogPlan {
    let here: HashSet<String> = seen.iter().map(|it| it.document.reference.to_string()).collect();
    let mut plan = CatalogPlan { problems, seen: seen.len(), ..CatalogPlan::default() };
    plan.problems.extend(seen.iter().filter_map(|it| stranger(it, stored)));
    for it in seen {
        let known = stored.entities.get(&it.document.reference.to_string());
        if known.is_none_or(|known| known.digest != it.digest() || known.orphaned_at.is_some()) {
            plan.new += usize::from(known.is_none());
            plan.written.push(it);
        }
    }
    for (reference, entity) in stored.entities.iter().filter(|it| !here.contains(it.0)) {
        match (entity.orphaned_at, removal.before) {
            (Some(since), Some(before)) if since < before => plan.removed.push(reference.clone()),
            (None, _) if gone(&entity.location) => plan.vanished.push(reference.clone()),
            _ => {}
        }
    }
    plan.vanished.sort();
    plan.removed.sort();
    plan
}

/// A file may annotate people and groups of the directory, and can neither invent nor change them.
fn stranger(seen: &Seen, stored: &StoredCatalog) -> Option<Problem> {
    let document = &seen.document;
    let reference = document.reference.to_string();
    if !document.is_of_directory() || stored.org.contains(&reference) {
        return None;
    }
    let reason = match stored.org.is_empty() {
        true => format!(
            "no directory has been read yet, and {reference} can only be known from there: \
             run `pinconsole sync ldap`, or give it a namespace of its own"
        ),
        false => format!(
            "{reference} is not in the directory: people and groups of namespace `default` come from there; \
             mend the name, or give it a namespace of its own"
        ),
    };
    let file = seen.location.strip_prefix("file:").unwrap_or(&seen.location).into();
    Some(Problem { file, line: i32::try_from(seen.line).ok(), reason })
}

impl Seen {
    /// Digest of the document and its place.
    pub(crate) fn digest(&self) -> Vec<u8> {
        let mut digest = self.document.digest().to_vec();
        digest.extend(self.line.to_be_bytes());
        digest.extend(self.location.as_bytes());
        digest
    }
}

impl CatalogPlan {
    /// How many entities it writes, marks or removes.
    pub fn changes(&self) -> usize {
        self.written.len() + self.vanished.len() + self.removed.len()
    }
}

/// Lines of one kind beyond these are counted, not listed.
const MAX_LINES: usize = 20;

impl fmt::Display for CatalogPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [new, changed] = [self.new, self.written.len() - self.new];
        let [vanished, removed, problems] = [self.vanished.len(), self.removed.len(), self.problems.len()];
        writeln!(
            f,
            "Entities: {} read: {new} new, {changed} change, {vanished} vanish, {removed} are removed",
            self.seen
        )?;
        let written = self.written.iter().map(|it| it.document.reference.to_string());
        lines(f, '~', written)?;
        lines(f, '-', self.vanished.iter().chain(&self.removed).cloned())?;
        writeln!(f, "Problems: {problems}")?;
        lines(f, '!', self.problems.iter().map(Problem::to_string))
    }
}

fn lines(f: &mut fmt::Formatter<'_>, mark: char, lines: impl Iterator<Item = String>) -> fmt::Result {
    let mut more = 0;
    for (index, line) in lines.enumerate() {
        match index {
            0..MAX_LINES => writeln!(f, "  {mark} {line}")?,
            _ => more += 1,
        }
    }
    if more > 0 { writeln!(f, "  … and {more} more") } else { Ok(()) }
}
