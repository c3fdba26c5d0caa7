//! The directory, read from a real OpenLDAP server, from a server that behaves like Active Directory, and from servers
//! that misbehave.

mod active_directory;
mod configuration;
pub(crate) mod directory;
mod fake_server;
mod faults;
mod openldap;
mod scale;
pub(crate) mod slapd;

use chrono::{DateTime, Utc};
use domain::directory::Snapshot;
use integrations::ldap::{Address, Config, LdapDirectory, ReadError, snapshot};

/// The configuration for what [`slapd::Slapd`] and [`directory::people_and_groups`] hold.
pub(crate) fn config() -> Config {
    let mut config = Config::default();
    config.users.bases = vec![format!("ou=people,{}", slapd::SUFFIX)];
    config.groups.bases = vec![format!("ou=groups,{}", slapd::SUFFIX)];
    config
}

/// Reads and maps the directory at an address.
pub(crate) async fn read(config: &Config, address: Address) -> Result<Snapshot, ReadError> {
    let directory = LdapDirectory::new(config, address).expect("a usable configuration");
    snapshot(&directory, config, now(), &|_| ()).await
}

/// What went wrong, in the words that people see, with what differs from run to run left out.
fn words(result: Result<Snapshot, ReadError>, address: &str) -> String {
    match result {
        Ok(snapshot) => format!("read {} people", snapshot.people.len()),
        Err(error) => error.to_string().replace(address, "<url>"),
    }
}

fn now() -> DateTime<Utc> {
    "2026-01-02T03:04:05Z".parse().expect("a moment")
}
