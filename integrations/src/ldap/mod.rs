//! The directory: read whole or not at all, and turned into what the rest of the program knows.
//!
//! One seam, [`Directory`], with two sides: [`LdapDirectory`] asks a server, [`LdifDirectory`] reads a text. Both yield
//! raw entries; [`snapshot`] maps them by the same [`Config`].

mod address;
mod both;
mod config;
mod connection;
mod disabled;
mod dn;
mod error;
mod filter;
mod ldif;
mod ldif_directory;
mod ldif_file;
mod map;
mod membership;
mod name;
mod names;
mod preset;
mod range;
mod remote;
mod search;
mod tls;
mod value;

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::directory::{Reason, Remark, Snapshot};

pub use address::Address;
pub use config::{Config, GroupAttributes, Groups, Refused, Scope, UserAttributes, Users, Vendor};
pub use disabled::{Disabled, When};
pub use dn::Dn;
pub use error::ReadError;
pub use ldif_directory::LdifDirectory;
pub use ldif_file::LdifFile;
pub use map::map;
pub use names::Names;
pub use remote::LdapDirectory;

/// Something that can be read like a directory.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Reads every entry of the configured bases; an answer is complete, or it is an error.
    async fn read(&self, progress: &(dyn Fn(Progress) + Send + Sync)) -> Result<RawEntries, ReadError>;

    /// Connects, signs in and asks each base for one entry; the answer says in one sentence what was seen.
    async fn check(&self) -> Result<String, ReadError>;
}

/// Everything that the configured bases hold, before it is mapped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawEntries {
    /// Entries of the users' bases.
    pub users: Vec<Entry>,
    /// Entries of the groups' bases.
    pub groups: Vec<Entry>,
    /// References to other servers, which are never followed.
    pub referrals: Vec<String>,
}

/// One entry as the directory sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Distinguished name, as the directory wrote it.
    pub dn: String,
    /// Values by attribute name in lower case.
    pub attributes: BTreeMap<String, Vec<Vec<u8>>>,
}

/// How far a reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many people and groups were there the last time.
    Expected((usize, usize)),
    /// Signed in.
    Connected,
    /// So many people so far.
    People(usize),
    /// So many groups so far.
    Groups(usize),
    /// So many of the groups that came in parts are complete.
    LargeGroups {
        /// Complete now.
        done: usize,
        /// All of them.
        of: usize,
    },
}

/// Reads the directory and maps it. What `now` is decides which accounts have expired.
pub async fn snapshot(
    directory: &dyn Directory,
    config: &Config,
    now: DateTime<Utc>,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Snapshot, ReadError> {
    let raw = directory.read(progress).await?;
    let snapshot = map(&raw, config, now);
    set_aside(raw);
    let left_out = |it: &&Remark| matches!(it.reason, Reason::LeftOut(_));
    let example = || snapshot.remarks.iter().find(left_out).map(ToString::to_string);
    if snapshot.people.is_empty() {
        return Err(ReadError::Empty { what: "people", remark: example() });
    }
    if snapshot.groups.is_empty() && !config.groups.bases.is_empty() {
        return Err(ReadError::Empty { what: "groups", remark: example() });
    }
    Ok(snapshot)
}

/// Gives back what is no longer needed, where nobody waits for it: each value of a whole directory has a room of its own. Without a thread
/// it is given back here.
pub fn set_aside(it: impl Send + 'static) {
    let _ = std::thread::Builder::new().spawn(move || drop(it));
}

impl Entry {
    /// The values of an attribute, whatever the case of its name.
    pub fn values(&self, name: &str) -> &[Vec<u8>] {
        let found = match name.bytes().any(|it| it.is_ascii_uppercase()) {
            true => self.attributes.get(&name.to_ascii_lowercase()),
            false => self.attributes.get(name),
        };
        found.map_or(&[], Vec::as_slice)
    }
}
