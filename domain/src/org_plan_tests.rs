use uuid::Uuid;

use crate::brake::Brake;
use crate::directory::{DirectoryGroup, DirectoryPerson, Reason, Remark, Snapshot};
use crate::org_plan::{OrgPlan, Stored, StoredGroup, StoredPerson, plan};

fn person(number: u128) -> DirectoryPerson {
    DirectoryPerson {
        id: Uuid::from_u128(number),
        dn: format!("uid=p{number}"),
        name: format!("p{number}"),
        display_name: format!("Person {number}"),
        email: None,
        title: None,
        description: None,
        disabled: false,
        accounts: vec![],
    }
}

fn group(number: u128, people: &[u128]) -> DirectoryGroup {
    DirectoryGroup {
        id: Uuid::from_u128(number),
        dn: format!("cn=g{number}"),
        name: format!("g{number}"),
        display_name: format!("Group {number}"),
        description: None,
        kind: "team".into(),
        email: None,
        people: people.iter().map(|it| Uuid::from_u128(*it)).collect(),
        children: vec![],
    }
}

fn company(people: u128, members: &[u128]) -> Snapshot {
    Snapshot { people: (1..=people).map(person).collect(), groups: vec![group(1000, members)], remarks: vec![] }
}

/// What is stored after a snapshot was applied, as a later plan sees it.
fn stored(snapshot: &Snapshot) -> Stored {
    let people = snapshot.people.iter().map(|it| {
        let digest = it.digest().to_vec();
        (it.id, StoredPerson { name: it.name.clone(), disabled: it.disabled, left: false, digest })
    });
    let groups = snapshot.groups.iter().map(|it| {
        let (digest, members_digest) = (it.digest().to_vec(), it.members_digest().to_vec());
        (it.id, StoredGroup { name: it.name.clone(), left: false, digest, members_digest, size: it.people.len() })
    });
    Stored {
        people: people.collect(),
        groups: groups.collect(),
        members: snapshot.groups.iter().map(|it| (it.id, (it.people.clone(), it.children.clone()))).collect(),
        memberships: snapshot.memberships(),
    }
}

fn refusals(before: &Snapshot, now: &Snapshot) -> Vec<String> {
    Brake::default().check(&plan(now, &stored(before)))
}

#[test]
fn the_same_snapshot_changes_nothing() {
    let company = company(20, &[1, 2]);
    let plan = plan(&company, &stored(&company));
    assert_eq!(plan.changes(), 0);
    assert!(plan.digests.is_empty());
}

#[test]
fn a_plan_reads_as_what_happens() {
    let before = company(3, &[1, 2]);
    let mut now = company(4, &[2, 4]);
    now.people.remove(0);
    now.people[0].disabled = true;
    insta::assert_snapshot!(plan(&now, &stored(&before)), @"
    People: 3 -> 3: 1 join, 1 change, 1 leave
      + p4 (Person 4)
      ~ p2: disabled
      - p1
    Groups: 1 -> 1: 0 new, 0 change, 0 gone
    Memberships: 2 -> 2: 1 begin, 1 end
      ~ g1000: +1 -1
    ");
}

#[test]
fn who_comes_back_joins_again() {
    let company = company(2, &[]);
    let mut stored = stored(&company);
    stored.people.get_mut(&Uuid::from_u128(1)).expect("stored").left = true;
    assert_eq!(plan(&company, &stored).joined.len(), 1);
}

#[test]
fn a_group_that_goes_takes_its_memberships_along() {
    let before = company(3, &[1, 2]);
    let now = Snapshot { groups: vec![], ..before.clone() };
    let plan = plan(&now, &stored(&before));
    assert_eq!((plan.closed.len(), plan.memberships_lost()), (1, 2));
}

#[test]
fn ten_may_always_leave() {
    assert_eq!(refusals(&company(20, &[]), &company(10, &[])), Vec::<String>::new());
}

#[test]
fn a_tenth_may_leave_and_not_one_more() {
    assert_eq!(refusals(&company(200, &[]), &company(180, &[])), Vec::<String>::new());
    assert_eq!(refusals(&company(200, &[]), &company(179, &[])), ["21 of 200 people would leave"]);
}

#[test]
fn disabling_many_is_as_steep_as_losing_them() {
    let before = company(100, &[]);
    let mut now = before.clone();
    now.people.iter_mut().take(11).for_each(|it| it.disabled = true);
    assert_eq!(refusals(&before, &now), ["11 of 100 people would be disabled"]);
}

#[test]
fn losing_memberships_alone_is_steep() {
    let everyone: Vec<u128> = (1..=100).collect();
    assert_eq!(refusals(&company(100, &everyone), &company(100, &everyone[..80])), ["20 of 100 memberships would end"]);
}

#[test]
fn nobody_at_all_is_never_believed() {
    let refusals = refusals(&company(5, &[]), &company(0, &[]));
    assert_eq!(refusals, ["the directory has no people"]);
}

#[test]
fn two_with_one_name_are_a_conflict() {
    let reason = Reason::Collision { name: "ada".into(), other: "uid=ada".into() };
    let remarks = vec![Remark { dn: "uid=ADA".into(), reason }];
    let plan: OrgPlan = plan(&Snapshot { remarks, ..company(2, &[]) }, &Stored::default());
    assert_eq!(plan.conflicts, ["uid=ADA: has the same name or id (ada) as uid=ada"]);
}
