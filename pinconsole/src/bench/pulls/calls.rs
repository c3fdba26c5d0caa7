//! How often GitHub is called: by each job of the schedule when everything is new, when nothing happened, and when much did; and what
//! these come to in an hour.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, TimeDelta};
use domain::delivery::Source;
use domain::tick::{Job, Tick};
use domain::{PgPool, pool};
use integrations::fake::World;
use integrations::github::Client;
use scheduler::jobs::{GitHub, Jobs};
use scheduler::{Config, Runner};
use serde_json::Value;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::played::Company;
use crate::bench::ground::Ground;
use crate::bench::report::{Goal, Report};
use crate::bench::served::Served;
use crate::bench::settled::{EACH, PATIENCE, settled};

const JOBS: [Job; 4] = [Job::Github, Job::GithubMergeability, Job::GithubRedeliver, Job::GithubTeams];
/// So many calls, and so many points, may be spent in an hour.
/// <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#primary-rate-limit-for-github-app-installations>
const LIMIT: f64 = 5_000.0;
/// What an hour has in any case, by kind: a token opens an installation for an hour.
/// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app>
const START: Calls = [1.0, 0.0, 0.0, 0.0];
/// Busy minutes from one reading of pull requests to the next.
const MINUTES: usize = 10;
/// GitHub's clock has seconds, and a reading is sure only of those that are over.
const SECOND: Duration = Duration::from_millis(2_100);
/// The played GitHub needs no time to think.
const THOUGHT: Duration = Duration::from_millis(20);

/// By kind; what GitHub says did not change does not count.
type Calls = [f64; 4];
const KINDS: [&str; 4] = ["REST calls", "REST calls that do not count", "questions of GraphQL", "points of GraphQL"];

/// Counts them in a database of their own, where nobody is told of anything.
pub async fn measure(ground: &Ground, rounds: u32, report: &mut Report) -> Result<()> {
    let database = ground.database("called").await?;
    let world = World::start().await?.tolerant();
    let company = Company::founded(world.github()).await;
    let served = Served::start(ground, &database, None)?;
    company.tells(served.signed)?;
    let client = Client::new(company.github.address(), &company.github.app())?;
    let mut called = Called { db: pool::pool(database.as_str(), 4)?, client, company };
    sleep(SECOND).await;
    for job in JOBS {
        called.noted(report, job, "first run").await?;
    }
    for _ in 0..rounds {
        called.at_rest(report).await?;
        called.at_peak(report).await?;
        // What moved is asked about, so that the next round begins at rest.
        called.run(Job::GithubMergeability).await?;
    }
    drop(served);
    called.db.close().await;
    Ok(())
}

/// What calls, and what is called.
struct Called {
    db: PgPool,
    client: Client,
    company: Company,
}

impl Called {
    async fn at_rest(&self, report: &mut Report) -> Result<()> {
        let mut hour = START;
        for job in JOBS {
            add(&mut hour, job, self.noted(report, job, "a run in which nothing changed").await?)?;
        }
        limited(report, "an hour at rest", hour);
        Ok(())
    }

    /// Each run finds what went on since the one before.
    async fn at_peak(&mut self, report: &mut Report) -> Result<()> {
        const WHEN: &str = "a run after much changed";
        let mut hour = START;
        self.minutes(1).await;
        add(&mut hour, Job::GithubMergeability, self.noted(report, Job::GithubMergeability, WHEN).await?)?;
        self.minutes(MINUTES - 1).await;
        add(&mut hour, Job::Github, self.noted(report, Job::Github, WHEN).await?)?;
        add(&mut hour, Job::GithubRedeliver, self.noted(report, Job::GithubRedeliver, WHEN).await?)?;
        self.company.regroup();
        add(&mut hour, Job::GithubTeams, self.noted(report, Job::GithubTeams, WHEN).await?)?;
        limited(report, "an hour at peak", hour);
        Ok(())
    }

    async fn minutes(&mut self, count: usize) {
        for _ in 0..count {
            self.company.minute().await;
        }
        sleep(SECOND).await;
    }

    /// Runs a job once, and notes each kind of call as far as there were any.
    async fn noted(&self, report: &mut Report, job: Job, when: &str) -> Result<Calls> {
        let calls = self.run(job).await?;
        for (kind, count) in KINDS.into_iter().zip(calls).filter(|it| it.1 > 0.0) {
            report.note(&format!("{}, {when}", job.as_str()), kind, count);
        }
        Ok(calls)
    }

    /// Runs a job once; what it called GitHub for.
    async fn run(&self, job: Job) -> Result<Calls> {
        let github = &self.company.github;
        github.settled().await;
        settled(&self.db, Source::Github).await?;
        github.count_anew();
        let tick = Tick::ask(&mut *self.db.acquire().await?, job, &Value::Null, "bench").await?;
        let stop = CancellationToken::new();
        let runner = Runner::new(self.db.clone(), "bench:1".into(), self.jobs()).map_err(anyhow::Error::msg)?;
        let running = tokio::spawn(runner.run(stop.clone()));
        let ended = timeout(PATIENCE, self.ended(tick)).await;
        stop.cancel();
        running.await?;
        let (outcome, said) = ended.with_context(|| format!("{} does not end", job.as_str()))??;
        ensure!(outcome == "done", "{} ended as {outcome}: {}", job.as_str(), said.unwrap_or_default());
        let (calls, unchanged) = (github.calls(), github.unchanged());
        let questions = calls.iter().filter(|it| it.question.is_some()).count();
        let counted = calls.len() - questions - unchanged;
        Ok([counted as f64, unchanged as f64, questions as f64, github.points() as f64])
    }

    /// How a run ended, and what it says.
    async fn ended(&self, tick: Uuid) -> Result<(String, Option<String>)> {
        let ended = "select outcome, note from schedule.tick where id = $1 and finished_at is not null";
        loop {
            match sqlx::query_as(ended).bind(tick).fetch_optional(&self.db).await? {
                Some(ended) => return Ok(ended),
                None => sleep(EACH).await,
            }
        }
    }

    /// The jobs as a replica has them, which run when told to and no other time.
    fn jobs(&self) -> Jobs {
        let off = || "off".to_string();
        let schedule = Config {
            github: off(),
            github_mergeability: off(),
            github_redeliver: off(),
            github_teams: off(),
            ..Config::default()
        };
        let github = Some(GitHub { client: self.client.clone(), thought: THOUGHT, events: true });
        Jobs { schedule, directory: None, files: None, pagerduty: None, github, handover: None, sweeps: vec![] }
    }
}

/// How often a job runs in an hour, unless configured otherwise.
fn runs(job: Job) -> Result<usize> {
    let cron = Config::default().cron(job).map_err(anyhow::Error::msg)?.context("the job is off")?;
    let hour = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
    Ok(cron.between(DateTime::UNIX_EPOCH, hour).len())
}

fn add(hour: &mut Calls, job: Job, calls: Calls) -> Result<()> {
    let runs = runs(job)? as f64;
    hour.iter_mut().zip(calls).for_each(|(hour, calls)| *hour += calls * runs);
    Ok(())
}

/// Those of an hour, beside what GitHub allows.
fn limited(report: &mut Report, what: &str, [counted, unchanged, questions, points]: Calls) {
    report.aim(what, KINDS[0], Goal::AtMost(LIMIT), counted);
    report.note(what, KINDS[1], unchanged);
    report.note(what, KINDS[2], questions);
    report.aim(what, KINDS[3], Goal::AtMost(LIMIT), points);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_job_runs_as_often_as_its_schedule_says() {
        let runs: Vec<usize> = JOBS.into_iter().map(|it| runs(it).expect("a schedule")).collect();
        assert_eq!(runs, [6, 60, 6, 1]);
    }
}
