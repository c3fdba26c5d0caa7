//! Reading the directory: read, plan, print, apply.

use chrono::{DateTime, Utc};
use domain::brake::Brake;
use domain::directory::Snapshot;
use domain::org_plan::{OrgPlan, plan};
use domain::run::{Outcome, Run, Source};
use domain::statistics::Statistics;
use domain::{PgConnection, PgPool, org_apply};
use integrations::ldap::{self, Directory, Progress};

use super::{Mode, Report, ldap_messages};

/// A directory with how it is read and how much may go at once.
pub struct Sync<'a> {
    /// The directory.
    pub directory: &'a dyn Directory,
    /// How it is read.
    pub config: &'a ldap::Config,
    /// How much may go at once.
    pub brake: Brake,
}

impl Sync<'_> {
    /// Reads the directory whole, and writes what changed in one transaction, or nothing.
    pub async fn run(
        &self,
        db: &PgPool,
        mode: &Mode,
        progress: &(dyn Fn(Progress) + Send + std::marker::Sync),
    ) -> anyhow::Result<Report> {
        let started = Utc::now();
        match ldap::snapshot(self.directory, self.config, started, progress).await {
            Ok(snapshot) => self.write(db, mode, &snapshot, started).await,
            Err(error) => {
                let report =
                    Report { outcome: Outcome::Failed, summary: error.to_string(), plan: String::new(), changes: 0 };
                if *mode != Mode::DryRun {
                    ldap_messages::failed(db, &kept(&report, mode, started)).await?;
                }
                Ok(report)
            }
        }
    }

    async fn write(
        &self,
        db: &PgPool,
        mode: &Mode,
        snapshot: &Snapshot,
        started: DateTime<Utc>,
    ) -> anyhow::Result<Report> {
        let mut transaction = db.begin().await?;
        let stored = org_apply::stored(&mut transaction, snapshot).await?;
        let plan = plan(snapshot, &stored);
        if let Some((refusals, advice)) = self.refusals(&mut transaction, mode, &plan, started).await? {
            transaction.rollback().await?;
            let report = refused(&plan, &refusals, advice);
            if *mode != Mode::DryRun {
                let somebody_must_act = advice != NOTHING;
                ldap_messages::refused(db, &kept(&report, mode, started), &refusals, somebody_must_act).await?;
            }
            return Ok(report);
        }
        // Who answers for a plan is worth keeping only where it needed somebody.
        let mode = if self.brake.check(&plan).is_empty() && *mode != Mode::DryRun { &Mode::Apply } else { mode };
        let report = match plan.changes() {
            0 => done(&plan, snapshot, None),
            _ => {
                let before = Statistics::unowned(&mut *transaction).await?;
                org_apply::apply(&mut transaction, &plan).await?;
                done(&plan, snapshot, Some((before, Statistics::unowned(&mut *transaction).await?)))
            }
        };
        match mode {
            Mode::DryRun => transaction.rollback().await?,
            Mode::Apply | Mode::Accept(_) => {
                ldap_messages::read(&mut transaction, &kept(&report, mode, started), &plan).await?;
                transaction.commit().await?;
                console::notify::wake();
            }
        }
        Ok(report)
    }

    /// Why the plan must not be applied, in sentences, with what to do about it.
    async fn refusals(
        &self,
        db: &mut PgConnection,
        mode: &Mode,
        plan: &OrgPlan,
        started: DateTime<Utc>,
    ) -> anyhow::Result<Option<(Vec<String>, &'static str)>> {
        if Run::fresh_at(&mut *db, Source::Ldap).await?.is_some_and(|it| it > started) {
            let why = vec!["a newer reading was applied in the meantime".into()];
            return Ok(Some((why, NOTHING)));
        }
        if !plan.conflicts.is_empty() {
            let advice = "Give each entry a name of its own, in the directory or by the mapping of attributes.";
            return Ok(Some((plan.conflicts.clone(), advice)));
        }
        let steep = self.brake.check(plan);
        if steep.is_empty() {
            return Ok(None);
        }
        let advice = "Look at the plan; if it is right, run `pinconsole sync ldap --accept`.";
        // A person answers for the plan that they saw, not for whatever the directory says by now.
        let seen = Run::refused(&mut *db, Source::Ldap).await?;
        let accepted = matches!(mode, Mode::Accept(_)) && seen == Some(plan.to_string());
        Ok((!accepted).then_some((steep, advice)))
    }
}

fn refused(plan: &OrgPlan, refusals: &[String], advice: &str) -> Report {
    let why: Vec<&str> = refusals.iter().take(MAX_REFUSALS).map(String::as_str).collect();
    let summary = format!("Refused, nothing was written: {}. {advice}", why.join("; "));
    Report { outcome: Outcome::Refused, summary, plan: plan.to_string(), changes: plan.changes() }
}

const MAX_REFUSALS: usize = 5;

const NOTHING: &str = "Nothing needs to be done.";

fn done(plan: &OrgPlan, snapshot: &Snapshot, unowned: Option<(i64, i64)>) -> Report {
    let changes = plan.changes();
    let outcome = if changes == 0 { Outcome::Unchanged } else { Outcome::Applied };
    let mut text = plan.to_string();
    if let Some((before, after)) = unowned.filter(|(before, after)| before != after) {
        text.push_str(&format!("Owned by nobody: {before} -> {after}\n"));
    }
    for remark in snapshot.remarks.iter().take(MAX_REMARKS) {
        text.push_str(&format!("  ! {remark}\n"));
    }
    if let Some(more) = snapshot.remarks.len().checked_sub(MAX_REMARKS + 1) {
        text.push_str(&format!("  … and {} more remarks\n", more + 1));
    }
    let summary = format!(
        "Read {} people, {} groups and {} memberships.",
        snapshot.people.len(),
        snapshot.groups.len(),
        snapshot.memberships()
    );
    Report { outcome, summary, plan: text, changes }
}

const MAX_REMARKS: usize = 20;

fn kept(report: &Report, mode: &Mode, started_at: DateTime<Utc>) -> Run {
    let accepted_by = match mode {
        Mode::Accept(who) => Some(who.clone()),
        Mode::DryRun | Mode::Apply => None,
    };
    report.kept(Source::Ldap, started_at, accepted_by)
}
