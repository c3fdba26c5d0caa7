//! What may be written under `[ldap]`.

use integrations::ldap::{Config, Disabled, LdapDirectory, LdifDirectory, Names, Vendor, When};

use super::slapd::SUFFIX;

fn parsed(text: &str) -> Result<Config, String> {
    toml::from_str(text).map_err(|it| it.message().to_owned())
}

#[test]
fn nothing_written_means_openldap() {
    let config = parsed("").expect("an empty table");
    assert_eq!(config, Config::default());
    assert_eq!(config.resolved().users.attributes.uuid, Some(Names::new(["entryUUID"])));
}

#[test]
fn what_is_written_replaces_the_vendors_habit_and_nothing_else() {
    let config = parsed(
        r#"
        vendor = "active-directory"
        [users]
        bases = ["ou=staff,dc=corp,dc=example"]
        disabled = [{ attribute = "employeeType", when = { equals = "left" } }, { attribute = "userAccountControl", when = { bit = 2 } }]
        accounts = { github = "githubLogin" }
        [users.attributes]
        name = ["mailNickname", "sAMAccountName"]
        member_of = ""
        "#,
    );
    let users = config.expect("valid keys").resolved().users;
    assert_eq!(users.attributes.name, Some(Names::new(["mailnickname", "samaccountname"])));
    assert_eq!(users.attributes.member_of, Some(Names::default()));
    assert_eq!(users.attributes.uuid, Some(Names::new(["objectGUID"])));
    let left = Disabled::new("employeeType", When::Equals("left".to_owned()));
    assert_eq!(users.disabled.as_deref().and_then(<[_]>::first), Some(&left));
    assert_eq!(users.accounts["github"], Names::new(["githublogin"]));
    assert_eq!(parsed("vendor = 'freeipa'").map(|it| it.vendor), Ok(Vendor::FreeIpa));
}

#[test]
fn unknown_keys_and_values_are_refused() {
    let cases = [
        "pagesize = 5",
        "vendor = 'novell'",
        "[users]\nbase = 'x'",
        "[users.attributes]\nname = 5",
        "[groups]\nscope = 'all'",
    ];
    insta::assert_snapshot!(cases.map(|it| parsed(it).map_or_else(|it| it, |_| "accepted".to_owned())).join("\n"), @r#"
    unknown field `pagesize`, expected one of `vendor`, `start_tls`, `ca_file`, `allow_plaintext`, `page_size`, `timeout_seconds`, `deadline_seconds`, `users`, `groups`
    unknown variant `novell`, expected one of `openldap`, `active-directory`, `freeipa`
    unknown field `base`, expected one of `bases`, `scope`, `filter`, `attributes`, `disabled`, `accounts`
    an attribute name or a list of them
    unknown variant `all`, expected one of `base`, `one`, `subtree`
    "#);
}

#[test]
fn what_cannot_work_is_refused_before_anything_is_asked() {
    let text = "page_size = 0\ntimeout_seconds = 0\n[users]\nbases = ['people']\nfilter = 'uid=*)('\n[groups]\nfilter = '(cn=a*)'";
    let config = parsed(text).expect("valid keys");
    let address = integrations::ldap::Address { url: "http://x".into(), bind_dn: None, bind_password: None };
    let refused = LdapDirectory::new(&config, address).err().expect("refused");
    insta::assert_snapshot!(refused.0.join("\n"), @r#"
    LDAP_URL must be ldaps://host or ldap://host
    ldap.page_size must be from 1 to 1000
    ldap.timeout_seconds and ldap.deadline_seconds must be at least 1
    "people" under bases is not a distinguished name
    "uid=*)(" is not a search filter, such as (objectClass=person)
    "#);
    let refused = LdifDirectory::new(&config, "dn: x").err().expect("refused");
    insta::assert_snapshot!(refused.0.join("\n"), @r#"
    ldap.page_size must be from 1 to 1000
    ldap.timeout_seconds and ldap.deadline_seconds must be at least 1
    "people" under bases is not a distinguished name
    "uid=*)(" is not a search filter, such as (objectClass=person)
    a bracket is missing before "uid=*)("
    (cn=a*) is not supported here: it has a wildcard
    line 1: "x" is not a DN
    "#);
}

#[test]
fn the_text_of_a_directory_answers_like_a_server() {
    let text =
        super::directory::people_and_groups(3, 2, 4) + "dn: ou=people," + SUFFIX + "\n\ndn: ou=groups," + SUFFIX + "\n";
    let config = super::config();
    let directory = LdifDirectory::new(&config, &text).expect("valid LDIF");
    let read = |directory: &LdifDirectory, config: &Config| {
        futures::executor::block_on(integrations::ldap::snapshot(directory, config, super::now(), &|_| ()))
    };
    let snapshot = read(&directory, &config).expect("a snapshot");
    assert_eq!((snapshot.people.len(), snapshot.groups.len(), snapshot.memberships()), (3, 2, 5));
    let mut missing = config.clone();
    missing.users.bases = vec!["ou=nobody,dc=x".to_owned()];
    let error = read(&LdifDirectory::new(&missing, &text).expect("valid LDIF"), &missing).expect_err("a missing base");
    insta::assert_snapshot!(error.to_string(), @r#"the directory has no base "ou=nobody,dc=x", or the account may not see it: check `bases` under [ldap.users] and [ldap.groups]"#);
}
