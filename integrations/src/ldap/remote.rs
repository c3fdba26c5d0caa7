use std::collections::BTreeSet;

use async_trait::async_trait;
use ldap3::controls::PagedResults;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task::JoinSet;

use super::connection::Connection;
use super::range::parts;
use super::search::{Found, Search};
use super::{Address, Config, Directory, Entry, Names, Progress, RawEntries, ReadError, Refused, Scope};

/// A directory server.
pub struct LdapDirectory {
    config: Config,
    address: Address,
}

impl LdapDirectory {
    /// Refuses what must not be used, such as a password over an open connection; connects to nothing yet.
    pub fn new(config: &Config, address: Address) -> Result<Self, Refused> {
        let problems = config.problems(Some(&address));
        if problems.is_empty() { Ok(Self { config: config.resolved(), address }) } else { Err(Refused(problems)) }
    }

    fn silent(&self, seen: String) -> ReadError {
        ReadError::Unreachable { url: self.address.url.clone(), seen }
    }
}

#[async_trait]
impl Directory for LdapDirectory {
    async fn read(&self, progress: &(dyn Fn(Progress) + Send + Sync)) -> Result<RawEntries, ReadError> {
        let (config, address) = (self.config.clone(), self.address.clone());
        let (sender, mut heard) = mpsc::unbounded_channel();
        // A task of its own: the LDAP crate panics on answers that it does not understand. Dropping the set ends it.
        let mut tasks = JoinSet::new();
        tasks.spawn(read(config, address, sender));
        let listen = async {
            while let Some(it) = heard.recv().await {
                progress(it);
            }
            tasks.join_next().await
        };
        match tokio::time::timeout(self.config.deadline(), listen).await {
            Ok(Some(Ok(result))) => result,
            Ok(_) => Err(ReadError::Protocol("an answer that is not LDAP as it is specified".to_owned())),
            Err(_) => Err(self.silent(format!("the reading took longer than {} s", self.config.deadline_seconds))),
        }
    }

    async fn check(&self) -> Result<String, ReadError> {
        let (config, address) = (self.config.clone(), self.address.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(check(config, address));
        match tokio::time::timeout(self.config.deadline(), tasks.join_next()).await {
            Ok(Some(Ok(result))) => result,
            Ok(_) => Err(ReadError::Protocol("an answer that is not LDAP as it is specified".to_owned())),
            Err(_) => Err(self.silent("no answer in time".to_owned())),
        }
    }
}

/// People and groups, each by a connection of its own at the same time: servers allow one paged search a connection.
async fn read(config: Config, address: Address, progress: UnboundedSender<Progress>) -> Result<RawEntries, ReadError> {
    let (people, groups) = halves(&config).into_iter().partition(|it: &Half| it.of_users);
    let reading = |halves: Vec<Half>| found(&config, &address, halves, &progress);
    let (users, groups) = tokio::try_join!(reading(people), reading(groups))?;
    let referrals = [users.referrals, groups.referrals].concat();
    Ok(RawEntries { users: users.entries, groups: groups.entries, referrals })
}

/// What all these bases hold, whole.
async fn found(
    config: &Config,
    address: &Address,
    halves: Vec<Half>,
    progress: &UnboundedSender<Progress>,
) -> Result<Found, ReadError> {
    // Nobody listens any more once the reading is given up, and then it ends too.
    let tell = |it| {
        let _ = progress.send(it);
    };
    let mut all = Found::default();
    if halves.is_empty() {
        return Ok(all);
    }
    let mut connection = Connection::open(config, address).await?;
    tell(Progress::Connected);
    for half in halves {
        let before = all.entries.len();
        let seen = |now: usize| tell(half.progress(before + now));
        let more = connection.pages(&half.search(), &seen).await?;
        all.entries.extend(more.entries);
        all.referrals.extend(more.referrals);
    }
    let partial: Vec<&mut Entry> = all.entries.iter_mut().filter(|it| !parts(it).is_empty()).collect();
    let of = partial.len();
    for (at, entry) in partial.into_iter().enumerate() {
        connection.complete(entry).await?;
        tell(Progress::LargeGroups { done: at + 1, of });
    }
    connection.close().await;
    Ok(all)
}

async fn check(config: Config, address: Address) -> Result<String, ReadError> {
    let mut connection = Connection::open(&config, &address).await?;
    let mut bases = Vec::new();
    for half in halves(&config) {
        let mut found = Found::default();
        let page = PagedResults { size: 1, cookie: Vec::new() };
        connection.page(&half.search(), page, &mut found).await?;
        let answer = if found.entries.is_empty() { "has no entry that fits" } else { "answers" };
        bases.push(format!("{} {answer}", half.base));
    }
    connection.close().await;
    Ok(format!("signed in at {} as {}; {}", address.url, address.who(), bases.join("; ")))
}

/// One base to search.
struct Half {
    of_users: bool,
    base: String,
    scope: Scope,
    filter: String,
    attributes: Vec<String>,
}

impl Half {
    fn search(&self) -> Search<'_> {
        let scope = match self.scope {
            Scope::Base => ldap3::Scope::Base,
            Scope::One => ldap3::Scope::OneLevel,
            Scope::Subtree => ldap3::Scope::Subtree,
        };
        Search { base: &self.base, scope, filter: &self.filter, attributes: &self.attributes }
    }

    fn progress(&self, count: usize) -> Progress {
        if self.of_users { Progress::People(count) } else { Progress::Groups(count) }
    }
}

/// What is asked for: only attributes that are read, since photographs are large.
fn halves(config: &Config) -> Vec<Half> {
    let Config { users, groups, .. } = config;
    let rules = users.disabled.iter().flatten().map(|it| it.attribute.to_ascii_lowercase());
    let accounts = users.accounts.values().flat_map(Names::iter).map(str::to_owned);
    let of_users = wanted(&users.attributes.all(), rules.chain(accounts));
    let of_groups = wanted(&groups.attributes.all(), std::iter::empty());
    let half = |base: &String, of_users: bool, scope, filter: &Option<String>, attributes: &[String]| Half {
        of_users,
        base: base.clone(),
        scope,
        filter: filter.clone().unwrap_or_else(|| "(objectClass=*)".to_owned()),
        attributes: attributes.to_vec(),
    };
    let users = users.bases.iter().map(|it| half(it, true, users.scope, &users.filter, &of_users));
    users.chain(groups.bases.iter().map(|it| half(it, false, groups.scope, &groups.filter, &of_groups))).collect()
}

fn wanted(fields: &[&Option<Names>], others: impl Iterator<Item = String>) -> Vec<String> {
    let names = fields.iter().copied().flatten().flat_map(Names::iter).map(str::to_owned);
    names.chain(others).collect::<BTreeSet<_>>().into_iter().collect()
}
