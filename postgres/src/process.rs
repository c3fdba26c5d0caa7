//! Processes that end with us, however we end.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::account::Account;
use crate::log::Log;

/// Waits, beside the program that this shell becomes, for the end of our pipe, and then stops that program. The
/// system closes the pipe when we end, even by SIGKILL, on every platform and without unsafe code. `$$` is the
/// shell's process and so the program's.
const KEEPER: &str = r#"
exec 3<&0 </dev/null
( { read -r _ <&3; kill -INT $$; } >/dev/null 2>&1 & )
exec 3<&-
exec "$@"
"#;

/// How long a stop may take before the next, harder signal. Fast, immediate, at once:
/// <https://www.postgresql.org/docs/current/server-shutdown.html>
const STOPS: [(Signal, Duration); 3] = [
    (Signal::SIGINT, Duration::from_secs(15)),
    (Signal::SIGQUIT, Duration::from_secs(5)),
    (Signal::SIGKILL, Duration::from_secs(5)),
];

pub(crate) struct Process {
    child: Child,
    ended: Option<ExitStatus>,
}

impl Process {
    /// Starts a program as the given user, in a process group of its own (a Ctrl-C in the terminal is ours to answer).
    pub(crate) fn start(account: &Account, program: &Command, log: &Log) -> Result<Process> {
        let mut command = account.command("/bin/sh");
        command.args(["-c", KEEPER, "sh"]).arg(program.get_program()).args(program.get_args());
        command.stdin(Stdio::piped()).stdout(log.output()?).stderr(log.output()?).process_group(0);
        let child = command.spawn().with_context(|| {
            format!("cannot run {} as the user {}", program.get_program().to_string_lossy(), account.name())
        })?;
        Ok(Process { child, ended: None })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, once it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait()?;
        }
        Ok(self.ended)
    }

    /// Waits until it ends by itself.
    pub(crate) fn finish(mut self) -> Result<ExitStatus> {
        // Not `Child::wait`, which would close our pipe and so stop it.
        loop {
            match self.ended()? {
                Some(status) => return Ok(status),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Asks it to end, ever harder.
    pub(crate) fn stop(&mut self) -> Result<()> {
        for (signal, patience) in STOPS {
            if self.ended()?.is_some() {
                break;
            }
            // It may have ended meanwhile.
            let _ = kill(Pid::from_raw(self.id().cast_signed()), signal);
            let started = Instant::now();
            while self.ended()?.is_none() && started.elapsed() < patience {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        self.ended.map(|_| ()).context("the process does not end")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing is left to tell; the keeper stays as the last resort.
        let _ = self.stop();
    }
}
