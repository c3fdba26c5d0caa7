use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::directory::{DirectoryGroup, DirectoryPerson, Reason, Remark, Snapshot};
use foldhash::fast::RandomState;
use uuid::Uuid;

use super::both::{both, halves};
use super::membership::{Index, unite};
use super::name::entity_name;
use super::value::{LINE, PARAGRAPH, Values, listed};
use super::{Config, Dn, Entry, Names, RawEntries, dn};

/// Turns raw entries into people and groups. Pure: the same entries, configuration and moment give the same snapshot.
pub fn map(raw: &RawEntries, config: &Config, now: DateTime<Utc>) -> Snapshot {
    let config = config.resolved();
    let (users, mut remarks) = mapped(&raw.users, |values| person(values, &config, now));
    let (groups, more) = mapped(&raw.groups, |values| group(values, &config));
    remarks.extend(more);
    let (index, ()) = both(
        || Index::new(&users, &groups, &config),
        || {
            collisions(users.iter().map(|it| (it.record.id, &it.record.name, &it.record.dn)), &mut remarks);
            collisions(groups.iter().map(|it| (it.record.id, &it.record.name, &it.record.dn)), &mut remarks);
        },
    );
    let mut groups = unite(&users, &groups, &index, &config, &mut remarks);
    let mut people: Vec<DirectoryPerson> = users.into_iter().map(|it| it.record).collect();
    referrals(&raw.referrals, &mut remarks);
    people.sort_by(|a, b| (a.id, &a.dn).cmp(&(b.id, &b.dn)));
    groups.sort_by(|a, b| (a.id, &a.dn).cmp(&(b.id, &b.dn)));
    remarks.sort();
    Snapshot { people, groups, remarks }
}

/// A record, the entry that it was made of, and that entry's name in comparable form.
pub(super) struct Mapped<'a, T> {
    pub(super) entry: &'a Entry,
    pub(super) dn: Dn,
    pub(super) record: T,
}

/// What one entry says, and what of it could not be taken; without a name that is well formed it says nothing.
type Read<'a, T> = (Option<(Dn, Option<T>)>, &'a Entry, Vec<Remark>);

/// What entries say, and what could not be taken. Bases may overlap: an entry that was read twice counts once.
fn mapped<T: Send>(
    entries: &[Entry],
    record: impl Fn(&mut Values) -> Option<T> + Sync,
) -> (Vec<Mapped<'_, T>>, Vec<Remark>) {
    let read = halves(entries, |entry| read(entry, &record));
    let mut remarks = Vec::new();
    let mut seen: HashSet<Dn, RandomState> = HashSet::with_capacity_and_hasher(entries.len(), RandomState::default());
    let mut mapped = Vec::with_capacity(entries.len());
    for (said, entry, more) in read {
        let Some((dn, record)) = said else {
            remarks.extend(more);
            continue;
        };
        if seen.insert(dn.clone()) {
            remarks.extend(more);
            mapped.extend(record.map(|record| Mapped { entry, dn, record }));
        }
    }
    (mapped, remarks)
}

fn read<'a, T>(entry: &'a Entry, record: &impl Fn(&mut Values) -> Option<T>) -> Read<'a, T> {
    let mut remarks = Vec::new();
    let mut values = Values { entry, remarks: &mut remarks };
    let Some(dn) = Dn::parse(&entry.dn) else {
        values.remark(Reason::LeftOut("its DN is not well formed".to_owned()));
        return (None, entry, remarks);
    };
    let record = record(&mut values);
    (Some((dn, record)), entry, remarks)
}

fn person(values: &mut Values, config: &Config, now: DateTime<Utc>) -> Option<DirectoryPerson> {
    let fields = &config.users.attributes;
    let id = values.uuid(&fields.uuid)?;
    let (raw, name) = name(values, &fields.name, id)?;
    Some(DirectoryPerson {
        id,
        dn: values.entry.dn.clone(),
        name,
        display_name: values.one(fields.display_name.as_ref(), LINE).unwrap_or(raw),
        email: values.email(&fields.email),
        title: values.one(fields.title.as_ref(), LINE),
        description: values.one(fields.description.as_ref(), PARAGRAPH),
        disabled: disabled(values, config, now),
        accounts: accounts(values, config),
    })
}

fn group(values: &mut Values, config: &Config) -> Option<DirectoryGroup> {
    let fields = &config.groups.attributes;
    let id = values.uuid(&fields.uuid)?;
    let (raw, name) = name(values, &fields.name, id)?;
    Some(DirectoryGroup {
        id,
        dn: values.entry.dn.clone(),
        name,
        display_name: values.one(fields.display_name.as_ref(), LINE).unwrap_or(raw),
        description: values.one(fields.description.as_ref(), PARAGRAPH),
        kind: values.one(fields.kind.as_ref(), LINE).unwrap_or_else(|| "unknown".to_owned()),
        email: values.email(&fields.email),
        people: Vec::new(),
        children: Vec::new(),
    })
}

/// The name as written and as an entity name. Of several values the one in the entry's own DN counts: an alias must not
/// make someone a leaver.
fn name(values: &mut Values, names: &Option<Names>, id: Uuid) -> Option<(String, String)> {
    let entry = values.entry;
    let in_dn = || names.iter().flat_map(Names::iter).find_map(|it| dn::own_value(&entry.dn, it));
    let Some(raw) = values.one(names.as_ref(), LINE).or_else(in_dn) else {
        values.remark(Reason::LeftOut(format!("it has no single {}", listed(names))));
        return None;
    };
    let name = entity_name(&raw).unwrap_or_else(|| {
        values.remark(Reason::Value(format!("{raw:?} has no letter that a name may have, so it is named by its id")));
        id.to_string()
    });
    Some((raw, name))
}

/// A value that cannot be understood disables: nobody keeps rights by a mistake in the directory, and a mistake in the
/// configuration disables so many that the brake holds.
fn disabled(values: &mut Values, config: &Config, now: DateTime<Utc>) -> bool {
    config.users.disabled.iter().flatten().any(|rule| match rule.holds(values.entry, now) {
        Ok(disabled) => disabled,
        Err(what) => {
            values.remark(Reason::Value(format!("disabled, since {what}, which the rule cannot read")));
            true
        }
    })
}

fn accounts(values: &mut Values, config: &Config) -> Vec<(String, String)> {
    let id = |(platform, names): (&String, &Names)| Some((platform.clone(), values.one(Some(names), LINE)?));
    config.users.accounts.iter().filter_map(id).collect()
}

/// Two entries with one id or, in any case, one name: which of them is meant cannot be known.
fn collisions<'a>(entries: impl ExactSizeIterator<Item = (Uuid, &'a String, &'a String)>, remarks: &mut Vec<Remark>) {
    let mut ids: HashMap<Uuid, &str, RandomState> =
        HashMap::with_capacity_and_hasher(entries.len(), RandomState::default());
    let mut names: HashMap<Cow<str>, &str, RandomState> =
        HashMap::with_capacity_and_hasher(entries.len(), RandomState::default());
    let mut clash = |other: Option<&str>, shown: &dyn std::fmt::Display, dn: &'a String| {
        let Some(other) = other else { return };
        let collision = |other: &str| Reason::Collision { name: shown.to_string(), other: other.to_owned() };
        remarks.push(Remark { dn: dn.clone(), reason: collision(other) });
        remarks.push(Remark { dn: other.to_owned(), reason: collision(dn) });
    };
    for (id, name, dn) in entries {
        let folded = match name.bytes().any(|it| it.is_ascii_uppercase()) {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name.as_str()),
        };
        clash(ids.insert(id, dn), &id, dn);
        clash(names.insert(folded, dn), name, dn);
    }
}

fn referrals(referrals: &[String], remarks: &mut Vec<Remark>) {
    if let Some(example) = referrals.first() {
        let reason = Reason::Referrals { count: referrals.len(), example: example.clone() };
        remarks.push(Remark { dn: String::new(), reason });
    }
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
