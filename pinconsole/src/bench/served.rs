use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use integrations::fake::World;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use secrecy::ExposeSecret;
use url::Url;

use super::client::{Blocking, get};
use super::ground::Ground;
use super::{events, process};

/// What signs Slack's requests here.
pub const SIGNING: &str = "a signing secret of the benchmarks";

/// How long a server may take to be ready.
const START: Duration = Duration::from_secs(30);
/// How long it may take to end.
const END: Duration = Duration::from_secs(20);

/// This program as a server, in a process of its own, as it runs in production.
pub struct Served {
    child: Child,
    /// Where signed requests come in.
    pub signed: SocketAddr,
    /// Where pages and terminals come in.
    pub web: SocketAddr,
    /// Milliseconds from its start until it was ready.
    pub ready_after: f64,
}

impl Served {
    /// Starts it and waits until it is ready; logs go to a file, as they would go to a collector.
    pub fn start(ground: &Ground, database: &Url, world: Option<&World>) -> Result<Self> {
        let (signed, web) = (free()?, free()?);
        let mut command = program(ground)?;
        command.arg("serve").env("DATABASE_URL", database.as_str());
        command.env("PINCONSOLE_LISTEN", signed.to_string()).env("PINCONSOLE_WEB_LISTEN", web.to_string());
        command.env("PINCONSOLE_METRICS_LISTEN", "127.0.0.1:0");
        command.env("GITHUB_WEBHOOK_SECRET", events::SECRET).env("PAGERDUTY_WEBHOOK_SECRET", events::SECRET);
        if let Some(world) = world {
            let slack = world.slack();
            command.env("SLACK_SIGNING_SECRET", SIGNING).env("SLACK_BOT_TOKEN", slack.bot_token().expose_secret());
            command.env("SLACK_API_URL", slack.api_url().as_str());
        }
        let log = ground.folder().join("serve.log");
        command.stderr(File::create(&log)?);
        let begun = Instant::now();
        let mut served = Self { child: command.spawn()?, signed, web, ready_after: 0.0 };
        while !answers(web, &get("/readyz")) {
            if let Some(status) = served.child.try_wait()? {
                bail!("the server ended at its start ({status}): {}", std::fs::read_to_string(log)?);
            }
            if begun.elapsed() > START {
                bail!("the server is not ready after {START:?}: {}", std::fs::read_to_string(log)?);
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        served.ready_after = begun.elapsed().as_secs_f64() * 1000.0;
        Ok(served)
    }

    /// Seconds of CPU that it used so far.
    pub fn cpu(&self) -> Result<f64> {
        process::cpu(self.child.id())
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// MB of memory that it holds.
    pub fn resident(&self) -> Result<f64> {
        process::resident(self.child.id()).context("the server has ended")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let Ok(pid) = i32::try_from(self.child.id()) else { return };
        // It may have ended by itself.
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        let begun = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if begun.elapsed() > END {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// This program, with nothing of our environment that would change what is measured.
pub fn program(ground: &Ground) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", ground.folder());
    command.current_dir(ground.folder()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(command)
}

/// Whether a good answer came.
pub fn answers(address: SocketAddr, request: &[u8]) -> bool {
    Blocking::open(address).and_then(|mut it| it.ask(request).map(|_| ())).is_ok()
}

fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
