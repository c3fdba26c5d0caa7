use chrono::Utc;
use domain::brake::Brake;
use domain::catalog_plan::Removal;
use integrations::files;
use integrations::ldap::{Config, LdifDirectory, Names};
use scheduler::jobs::{Mode, Report, catalog, ldap};
use sqlx::PgPool;

use crate::ldap::slapd::SUFFIX;

/// Reads the demo company and its catalog into the database, as the program reads them.
pub(crate) async fn company(db: &PgPool) {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../config/demo");
    let ldif = std::fs::read_to_string(format!("{root}/company.ldif")).expect("the company");
    let mut config = directory();
    config.groups.attributes.display_name = Some(Names::new(["ou"]));
    config.groups.attributes.kind = Some(Names::new(["businessCategory"]));
    good(&sync(db, &config, &ldif).await);
    let paths = files::Config { paths: vec!["catalog".into()], ..files::Config::default() };
    let reading = files::read(&paths, root.as_ref());
    let removal = Removal { before: None };
    let sync = catalog::Sync { removal, started: Utc::now(), tick: None };
    good(&sync.write(db, &Mode::Apply, reading).await.expect("a reading"));
}

/// Reads a directory of these people, as `<login> [<mail>] [disabled] [slack:<id>]` a line; without a mail theirs is `<login>@pinconsole.example`.
pub(crate) async fn people(db: &PgPool, lines: &str) {
    good(&reading(db, lines).await);
}

/// The same, however it ends.
pub(crate) async fn reading(db: &PgPool, lines: &str) -> Report {
    let mut ldif = format!("dn: ou=people,{SUFFIX}\nobjectClass: organizationalUnit\n\n");
    ldif += &format!("dn: ou=groups,{SUFFIX}\nobjectClass: organizationalUnit\n\n");
    for line in lines.lines().map(str::trim).filter(|it| !it.is_empty()) {
        ldif += &entry(line);
    }
    sync(db, &directory(), &(ldif + &everybody(lines))).await
}

/// One group, since a directory without any is taken for broken.
fn everybody(lines: &str) -> String {
    let id = uuid::Uuid::from_u128(1);
    let logins = lines.lines().filter_map(|it| it.split_whitespace().next());
    let members: String = logins.map(|it| format!("member: uid={it},ou=people,{SUFFIX}\n")).collect();
    format!(
        "dn: cn=everybody,ou=groups,{SUFFIX}\nobjectClass: groupOfNames\ncn: everybody\nentryUUID: {id}\n{members}\n"
    )
}

fn entry(line: &str) -> String {
    let mut words = line.split_whitespace();
    let login = words.next().expect("a login");
    let rest: Vec<&str> = words.collect();
    let own = format!("{login}@pinconsole.example");
    let mail = rest.iter().find(|it| it.contains('@')).map_or(own.as_str(), |it| it);
    let kind = if rest.contains(&"disabled") { "disabled" } else { "employee" };
    let slack = rest.iter().find_map(|it| it.strip_prefix("slack:"));
    let slack = slack.map(|it| format!("employeeNumber: {it}\n")).unwrap_or_default();
    // The same login is the same person, however the rest changes.
    let bytes: Vec<u8> = login.bytes().cycle().take(16).collect();
    let id = uuid::Builder::from_slice(&bytes).expect("16 bytes").into_uuid();
    format!(
        "dn: uid={login},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: {login}\nsn: {login}\n\
         mail: {mail}\nemployeeType: {kind}\n{slack}entryUUID: {id}\n\n"
    )
}

/// How the directory is read: disabled is who is said to be.
fn directory() -> Config {
    let mut config = crate::ldap::config();
    let rule = serde_json::json!([{ "attribute": "employeeType", "when": { "equals": "disabled" } }]);
    config.users.disabled = serde_json::from_value(rule).expect("a rule");
    config.users.accounts.insert("slack".into(), Names::new(["employeeNumber"]));
    config
}

async fn sync(db: &PgPool, config: &Config, ldif: &str) -> Report {
    let directory = LdifDirectory::new(config, ldif).expect("a directory");
    let sync = ldap::Sync { directory: &directory, config, brake: Brake::default(), tick: None };
    sync.run(db, &Mode::Apply, &|_| {}).await.expect("a reading")
}

fn good(report: &Report) {
    assert!(report.outcome.good(), "{}", report.summary);
}
