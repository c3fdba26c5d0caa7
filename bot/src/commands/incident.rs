use clap::Subcommand;
use console::act::{self, Asker};
use console::{Ctx, Reply};

use super::incident_act::IncidentAct;

/// The arguments of `incident`.
#[derive(clap::Args, Debug)]
pub struct Incident {
    #[command(subcommand)]
    pub(crate) what: IncidentVerb,
}

/// What can be asked of incidents.
#[derive(Subcommand, Debug)]
pub enum IncidentVerb {
    /// See what you can do about an incident
    Actions {
        /// Its number
        number: i64,
    },
    /// What can be done about one
    #[command(flatten)]
    Act(IncidentAct),
}

impl Incident {
    /// Whether it changes something.
    pub(crate) fn acts(&self) -> bool {
        match self.what {
            IncidentVerb::Act(_) => true,
            IncidentVerb::Actions { .. } => false,
        }
    }

    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        match self.what {
            IncidentVerb::Act(it) => it.run(ctx, asker).await,
            IncidentVerb::Actions { number } => act::incident::actions(ctx, number).await,
        }
    }
}
