//! The folder of one server: its data and socket, and beside them its log and locks.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::account::Account;
use crate::log::Log;
use crate::stale;

/// How long the processes of a server whose program was killed may take to end.
const LEFTOVERS: Duration = Duration::from_secs(60);

/// A folder that belongs to us as long as this value lives.
pub(crate) struct Home {
    folder: PathBuf,
    log: Log,
    _owner: File,
}

impl Home {
    /// Makes or opens the folder, for one program at a time.
    ///
    /// Two locks, which end with the processes that hold them and so are never stale. The owner's is held by the
    /// program. The log's is held through the open log by every process of the server: once it is free, no process
    /// of an earlier server lives, and what its lock file says is void.
    pub(crate) fn open(parent: &Path, account: &Account, progress: &mut dyn FnMut(&str)) -> Result<Home> {
        make(parent, 0o755)?;
        let parent = fs::canonicalize(parent).with_context(|| format!("cannot find {}", parent.display()))?;
        let folder = parent.join("postgres");
        private(&folder, account)?;
        if let Some(closed) = account.closed_parent(&folder)? {
            bail!(
                "the user {user}, which runs Postgres because root must not, cannot enter {closed}: let it pass with \
                 `chmod o+x {closed}`, or set PINCONSOLE_DATA_DIR to another folder",
                user = account.name(),
                closed = closed.display()
            );
        }
        let owner = locked(&parent.join("postgres.lock"), Duration::ZERO, &mut || ())?;
        let Some(owner) = owner else { bail!(stale::already_running(&folder)) };
        let log_path = parent.join("postgres.log");
        let log = locked(&log_path, LEFTOVERS, &mut || progress("waiting for the previous Postgres to end"))?;
        let Some(log) = log else { bail!(stale::already_running(&folder)) };
        let home = Home { folder, log: Log::new(log_path, log)?, _owner: owner };
        stale::clear(&home.data())?;
        Ok(home)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(crate) fn log(&self) -> &Log {
        &self.log
    }
}

/// Makes a folder with its parents.
fn make(folder: &Path, mode: u32) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(mode).create(folder);
    made.with_context(|| format!("cannot make the folder {} (PINCONSOLE_DATA_DIR sets another)", folder.display()))
}

/// Makes a folder that only the server's user can open, or checks that it is one.
fn private(folder: &Path, account: &Account) -> Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(error).with_context(|| format!("cannot make the folder {}", folder.display()));
        }
        _ => {}
    }
    let found = fs::symlink_metadata(folder)?;
    if !found.is_dir() {
        bail!("{} is not a folder", folder.display());
    }
    match found.uid() {
        uid if uid == account.uid() => Ok(()),
        0 if account.is_switched() => account.own(folder),
        uid => bail!(
            "{} belongs to user {uid}, not to {}, who runs Postgres here: use the account that made it, or set \
             PINCONSOLE_DATA_DIR to another folder",
            folder.display(),
            account.name()
        ),
    }
}

/// Locks a file, trying for as long as told; `None` if others kept it.
fn locked(path: &Path, patience: Duration, waiting: &mut dyn FnMut()) -> Result<Option<File>> {
    let file = OpenOptions::new().create(true).append(true).read(true).mode(0o600).open(path);
    let file = file.with_context(|| format!("cannot open {}", path.display()))?;
    let started = Instant::now();
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(error)) => return Err(error).context(format!("cannot lock {}", path.display())),
            Err(TryLockError::WouldBlock) if started.elapsed() >= patience => return Ok(None),
            Err(TryLockError::WouldBlock) => {
                if !std::mem::replace(&mut told, true) {
                    waiting();
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}
