//! Directories to load, written as LDIF.

use std::fmt::Write;

use uuid::Uuid;

use super::slapd::SUFFIX;

/// Two auxiliary classes, for accounts elsewhere and for what groups lack.
pub(super) const SCHEMA: &str = "
attributetype ( 1.3.6.1.4.1.4203.666.11.1 NAME 'githubLogin' SUP name SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.4203.666.11.2 NAME 'slackUserId' SUP name SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.4203.666.11.3 NAME 'pagerdutyUserId' SUP name SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.4203.666.11.4 NAME 'jiraAccountId' SUP name SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.4203.666.12.1 NAME 'pinconsoleAccounts' SUP top AUXILIARY
  MAY ( githubLogin $ slackUserId $ pagerdutyUserId $ jiraAccountId ) )
objectclass ( 1.3.6.1.4.1.4203.666.12.2 NAME 'pinconsoleGroup' SUP top AUXILIARY MAY ( displayName $ mail ) )
";

const GIVEN: [&str; 8] = ["Ada", "Bo", "Chidi", "Dina", "Émile", "Fatima", "Grace", "Hiro"];
const FAMILY: [&str; 7] = ["Adler", "Brandt", "Costa", "Diaz", "Evans", "Føroyar", "Gupta"];

/// An organisation of exactly these sizes. `memberships` counts people in groups, each pair once, spread evenly and at
/// least one a group; beside that every group but the first is the child of another.
pub(crate) fn people_and_groups(people: usize, groups: usize, memberships: usize) -> String {
    assert!(people > 0 && memberships >= groups && memberships <= groups * people, "sizes that fit");
    let mut ldif = String::new();
    for number in 0..people {
        ldif += &person(number);
    }
    for number in 0..groups {
        let size = memberships / groups + usize::from(number < memberships % groups);
        ldif += &group(number, groups, (0..size).map(|it| (number * 13 + it) % people));
    }
    ldif
}

/// The id of the person with this number.
pub(crate) fn person_id(number: usize) -> Uuid {
    Uuid::from_u128(0x1000_0000_0000_4000_8000_0000_0000_0000 + number as u128)
}

/// The id of the group with this number.
pub(crate) fn group_id(number: usize) -> Uuid {
    Uuid::from_u128(0x2000_0000_0000_4000_8000_0000_0000_0000 + number as u128)
}

/// The suffix, its two branches and the reader's account, as far as the entries do not have them.
pub(super) fn frame(ldif: &str, reader: &str, password: &str) -> String {
    let people = format!("ou=people,{SUFFIX}");
    let groups = format!("ou=groups,{SUFFIX}");
    let entries = [
        (SUFFIX, "objectClass: dcObject\nobjectClass: organization\no: PinConsole".to_owned()),
        (&people, "objectClass: organizationalUnit".to_owned()),
        (&groups, "objectClass: organizationalUnit".to_owned()),
        (
            reader,
            format!("objectClass: organizationalRole\nobjectClass: simpleSecurityObject\nuserPassword: {password}"),
        ),
    ];
    let given = |dn: &str| ldif.lines().any(|it| it.strip_prefix("dn: ").is_some_and(|it| it.eq_ignore_ascii_case(dn)));
    let missing = entries.iter().filter(|(dn, _)| !given(dn));
    missing.map(|(dn, attributes)| format!("dn: {dn}\n{attributes}\n\n")).collect()
}

fn person(number: usize) -> String {
    let (given, family) = (GIVEN[number % GIVEN.len()], FAMILY[number % FAMILY.len()]);
    format!(
        "dn: uid=user{number},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: user{number}\ncn: {given} {family}\nsn: {family}\n\
         mail: user{number}@pinconsole.example\ntitle: Engineer\nentryUUID: {}\n\n",
        person_id(number)
    )
}

fn group(number: usize, groups: usize, people: impl Iterator<Item = usize>) -> String {
    let mut entry = format!(
        "dn: cn=group{number},ou=groups,{SUFFIX}\nobjectClass: groupOfNames\ncn: group{number}\nbusinessCategory: team\nentryUUID: {}\n",
        group_id(number)
    );
    for person in people {
        writeln!(entry, "member: uid=user{person},ou=people,{SUFFIX}").expect("memory");
    }
    // Group n has the children 10n+1 to 10n+10.
    for child in (number * 10 + 1..=number * 10 + 10).filter(|it| *it < groups) {
        writeln!(entry, "member: cn=group{child},ou=groups,{SUFFIX}").expect("memory");
    }
    entry + "\n"
}
