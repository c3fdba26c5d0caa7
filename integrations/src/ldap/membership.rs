use std::borrow::Cow;
use std::collections::HashMap;

use domain::directory::{DirectoryGroup, DirectoryPerson, Reason, Remark};
use foldhash::fast::RandomState;
use uuid::Uuid;

use super::both::halves;
use super::map::Mapped;
use super::{Config, Dn, Entry, Names};

/// Who is meant by a DN or by the name that someone signs in with.
pub(super) struct Index<'a> {
    by_dn: HashMap<&'a Dn, Who, RandomState>,
    /// The same by the names as the directory wrote them: members are nearly always written alike, and need no parsing.
    by_text: HashMap<&'a [u8], Who, RandomState>,
    by_login: HashMap<String, usize, RandomState>,
}

#[derive(Clone, Copy)]
enum Who {
    Person(usize),
    Group(usize),
}

impl<'a> Index<'a> {
    pub(super) fn new(
        users: &'a [Mapped<DirectoryPerson>],
        groups: &'a [Mapped<DirectoryGroup>],
        config: &Config,
    ) -> Self {
        let people = || users.iter().enumerate().map(|(at, it)| (&it.dn, it.entry, Who::Person(at)));
        let groups = || groups.iter().enumerate().map(|(at, it)| (&it.dn, it.entry, Who::Group(at)));
        let logins = users.iter().enumerate().flat_map(|(at, it)| {
            texts(it.entry, &config.users.attributes.name).map(move |login| (login.to_lowercase(), at))
        });
        let everybody = || people().chain(groups());
        Self {
            by_dn: everybody().map(|(dn, _, who)| (dn, who)).collect(),
            by_text: everybody().map(|(_, entry, who)| (entry.dn.as_bytes(), who)).collect(),
            by_login: logins.collect(),
        }
    }

    fn dn(&self, text: &[u8]) -> Option<Who> {
        match self.by_text.get(text) {
            Some(who) => Some(*who),
            None => self.by_dn.get(&Dn::parse(&String::from_utf8_lossy(text))?).copied(),
        }
    }
}

/// The groups with their direct members, whichever side of a membership says so.
pub(super) fn unite(
    users: &[Mapped<DirectoryPerson>],
    groups: &[Mapped<DirectoryGroup>],
    index: &Index,
    config: &Config,
    remarks: &mut Vec<Remark>,
) -> Vec<DirectoryGroup> {
    let mut members = halves(groups, |it| Members::listed(it, index, config));
    for (at, group) in groups.iter().enumerate() {
        for parent in parents(group.entry, &config.groups.attributes.member_of, index) {
            members[parent].groups.push(at);
        }
    }
    for (at, user) in users.iter().enumerate() {
        for parent in parents(user.entry, &config.users.attributes.member_of, index) {
            members[parent].people.push(at);
        }
    }
    let ids: Vec<Uuid> = groups.iter().map(|it| it.record.id).collect();
    let each: Vec<_> = groups.iter().zip(&members).enumerate().collect();
    let united = halves(&each, |(at, (group, members))| DirectoryGroup {
        people: sorted(members.people.iter().map(|it| users[*it].record.id)),
        children: sorted(members.groups.iter().filter(|it| *it != at).map(|it| ids[*it])),
        ..group.record.clone()
    });
    remarks.extend(each.iter().flat_map(|(at, (group, members))| members.remarks(&group.record.dn, *at)));
    united
}

#[derive(Default)]
struct Members {
    people: Vec<usize>,
    groups: Vec<usize>,
    unknown: Vec<String>,
}

impl Members {
    /// What the group's own entry lists.
    fn listed(group: &Mapped<DirectoryGroup>, index: &Index, config: &Config) -> Self {
        let mut listed = Self::default();
        let fields = &config.groups.attributes;
        for value in values(group.entry, &fields.members) {
            let name = without_identifier(value);
            match index.dn(name) {
                Some(Who::Person(at)) => listed.people.push(at),
                Some(Who::Group(at)) => listed.groups.push(at),
                // A group that must have a member and has none lists the empty name.
                None if name.trim_ascii().is_empty() => (),
                None => listed.unknown.push(String::from_utf8_lossy(value).into_owned()),
            }
        }
        for login in texts(group.entry, &fields.member_names) {
            match index.by_login.get(&login.to_lowercase()) {
                Some(at) => listed.people.push(*at),
                None => listed.unknown.push(login.into_owned()),
            }
        }
        listed
    }

    fn remarks(&self, dn: &str, own: usize) -> Vec<Remark> {
        let unknown = self
            .unknown
            .iter()
            .min()
            .map(|example| Reason::UnknownMembers { count: self.unknown.len(), example: example.clone() });
        let itself = self.groups.contains(&own).then(|| Reason::Value("it is a member of itself".to_owned()));
        unknown.into_iter().chain(itself).map(|reason| Remark { dn: dn.to_owned(), reason }).collect()
    }
}

/// Groups outside the bases are not ours to remark on: people are in many of them.
fn parents<'a>(
    entry: &'a Entry,
    member_of: &'a Option<Names>,
    index: &'a Index<'a>,
) -> impl Iterator<Item = usize> + use<'a> {
    values(entry, member_of).filter_map(|it| match index.dn(it)? {
        Who::Group(at) => Some(at),
        Who::Person(_) => None,
    })
}

fn texts<'a>(entry: &'a Entry, names: &'a Option<Names>) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
    values(entry, names).map(String::from_utf8_lossy)
}

fn values<'a>(entry: &'a Entry, names: &'a Option<Names>) -> impl Iterator<Item = &'a [u8]> + use<'a> {
    names.iter().flat_map(Names::iter).flat_map(|it| entry.values(it)).map(Vec::as_slice)
}

/// A `uniqueMember` may carry a bit string after its name: <https://www.rfc-editor.org/rfc/rfc4517#section-3.3.21>.
fn without_identifier(value: &[u8]) -> &[u8] {
    if !value.ends_with(b"'B") {
        return value;
    }
    match value.iter().rposition(|it| *it == b'#') {
        Some(at) if value[at + 1..].starts_with(b"'") && !value[..at].ends_with(b"\\") => &value[..at],
        _ => value,
    }
}

fn sorted(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
