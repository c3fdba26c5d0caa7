//! Stories against a real OpenLDAP server.

use domain::directory::Snapshot;
use integrations::ldap::{Address, Config, Directory, LdapDirectory, Names};

use super::slapd::{SUFFIX, Slapd};
use super::{config, directory, read, words};

fn people(count: usize) -> Slapd {
    Slapd::start(&directory::people_and_groups(count, 1, 1))
}

#[tokio::test]
async fn ldaps_and_start_tls_trust_the_configured_authority() {
    let server = people(3);
    let trusting = Config { ca_file: Some(server.ca_file()), ..config() };
    let ldaps = Address { url: server.ldaps_url(), ..server.address() };
    let start_tls = Config { start_tls: true, ..trusting.clone() };
    assert_eq!(words(read(&trusting, ldaps.clone()).await, &ldaps.url), "read 3 people");
    assert_eq!(words(read(&start_tls, server.address()).await, &server.url()), "read 3 people");
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_refused() {
    let (server, other) = (people(1), people(1));
    let ldaps = Address { url: server.ldaps_url(), ..server.address() };
    let wrong = Config { ca_file: Some(other.ca_file()), ..config() };
    let start_tls = Config { start_tls: true, ..wrong.clone() };
    let not_pem = Config { ca_file: Some("/dev/null".into()), ..config() };
    let named = Address { url: ldaps.url.replace("localhost", "127.0.0.1"), ..ldaps.clone() };
    let right = Config { ca_file: Some(server.ca_file()), ..config() };
    insta::assert_snapshot!(words(read(&wrong, ldaps.clone()).await, &ldaps.url), @"no trusted connection to the directory at <url> (invalid peer certificate: BadSignature): set ldap.ca_file to the PEM file of the authority that signed the server's certificate");
    insta::assert_snapshot!(words(read(&start_tls, server.address()).await, &server.url()), @"no trusted connection to the directory at <url> (invalid peer certificate: BadSignature): set ldap.ca_file to the PEM file of the authority that signed the server's certificate");
    insta::assert_snapshot!(words(read(&config(), ldaps.clone()).await, &ldaps.url), @"no trusted connection to the directory at <url> (invalid peer certificate: UnknownIssuer): set ldap.ca_file to the PEM file of the authority that signed the server's certificate");
    insta::assert_snapshot!(words(read(&not_pem, ldaps.clone()).await, &ldaps.url), @"no trusted connection to the directory at <url> (/dev/null: 0 usable certificates and 0 others): ldap.ca_file must be a readable PEM file of certificates");
    insta::assert_snapshot!(words(read(&right, named.clone()).await, &named.url), @r#"no trusted connection to the directory at <url> (invalid peer certificate: certificate not valid for name "127.0.0.1"; certificate is only valid for DnsName("localhost")): use one of the names in the server's certificate in LDAP_URL"#);
}

#[tokio::test]
async fn a_wrong_password_and_an_absent_server_are_told_apart() {
    let server = people(1);
    let forged = Address { bind_password: Some("another".into()), ..server.address() };
    let absent = Address { url: "ldap://localhost:1".to_owned(), ..server.address() };
    let not_tls = Address { url: server.url().replace("ldap:", "ldaps:"), ..server.address() };
    insta::assert_snapshot!(words(read(&config(), forged).await, &server.url()), @"the directory refuses cn=reader,dc=pinconsole,dc=example (invalidCredentials): check LDAP_BIND_DN and LDAP_BIND_PASSWORD, and what that account may read");
    insta::assert_snapshot!(words(read(&config(), absent).await, "ldap://localhost:1"), @"the directory at <url> does not answer (Connection refused (os error 111)): check LDAP_URL, the network, and that the server runs");
    insta::assert_snapshot!(words(read(&config(), not_tls.clone()).await, &not_tls.url), @"no trusted connection to the directory at <url> (tls handshake eof): check that the port of LDAP_URL speaks TLS 1.2 or 1.3 (ldaps:// is usually port 636)");
}

#[tokio::test]
async fn a_missing_base_is_named() {
    let server = people(1);
    let mut elsewhere = config();
    elsewhere.groups.bases = vec![format!("ou=teams,{SUFFIX}")];
    insta::assert_snapshot!(words(read(&elsewhere, server.address()).await, &server.url()), @r#"the directory has no base "ou=teams,dc=pinconsole,dc=example", or the account may not see it: check `bases` under [ldap.users] and [ldap.groups]"#);
}

#[tokio::test]
async fn paging_reads_past_the_servers_limit() {
    let server =
        Slapd::with_limits(&directory::people_and_groups(30, 1, 1), "limits users size=10 size.prtotal=unlimited");
    let paged = Config { page_size: 7, ..config() };
    assert_eq!(words(read(&paged, server.address()).await, &server.url()), "read 30 people");
}

#[tokio::test]
async fn a_truncated_answer_is_an_error() {
    let server =
        Slapd::with_limits(&directory::people_and_groups(30, 1, 1), "limits users size.hard=20 size.prtotal=20");
    let paged = Config { page_size: 7, ..config() };
    insta::assert_snapshot!(words(read(&paged, server.address()).await, &server.url()), @"the directory sent only a part (result 4, sizeLimitExceeded): lift the server's limits for that account (OpenLDAP: `limits` with size.prtotal)");
}

#[tokio::test]
async fn a_directory_without_people_or_without_groups_is_an_error() {
    let server = Slapd::start("");
    insta::assert_snapshot!(words(read(&config(), server.address()).await, &server.url()), @"the directory has no people for this configuration: check `bases`, `filter` and `attributes`, and what the account may read");
    let server = people(1);
    let mut none = config();
    none.groups.filter = Some("(cn=none)".to_owned());
    insta::assert_snapshot!(words(read(&none, server.address()).await, &server.url()), @"the directory has no groups for this configuration: check `bases`, `filter` and `attributes`, and what the account may read");
    none.groups.bases.clear();
    assert_eq!(words(read(&none, server.address()).await, &server.url()), "read 1 people");
    let mut unreadable = config();
    unreadable.users.attributes.uuid = Some(Names::new(["employeeNumber"]));
    insta::assert_snapshot!(words(read(&unreadable, server.address()).await, &server.url()), @"the directory has no people for this configuration (uid=user0,ou=people,dc=pinconsole,dc=example: left out: it has no single employeenumber): check `bases`, `filter` and `attributes`, and what the account may read");
}

#[tokio::test]
async fn hostile_names_nested_groups_and_disabled_accounts_are_read() {
    let server = Slapd::start(HOSTILE);
    let mut config = config();
    config.users.accounts.insert("github".to_owned(), Names::new(["githubLogin"]));
    let snapshot = read(&config, server.address()).await.expect("a snapshot");
    insta::assert_snapshot!(shown(&snapshot), @r#"
    ada: "Ada" [("github", "ada-l")], uid=ada,ou=people,dc=pinconsole,dc=example
    hostile: "a,b+\"\\" [], cn=a\2Cb\2B\22\5C,ou=people,dc=pinconsole,dc=example
    spaces-and: "Spaces" [], uid=\20spaces and #\20,ou=people,dc=pinconsole,dc=example
    lukasz: "Łukasz 👩\u{200d}🚀" [], disabled, uid=Łukasz,ou=people,dc=pinconsole,dc=example
    typo: "Forgot the password" [], uid=typo,ou=people,dc=pinconsole,dc=example
    one: "one" [ada hostile] [two], cn=one,ou=groups,dc=pinconsole,dc=example
    two: "two;=" [spaces-and lukasz] [three], cn=two\3B\3D,ou=groups,dc=pinconsole,dc=example
    three: "three" [] [one], cn=three,ou=groups,dc=pinconsole,dc=example
    unix: "unix" [ada typo] [], cn=unix,ou=groups,dc=pinconsole,dc=example
    ! cn=two\3B\3D,ou=groups,dc=pinconsole,dc=example: 1 of its members are neither people nor groups that were read, for example uid=gone,ou=people,dc=pinconsole,dc=example
    "#);
}

#[tokio::test]
async fn a_change_is_read_the_next_time() {
    let server = people(2);
    server.modify(&format!("dn: uid=user1,ou=people,{SUFFIX}\nchangetype: modify\nreplace: title\ntitle: Director\n"));
    let snapshot = read(&config(), server.address()).await.expect("a snapshot");
    let titles: Vec<_> = snapshot.people.iter().map(|it| it.title.as_deref()).collect();
    assert_eq!(titles, [Some("Engineer"), Some("Director")]);
}

#[tokio::test]
async fn a_check_asks_each_base() {
    let server = people(2);
    let check = |config: Config| {
        let directory = LdapDirectory::new(&config, server.address()).expect("a usable configuration");
        let url = server.url();
        async move { directory.check().await.map_or_else(|it| it.to_string(), |it| it.replace(&url, "<url>")) }
    };
    insta::assert_snapshot!(check(config()).await, @"signed in at <url> as cn=reader,dc=pinconsole,dc=example; ou=people,dc=pinconsole,dc=example answers; ou=groups,dc=pinconsole,dc=example answers");
    let mut missing = config();
    missing.users.bases.push(format!("ou=nowhere,{SUFFIX}"));
    insta::assert_snapshot!(check(missing).await, @r#"the directory has no base "ou=nowhere,dc=pinconsole,dc=example", or the account may not see it: check `bases` under [ldap.users] and [ldap.groups]"#);
}

fn shown(snapshot: &Snapshot) -> String {
    let name = |id: &uuid::Uuid| {
        let people = snapshot.people.iter().map(|it| (it.id, &it.name));
        people.chain(snapshot.groups.iter().map(|it| (it.id, &it.name))).find(|it| it.0 == *id).map_or("?", |it| it.1)
    };
    let names = |ids: &[uuid::Uuid]| ids.iter().map(name).collect::<Vec<_>>().join(" ");
    let people = snapshot.people.iter().map(|it| {
        let state = if it.disabled { ", disabled" } else { "" };
        format!("{}: {:?} {:?}{state}, {}\n", it.name, it.display_name, it.accounts, it.dn)
    });
    let groups = snapshot.groups.iter().map(|it| {
        format!("{}: {:?} [{}] [{}], {}\n", it.name, it.display_name, names(&it.people), names(&it.children), it.dn)
    });
    people.chain(groups).chain(snapshot.remarks.iter().map(|it| format!("! {it}\n"))).collect()
}

/// Names that need every kind of escaping, a cycle, members written in other ways than they are named, and locks of
/// both kinds.
const HOSTILE: &str = r#"
dn: uid=ada,ou=people,dc=pinconsole,dc=example
objectClass: inetOrgPerson
objectClass: pinconsoleAccounts
cn: Ada
sn: L
githubLogin: ada-l
entryUUID: 00000000-0000-4000-8000-000000000001

dn: cn=a\2Cb\2B\22\5C,ou=people,dc=pinconsole,dc=example
objectClass: inetOrgPerson
cn: a,b+"\
sn: b
uid: hostile
entryUUID: 00000000-0000-4000-8000-000000000002

dn: uid=\20spaces and #\20,ou=people,dc=pinconsole,dc=example
objectClass: inetOrgPerson
cn: Spaces
sn: S
entryUUID: 00000000-0000-4000-8000-000000000003

dn:: dWlkPcWBdWthc3osb3U9cGVvcGxlLGRjPXBpbmNvbnNvbGUsZGM9ZXhhbXBsZQ==
objectClass: inetOrgPerson
cn:: xYF1a2FzeiDwn5Gp4oCN8J+agA==
sn:: xYE=
pwdAccountLockedTime: 000001010000Z
entryUUID: 00000000-0000-4000-8000-000000000004

dn: uid=typo,ou=people,dc=pinconsole,dc=example
objectClass: inetOrgPerson
cn: Forgot the password
sn: T
pwdAccountLockedTime: 20260101000000Z
entryUUID: 00000000-0000-4000-8000-000000000005

dn: cn=one,ou=groups,dc=pinconsole,dc=example
objectClass: groupOfNames
cn: one
member: UID=ADA , OU=People,DC=PinConsole,DC=Example
member: cn=a\,b\+\"\\,ou=people,dc=pinconsole,dc=example
member: cn=two\3B\3D,ou=groups,dc=pinconsole,dc=example
entryUUID: 00000000-0000-4000-8000-000000000011

dn: cn=two\;\=,ou=groups,dc=pinconsole,dc=example
objectClass: groupOfUniqueNames
cn: two;=
uniqueMember: uid=\ spaces and \#\ ,ou=people,dc=pinconsole,dc=example
uniqueMember: cn=three,ou=groups,dc=pinconsole,dc=example
uniqueMember: uid=\C5\81ukasz,ou=people,dc=pinconsole,dc=example
uniqueMember: uid=gone,ou=people,dc=pinconsole,dc=example
entryUUID: 00000000-0000-4000-8000-000000000012

dn: cn=three,ou=groups,dc=pinconsole,dc=example
objectClass: groupOfNames
cn: three
member: cn=one,ou=groups,dc=pinconsole,dc=example
entryUUID: 00000000-0000-4000-8000-000000000013

dn: cn=unix,ou=groups,dc=pinconsole,dc=example
objectClass: posixGroup
cn: unix
gidNumber: 1
memberUid: ada
memberUid: typo
entryUUID: 00000000-0000-4000-8000-000000000014
"#;
