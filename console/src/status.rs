//! How everything fares: sources and their age, the last plans, what is wrong with the catalog.

use cards::{Card, Text, Tone};
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit_chain::Head;
use domain::entity::Entity;
use domain::problem::Problem;
use domain::run::{Outcome, Run, Source};
use domain::statistics::Statistics;

use crate::{Asks, Ctx, Failure, inbox, jobs, outbox, words};

/// How everything fares.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    sources: Vec<Reading>,
    statistics: Statistics,
    orphans: Vec<(String, DateTime<Utc>)>,
    jobs: jobs::View,
    audit: Head,
    inbox: inbox::View,
    outbox: outbox::View,
    told: bool,
    now: DateTime<Utc>,
}

/// A source with its last reading, and since when what it said holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Which source.
    pub source: Source,
    /// The last reading, however it ended.
    pub last: Option<Run>,
    /// When it was last read whole.
    pub fresh: Option<DateTime<Utc>>,
    /// What is wrong with what it said, with how much there is of that in all.
    pub problems: (Vec<Problem>, i64),
}

impl Reading {
    /// How a source fares.
    pub async fn of(db: &domain::PgPool, source: Source) -> Result<Self, Failure> {
        let problems = Problem::of(db, source.as_str(), MAX_PROBLEMS).await?;
        Ok(Self { source, last: Run::last(db, source).await?, fresh: Run::fresh_at(db, source).await?, problems })
    }

    /// Whether the last reading ended well; a source that nobody has set up does no harm.
    pub fn good(&self) -> bool {
        self.last.as_ref().is_none_or(|it| it.outcome.good())
    }

    /// Whether the source was read whole lately enough, where it is read at all.
    pub fn fresh(&self, now: DateTime<Utc>) -> bool {
        self.last.is_none() || self.fresh.is_some_and(|it| now - it <= FRESH)
    }
}

/// Three times the hour in which sources are meant to be read.
const FRESH: TimeDelta = TimeDelta::hours(3);

const MAX_PROBLEMS: i64 = 50;
const MAX_ORPHANS: i64 = 20;

/// How everything fares now.
pub async fn load(ctx: &Ctx) -> Result<View, Failure> {
    let mut sources = Vec::new();
    for source in Source::ALL {
        sources.push(Reading::of(&ctx.db, source).await?);
    }
    let now = Utc::now();
    Ok(View {
        sources,
        statistics: Statistics::count(&ctx.db).await?,
        orphans: Entity::orphans(&ctx.db, MAX_ORPHANS).await?,
        jobs: jobs::load(&ctx.db).await?,
        audit: Head::last(&ctx.db).await?,
        inbox: inbox::load(&ctx.db, now).await?,
        outbox: outbox::load(&ctx.db).await?,
        told: ctx.access.administrators().are_told(),
        now,
    })
}

/// The card of how everything fares.
pub fn card(view: &View) -> Card {
    let good = view.sources.iter().all(Reading::good);
    let fresh = view.sources.iter().all(|it| it.fresh(view.now));
    let (title, tone) = match (good, fresh) {
        _ if view.sources.iter().all(|it| it.last.is_none()) => ("Nothing has been read yet", Tone::Warn),
        (true, true) => ("All sources are fresh", Tone::Good),
        (true, false) => ("A source has not been read for hours", Tone::Warn),
        (false, _) => ("A source needs attention", Tone::Bad),
    };
    let rows = view.sources.iter().map(row).collect();
    let card = Card::new(title).tone(tone).page(Asks::status_page());
    let card = card.table(["Source", "Last reading", "When", "Holds since"], rows);
    let card = view.sources.iter().filter_map(|it| it.last.as_ref()).filter(|it| !it.outcome.good()).fold(card, failed);
    let card = jobs::table(card.heading("What happens by itself"), &view.jobs);
    let card = counts(card, &view.statistics).fact("Head of the audit", Text::code(view.audit.to_string()));
    let nobody = if view.told { "" } else { "none are configured, so nobody is told what needs somebody" };
    let card = card.fact("Administrators", nobody);
    let card = inbox::section(card, &view.inbox);
    let card = outbox::section(card, &view.outbox);
    let card = view.sources.iter().filter_map(|it| it.last.as_ref()).fold(card, plan);
    orphans(view.sources.iter().fold(card, problems), view)
}

fn row(reading: &Reading) -> Vec<Text> {
    let (outcome, at) = match &reading.last {
        Some(run) => (Text::plain(outcome(run)), Text::moment(run.finished_at)),
        None => (Text::plain("not read yet"), Text::plain("never")),
    };
    let fresh = reading.fresh.map_or(Text::plain("never read whole"), Text::ago);
    vec![Text::plain(name(reading.source)), outcome, at, fresh]
}

/// What people call a source.
pub fn name(source: Source) -> &'static str {
    match source {
        Source::Ldap => "Directory (LDAP)",
        Source::Files => "Catalog files",
    }
}

fn outcome(run: &Run) -> String {
    match run.outcome {
        Outcome::Applied => format!("{} applied", words::count(i64::from(run.changes), "change", "changes")),
        Outcome::Partial => {
            let changes = words::count(i64::from(run.changes), "change", "changes");
            format!("{changes} applied, but not everything could be read")
        }
        Outcome::Unchanged => "nothing changed".into(),
        Outcome::Refused => "refused: nothing was written".into(),
        Outcome::Failed => "failed: nothing was written".into(),
    }
}

fn failed(card: Card, run: &Run) -> Card {
    card.heading(format!("{}: {}", name(run.source), outcome(run))).text(run.summary.as_str())
}

fn counts(card: Card, it: &Statistics) -> Card {
    card.heading("What is known")
        .fact("People", format!("{}, of whom {} are disabled", it.people, it.disabled))
        .fact("Groups", format!("{}, with {} memberships", it.groups, it.memberships))
        .fact("Entities", it.entities.to_string())
        .fact("Vanished from their source", it.orphans.to_string())
        .fact("Owned by nobody we know", it.unowned.to_string())
}

fn plan(card: Card, run: &Run) -> Card {
    let card = card.heading(format!("Last plan: {}", name(run.source)));
    let card = card.text(Text::plain(format!("{} ", run.summary)).then(Text::moment(run.started_at)));
    let card = match &run.accepted_by {
        Some(who) => card.text(format!("Accepted by {who}.")),
        None => card,
    };
    run.plan.lines().fold(card, |card, line| card.item(Text::plain(line), Text::default()))
}

fn problems(card: Card, Reading { source, problems: (problems, total), .. }: &Reading) -> Card {
    if *total == 0 {
        return card;
    }
    let place = match source {
        Source::Ldap => "in the directory",
        Source::Files => "in catalog files",
    };
    let card = card.heading(format!("{} {place}", words::count(*total, "problem", "problems")));
    problems.iter().fold(card, |card, it| {
        let place = it.line.map_or(it.file.clone(), |line| format!("{}:{line}", it.file));
        card.item(Text::code(place), it.reason.as_str())
    })
}

fn orphans(card: Card, View { orphans, .. }: &View) -> Card {
    if orphans.is_empty() {
        return card;
    }
    orphans.iter().fold(card.heading("Vanished from their source"), |card, (reference, since)| {
        card.item(Text::code(reference), Text::plain("since ").then(Text::moment(*since)))
    })
}
