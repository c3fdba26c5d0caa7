//! A plan of the directory as people read it, and the code that stands for all of it.

use std::fmt;

use uuid::Uuid;

use crate::directory::{DirectoryGroup, DirectoryPerson, Sum};
use crate::org_plan::{MemberChange, OrgPlan, Sizes};

impl OrgPlan {
    /// A code that stands for the whole plan, for whoever answers for it: the text shows only the first of many lines.
    pub fn code(&self) -> String {
        let mut sum = Sum::new();
        let changed: Vec<&DirectoryPerson> = self.changed.iter().map(|it| &it.1).collect();
        for people in [self.joined.iter().collect(), changed] {
            sum.text("people");
            for person in people {
                sum.ids(&[person.id]).bytes(&person.digest());
            }
        }
        let altered: Vec<&DirectoryGroup> = self.altered.iter().map(|it| &it.1).collect();
        for groups in [self.founded.iter().collect(), altered] {
            sum.text("groups");
            for group in groups {
                sum.ids(&[group.id]).bytes(&group.digest());
            }
        }
        for gone in [&self.left, &self.closed] {
            sum.ids(&sorted(gone.iter().map(|it| it.0)));
        }
        for (group, it) in &self.members {
            sum.ids(&[*group]);
            for ids in [&it.people_in, &it.people_out, &it.groups_in, &it.groups_out] {
                sum.ids(&sorted(ids.iter().copied()));
            }
        }
        for accounts in [&self.accounts.linked, &self.accounts.unlinked] {
            sum.text("accounts");
            for ((platform, external), person) in accounts {
                sum.text(platform).text(external).ids(&[*person]);
            }
        }
        let digits: String = sum.done().iter().take(8).map(|it| format!("{it:02x}")).collect();
        [&digits[..4], &digits[4..8], &digits[8..12], &digits[12..]].join("-")
    }

    fn states(&self, name: &String) -> String {
        let states = [
            (&self.disabled, ": disabled"),
            (&self.enabled, ": enabled"),
            (&self.unreachable, ": e-mail address gone"),
        ];
        states.iter().filter(|it| it.0.contains(name)).map(|it| it.1).collect()
    }
}

fn sorted(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids
}

/// Lines of one kind beyond these are counted, not listed.
const MAX_LINES: usize = 20;

impl fmt::Display for OrgPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sizes { people_before, groups_before, memberships_before, people, groups, memberships, .. } = self.sizes;
        let [joined, changed, left] = [self.joined.len(), self.changed.len(), self.left.len()];
        writeln!(f, "People: {people_before} -> {people}: {joined} join, {changed} change, {left} leave")?;
        lines(f, '+', self.joined.iter().map(|it| format!("{} ({})", it.name, it.display_name)))?;
        lines(f, '~', self.changed.iter().map(|(before, it)| renamed(before, &it.name, self.states(&it.name))))?;
        lines(f, '-', self.left.iter().map(|it| it.1.clone()))?;
        let [founded, altered, closed] = [self.founded.len(), self.altered.len(), self.closed.len()];
        writeln!(f, "Groups: {groups_before} -> {groups}: {founded} new, {altered} change, {closed} gone")?;
        lines(f, '+', self.founded.iter().map(|it| format!("{} ({})", it.name, it.display_name)))?;
        lines(f, '~', self.altered.iter().map(|(before, it)| renamed(before, &it.name, String::new())))?;
        lines(f, '-', self.closed.iter().map(|it| it.1.clone()))?;
        let (lost, won) = (self.memberships_lost(), self.members.values().map(MemberChange::incoming).sum::<usize>());
        writeln!(f, "Memberships: {memberships_before} -> {memberships}: {won} begin, {lost} end")?;
        lines(f, '~', self.members.values().map(|it| format!("{}: +{} -{}", it.group, it.incoming(), it.outgoing())))?;
        if self.relinked > 0 {
            writeln!(f, "Accounts of other people: {} change", self.relinked)?;
        }
        lines(f, '!', self.problems.iter().map(ToString::to_string))
    }
}

fn renamed(before: &str, now: &str, states: String) -> String {
    if before == now { format!("{now}{states}") } else { format!("{before} is now {now}{states}") }
}

fn lines(f: &mut fmt::Formatter<'_>, mark: char, lines: impl ExactSizeIterator<Item = String>) -> fmt::Result {
    let more = lines.len().saturating_sub(MAX_LINES);
    for line in lines.take(MAX_LINES) {
        writeln!(f, "  {mark} {line}")?;
    }
    if more > 0 { writeln!(f, "  … and {more} more") } else { Ok(()) }
}
