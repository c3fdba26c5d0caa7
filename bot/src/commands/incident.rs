use console::act::{self, Asker};
use console::{Ctx, Reply, incident_list, incident_log};

use super::incident_act::IncidentAct;

/// The arguments of `incident`.
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct IncidentQuery {
    /// What to do; left out, list the open ones
    #[command(subcommand)]
    pub(crate) what: Option<IncidentVerb>,
    /// An incident to see, by its number, its id or its address in PagerDuty
    pub(crate) which: Option<String>,
}

/// What can be done about incidents.
#[derive(clap::Subcommand, Debug)]
pub enum IncidentVerb {
    /// List incidents: the open ones, those of a service or a team, yours, or all
    List(IncidentList),
    /// See one incident
    Show(IncidentNumber),
    /// Read what happened to an incident
    Log(IncidentLog),
    /// See what you can do about an incident
    Actions {
        /// Its number
        number: i64,
    },
    /// What can be done about one
    #[command(flatten)]
    Act(IncidentAct),
}

/// The arguments of `incident list`.
#[derive(clap::Args, Debug)]
pub struct IncidentList {
    /// open, all, me, or a service, team, repository, path or person
    what: Vec<String>,
    /// Which page of the list
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

/// One incident.
#[derive(clap::Args, Debug)]
pub struct IncidentNumber {
    /// Its number, its id or its address in PagerDuty
    pub(crate) which: String,
}

/// The arguments of `incident log`.
#[derive(clap::Args, Debug)]
pub struct IncidentLog {
    /// Its number, its id or its address in PagerDuty
    which: String,
    /// Which page of the log
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

impl IncidentQuery {
    /// Whether it changes something.
    pub(crate) fn acts(&self) -> bool {
        match self.what {
            Some(IncidentVerb::Act(_)) => true,
            Some(
                IncidentVerb::List(_) | IncidentVerb::Show(_) | IncidentVerb::Log(_) | IncidentVerb::Actions { .. },
            )
            | None => false,
        }
    }

    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        match (self.what, self.which) {
            (None, None) => incident_list::answer(ctx, Some(asker.person), "", 1).await,
            (None, Some(which)) => show(ctx, &which).await,
            (Some(IncidentVerb::List(it)), _) => {
                incident_list::answer(ctx, Some(asker.person), &it.what.join(" "), it.page.unwrap_or(1)).await
            }
            (Some(IncidentVerb::Show(it)), _) => show(ctx, &it.which).await,
            (Some(IncidentVerb::Log(it)), _) => {
                let found = incident_log::find(ctx, &it.which).await?;
                incident_log::answer(ctx, &found, it.page.unwrap_or(1)).await
            }
            (Some(IncidentVerb::Act(it)), _) => it.run(ctx, asker).await,
            (Some(IncidentVerb::Actions { number }), _) => act::incident::actions(ctx, number).await,
        }
    }

    /// Whether it shows another page of a list.
    pub(crate) fn turns(&self) -> bool {
        match &self.what {
            Some(IncidentVerb::List(it)) => it.page.is_some(),
            Some(IncidentVerb::Log(it)) => it.page.is_some(),
            Some(IncidentVerb::Show(_) | IncidentVerb::Actions { .. } | IncidentVerb::Act(_)) | None => false,
        }
    }
}

async fn show(ctx: &Ctx, which: &str) -> Reply {
    incident_log::shown(ctx, incident_log::find(ctx, which).await?).await
}
