use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use domain::pool;
use secrecy::SecretString;

use crate::app::{self, App, Parts};
use crate::commands::runtime::{block_on, environment, signalled};
use crate::config::Config;
use crate::environment::Environment;
use crate::jobs;
use crate::listen::Listener;
use crate::logging;

/// The arguments of `serve`.
#[derive(clap::Args)]
pub struct Serve {
    /// Run a Postgres of our own in the data folder, for a first try on one machine
    #[arg(long)]
    managed_postgres: bool,
}

impl Serve {
    /// Answers until a signal ends it.
    pub fn run(self, config: Option<&Path>) -> Result<ExitCode> {
        let config = Config::read(config)?;
        let _flush = logging::start(&config.log)?;
        let mut environment = environment()?;
        let managed = match self.managed_postgres {
            true => Some(managed(&mut environment)?),
            false => None,
        };
        block_on(serve(&config, environment, managed.is_some()))?;
        if let Some(server) = managed {
            server.stop()?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Starts the managed Postgres and points the environment at it.
fn managed(environment: &mut Environment) -> Result<postgres::Server> {
    if environment.database_url.is_some() {
        bail!("DATABASE_URL is set, and --managed-postgres asks for a database of our own: choose one");
    }
    let folder = environment.data_dir.clone();
    let options = postgres::Options { folder, settings: Vec::new(), database: "pinconsole".into() };
    let server = postgres::Server::start(&options, &mut |step| tracing::info!("{step}"))?;
    environment.database_url = Some(SecretString::from(server.url()));
    Ok(server)
}

async fn serve(config: &Config, environment: Environment, migrate: bool) -> Result<()> {
    let access = config.access()?;
    let db = app::database(config, &environment)?;
    if migrate {
        domain::MIGRATOR.run(&db).await?;
    }
    let (ctx, writer) = app::context(db.clone());
    let runner = jobs::runner(db.clone(), config, &environment)?;
    let github = jobs::github_client(&db, &environment)?;
    let ctx = ctx.governed(access).telling(config.incidents.clone());
    let ctx = ctx.assuming(config.notifications.defaults().map_err(anyhow::Error::msg)?);
    let ctx = ctx.linking(app::door(&environment)?);
    let listener = Listener::bind("PINCONSOLE_LISTEN", environment.listen).await?;
    let web = Listener::bind("PINCONSOLE_WEB_LISTEN", environment.web_listen).await?;
    let metrics = Listener::bind("PINCONSOLE_METRICS_LISTEN", environment.metrics_listen).await?;
    tracing::info!(
        public = %listener.address()?, web = %web.address()?, metrics = %metrics.address()?, "listening"
    );
    let app = App::start(Parts {
        ctx,
        writer,
        public: environment.public_url,
        slack: environment.slack,
        administrators: config.administrators.clone(),
        github_webhook: environment.github_webhook,
        pagerduty_webhook: environment.pagerduty_webhook,
        pagerduty: environment.pagerduty,
        github,
        inbox: config.inbox,
        runner,
        listener,
        web,
        metrics,
        demo: None,
    })?;
    if let Err(missing) = pool::ready(&db).await {
        tracing::warn!("not ready: {missing}");
    }
    signalled().await?;
    tracing::info!("ending; a second signal ends at once");
    app.end().await;
    Ok(())
}
