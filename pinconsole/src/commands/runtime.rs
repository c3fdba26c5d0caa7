use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::signal::unix::{SignalKind, signal};

use crate::environment::Environment;

/// Runs a future on a runtime of its own.
pub fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}

/// The environment, or every mistake in it.
pub fn environment() -> Result<Environment> {
    match Environment::read() {
        Ok(environment) => Ok(environment),
        Err(mistakes) => bail!("{}", mistakes.join("\npinconsole: ")),
    }
}

/// However stuck an ending is, the process is gone after this.
const LAST_RESORT: Duration = Duration::from_secs(25);

/// Waits for the first signal to end; the second ends the process at once.
pub async fn signalled() -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    // A thread of its own, so that a runtime that hangs cannot hold it up.
    std::thread::spawn(|| {
        std::thread::sleep(LAST_RESORT);
        std::process::exit(1);
    });
    tokio::spawn(async move {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        std::process::exit(130);
    });
    Ok(())
}

/// Success or failure as an exit code.
pub fn exit(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
