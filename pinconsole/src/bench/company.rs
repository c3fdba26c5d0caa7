//! The people and groups that are measured with: 9,000, 2,200, and 140,000 memberships.

use std::fmt::Write;

use anyhow::Result;
use integrations::ldap;

use crate::config::Config;

/// How many people.
pub const PEOPLE: usize = 9_000;
/// How many groups.
pub const GROUPS: usize = 2_200;
/// How many people in groups, each pair once.
const MEMBERSHIPS: usize = 140_000;

/// Where everything lies.
pub const SUFFIX: &str = "dc=pinconsole,dc=example";

/// The configuration that reads it, as a file would say it.
pub const CONFIG: &str = "[ldap.users]\nbases = [\"ou=people,dc=pinconsole,dc=example\"]\n\
    [ldap.groups]\nbases = [\"ou=groups,dc=pinconsole,dc=example\"]\n";

/// How it is read.
pub fn config() -> Result<ldap::Config> {
    Ok(Config::parse(CONFIG).map_err(anyhow::Error::msg)?.ldap)
}

/// Name of the person with this number.
pub fn person(number: usize) -> String {
    format!("user{number}")
}

/// Name of the group with this number.
pub fn group(number: usize) -> String {
    format!("group{number}")
}

/// All of it.
pub fn ldif() -> String {
    let mut ldif = format!(
        "dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: PinConsole\ndc: pinconsole\n\n\
         dn: ou=people,{SUFFIX}\nobjectClass: organizationalUnit\nou: people\n\n\
         dn: ou=groups,{SUFFIX}\nobjectClass: organizationalUnit\nou: groups\n\n"
    );
    for number in 0..PEOPLE {
        ldif += &person_entry(number, "Engineer");
    }
    for number in 0..GROUPS {
        ldif += &group_entry(number);
    }
    ldif
}

/// The entry of a person.
pub fn person_entry(number: usize, title: &str) -> String {
    const GIVEN: [&str; 8] = ["Ada", "Bo", "Chidi", "Dina", "Emil", "Fatima", "Grace", "Hiro"];
    const FAMILY: [&str; 7] = ["Adler", "Brandt", "Costa", "Diaz", "Evans", "Foroyar", "Gupta"];
    let (name, given, family) = (person(number), GIVEN[number % GIVEN.len()], FAMILY[number % FAMILY.len()]);
    format!(
        "dn: uid={name},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: {name}\ncn: {given} {family}\nsn: {family}\n\
         mail: {name}@pinconsole.example\ntitle: {title}\nentryUUID: 10000000-0000-4000-8000-{number:012x}\n\n"
    )
}

/// The entry of a group: its people, and the ten groups below it where there are any.
fn group_entry(number: usize) -> String {
    let name = group(number);
    let mut entry = format!(
        "dn: cn={name},ou=groups,{SUFFIX}\nobjectClass: groupOfNames\ncn: {name}\nbusinessCategory: team\n\
         entryUUID: 20000000-0000-4000-8000-{number:012x}\n"
    );
    let size = MEMBERSHIPS / GROUPS + usize::from(number < MEMBERSHIPS % GROUPS);
    for member in 0..size {
        let _ = writeln!(entry, "member: uid={},ou=people,{SUFFIX}", person((number * 13 + member) % PEOPLE));
    }
    for child in (number * 10 + 1..=number * 10 + 10).filter(|it| *it < GROUPS) {
        let _ = writeln!(entry, "member: cn={},ou=groups,{SUFFIX}", group(child));
    }
    entry + "\n"
}

/// 56 changes, other ones for each round: titles, members, joiners and leavers.
pub fn changes(round: usize) -> String {
    let mut ldif = String::new();
    for number in 100..140 {
        let dn = format!("uid={},ou=people,{SUFFIX}", person(number));
        let _ = write!(ldif, "dn: {dn}\nchangetype: modify\nreplace: title\ntitle: Engineer {round}\n\n");
    }
    for number in 0..8 {
        let dn = format!("cn={},ou=groups,{SUFFIX}", group(number));
        let member = format!("uid={},ou=people,{SUFFIX}", person(8_000 + round));
        let _ = write!(ldif, "dn: {dn}\nchangetype: modify\nadd: member\nmember: {member}\n\n");
    }
    for number in 0..4 {
        let leaver = person(PEOPLE - 1 - round * 4 - number);
        let _ = write!(ldif, "dn: uid={leaver},ou=people,{SUFFIX}\nchangetype: delete\n\n");
        // The server gives a joiner an id of its own.
        let joiner = person_entry(PEOPLE + round * 4 + number, "Newcomer");
        let lines = joiner.lines().filter(|it| !it.starts_with("entryUUID") && !it.is_empty());
        for (nth, line) in lines.enumerate() {
            let _ = writeln!(ldif, "{line}{}", if nth == 0 { "\nchangetype: add" } else { "" });
        }
        ldif.push('\n');
    }
    ldif
}
