//! A running server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::account::Account;
use crate::binaries::Binaries;
use crate::home::Home;
use crate::initdb;
use crate::process::Process;
use crate::socket::{PORT, Socket};
use crate::wire::{NO_SUCH_DATABASE, Refusal, STARTING_OR_STOPPING, Session};

/// The one database user, who may do everything inside.
pub const USER: &str = "pinconsole";

const START_LIMIT: Duration = Duration::from_secs(60);

/// What to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program's data folder; the server's own folder is made inside it.
    pub folder: PathBuf,
    /// Settings of the server beyond its defaults, such as `("max_connections", "200")`.
    pub settings: Vec<(String, String)>,
    /// The database to make if it is missing.
    pub database: String,
}

/// A running server. It stops when this is dropped, and when our process ends for whatever reason.
pub struct Server {
    // The order matters: fields are dropped from the first to the last.
    process: Process,
    socket: Socket,
    home: Home,
    version: String,
    url: String,
}

impl Server {
    /// Starts the server, making its data at the first time, and waits until it answers.
    pub fn start(options: &Options, progress: &mut dyn FnMut(&str)) -> Result<Server> {
        let account = Account::of_the_server()?;
        let home = Home::open(&options.folder, &account, progress)?;
        let binaries = fitting(&home)?;
        if !home.data().exists() {
            progress("making the database folder");
            let durable = !options.settings.iter().any(|(name, value)| name == "fsync" && value == "off");
            initdb::make(&home, &account, &binaries, durable)?;
        }
        let socket = Socket::in_folder(home.folder(), &account)?;
        progress(&format!("starting Postgres {}", binaries.version()));
        let process = Process::start(&account, &command(&binaries, &home, &socket, &options.settings), home.log())?;
        let url = socket.url(USER, &options.database);
        let mut server = Server { process, socket, home, version: binaries.version().to_owned(), url };
        server.ready(&options.database)?;
        Ok(server)
    }

    /// The URL of the database, for sqlx and for Postgres' own programs.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The version, such as `15.18`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// The folder of the socket: what `PGHOST` takes.
    pub fn socket_folder(&self) -> &Path {
        self.socket.folder()
    }

    /// The port that is part of the socket's name: what `PGPORT` takes.
    pub fn port(&self) -> u16 {
        PORT
    }

    /// The server's log.
    pub fn log(&self) -> &Path {
        self.home.log().path()
    }

    /// Stops the server: open transactions are rolled back, and all that was committed is kept.
    pub fn stop(mut self) -> Result<()> {
        self.process.stop()
    }

    /// Waits until the server answers in the database, which is made if it does not exist.
    fn ready(&mut self, database: &str) -> Result<()> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.process.ended()? {
                bail!("Postgres ended at its start ({status}); {}", self.home.log().tail());
            }
            match Session::open(&self.socket.path(), USER, database) {
                Ok(_) => return Ok(()),
                Err(Refusal::Told { code, .. }) if code == NO_SUCH_DATABASE => self.make_database(database)?,
                Err(Refusal::Told { code, message }) if code != STARTING_OR_STOPPING => {
                    bail!("Postgres refuses our connection: {message} ({code})")
                }
                Err(refusal) if started.elapsed() > START_LIMIT => {
                    let seconds = START_LIMIT.as_secs();
                    bail!("Postgres does not answer after {seconds} s ({refusal}); {}", self.home.log().tail());
                }
                Err(_) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    fn make_database(&self, database: &str) -> Result<()> {
        let statement = format!("create database \"{}\"", database.replace('"', "\"\""));
        let made = Session::open(&self.socket.path(), USER, "postgres").and_then(|mut it| it.run(&statement));
        made.map_err(|refusal| anyhow::anyhow!("cannot make the database {database}: {refusal}"))
    }
}

fn command(binaries: &Binaries, home: &Home, socket: &Socket, settings: &[(String, String)]) -> Command {
    let mut command = Command::new(binaries.program("postgres"));
    command.arg("-D").arg(home.data());
    let mut set = |name: &str, value: &str| {
        command.arg("-c").arg(format!("{name}={value}"));
    };
    set("listen_addresses", "");
    set("unix_socket_directories", &socket.setting());
    set("unix_socket_permissions", "0700");
    set("port", &PORT.to_string());
    set("timezone", "UTC");
    set("log_timezone", "UTC");
    // The log is also the sign of life of all processes of the server, so it stays their own output.
    set("log_destination", "stderr");
    set("logging_collector", "off");
    for (name, value) in settings {
        set(name, value);
    }
    command
}

/// The Postgres to run: of the major version that made the data.
fn fitting(home: &Home) -> Result<Binaries> {
    let newest = Binaries::find()?;
    let made_by = match fs::read_to_string(home.data().join("PG_VERSION")) {
        Ok(text) => text.trim().parse::<u32>().context("the database folder has no readable PG_VERSION")?,
        Err(_) if !home.data().exists() => return Ok(newest),
        Err(error) => return Err(error).context(format!("cannot read {}", home.data().display())),
    };
    Binaries::installed().into_iter().find(|it| it.major() == made_by).with_context(|| {
        format!(
            "{data} was made by Postgres {made_by}, and this machine has {version}. Install Postgres {made_by} beside it, \
             or carry the data over with pg_upgrade, or move that folder away to begin anew",
            data = home.data().display(),
            version = newest.version()
        )
    })
}
