//! The server's log, whose last lines explain a failure.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};

/// A log is begun anew at a start when it has grown beyond this.
const ROTATE_BYTES: u64 = 8 * 1024 * 1024;
/// How much of a log an error quotes.
const QUOTED_LINES: usize = 15;
const QUOTED_BYTES: u64 = 16 * 1024;

pub(crate) struct Log {
    path: PathBuf,
    file: File,
    since: u64,
}

impl Log {
    pub(crate) fn new(path: PathBuf, file: File) -> Result<Log> {
        let mut since = file.metadata()?.len();
        if since > ROTATE_BYTES {
            file.set_len(0)?;
            since = 0;
        }
        Ok(Log { path, file, since })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The log as an output of a process.
    pub(crate) fn output(&self) -> Result<Stdio> {
        Ok(self.file.try_clone().context("cannot share the log")?.into())
    }

    /// Where the log is, and its last lines of this start.
    pub(crate) fn tail(&self) -> String {
        let text = self.read().unwrap_or_else(|error| format!("(unreadable: {error})"));
        let lines: Vec<&str> = text.lines().collect();
        let last = lines[lines.len().saturating_sub(QUOTED_LINES)..].join("\n  ");
        format!("the end of {}:\n  {last}", self.path.display())
    }

    fn read(&self) -> std::io::Result<String> {
        let mut file = File::open(&self.path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(self.since.max(length.saturating_sub(QUOTED_BYTES))))?;
        let mut bytes = Vec::new();
        file.take(QUOTED_BYTES).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
