use console::{Ctx, Reply, incident_list, incident_log};
use domain::person::Person;

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
    pub(crate) async fn run(self, ctx: &Ctx, asker: &Person) -> Reply {
        match (self.what, self.which) {
            (None, None) => incident_list::answer(ctx, Some(asker), "", 1).await,
            (None, Some(which)) => show(ctx, &which).await,
            (Some(IncidentVerb::List(it)), _) => {
                incident_list::answer(ctx, Some(asker), &it.what.join(" "), it.page.unwrap_or(1)).await
            }
            (Some(IncidentVerb::Show(it)), _) => show(ctx, &it.which).await,
            (Some(IncidentVerb::Log(it)), _) => {
                let found = incident_log::find(ctx, &it.which).await?;
                incident_log::answer(ctx, &found, it.page.unwrap_or(1)).await
            }
        }
    }

    /// Whether it shows another page of a list.
    pub(crate) fn turns(&self) -> bool {
        match &self.what {
            Some(IncidentVerb::List(it)) => it.page.is_some(),
            Some(IncidentVerb::Log(it)) => it.page.is_some(),
            Some(IncidentVerb::Show(_)) | None => false,
        }
    }
}

async fn show(ctx: &Ctx, which: &str) -> Reply {
    incident_log::shown(ctx, incident_log::find(ctx, which).await?).await
}
