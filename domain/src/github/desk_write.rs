//! Writes what events changed: each table once, and all in the same order, so that two transactions never wait for each other.

use std::collections::BTreeSet;

use sqlx::{Connection, PgConnection};

use super::desk::Desk;
use super::sheet::Sheet;
use super::{Activity, Asking, CheckResult, Known, Push, Reviewed};

impl Desk {
    /// Writes what changed; false, with nothing written, where somebody else has just stored a pull request that was not known: it is to
    /// be laid anew.
    pub async fn write(&mut self, db: &mut PgConnection) -> sqlx::Result<bool> {
        let new: Vec<&Known> = self.sheets.values().filter(|it| it.new).map(|it| &it.known).collect();
        let settled: Vec<(i64, i64, i32)> = new.iter().map(|it| (it.id, it.repository_id, it.number)).collect();
        if !new.is_empty() && !insert(&mut *db, &new).await? {
            return Ok(false);
        }
        self.book.write(&mut *db).await?;
        self.write_pulls(&mut *db).await?;
        self.write_checks(&mut *db).await?;
        self.write_acts(&mut *db).await?;
        if !settled.is_empty() {
            Activity::settle(&mut *db, &settled).await?;
        }
        self.write_commits(db).await?;
        self.sheets.values_mut().for_each(Sheet::written);
        Ok(true)
    }

    async fn write_pulls(&self, db: &mut PgConnection) -> sqlx::Result<()> {
        let changed: Vec<&Known> = self.sheets.values().filter(|it| it.changed).map(|it| &it.known).collect();
        if !changed.is_empty() {
            Known::update(&mut *db, &changed).await?;
        }
        let asked: Vec<(i64, &Asking)> = self.sheets.values().flat_map(Sheet::newly_asked).collect();
        if !asked.is_empty() {
            Asking::write(&mut *db, &asked).await?;
        }
        let mut reviewed: Vec<(i64, &Reviewed)> = self.sheets.values().flat_map(Sheet::newly_reviewed).collect();
        reviewed.sort_by_key(|it| it.1.id);
        if reviewed.is_empty() { Ok(()) } else { Reviewed::write(db, &reviewed).await }
    }

    async fn write_checks(&mut self, db: &mut PgConnection) -> sqlx::Result<()> {
        let gone: Vec<_> = self.unchecked.iter().map(|(commit, check)| (commit, check)).collect();
        if !gone.is_empty() {
            CheckResult::remove(&mut *db, &gone).await?;
        }
        let written = self.checked.iter().filter_map(|(commit, (run, name))| {
            let check = self.checks.get(commit)?.iter().find(|it| it.run == *run && it.name == *name)?;
            Some((commit, check))
        });
        let written: Vec<_> = written.collect();
        if !written.is_empty() {
            CheckResult::write(db, &written).await?;
        }
        (self.checked, self.unchecked) = (BTreeSet::new(), BTreeSet::new());
        Ok(())
    }

    async fn write_acts(&mut self, db: &mut PgConnection) -> sqlx::Result<()> {
        let acts = std::mem::take(&mut self.acts);
        let written: Vec<_> = acts.values().map(|(of, act)| (*of, act)).collect();
        if !written.is_empty() {
            Activity::write(db, &written).await?;
        }
        self.known_acts.extend(acts.into_keys());
        Ok(())
    }

    async fn write_commits(&mut self, db: &mut PgConnection) -> sqlx::Result<()> {
        let (pushes, deployments) = (std::mem::take(&mut self.pushes), std::mem::take(&mut self.deployments));
        if !pushes.is_empty() {
            Push::write(&mut *db, &pushes).await?;
        }
        for it in deployments.values() {
            it.write(&mut *db).await?;
        }
        Ok(())
    }
}

/// All of them, or none.
async fn insert(db: &mut PgConnection, new: &[&Known]) -> sqlx::Result<bool> {
    let mut inner = db.begin().await?;
    let all = Known::insert(&mut inner, new).await?;
    if all {
        inner.commit().await?
    } else {
        inner.rollback().await?
    };
    Ok(all)
}

impl Sheet {
    fn newly_asked(&self) -> impl Iterator<Item = (i64, &Asking)> {
        let asked = self.asked_anew.iter().filter_map(|of| self.asked.iter().find(|it| it.of == *of));
        asked.map(|it| (self.known.id, it))
    }

    fn newly_reviewed(&self) -> impl Iterator<Item = (i64, &Reviewed)> {
        let reviewed = self.reviews.iter().filter(|it| self.reviewed_anew.contains(&it.id));
        reviewed.map(|it| (self.known.id, it))
    }

    fn written(&mut self) {
        (self.new, self.changed) = (false, false);
        self.asked_anew.clear();
        self.reviewed_anew.clear();
    }
}
