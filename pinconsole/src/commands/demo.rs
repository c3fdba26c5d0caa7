use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::Utc;
use console::{Administrators, inbox};
use domain::PgPool;
use domain::brake::Brake;
use domain::person::Person;
use domain::tick::Job;
use include_dir::{Dir, include_dir};
use integrations::fake::World;
use integrations::fake::github::Morning;
use integrations::fake::pagerduty::Company;
use integrations::fake::slack::{SlackChannel, SlackMember};
use integrations::files;
use integrations::ldap::{LdifDirectory, LdifFile};
use scheduler::jobs::housekeeping::Sweep;
use scheduler::jobs::{Directory, Files, Jobs};
use scheduler::{Here, Runner};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use crate::app::{self, App, Demo, Parts};
use crate::commands::runtime::{block_on, environment, signalled};
use crate::commands::{demo_github, demo_pagerduty};
use crate::config::{Config, Log};
use crate::environment::{Environment, SlackEnvironment, local};
use crate::jobs;
use crate::listen::Listener;
use crate::logging::{self, say};

/// The company to try it on, carried in the program so that it runs from any folder.
static COMPANY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../config/demo");

/// Where the running demo is, and a token that answers as anybody there.
#[derive(Serialize, Deserialize)]
pub struct Note {
    /// The address of its web listener.
    pub url: Url,
    /// The token.
    #[serde(serialize_with = "told")]
    pub token: SecretString,
}

fn told<S: serde::Serializer>(token: &SecretString, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(token.expose_secret())
}

impl Note {
    fn path(data_dir: &Path) -> PathBuf {
        data_dir.join("demo").join("running.json")
    }

    /// The note of a demo that is running with this data folder, where there is one.
    pub fn read(data_dir: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(Self::path(data_dir)).ok()?).ok()
    }

    /// Leaves the note for `pinconsole ask` of the same user.
    fn leave(&self, data_dir: &Path) -> Result<()> {
        use std::os::unix::fs::OpenOptionsExt;
        let path = Self::path(data_dir);
        let _ = fs::remove_file(&path);
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&path);
        serde_json::to_writer(file.with_context(|| format!("{} cannot be written", path.display()))?, self)?;
        Ok(())
    }
}

/// Runs everything with the demo company until a signal ends it.
pub fn run() -> Result<ExitCode> {
    let _flush = logging::start(&Log { level: "warn".into(), ..Log::default() })?;
    let environment = environment()?;
    let folder = environment.data_dir.join("demo");
    let options = postgres::Options { folder, settings: Vec::new(), database: "pinconsole".into() };
    // Where nobody can be told of a step, the line after the last one ends the demo.
    let server = postgres::Server::start(&options, &mut |step| drop(say(format!("  {step} …"))))?;
    let path = Note::path(&environment.data_dir);
    let result = block_on(demo(&environment, server.url()));
    let _ = fs::remove_file(path);
    server.stop()?;
    result.map(|()| ExitCode::SUCCESS)
}

async fn demo(environment: &Environment, database: &str) -> Result<()> {
    let db = app::pool_of(database, Config::default().database.connections)?;
    say("  preparing the database …")?;
    domain::MIGRATOR.run(&db).await?;
    read_company(&db, &company_jobs()?).await?;
    let directory = environment.data_dir.join("demo").join("company.ldif");
    let listener =
        Listener::bind("PINCONSOLE_LISTEN", free("PINCONSOLE_LISTEN", loopback(environment.listen)).await?).await?;
    let web =
        Listener::bind("PINCONSOLE_WEB_LISTEN", free("PINCONSOLE_WEB_LISTEN", environment.web_listen).await?).await?;
    let figures = free("PINCONSOLE_METRICS_LISTEN", environment.metrics_listen).await?;
    let metrics = Listener::bind("PINCONSOLE_METRICS_LISTEN", figures).await?;
    let (signed, url) = (local(listener.address()?), local(web.address()?));
    let world = World::start().await?.tolerant();
    let secret = SecretString::from(Uuid::new_v4().simple().to_string());
    people_the_workspace(&world, &signed, &secret);
    colleagues(&db).await?.into_iter().for_each(|it| world.slack().member(it));
    say("  reading who is on call in PagerDuty …")?;
    let config = directory_config()?;
    let begun = Utc::now();
    let webhook = demo_pagerduty::open(&world, text("pagerduty.yaml")?, &signed)?;
    let pagerduty = Some(demo_pagerduty::jobs(&world, &signed, config.incidents.on_call())?);
    let morning = demo_github::open(&world, text("github.yaml")?, &signed)?;
    let github = demo_github::jobs(&world)?;
    let errands = Some(github.client.clone());
    let jobs = Jobs { pagerduty, github: Some(github), ..changeable_jobs(&directory)? };
    let runner = Runner::new(db.clone(), jobs::holder(), jobs).map_err(anyhow::Error::msg)?;
    demo_pagerduty::ask(&db).await?;
    let token = SecretString::from(format!("pin_demo_{}", Uuid::new_v4().simple()));
    let slack = SlackEnvironment {
        signing: vec![secret],
        bot_token: world.slack().bot_token(),
        api_url: Some(world.slack().api_url()),
    };
    let (ctx, writer) = app::context(db.clone());
    let ctx = ctx.governed(config.access()?).telling(config.incidents);
    let ctx = ctx.assuming(config.notifications.defaults().map_err(anyhow::Error::msg)?);
    let ctx = ctx.linking(Some(demo_github::door(&world, &url)?));
    let pages =
        integrations::fake::chat::router(&world, demo_pagerduty::stage(&world, MEMBERS.map(|it| email(it.1)).into())?);
    // Events come as soon as there is somewhere to send them, and a new database has no room for them yet.
    inbox::prepare(db.clone(), Config::default().inbox, CancellationToken::new()).await;
    let app = App::start(Parts {
        ctx,
        writer,
        public: url.clone(),
        slack: Some(slack),
        administrators: administrators(),
        github_webhook: vec![morning.secret.clone()],
        pagerduty_webhook: vec![webhook],
        pagerduty: Some(world.pagerduty().address()),
        github: errands,
        inbox: Config::default().inbox,
        runner,
        listener,
        web,
        metrics,
        demo: Some(Demo { token: token.clone(), pages }),
    })?;
    demo_github::tell_earlier(&world, &db, begun).await;
    demo_github::ask(&db).await?;
    demo_pagerduty::known(&db, begun).await;
    let played = demo_github::play(&world, morning);
    Note { url: url.clone(), token }.leave(&environment.data_dir)?;
    welcome(&url, &directory)?;
    signalled().await?;
    let said = say("Ending …");
    demo_pagerduty::close(&world).await;
    demo_github::close(&world, played).await;
    app.end().await;
    said
}

fn welcome(url: &Url, directory: &Path) -> Result<()> {
    let (ask, directory) = (ask(), directory.display());
    let url = url.as_str().trim_end_matches('/');
    say(format!(
        "\nPinConsole is ready, with Mosaic Lane, a company of 300 people, to try it on.\n\
         \n  Web    {url}\n  Chat   {url}/demo/chat  (a Slack of our own, to type commands into)\n\
         \nWatch a morning of pull requests: in the chat, open Direct messages, or type /pin prs.\n\
         Watch an incident: in the chat, open #payments and press a button of \"Play an incident\".\n\
         \nThree commands to try in another terminal:\n\
         \n  {ask} catalog payments\n  {ask} --as grace owns payments\n  {ask} person lindqvst\n\
         \nIts directory is a file, read each minute. Let everybody whose login begins with s to z leave:\n\
         \n  sed -i.bak '/^dn: uid=[s-z]/,/^$/d' {directory}\n\
         \nThen the brake stops the sync; the alarm is in the chat's #pinconsole-admins, where Linus may accept it. The next\n\
         start brings everybody back.\n\
         \nCtrl-C ends everything; the data stays."
    ))
}

/// How this very program is asked from another terminal.
fn ask() -> String {
    let program = std::env::current_exe().map_or("pinconsole".into(), |it| it.display().to_string());
    match std::env::var("PINCONSOLE_DATA_DIR") {
        Ok(folder) => format!("PINCONSOLE_DATA_DIR={folder} {program} ask"),
        Err(_) => format!("{program} ask"),
    }
}

/// Reads the company by the very jobs that go on to read it.
async fn read_company(db: &PgPool, jobs: &Jobs) -> Result<()> {
    let holder = jobs::holder();
    for (job, source) in [(Job::Ldap, "directory"), (Job::Catalog, "catalog")] {
        say(format!("  reading the company's {source} …"))?;
        let here = Here { db, job, asked_by: None, holder: &holder };
        let report = here.run(|_| {}, async |tick| jobs.read(db, tick).await).await?;
        anyhow::ensure!(report.outcome.good(), "the company could not be read: {}", report.summary);
    }
    Ok(())
}

/// The same jobs over a copy of the company that anybody may change, and with the brake that everybody else has.
fn changeable_jobs(directory: &Path) -> Result<Jobs> {
    fs::write(directory, company()?).with_context(|| format!("{} cannot be written", directory.display()))?;
    let config = directory_config()?.ldap;
    let source = Arc::new(LdifFile::new(&config, directory.into()));
    let schedule = scheduler::Config { ldap: "* * * * *".into(), ..scheduler::Config::default() };
    let directory = Some(Directory { source, config, brake: Brake::default() });
    Ok(Jobs { schedule, directory, ..company_jobs()? })
}

fn company() -> Result<&'static str> {
    text("company.ldif")
}

/// A file of the company.
fn text(name: &str) -> Result<&'static str> {
    let found = COMPANY.get_file(name).and_then(|it| it.contents_utf8());
    found.with_context(|| format!("the company lacks its {name}"))
}

/// Reading the company through the same seam that reads a directory.
fn company_jobs() -> Result<Jobs> {
    let config = directory_config()?.ldap;
    let text = company()?;
    // The company is ours: what a newer program says of it holds, however much less that is.
    let brake = Brake { percent: 100, floor: usize::MAX };
    let directory = Directory { source: Arc::new(LdifDirectory::new(&config, text)?), config, brake };
    let files = Files { read: Arc::new(|| files::read_embedded(catalog_files())), keep: None };
    let (directory, files) = (Some(directory), Some(files));
    Ok(Jobs {
        schedule: scheduler::Config::default(),
        directory,
        files,
        pagerduty: None,
        github: None,
        handover: None,
        sweeps: Sweep::own(),
    })
}

/// How the company's directory is read, and who runs its PinConsole.
fn directory_config() -> Result<Config> {
    Config::parse(text("ldap.toml")?).map_err(anyhow::Error::msg)
}

fn catalog_files() -> Vec<(String, &'static str)> {
    fn collect(dir: &'static Dir<'static>, into: &mut Vec<(String, &'static str)>) {
        into.extend(
            dir.files().filter_map(|it| Some((format!("config/demo/{}", it.path().display()), it.contents_utf8()?))),
        );
        dir.dirs().for_each(|it| collect(it, into));
    }
    let mut files = Vec::new();
    if let Some(dir) = COMPANY.get_dir("catalog") {
        collect(dir, &mut files);
    }
    files
}

/// A demo is for this machine: signed requests come from its own fake Slack only.
fn loopback(listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], listen.port())) } else { listen }
}

/// The address, or a free port beside it when another program has it.
async fn free(name: &str, address: SocketAddr) -> Result<SocketAddr> {
    match TcpListener::bind(address).await {
        Ok(_) => Ok(address),
        Err(_) => {
            say(format!("  port {} is taken, so {name} gets another one …", address.port()))?;
            Ok(SocketAddr::new(address.ip(), 0))
        }
    }
}

/// The channel of the demo's administrators.
const ADMINISTRATORS: &str = "C0ADMINS";

fn administrators() -> Administrators {
    Administrators { group: Some("platform-admins".into()), channel: Some(ADMINISTRATORS.into()) }
}

/// Who of the company is in the demo's Slack, where they live, besides a guest and a stranger who get no answers.
const MEMBERS: [(&str, &str, &str, &str); 4] = [
    ("U0ADA", "ada", "Ada Lindqvist", "Europe/London"),
    ("U0GRACE", "grace", "Grace Okafor", "Europe/London"),
    ("U0LINUS", "linus", "Linus Meyer", "America/New_York"),
    ("U0MEI", "mei", "Mei Tanaka", "America/Los_Angeles"),
];

/// The channels that the catalog names, and that of whoever is on call.
fn channels() -> BTreeSet<String> {
    let named =
        |line: &str| Some(line.trim().strip_prefix("pinconsole.io/slack-channel: '#")?.trim_end_matches('\'').into());
    let files = catalog_files();
    files.iter().flat_map(|it| it.1.lines()).filter_map(named).chain(["on-call".into()]).collect()
}

fn email(login: &str) -> String {
    format!("{login}@pinconsole.example")
}

/// Who else has to do with the morning's pull requests: what they are told must reach them.
async fn colleagues(db: &PgPool) -> Result<Vec<SlackMember>> {
    let company = Company::parse(text("pagerduty.yaml")?)?;
    let morning = Morning::parse(text("github.yaml")?)?;
    let others: BTreeSet<&str> = morning.people().filter(|login| MEMBERS.iter().all(|it| it.1 != *login)).collect();
    let mut members = Vec::new();
    for login in others {
        let person = Person::named(db, login).await?.with_context(|| format!("the company has no {login}"))?;
        let user = company.users.iter().find(|it| it.email == email(login));
        let zone = user.map_or("Europe/Berlin", |it| it.time_zone.as_str()).into();
        let member = SlackMember::new(format!("U0{}", login.to_uppercase()), person.display_name, email(login));
        members.push(SlackMember { zone, ..member });
    }
    Ok(members)
}

fn people_the_workspace(world: &World, signed: &Url, secret: &SecretString) {
    let slack = world.slack();
    slack.channel(SlackChannel::new(ADMINISTRATORS, "pinconsole-admins"));
    for name in channels() {
        slack.channel(SlackChannel::new(format!("C0{}", name.to_uppercase().replace('-', "")), name));
    }
    for (id, login, name, zone) in MEMBERS {
        let member = SlackMember::new(id, name, email(login));
        slack.member(SlackMember { zone: zone.into(), ..member });
    }
    let guest = SlackMember::new("U0GUEST", "Gus Weber", "gus@agency.example");
    slack.member(SlackMember { guest: true, ..guest });
    slack.member(SlackMember::new("U0NEW", "Nora (not in the directory)", "nora@pinconsole.example"));
    slack.app(signed.clone(), secret.clone());
    slack.suggest(&[
        "/pin catalog payments",
        "/catalog payments-api",
        "/pin owns grace",
        "/pin oncall payments",
        "/pin incident list",
        "/pin prs",
        "/pin notifications",
        "/pin link github",
        "/pin can i accept-sync",
        "/pin help",
    ]);
}
