use cards::Text;
use chrono::Utc;
use chrono_tz::Tz;
use console::oncall::{self, At, when};
use console::{Ctx, Failure, Reply, UserError};
use domain::person::Person;

/// The arguments of `oncall`.
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Oncall {
    /// The turns of a schedule, or when nobody is on call; left out, who is on call
    #[command(subcommand)]
    pub(crate) what: Option<OncallVerb>,
    /// A service, team, repository, path, person, policy or schedule; me, or all; left out, whether you are
    words: Vec<String>,
    /// At another time, such as "2026-08-20 03:00" or "tomorrow 09:00"; without a zone in yours, as PagerDuty has it
    #[arg(long, num_args = 1.., value_name = "time")]
    at: Vec<String>,
    /// Which page of the list
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

/// What else can be asked about being on call.
#[derive(clap::Subcommand, Debug)]
pub enum OncallVerb {
    /// See the turns of a schedule, or of a service's or team's schedules, in the next 14 days
    Schedule(OncallSchedule),
    /// See when nobody is on call in the next 14 days
    Gaps(OncallGaps),
}

/// The arguments of `oncall schedule`.
#[derive(clap::Args, Debug)]
pub struct OncallSchedule {
    /// A schedule, or whatever leads to one, such as a service or a team
    #[arg(required = true)]
    words: Vec<String>,
    /// Which page of the turns
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    page: Option<u32>,
}

/// The arguments of `oncall gaps`.
#[derive(clap::Args, Debug)]
pub struct OncallGaps {
    /// A team, a service, or whatever leads to one; left out, everything
    words: Vec<String>,
    /// Which page of the gaps
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    page: Option<u32>,
}

impl Oncall {
    pub(crate) async fn run(self, ctx: &Ctx, asker: &Person) -> Reply {
        match self.what {
            Some(OncallVerb::Schedule(it)) => {
                oncall::schedule::answer(ctx, &it.words.join(" "), it.page.unwrap_or(1)).await
            }
            Some(OncallVerb::Gaps(it)) => oncall::gaps::answer(ctx, &it.words.join(" "), it.page.unwrap_or(1)).await,
            None => {
                let (at, rest) = moment(ctx, asker, &self.at).await?;
                let words = self.words.iter().chain(rest).cloned().collect::<Vec<_>>().join(" ");
                oncall::answer(ctx, Some(asker), &words, (at, self.page.unwrap_or(1))).await
            }
        }
    }

    /// Whether it shows another page of a list.
    pub(crate) fn turns(&self) -> bool {
        match &self.what {
            Some(OncallVerb::Schedule(it)) => it.page.is_some(),
            Some(OncallVerb::Gaps(it)) => it.page.is_some(),
            None => self.page.is_some(),
        }
    }
}

/// The moment that was named, and the words after it, which belong to the question: a time may have several words.
async fn moment<'a>(ctx: &Ctx, asker: &Person, words: &'a [String]) -> Result<(At, &'a [String]), Failure> {
    let now = Utc::now();
    if words.is_empty() {
        return Ok((At { now, named: None }, words));
    }
    let zone = oncall::zone(ctx, asker).await?.unwrap_or(Tz::UTC);
    let ends = (1..=words.len().min(3)).rev();
    let read = |end: usize| Some((when::parse(&words[..end].join(" "), zone, now)?, &words[end..]));
    match ends.into_iter().find_map(read) {
        Some((named, rest)) => Ok((At { now, named: Some(named) }, rest)),
        None => {
            let shown: String = words.join(" ").chars().take(100).collect();
            let text = Text::code(shown).then(" is no time. Write one such as ").then(when::FORMS).then(".");
            Err(UserError::new("That time cannot be read", text).into())
        }
    }
}
