use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::{Address, Disabled, Dn, Names};

/// How the directory is read. Addresses and secrets are not here; they come from `LDAP_URL`, `LDAP_BIND_DN` and
/// `LDAP_BIND_PASSWORD`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Whose habits fill in what is not written: `openldap`, `active-directory` or `freeipa`.
    pub vendor: Vendor,
    /// Encrypt an `ldap://` connection by StartTLS before anything else is said.
    pub start_tls: bool,
    /// PEM file with the authorities that sign the server's certificate, besides those that the system trusts.
    pub ca_file: Option<PathBuf>,
    /// Let the password cross the network in the clear.
    pub allow_plaintext: bool,
    /// Entries a page, from 1 to 1000.
    pub page_size: u16,
    /// Seconds to wait for the connection and for each answer.
    pub timeout_seconds: u64,
    /// Seconds that a whole reading may take.
    pub deadline_seconds: u64,
    /// Where the people are.
    pub users: Users,
    /// Where the groups are.
    pub groups: Groups,
}

/// Whose habits fill in what the configuration does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vendor {
    /// OpenLDAP and whatever keeps to the published schemas.
    #[default]
    #[serde(rename = "openldap")]
    OpenLdap,
    /// Microsoft Active Directory.
    ActiveDirectory,
    /// FreeIPA and Red Hat Identity Management.
    #[serde(rename = "freeipa")]
    FreeIpa,
}

/// How far below a base entries are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The base itself.
    Base,
    /// Right below the base.
    One,
    /// The base and everything below it.
    #[default]
    Subtree,
}

/// Where the people are and how their entries are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Users {
    /// Base DNs.
    pub bases: Vec<String>,
    /// How far below each base: `base`, `one` or `subtree`.
    pub scope: Scope,
    /// Which entries are people; left out, the vendor's own filter.
    pub filter: Option<String>,
    /// Which attributes hold what; left out, the vendor's own.
    pub attributes: UserAttributes,
    /// When an account is disabled; any of these is enough; left out, the vendor's own rules.
    pub disabled: Option<Vec<Disabled>>,
    /// Attributes that hold ids elsewhere, by platform, such as `github = "githubLogin"`.
    pub accounts: BTreeMap<String, Names>,
}

/// Where the groups are and how their entries are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Groups {
    /// Base DNs; none means no groups.
    pub bases: Vec<String>,
    /// How far below each base: `base`, `one` or `subtree`.
    pub scope: Scope,
    /// Which entries are groups; left out, the vendor's own filter.
    pub filter: Option<String>,
    /// Which attributes hold what; left out, the vendor's own.
    pub attributes: GroupAttributes,
}

/// Attributes of a person: each a name, or several of which the first with exactly one value counts, or "" for none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserAttributes {
    /// The id that survives renames and moves.
    pub uuid: Option<Names>,
    /// The name that people sign in with, which becomes the entity name.
    pub name: Option<Names>,
    /// What people call them.
    pub display_name: Option<Names>,
    /// E-mail address; of several values the first.
    pub email: Option<Names>,
    /// What they do.
    pub title: Option<Names>,
    /// What there is to say of them.
    pub description: Option<Names>,
    /// The groups that they are directly in, as DNs.
    pub member_of: Option<Names>,
}

/// Attributes of a group, written like those of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GroupAttributes {
    /// The id that survives renames and moves.
    pub uuid: Option<Names>,
    /// The name that becomes the entity name.
    pub name: Option<Names>,
    /// What people call it.
    pub display_name: Option<Names>,
    /// E-mail address; of several values the first.
    pub email: Option<Names>,
    /// What there is to say of it.
    pub description: Option<Names>,
    /// What sort of group it is.
    pub kind: Option<Names>,
    /// Its direct members, people and groups, as DNs.
    pub members: Option<Names>,
    /// Its direct members by the name that they sign in with.
    pub member_names: Option<Names>,
    /// The groups that it is directly in, as DNs.
    pub member_of: Option<Names>,
}

/// What forbids using a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub Vec<String>);

impl Config {
    /// Everything that forbids using this configuration; the address is checked where there is one.
    pub fn problems(&self, address: Option<&Address>) -> Vec<String> {
        let mut problems = address.map(|it| it.problems(self)).unwrap_or_default();
        if !(1..=1000).contains(&self.page_size) {
            problems.push("ldap.page_size must be from 1 to 1000".to_owned());
        }
        if self.timeout_seconds == 0 || self.deadline_seconds == 0 {
            problems.push("ldap.timeout_seconds and ldap.deadline_seconds must be at least 1".to_owned());
        }
        if self.users.bases.is_empty() {
            problems.push("ldap.users.bases must name at least one base".to_owned());
        }
        for base in self.users.bases.iter().chain(&self.groups.bases) {
            if Dn::parse(base).is_none() {
                problems.push(format!("{base:?} under bases is not a distinguished name"));
            }
        }
        for filter in [&self.users.filter, &self.groups.filter].into_iter().flatten() {
            if ldap3::parse_filter(filter).is_err() {
                problems.push(format!("{filter:?} is not a search filter, such as (objectClass=person)"));
            }
        }
        problems
    }

    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    pub(super) fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            vendor: Vendor::default(),
            start_tls: false,
            ca_file: None,
            allow_plaintext: false,
            page_size: 500,
            timeout_seconds: 15,
            deadline_seconds: 300,
            users: Users::default(),
            groups: Groups::default(),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for Refused {}
