//! What a killed server leaves: a lock file that may name a process of someone else by now.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// What `postmaster.pid` tells, as far as it was written before a crash.
/// <https://www.postgresql.org/docs/current/storage-file-layout.html>
struct LockFile {
    pid: Option<u32>,
    socket: Option<PathBuf>,
}

impl LockFile {
    fn read(data: &Path) -> std::io::Result<LockFile> {
        let text = fs::read_to_string(data.join("postmaster.pid"))?;
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let socket = || {
            let port: u16 = lines.get(3)?.parse().ok()?;
            Some(Path::new(lines.get(4)?).join(format!(".s.PGSQL.{port}")))
        };
        Ok(LockFile { pid: lines.first().and_then(|it| it.parse().ok()), socket: socket() })
    }
}

/// Removes the lock files of a server that no longer runs. Postgres itself would refuse to start if the process id
/// was given to another process of the same user since, as happens after a reboot or in a restarted container.
pub(crate) fn clear(data: &Path) -> Result<()> {
    let lock = match LockFile::read(data) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        read => read.with_context(|| format!("cannot read the lock file in {}", data.display()))?,
    };
    if let Some(socket) = lock.socket {
        // Started by hand, say with pg_ctl, a server does not hold our locks, but it answers.
        if UnixStream::connect(&socket).is_ok() {
            let pid = lock.pid.unwrap_or_default();
            bail!("{} is already served by a Postgres that runs as process {pid}: stop it first", data.display());
        }
        let mut lock_of_socket = socket.clone().into_os_string();
        lock_of_socket.push(".lock");
        remove(&socket)?;
        remove(Path::new(&lock_of_socket))?;
    }
    remove(&data.join("postmaster.pid"))
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove the stale {}", file.display()))
        }
        _ => Ok(()),
    }
}

/// The refusal when another program holds the folder.
pub(crate) fn already_running(folder: &Path) -> String {
    let process = match LockFile::read(&folder.join("data")).ok().and_then(|it| it.pid) {
        Some(pid) => format!("its Postgres runs as process {pid}"),
        None => "its Postgres is starting or stopping".to_owned(),
    };
    format!(
        "{} is in use by another PinConsole; {process}. Stop that one first, or set PINCONSOLE_DATA_DIR to another folder",
        folder.display()
    )
}
