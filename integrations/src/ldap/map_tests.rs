use proptest::prelude::*;

use super::*;
use crate::ldap::{Directory, LdifDirectory, Vendor};

/// Reads and maps a text with the bases of the examples below.
fn snapshot(vendor: Vendor, users: &str, groups: &str) -> Snapshot {
    let mut config = Config { vendor, ..Config::default() };
    config.users.bases = vec!["ou=people,dc=x".to_owned()];
    config.groups.bases = vec!["ou=groups,dc=x".to_owned()];
    config.users.filter = Some("(id=*)".to_owned());
    config.groups.filter = Some("(id=*)".to_owned());
    config.users.attributes.uuid = Some(Names::new(["id"]));
    config.groups.attributes.uuid = Some(Names::new(["id"]));
    config.users.accounts.insert("github".to_owned(), Names::new(["githubLogin"]));
    let text = format!("dn: ou=people,dc=x\n\ndn: ou=groups,dc=x\n\n{users}\n\n{groups}\n");
    let directory = LdifDirectory::new(&config, &text).expect("valid LDIF");
    let raw = futures::executor::block_on(directory.read(&|_| ())).expect("both bases");
    map(&raw, &config, DateTime::UNIX_EPOCH)
}

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

fn user(number: u128, uid: &str, more: &str) -> String {
    format!("dn: uid={uid},ou=people,dc=x\nid: {}\nuid: {uid}\n{more}\n", id(number))
}

fn group(number: u128, cn: &str, more: &str) -> String {
    format!("dn: cn={cn},ou=groups,dc=x\nid: {}\ncn: {cn}\n{more}\n", id(number))
}

fn shown(snapshot: &Snapshot) -> String {
    let short = |ids: &[Uuid]| ids.iter().map(|it| it.as_u128().to_string()).collect::<Vec<_>>().join(" ");
    let people = snapshot.people.iter().map(|it| {
        let state = if it.disabled { " disabled" } else { "" };
        format!("{} {} {:?} {:?} {:?}{state}\n", it.id.as_u128(), it.name, it.display_name, it.email, it.accounts)
    });
    let groups = snapshot.groups.iter().map(|it| {
        let (people, children) = (short(&it.people), short(&it.children));
        format!(
            "{} {} {:?} {} people [{people}] groups [{children}]\n",
            it.id.as_u128(),
            it.name,
            it.display_name,
            it.kind
        )
    });
    let remarks = snapshot.remarks.iter().map(|it| format!("! {it}\n"));
    people.chain(groups).chain(remarks).collect()
}

#[test]
fn every_way_of_saying_membership_is_united() {
    let users = [
        user(1, "ada", "mail: ada@x\nmail: a@x\ndisplayName: Ada\ngithubLogin: ada-l"),
        user(2, "bob", "memberOf: CN=Two , OU=Groups, DC=X"),
        user(3, "Cleo", ""),
        user(4, "dee", "cn: Dee\npwdAccountLockedTime: 000001010000Z"),
        user(5, "eve", "cn: E\ncn: Eve\npwdAccountLockedTime: 20260101000000Z"),
    ]
    .join("\n");
    let groups = [
        group(
            11,
            "one",
            "member: UID=Ada,OU=People,DC=X\nuniqueMember: uid=bob,ou=people,dc=x#'01'B\nbusinessCategory: team",
        ),
        group(12, "two", "memberUid: cleo\nmember: cn=one,ou=groups,dc=x\nmember: cn=elsewhere\nmemberUid: nobody"),
        group(13, "three", "memberOf: cn=one,ou=groups,dc=x\nmember:"),
    ]
    .join("\n");
    insta::assert_snapshot!(shown(&snapshot(Vendor::OpenLdap, &users, &groups)), @r#"
    1 ada "Ada" Some("ada@x") [("github", "ada-l")]
    2 bob "bob" None []
    3 Cleo "Cleo" None []
    4 dee "Dee" None [] disabled
    5 eve "eve" None []
    11 one "one" team people [1 2] groups [13]
    12 two "two" unknown people [2 3] groups [11]
    13 three "three" unknown people [] groups []
    ! cn=two,ou=groups,dc=x: 2 of its members are neither people nor groups that were read, for example cn=elsewhere
    "#);
}

#[test]
fn freeipa_counts_only_direct_members() {
    let users =
        user(1, "ada", "memberOf: cn=all,ou=groups,dc=x\nnsAccountLock: TRUE\nmemberOf: cn=team,ou=groups,dc=x");
    let groups = group(11, "all", "member: cn=team,ou=groups,dc=x")
        + "\n"
        + &group(12, "team", "member: uid=ada,ou=people,dc=x");
    insta::assert_snapshot!(shown(&snapshot(Vendor::FreeIpa, &users, &groups)), @r#"
    1 ada "ada" None [] disabled
    11 all "all" unknown people [] groups [12]
    12 team "team" unknown people [1] groups []
    "#);
}

#[test]
fn collisions_keep_both_and_are_remarked() {
    let users = user(1, "a b", "") + "\n" + &user(2, "A-B", "") + "\n" + &user(2, "c", "");
    let snapshot = snapshot(Vendor::OpenLdap, &users, "");
    assert_eq!(snapshot.collisions().count(), 4);
    insta::assert_snapshot!(shown(&snapshot), @r#"
    1 a-b "a b" None []
    2 A-B "A-B" None []
    2 c "c" None []
    ! uid=A-B,ou=people,dc=x: has the same name or id (00000000-0000-0000-0000-000000000002) as uid=c,ou=people,dc=x
    ! uid=A-B,ou=people,dc=x: has the same name or id (A-B) as uid=a b,ou=people,dc=x
    ! uid=a b,ou=people,dc=x: has the same name or id (A-B) as uid=A-B,ou=people,dc=x
    ! uid=c,ou=people,dc=x: has the same name or id (00000000-0000-0000-0000-000000000002) as uid=A-B,ou=people,dc=x
    "#);
}

#[test]
fn an_entry_without_name_or_id_is_left_out_and_one_with_an_alias_is_not() {
    let users = [
        user(1, "ada", "uid: lovelace"),
        "dn: cn=b,ou=people,dc=x\nid: nonsense\nuid: b\n".to_owned(),
        format!("dn: cn=c,ou=people,dc=x\nid: {}\n", id(3)),
        user(4, "支払い", ""),
    ]
    .join("\n");
    insta::assert_snapshot!(shown(&snapshot(Vendor::OpenLdap, &users, "")), @r#"
    1 ada "ada" None []
    4 00000000-0000-0000-0000-000000000004 "支払い" None []
    ! cn=b,ou=people,dc=x: left out: id is not a UUID
    ! cn=c,ou=people,dc=x: left out: it has no single uid
    ! uid=支払い,ou=people,dc=x: "支払い" has no letter that a name may have, so it is named by its id
    "#);
}

#[test]
fn cycles_and_groups_in_themselves_end() {
    let groups = group(11, "a", "member: cn=b,ou=groups,dc=x\nmember: cn=a,ou=groups,dc=x")
        + "\n"
        + &group(12, "b", "member: cn=a,ou=groups,dc=x");
    insta::assert_snapshot!(shown(&snapshot(Vendor::OpenLdap, "", &groups)), @r#"
    11 a "a" unknown people [] groups [12]
    12 b "b" unknown people [] groups [11]
    ! cn=a,ou=groups,dc=x: it is a member of itself
    "#);
}

proptest! {
    /// The quick look-up by bytes and the slow one by comparable names find the same members.
    #[test]
    fn members_are_the_same_however_they_are_written(
        members in proptest::collection::vec((0u128..6, any::<bool>(), "(#'01'B)?"), 0..12),
    ) {
        let users: String = (1..6).map(|it| user(it, &format!("p{it}"), "") + "\n").collect();
        let written = |otherwise: bool| {
            let member = |(number, capitals, bits): &(u128, bool, String)| {
                let dn = format!("uid=p{number},ou=people,dc=x");
                let dn = if otherwise && *capitals { dn.to_uppercase().replace(',', " , ") } else { dn };
                format!("member: {dn}{}\n", if otherwise { bits } else { "" })
            };
            let lines: String = members.iter().map(member).collect();
            snapshot(Vendor::OpenLdap, &users, &group(11, "g", lines.trim_end()))
        };
        let found: std::collections::BTreeSet<u128> = members.iter().map(|it| it.0).filter(|it| *it > 0).collect();
        for snapshot in [written(false), written(true)] {
            prop_assert!(snapshot.groups[0].people.iter().map(Uuid::as_u128).eq(found.iter().copied()));
            prop_assert_eq!(snapshot.remarks.len(), usize::from(members.iter().any(|it| it.0 == 0)));
        }
    }

    #[test]
    fn any_entry_is_mapped_without_panic(
        dn in any::<String>(),
        name in any::<Vec<u8>>(),
        member in proptest::collection::vec(any::<Vec<u8>>(), 0..4),
    ) {
        let attributes = [
            ("entryuuid", vec![id(1).into_bytes()]),
            ("uid", vec![name.clone()]),
            ("cn", vec![name.clone()]),
            ("mail", member.clone()),
            ("member", member.clone()),
            ("memberof", member),
            ("pwdaccountlockedtime", vec![name]),
        ];
        let attributes = attributes.map(|(name, values)| (name.to_owned(), values)).into();
        let entry = Entry { dn, attributes };
        let raw = RawEntries { users: vec![entry.clone()], groups: vec![entry], referrals: vec![] };
        let snapshot = map(&raw, &Config::default(), DateTime::UNIX_EPOCH);
        for it in &snapshot.people {
            prop_assert!(!it.name.is_empty() && !it.display_name.contains('\0'));
        }
    }
}
