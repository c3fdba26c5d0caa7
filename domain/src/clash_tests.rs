use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::directory::{Reason, Remark};
use crate::org_plan::StoredPerson;

fn person(number: u128, name: &str) -> DirectoryPerson {
    DirectoryPerson {
        id: Uuid::from_u128(number),
        dn: format!("uid={name},ou={number}"),
        name: name.to_owned(),
        display_name: name.to_owned(),
        email: None,
        title: None,
        description: None,
        disabled: false,
        accounts: vec![],
    }
}

/// A snapshot as the mapping makes it: sorted, and remarked on.
fn snapshot(mut people: Vec<DirectoryPerson>) -> Snapshot {
    people.sort_by(|a, b| (a.id, &a.dn).cmp(&(b.id, &b.dn)));
    let reason = Reason::Collision { name: String::new(), other: String::new() };
    Snapshot { people, groups: vec![], remarks: vec![Remark { dn: String::new(), reason }] }
}

fn stored(people: &[DirectoryPerson]) -> Stored {
    let person = |it: &DirectoryPerson| {
        (it.id, StoredPerson { name: it.name.clone(), disabled: false, left: false, email: false, digest: vec![] })
    };
    Stored {
        people: people.iter().map(person).collect(),
        dns: people.iter().map(|it| (it.id, it.dn.clone())).collect(),
        ..Stored::default()
    }
}

fn shown(people: Vec<DirectoryPerson>, stored: &Stored) -> String {
    let snapshot = snapshot(people);
    let settled = settle(&snapshot, stored);
    let people = settled.snapshot.people.iter().map(|it| format!("{} {} {}\n", it.id.as_u128(), it.name, it.dn));
    people.chain(settled.problems.iter().map(|it| format!("! {it}\n"))).collect()
}

#[test]
fn the_lowest_id_keeps_a_new_name_and_the_stored_one_keeps_its_own() {
    let people = || vec![person(1, "ada"), person(2, "Ada"), person(3, "bob")];
    insta::assert_snapshot!(shown(people(), &Stored::default()), @"
    1 ada uid=ada,ou=1
    2 Ada-00000002 uid=Ada,ou=2
    3 bob uid=bob,ou=3
    ! uid=Ada,ou=2: has the same name (Ada) as uid=ada,ou=1, so it is called Ada-00000002: give each a name of its own, in the directory or by `attributes.name`
    ");
    insta::assert_snapshot!(shown(people(), &stored(&[person(1, "lovelace"), person(2, "ada")])), @"
    1 ada-00000001 uid=ada,ou=1
    2 Ada uid=Ada,ou=2
    3 bob uid=bob,ou=3
    ! uid=ada,ou=1: has the same name (ada) as uid=Ada,ou=2, so it is called ada-00000001: give each a name of its own, in the directory or by `attributes.name`
    ");
}

#[test]
fn of_entries_with_one_id_only_the_known_one_counts() {
    let people = || vec![person(1, "ada"), person(1, "mallory"), person(2, "bob")];
    insta::assert_snapshot!(shown(people(), &stored(&[person(1, "ada")])), @"
    1 ada uid=ada,ou=1
    2 bob uid=bob,ou=2
    ! uid=mallory,ou=1: has the same id (00000000-0000-0000-0000-000000000001) as uid=ada,ou=1: the entry that was known before is the one that counts; give each an id of its own, in the directory or by `attributes.uuid`
    ");
    insta::assert_snapshot!(shown(people(), &Stored::default()), @"
    2 bob uid=bob,ou=2
    ! uid=ada,ou=1: has the same id (00000000-0000-0000-0000-000000000001) as uid=mallory,ou=1: neither counts, since nobody can tell which is meant; give each an id of its own, in the directory or by `attributes.uuid`
    ! uid=mallory,ou=1: has the same id (00000000-0000-0000-0000-000000000001) as uid=ada,ou=1: neither counts, since nobody can tell which is meant; give each an id of its own, in the directory or by `attributes.uuid`
    ");
}

proptest! {
    #[test]
    fn names_and_ids_are_unique_and_settling_again_changes_nothing(
        drawn in proptest::collection::vec((0u128..20, "[aAbB]{1,2}(-00000001)?"), 0..30),
    ) {
        let people: Vec<_> = drawn.iter().map(|(id, name)| person(*id, name)).collect();
        let snapshot = snapshot(people);
        let first = settle(&snapshot, &Stored::default()).snapshot.into_owned();
        let names: HashMap<String, Uuid> =
            first.people.iter().map(|it| (it.name.to_ascii_lowercase(), it.id)).collect();
        prop_assert_eq!(names.len(), first.people.len());
        prop_assert!(first.people.iter().all(|it| it.name.len() <= MAX_NAME));
        prop_assert!(first.people.windows(2).all(|it| it[0].id < it[1].id));
        let mut before = stored(&first.people);
        before.dns.extend(first.people.iter().map(|it| (it.id, it.dn.clone())));
        let again = settle(&snapshot, &before).snapshot.into_owned();
        prop_assert_eq!(again.people, first.people);
    }
}
