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
    pub(crate) way: Option<Wanted>,
}

/// How a kind of message reaches somebody.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// By direct message
    Direct,
    /// Not at all
    Off,
}

impl From<Wanted> for Way {
    fn from(wanted: Wanted) -> Self {
        match wanted {
            Wanted::Direct => Self::Direct,
            Wanted::Off => Self::Off,
        }
    }
}

fn kinds() -> impl TypedValueParser<Value = Kind> {
    let words = PossibleValuesParser::new(Kind::ALL.map(Kind::as_str));
    words.try_map(|it| Kind::from_word(&it.to_lowercase()).ok_or("there is no such kind"))
}

impl Notifications {
    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        match (self.kind, self.way) {
            (Some(kind), Some(way)) => {
                notifications::choose(ctx, asker.person, (kind, way.into()), asker.request).await
            }
            (kind, _) => notifications::show(ctx, asker.person, kind).await,
        }
    }
}
