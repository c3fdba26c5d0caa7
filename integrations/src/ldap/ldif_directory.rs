use async_trait::async_trait;

use super::filter::Filter;
use super::{Config, Directory, Dn, Entry, Progress, RawEntries, ReadError, Refused, Scope, ldif};

/// A directory that is a text in LDIF, for the demo and for tests.
///
/// It answers bases, scopes, and filters of presence, equality, `&`, `|` and `!`; what else a filter asks is an error.
/// It knows no schema: an entry has the object classes and operational attributes (`entryUUID`) that the text gives it.
pub struct LdifDirectory {
    entries: Vec<(Dn, Entry)>,
    config: Config,
}

impl LdifDirectory {
    /// Reads the text; refuses a configuration with a filter that it cannot answer.
    pub fn new(config: &Config, text: &str) -> Result<Self, Refused> {
        let config = config.resolved();
        let mut problems = config.problems(None);
        for filter in [&config.users.filter, &config.groups.filter].into_iter().flatten() {
            problems.extend(Filter::parse(filter).err());
        }
        let entries = ldif::parse(text).map_err(|it| problems.push(it.to_string())).unwrap_or_default();
        if !problems.is_empty() {
            return Err(Refused(problems));
        }
        let named = |entry: Entry| Some((Dn::parse(&entry.dn)?, entry));
        Ok(Self { entries: entries.into_iter().filter_map(named).collect(), config })
    }

    fn search(&self, bases: &[String], scope: Scope, filter: &Option<String>) -> Result<Vec<Entry>, ReadError> {
        let filter = Filter::parse(filter.as_deref().unwrap_or("(objectClass=*)")).map_err(ReadError::Protocol)?;
        let mut found = Vec::new();
        for base in bases {
            let missing = || ReadError::BaseMissing(base.clone());
            let base = Dn::parse(base).ok_or_else(missing)?;
            if !self.entries.iter().any(|(dn, _)| *dn == base) {
                return Err(missing());
            }
            let inside = |dn: &Dn| match (scope, dn.depth_below(&base)) {
                (Scope::Base, depth) => depth == Some(0),
                (Scope::One, depth) => depth == Some(1),
                (Scope::Subtree, depth) => depth.is_some(),
            };
            let matching = self.entries.iter().filter(|(dn, entry)| inside(dn) && filter.matches(entry));
            found.extend(matching.map(|(_, entry)| entry.clone()));
        }
        Ok(found)
    }
}

#[async_trait]
impl Directory for LdifDirectory {
    async fn read(&self, progress: &(dyn Fn(Progress) + Send + Sync)) -> Result<RawEntries, ReadError> {
        let Config { users, groups, .. } = &self.config;
        let users = self.search(&users.bases, users.scope, &users.filter)?;
        progress(Progress::People(users.len()));
        let groups = self.search(&groups.bases, groups.scope, &groups.filter)?;
        progress(Progress::Groups(groups.len()));
        Ok(RawEntries { users, groups, referrals: Vec::new() })
    }

    async fn check(&self) -> Result<String, ReadError> {
        let read = self.read(&|_| ()).await?;
        Ok(format!("a text in LDIF with {} people and {} groups", read.users.len(), read.groups.len()))
    }
}
