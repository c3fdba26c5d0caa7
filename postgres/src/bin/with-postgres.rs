//! `with-postgres [--fast] <command…>`: runs a command with a Postgres of its own, gone afterwards.
//!
//! The command finds `DATABASE_URL`, and `PG…` variables for Postgres' programs, which are at the end of its `PATH`.
//! Its exit code is ours. `--fast` gives up durability, for tests.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::{Pid, mkdtemp};
use postgres::{Binaries, Options, Server, USER};

/// Many tests at once, each with a pool and schemas of its own.
const ROOMY: [(&str, &str); 3] =
    [("max_connections", "200"), ("shared_buffers", "256MB"), ("max_locks_per_transaction", "256")];
/// <https://www.postgresql.org/docs/current/non-durability.html>
const FAST: [(&str, &str); 3] = [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")];

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        // Nobody is left to tell if that fails too.
        let _ = writeln!(std::io::stderr(), "with-postgres: {error:#}");
        ExitCode::FAILURE
    })
}

fn run() -> Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1).peekable();
    let fast = arguments.next_if(|it| it == "--fast").is_some();
    let Some(program) = arguments.next() else { bail!("usage: with-postgres [--fast] <command…>") };

    let signals = Signals::watch()?;
    let folder = Temporary::make()?;
    let settings = ROOMY.iter().chain(FAST.iter().filter(|_| fast));
    let settings = settings.map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let options = Options { folder: folder.0.clone(), settings, database: "test".into() };
    let server = Server::start(&options, &mut |_| ())?;

    let mut command = Command::new(&program);
    command.args(arguments).env("DATABASE_URL", server.url()).env("PATH", path()?);
    command.env("PGHOST", server.socket_folder()).env("PGPORT", server.port().to_string());
    command.env("PGUSER", USER).env("PGDATABASE", &options.database);
    let status = signals.run(command).with_context(|| format!("cannot run {}", program.display()))?;
    server.stop()?;
    let code = status.map_or(130, |it| it.code().unwrap_or_else(|| 128 + it.signal().unwrap_or(0)));
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// `PATH` with the folder of Postgres' programs at its end.
fn path() -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([Binaries::find()?.folder().to_path_buf()]);
    std::env::join_paths(folders).context("the folder of Postgres' programs cannot be added to PATH")
}

/// A folder that is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn make() -> Result<Temporary> {
        let parent = std::env::temp_dir();
        let folder = Temporary(mkdtemp(&parent.join("with-postgres.XXXXXX"))?);
        // Entered by the server's user; its own folder inside is private.
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o711))?;
        Ok(folder)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let folder: &Path = &self.0;
        // The operating system clears its temporary folder in the end.
        let _ = fs::remove_dir_all(folder);
    }
}

/// Signals that would end us before we cleaned up. A terminal sends its own to the command too, which decides; one
/// sent to us alone is passed on.
struct Signals {
    set: SigSet,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    asked_to_end: bool,
    command: Option<Pid>,
}

impl Signals {
    fn watch() -> Result<Signals> {
        let set: SigSet = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP].into_iter().collect();
        set.thread_block()?;
        let signals = Signals { set, state: Arc::default() };
        let (set, state) = (signals.set, signals.state.clone());
        std::thread::spawn(move || {
            while let Ok(signal) = set.wait() {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                state.asked_to_end = true;
                if let (Some(command), true) = (state.command, signal != Signal::SIGINT) {
                    // It may have ended meanwhile.
                    let _ = kill(command, signal);
                }
            }
        });
        Ok(signals)
    }

    /// Runs the command to its end; `None` if we were asked to end before it began.
    fn run(&self, mut command: Command) -> Result<Option<ExitStatus>> {
        let Some(mut child) = self.spawn(&mut command)? else { return Ok(None) };
        let status = child.wait();
        self.state.lock().unwrap_or_else(PoisonError::into_inner).command = None;
        Ok(Some(status?))
    }

    fn spawn(&self, command: &mut Command) -> Result<Option<Child>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.asked_to_end {
            return Ok(None);
        }
        // A child inherits the mask of the thread that starts it, and ours must not block its signals.
        let unblocked = || self.set.thread_unblock().map_err(std::io::Error::from).and_then(|()| command.spawn());
        let started = std::thread::scope(|it| it.spawn(unblocked).join());
        let child = started.unwrap_or_else(|_| Err(std::io::Error::other("the thread that starts it panicked")))?;
        state.command = Some(Pid::from_raw(child.id().cast_signed()));
        Ok(Some(child))
    }
}
