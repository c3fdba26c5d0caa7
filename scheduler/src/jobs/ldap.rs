//! Reading the directory: read, plan, print, apply.

use chrono::{DateTime, Utc};
use domain::brake::Brake;
use domain::directory::{Reason, Remark, Snapshot};
use domain::org_apply::Known;
use domain::org_plan::{OrgPlan, plan};
use domain::problem::Problem;
use domain::run::{Outcome, Run, Source};
use domain::statistics::Statistics;
use domain::tick::Tick;
use domain::{PgConnection, PgPool, org_apply};
use integrations::ldap::{self, Directory, Progress};
use sqlx::{Postgres, Transaction};

use super::{Mode, Report, conclude, hold, ldap_messages};

/// A directory with how it is read and how much may go at once.
pub struct Sync<'a> {
    /// The directory.
    pub directory: &'a dyn Directory,
    /// How it is read.
    pub config: &'a ldap::Config,
    /// How much may go at once.
    pub brake: Brake,
    /// The run that reads, where one was claimed.
    pub tick: Option<&'a Tick>,
}

impl Sync<'_> {
    /// Reads the directory whole, and writes what changed in one transaction, or nothing.
    pub async fn run(
        &self,
        db: &PgPool,
        mode: &Mode,
        progress: &(dyn Fn(Progress) + Send + std::marker::Sync),
    ) -> anyhow::Result<Report> {
        // Postgres's clock where there is a run, so that the newest reading is the newest whatever a replica's clock says.
        let started = self.tick.map_or_else(Utc::now, |it| it.started_at);
        let known = async {
            let known = org_apply::known(&mut *db.acquire().await?).await?;
            progress(Progress::Expected(known.sizes()));
            anyhow::Ok(known)
        };
        let reading = ldap::snapshot(self.directory, self.config, started, progress);
        let (snapshot, known) = tokio::join!(reading, known);
        match snapshot {
            Ok(snapshot) => {
                let report = self.write(db, mode, &snapshot, known?, started).await;
                ldap::set_aside(snapshot);
                report
            }
            Err(error) => {
                let report =
                    Report { outcome: Outcome::Failed, summary: error.to_string(), plan: String::new(), changes: 0 };
                if *mode != Mode::DryRun {
                    let mut transaction = self.held(db).await?;
                    // First, so that who looks at what was accepted sees that it ended.
                    conclude(&mut transaction, self.tick, &report).await?;
                    ldap_messages::failed(&mut transaction, &kept(&report, mode, started)).await?;
                    transaction.commit().await?;
                    console::notify::wake();
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
        known: Known,
        started: DateTime<Utc>,
    ) -> anyhow::Result<Report> {
        let mut transaction = db.begin().await?;
        let stored = org_apply::stored_since(&mut transaction, snapshot, known).await?;
        let plan = plan(snapshot, &stored);
        ldap::set_aside(stored);
        if let Some((refusals, advice)) = self.refusals(&mut transaction, mode, &plan, started).await? {
            transaction.rollback().await?;
            let report = refused(&plan, &refusals, advice);
            if *mode != Mode::DryRun {
                let somebody_must_act = advice != NOTHING;
                let mut transaction = self.held(db).await?;
                let run = kept(&report, mode, started);
                conclude(&mut transaction, self.tick, &report).await?;
                ldap_messages::refused(&mut transaction, &run, &refusals, somebody_must_act).await?;
                transaction.commit().await?;
                console::notify::wake();
            }
            return Ok(report);
        }
        hold(&mut transaction, self.tick).await?;
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
                Problem::replace(&mut transaction, Source::Ldap.as_str(), &plan.problems).await?;
                ldap_messages::read(&mut transaction, &kept(&report, mode, started), &plan).await?;
                conclude(&mut transaction, self.tick, &report).await?;
                transaction.commit().await?;
                console::notify::wake();
            }
        }
        Ok(report)
    }

    /// A transaction in which this run may still write.
    async fn held<'d>(&self, db: &'d PgPool) -> anyhow::Result<Transaction<'d, Postgres>> {
        let mut transaction = db.begin().await?;
        hold(&mut transaction, self.tick).await?;
        Ok(transaction)
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
        let steep = self.brake.check(plan);
        if steep.is_empty() {
            return Ok(None);
        }
        let advice = "Look at the plan; if it is right, run `pinconsole sync ldap --accept`.";
        // A person answers for the plan that they saw, not for whatever the directory says by now.
        let seen = Run::refused(&mut *db, Source::Ldap).await?;
        let accepted = matches!(mode, Mode::Accept(_)) && seen == Some(text(plan));
        Ok((!accepted).then_some((steep, advice)))
    }
}

fn refused(plan: &OrgPlan, refusals: &[String], advice: &str) -> Report {
    let summary = format!("Refused, nothing was written: {}. {advice}", refusals.join("; "));
    Report { outcome: Outcome::Refused, summary, plan: text(plan), changes: plan.changes() }
}

/// The plan with the code that binds whoever accepts it to all of it, not only to the lines that are shown.
fn text(plan: &OrgPlan) -> String {
    format!("{plan}Code of the whole plan: {}\n", plan.code())
}

const NOTHING: &str = "Nothing needs to be done.";

fn done(plan: &OrgPlan, snapshot: &Snapshot, unowned: Option<(i64, i64)>) -> Report {
    let changes = plan.changes();
    let outcome = if changes == 0 { Outcome::Unchanged } else { Outcome::Applied };
    let mut text = plan.to_string();
    if let Some((before, after)) = unowned.filter(|(before, after)| before != after) {
        text.push_str(&format!("Owned by nobody: {before} -> {after}\n"));
    }
    // Clashes are among the plan's problems, with what was done about them.
    let clash = |it: &&Remark| matches!(it.reason, Reason::Collision { .. });
    let remarks: Vec<&Remark> = snapshot.remarks.iter().filter(|it| !clash(it)).collect();
    for remark in remarks.iter().take(MAX_REMARKS) {
        text.push_str(&format!("  ! {remark}\n"));
    }
    if let Some(more) = remarks.len().checked_sub(MAX_REMARKS + 1) {
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
