use std::collections::{BTreeMap, BTreeSet, HashSet};

use sqlx::PgConnection;

use super::activity::Of;
use super::book::Book;
use super::check_result::{Commit, Titled};
use super::sheet::Sheet;
use super::{About, Activity, Asking, CheckResult, Deployment, Known, Push, Reviewed, Target};

/// What events of one transaction are about, as it is known and as they change it one after the other: read before the first of them,
/// written after the last, so that many cost little more than one. Whatever lies here is held until the transaction ends.
#[derive(Debug, Default)]
pub struct Desk {
    pub(super) sheets: BTreeMap<i64, Sheet>,
    pub(super) checks: BTreeMap<Commit, Vec<CheckResult>>,
    pub(super) book: Book,
    /// Checks that are to be written, and those to be taken away before.
    pub(super) checked: BTreeSet<(Commit, Titled)>,
    pub(super) unchecked: BTreeSet<(Commit, Titled)>,
    pub(super) known_acts: HashSet<String>,
    pub(super) acts: BTreeMap<String, (Of, Activity)>,
    pub(super) pushes: Vec<Push>,
    pub(super) deployments: BTreeMap<i64, Deployment>,
}

impl Desk {
    /// Reads what events are about, and holds the pull requests among it.
    pub async fn lay(db: &mut PgConnection, about: &About) -> sqlx::Result<Self> {
        let mut desk = Self::default();
        let known = if about.has_pulls() { Known::hold(&mut *db, about).await? } else { BTreeMap::new() };
        let acted: Vec<i64> = known.values().filter(|it| about.acts_on(it)).map(|it| it.id).collect();
        desk.sheets = known.into_values().map(|it| (it.id, Sheet::of(it))).collect();
        if !acted.is_empty() {
            desk.lay_details(&mut *db, &acted).await?;
        }
        desk.lay_checks(&mut *db, (about, &acted)).await?;
        desk.lay_names(&mut *db, about).await?;
        if !about.acts.is_empty() {
            desk.known_acts = Activity::known(db, &about.acts).await?.into_iter().collect();
        }
        Ok(desk)
    }

    async fn lay_details(&mut self, db: &mut PgConnection, pulls: &[i64]) -> sqlx::Result<()> {
        for (id, it) in Asking::of(&mut *db, pulls).await? {
            self.sheets.entry(id).and_modify(|sheet| sheet.asked.push(it));
        }
        for (id, it) in Reviewed::of(&mut *db, pulls).await? {
            self.sheets.entry(id).and_modify(|sheet| sheet.reviews.push(it));
        }
        Ok(())
    }

    /// Of commits that are told of, and of the newest ones of pull requests.
    async fn lay_checks(&mut self, db: &mut PgConnection, (about, acted): (&About, &[i64])) -> sqlx::Result<()> {
        let heads = acted.iter().filter_map(|it| self.sheets.get(it)).map(|it| it.known.head());
        let commits: BTreeSet<(i64, String)> = about.commits.iter().chain(&about.heads).cloned().chain(heads).collect();
        if commits.is_empty() {
            return Ok(());
        }
        for (commit, it) in CheckResult::of(db, &commits.into_iter().collect::<Vec<_>>()).await? {
            self.checks.entry(commit).or_default().push(it);
        }
        self.checks.values_mut().for_each(|it| it.sort_by(|a, b| (a.run, &a.name).cmp(&(b.run, &b.name))));
        Ok(())
    }

    async fn lay_names(&mut self, db: &mut PgConnection, about: &About) -> sqlx::Result<()> {
        let mut actors: BTreeSet<i64> = about.actors.iter().copied().collect();
        let mut teams: BTreeSet<i64> = about.teams.iter().copied().collect();
        let mut repositories: BTreeSet<i64> = about.repositories.iter().copied().collect();
        for it in self.sheets.values() {
            repositories.insert(it.known.repository_id);
            actors.extend(it.known.author_id.into_iter().chain(it.known.merged_by));
            actors.extend(it.reviews.iter().filter_map(|it| it.actor_id));
            for asked in &it.asked {
                match asked.of {
                    Target::Actor(id) => actors.insert(id),
                    Target::Team(id) => teams.insert(id),
                };
            }
        }
        let [actors, teams, repositories] = [actors, teams, repositories].map(|it| it.into_iter().collect::<Vec<_>>());
        self.book.read(db, (&actors, &teams, &repositories)).await
    }
}

impl About {
    /// Whether events are about this pull request, rather than about the branch that it goes into.
    fn acts_on(&self, it: &Known) -> bool {
        self.pulls.contains(&it.id)
            || self.numbers.contains(&(it.repository_id, it.number))
            || self.commits.contains(&it.head())
    }
}

impl Known {
    /// Its newest commit, and where that is.
    pub(super) fn head(&self) -> (i64, String) {
        (self.repository_id, self.head_sha.clone())
    }
}
