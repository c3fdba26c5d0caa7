use std::collections::HashMap;

use uuid::Uuid;

use crate::brake::Brake;
use crate::claims::StoredAccount;
use crate::directory::{DirectoryGroup, DirectoryPerson, Snapshot};
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
        (
            it.id,
            StoredPerson {
                name: it.name.clone(),
                disabled: it.disabled,
                left: false,
                email: it.email.is_some(),
                digest,
            },
        )
    });
    let groups = snapshot.groups.iter().map(|it| {
        let (digest, members_digest) = (it.digest().to_vec(), it.members_digest().to_vec());
        (it.id, StoredGroup { name: it.name.clone(), left: false, digest, members_digest })
    });
    let owners = snapshot.people.iter().flat_map(|person| person.accounts.iter().map(|it| (it.clone(), person.id)));
    let account = |(key, person)| (key, StoredAccount { person, directory: true });
    Stored {
        people: people.collect(),
        groups: groups.collect(),
        members: HashMap::new(),
        dns: HashMap::new(),
        accounts: owners.map(account).collect(),
    }
}

/// What would change from one snapshot to the next, with what the database adds for groups that differ.
fn between(before: &Snapshot, now: &Snapshot) -> OrgPlan {
    let mut stored = stored(before);
    let same = |it: &&DirectoryGroup| now.groups.iter().any(|other| other.id == it.id && other.people == it.people);
    let differing = before.groups.iter().filter(|it| !same(it));
    stored.members = differing.map(|it| (it.id, (it.people.clone(), it.children.clone()))).collect();
    stored.dns = before.people.iter().map(|it| (it.id, it.dn.clone())).collect();
    plan(now, &stored)
}

fn refusals(before: &Snapshot, now: &Snapshot) -> Vec<String> {
    Brake::default().check(&between(before, now))
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
    insta::assert_snapshot!(between(&before, &now), @"
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
    let plan = between(&before, &now);
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
fn enabling_many_is_a_sign_of_a_wrong_mapping() {
    let mut before = company(200, &[]);
    before.people.iter_mut().take(30).for_each(|it| it.disabled = true);
    let mut now = before.clone();
    now.people.iter_mut().take(10).for_each(|it| it.disabled = false);
    assert_eq!(refusals(&before, &now), Vec::<String>::new());
    now.people[10].disabled = false;
    assert_eq!(refusals(&before, &now), ["11 of 30 disabled people would be enabled"]);
}

#[test]
fn losing_many_addresses_is_a_sign_of_a_wrong_mapping() {
    let mut before = company(200, &[]);
    before.people.iter_mut().take(100).for_each(|it| it.email = Some(format!("{}@x", it.name)));
    let mut now = before.clone();
    now.people.iter_mut().take(10).for_each(|it| it.email = None);
    assert_eq!(refusals(&before, &now), Vec::<String>::new());
    now.people[10].email = None;
    assert_eq!(refusals(&before, &now), ["11 of 100 e-mail addresses would go"]);
    now.people.iter_mut().take(100).for_each(|it| it.email = Some("other@x".into()));
    assert_eq!(refusals(&before, &now), Vec::<String>::new(), "another address is no loss");
}

#[test]
fn the_code_stands_for_every_line_of_the_plan() {
    let before = company(100, &[1, 2]);
    let mut now = company(130, &[1]);
    now.people.remove(99);
    let code = between(&before, &now).code();
    assert_eq!(between(&before, &now).code(), code);
    let mut another = now.clone();
    // Beyond the twenty lines that are shown.
    another.people.last_mut().expect("people").title = Some("Owner".into());
    let mut leaver = now.clone();
    leaver.people.remove(98);
    let mut member = now.clone();
    member.groups[0].people.push(Uuid::from_u128(3));
    let mut account = now.clone();
    account.people[0].accounts.push(("github".into(), "p1".into()));
    for other in [another, leaver, member, account] {
        assert_ne!(between(&before, &other).code(), code);
    }
}
