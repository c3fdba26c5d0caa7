use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use console::act::Asker;
use console::notify::Kind;
use console::{Ctx, Reply, notifications};
use domain::preference::Way;

/// The arguments of `notifications`.
#[derive(clap::Args, Debug)]
pub struct Notifications {
    /// Which kind of message; left out, every kind
    #[arg(ignore_case = true, value_parser = kinds())]
    kind: Option<Kind>,
    /// How it reaches you from now on; left out, see how it does now
    #[arg(ignore_case = true, requires = "kind")]
    way: Option<Wanted>,
    /// Whose channel, of your teams; left out, the nearest that has one
    #[arg(long, requires = "way")]
    team: Option<String>,
    /// When only pages reach you, such as 22:00-08:00 or outside-work; off, or usual for what everybody has
    #[arg(long, conflicts_with = "kind")]
    quiet: Option<String>,
    /// Where you live, such as Europe/Berlin; usual for what Slack or PagerDuty has
    #[arg(long, conflicts_with = "kind")]
    zone: Option<String>,
    /// When you work, such as 09:00-17:30
    #[arg(long, conflicts_with = "kind")]
    hours: Option<String>,
    /// On which days you work, such as mon-fri
    #[arg(long, conflicts_with = "kind")]
    days: Option<String>,
    /// Hear nothing more of this repository, unless you are asked by name
    #[arg(long, value_name = "REPOSITORY", conflicts_with_all = ["kind", "quiet", "zone", "hours", "days", "unmute"])]
    mute: Option<String>,
    /// Hear of this repository again
    #[arg(long, value_name = "REPOSITORY", conflicts_with_all = ["kind", "quiet", "zone", "hours", "days"])]
    unmute: Option<String>,
    /// See what your last week would have been by what you chose now; nothing is sent
    #[arg(long, conflicts_with_all = ["kind", "quiet", "zone", "hours", "days", "mute", "unmute"])]
    replay: bool,
}

/// How a kind of message reaches somebody.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// By direct message
    Direct,
    /// In the channel of a team of yours
    Channel,
    /// Not at all
    Off,
}

impl From<Wanted> for Way {
    fn from(wanted: Wanted) -> Self {
        match wanted {
            Wanted::Direct => Self::Direct,
            Wanted::Channel => Self::Channel,
            Wanted::Off => Self::Off,
        }
    }
}

fn kinds() -> impl TypedValueParser<Value = Kind> {
    let words = PossibleValuesParser::new(Kind::ALL.map(Kind::as_str));
    words.try_map(|it| Kind::from_word(&it.to_lowercase()).ok_or("there is no such kind"))
}

impl Notifications {
    /// Whether it changes anything.
    pub(crate) fn acts(&self) -> bool {
        self.way.is_some() || self.mute.is_some() || self.unmute.is_some() || !self.when().is_empty()
    }

    fn when(&self) -> notifications::Wanted {
        let Self { quiet, zone, hours, days, .. } = self;
        notifications::Wanted { quiet: quiet.clone(), zone: zone.clone(), hours: hours.clone(), days: days.clone() }
    }

    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        let (person, request, when) = (asker.person, asker.request, self.when());
        if !when.is_empty() {
            return notifications::set(ctx, person, &when, request).await;
        }
        if self.replay {
            return notifications::replay::own(ctx, person).await;
        }
        match (self.kind, self.way, self.mute, self.unmute) {
            (_, _, Some(repository), _) => notifications::mute(ctx, person, (&repository, true), request).await,
            (_, _, _, Some(repository)) => notifications::mute(ctx, person, (&repository, false), request).await,
            (Some(kind), Some(way), ..) => {
                notifications::choose(ctx, person, (kind, way.into(), self.team.as_deref()), request).await
            }
            (kind, ..) => notifications::show(ctx, person, kind).await,
        }
    }
}
