//! What PinConsole does by itself: when each job last ran and how it went, when it runs next, and where it runs now.

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::PgPool;
use domain::tick::{Job, Outcome};
use domain::tick_history::{Ended, Fared, Running};
use serde::Serialize;

use crate::{Asks, words};

/// How the jobs fare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct View {
    /// Each job.
    pub jobs: Vec<Row>,
}

/// How a job fares; for scripts, so the names of its fields stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The job's word.
    pub job: &'static str,
    /// Its cron expression; `off`, or nothing while no replica has told.
    pub schedule: Option<String>,
    /// The zone of the expression.
    pub zone: Option<String>,
    /// When it runs next.
    pub next: Option<DateTime<Utc>>,
    /// Whether that was minutes ago, so that no replica seems to be there.
    pub overdue: bool,
    /// Its last run that ended.
    pub last: Option<Last>,
    /// The run under way.
    pub running: Option<Now>,
    /// How many runs wait.
    pub waiting: i64,
    #[serde(skip)]
    name: &'static str,
}

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Last {
    /// When it was due, or asked for.
    pub scheduled_for: DateTime<Utc>,
    /// Who asked for it.
    pub asked_by: Option<String>,
    /// When it ended.
    pub ended: DateTime<Utc>,
    /// How long it took, where it was begun.
    pub seconds: Option<i64>,
    /// How often it was begun.
    pub attempts: i32,
    /// How it ended.
    pub outcome: &'static str,
    /// What there is to say of it.
    pub note: String,
    #[serde(skip)]
    good: bool,
}

/// A run under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Now {
    /// By which process, as `host:pid`.
    pub process: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether that process has been silent for so long that another one takes over.
    pub silent: bool,
}

/// How the jobs fare now.
pub async fn load(db: &PgPool) -> sqlx::Result<View> {
    let mut jobs = Vec::new();
    for job in Job::ALL {
        jobs.push(Row::of(Fared::of(db, job).await?));
    }
    Ok(View { jobs })
}

/// The card of how the jobs fare.
pub fn card(view: &View) -> Card {
    let failed = view.jobs.iter().filter(|it| it.last.as_ref().is_some_and(|it| !it.good)).count();
    let planned = view.jobs.iter().any(|it| it.schedule.is_some());
    let (title, tone) = match (failed, planned, view.jobs.iter().any(|it| it.overdue)) {
        (0, false, _) => ("No job has been planned yet: start `pinconsole serve`".into(), Tone::Warn),
        (_, _, true) => ("A job is overdue: see that `pinconsole serve` runs".into(), Tone::Bad),
        (0, true, false) => ("All jobs fare well".into(), Tone::Good),
        (failed, ..) => (words::count(failed as i64, "job needs attention", "jobs need attention"), Tone::Bad),
    };
    table(Card::new(title).tone(tone).page(Asks::status_page()), view)
}

/// Adds the jobs to a card.
pub(crate) fn table(card: Card, view: &View) -> Card {
    let rows = view.jobs.iter().map(Row::cells).collect();
    let card = card.table(["Job", "Runs", "Next", "Last run", "When"], rows);
    let card = view.jobs.iter().filter_map(Row::now).fold(card, |card, it| card.item(it, Text::default()));
    let last = view.jobs.iter().filter_map(|it| Some((it.name, it.last.as_ref()?)));
    last.filter(|it| !it.1.note.is_empty())
        .fold(card, |card, (name, it)| card.item(Text::plain(format!("{name}: {}", it.note)), it.origin()))
}

impl Row {
    fn of(Fared { job, plan, last, running, waiting }: Fared) -> Self {
        let overdue = plan.as_ref().is_some_and(|it| it.overdue);
        let (schedule, zone, next) =
            plan.map_or((None, None, None), |it| (Some(it.expression), Some(it.zone), it.next_at));
        let (last, running) = (last.map(Last::of), running.map(Now::of));
        Self { job: job.as_str(), schedule, zone, next, overdue, last, running, waiting, name: name(job) }
    }

    fn cells(&self) -> Vec<Text> {
        let runs = match (&self.schedule, &self.zone) {
            (Some(off), _) if off == "off" => Text::plain("off"),
            (Some(schedule), Some(zone)) => Text::code(schedule).then(format!(" {zone}")),
            _ => Text::plain("not planned"),
        };
        let never = || Text::plain("never");
        let outcome = self.last.as_ref().map_or(never(), |it| Text::plain(it.words()));
        let when = self.last.as_ref().map_or(never(), |it| Text::moment(it.ended));
        let next = self.next.map_or(Text::plain("not planned"), Text::moment);
        let next = if self.overdue { next.then(", overdue") } else { next };
        vec![Text::plain(self.name), runs, next, outcome, when]
    }

    /// What is under way, where something is.
    fn now(&self) -> Option<Text> {
        let name = self.name;
        match (&self.running, self.waiting) {
            (Some(Now { process, since, silent: true }), _) => {
                let words = format!("{name}: another process takes over from {process}, which is silent and began ");
                Some(Text::plain(words).then(Text::moment(*since)))
            }
            (Some(Now { process, since, silent: false }), _) => {
                Some(Text::plain(format!("{name}: runs on {process} since ")).then(Text::moment(*since)))
            }
            (None, 0) => None,
            (None, waiting) => {
                Some(Text::plain(format!("{name}: {} soon", words::count(waiting, "run begins", "runs begin"))))
            }
        }
    }
}

impl Last {
    fn of(it: Ended) -> Self {
        let took = it.started_at.map(|started| it.finished_at - started);
        Self {
            scheduled_for: it.scheduled_for,
            asked_by: it.asked_by,
            ended: it.finished_at,
            seconds: took.map(|it| it.num_seconds()),
            attempts: it.attempts,
            outcome: it.outcome.as_str(),
            note: it.note,
            good: matches!(it.outcome, Outcome::Done | Outcome::Skipped),
        }
    }

    fn words(&self) -> String {
        match self.seconds {
            Some(0) => format!("{} in < 1 s", self.outcome),
            Some(seconds) => format!("{} in {seconds} s", self.outcome),
            None => self.outcome.into(),
        }
    }

    /// Who asked, and how often it was begun where that was more than once.
    fn origin(&self) -> Text {
        let asked = self.asked_by.as_ref().map(|it| format!("asked for by {it}"));
        let often = (self.attempts > 1).then(|| format!("begun {} times", self.attempts));
        let said: Vec<String> = asked.into_iter().chain(often).collect();
        if said.is_empty() { Text::default() } else { Text::plain(said.join(", ")) }
    }
}

impl Now {
    fn of(Running { holder, since, silent }: Running) -> Self {
        Self { process: holder, since, silent }
    }
}

/// What people call a job.
fn name(job: Job) -> &'static str {
    match job {
        Job::Ldap => "Directory (LDAP)",
        Job::Catalog => "Catalog files",
        Job::Pagerduty => "PagerDuty",
        Job::PagerdutyFeed => "PagerDuty's events",
        Job::Handover => "Who comes on call",
        Job::Housekeeping => "Housekeeping",
        Job::Github => "GitHub's pull requests",
        Job::GithubMergeability => "GitHub's conflicts",
        Job::GithubRedeliver => "GitHub's missing events",
        Job::GithubTeams => "GitHub's teams",
    }
}
