use super::*;

fn person(number: u128, github: &[&str]) -> DirectoryPerson {
    DirectoryPerson {
        id: Uuid::from_u128(number),
        dn: format!("uid=p{number}"),
        name: format!("p{number}"),
        display_name: String::new(),
        email: None,
        title: None,
        description: None,
        disabled: false,
        accounts: github.iter().map(|it| ("github".to_owned(), (*it).to_owned())).collect(),
    }
}

/// What changes, each account with its owner, and the problems.
fn changed(people: &[DirectoryPerson], stored: &[(&str, u128, bool)]) -> String {
    let account = |(external, person, directory): &(&str, u128, bool)| {
        let stored = StoredAccount { person: Uuid::from_u128(*person), directory: *directory };
        (("github".to_owned(), (*external).to_owned()), stored)
    };
    let (changes, problems) = changes(people, &stored.iter().map(account).collect());
    let line = |mark: &str, (key, person): (&Key, &Uuid)| format!("{mark} {} p{}\n", key.1, person.as_u128());
    let linked = changes.linked.iter().map(|it| line("+", it));
    let unlinked = changes.unlinked.iter().map(|it| line("-", it));
    linked.chain(unlinked).chain(problems.iter().map(|it| format!("! {it}\n"))).collect()
}

#[test]
fn what_holds_already_is_not_written() {
    assert_eq!(changed(&[person(1, &["ada"]), person(2, &[])], &[("ada", 1, true)]), "");
    assert_eq!(changed(&[person(1, &["ada"])], &[]), "+ ada p1\n");
    assert_eq!(changed(&[person(1, &[])], &[("ada", 1, true)]), "- ada p1\n");
    assert_eq!(changed(&[person(1, &[]), person(2, &["ada"])], &[("ada", 1, true)]), "+ ada p2\n- ada p1\n");
}

#[test]
fn an_account_that_two_claim_is_nobodys_until_one_gives_it_up() {
    let both = [person(1, &["ada"]), person(2, &["Ada"])];
    insta::assert_snapshot!(changed(&both, &[("ada", 1, true)]), @"
    - ada p1
    ! uid=p1: claims the GitHub account ada, as does uid=p2: it is nobody's until only one entry names it
    ! uid=p2: claims the GitHub account Ada, as does uid=p1: it is nobody's until only one entry names it
    ");
    assert_eq!(changed(&[person(1, &[]), person(2, &["Ada"])], &[]), "+ Ada p2\n");
}

#[test]
fn the_disabled_claim_nothing_from_the_enabled() {
    let old = DirectoryPerson { disabled: true, ..person(1, &["ada"]) };
    assert_eq!(changed(&[old.clone(), person(2, &["ada"])], &[("ada", 1, true)]), "+ ada p2\n- ada p1\n");
    assert_eq!(changed(&[old], &[("ada", 1, true)]), "");
}

#[test]
fn what_was_proven_otherwise_stays() {
    assert_eq!(changed(&[person(1, &["ada"])], &[("ada", 1, false)]), "");
    assert_eq!(changed(&[person(1, &[])], &[("ada", 1, false)]), "");
    let refused = "! uid=p1: claims the GitHub account ada, which was proven to be somebody else's\n";
    assert_eq!(changed(&[person(1, &["ada"])], &[("ada", 2, false)]), refused);
}
