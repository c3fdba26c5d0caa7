//! The user that the server runs as. Postgres refuses to run as root.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::unistd::{Uid, User};

/// Users that root gives the server to, the first that exists.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

pub(crate) struct Account {
    user: User,
    switched: bool,
}

impl Account {
    /// Ourselves, or an unprivileged user when we are root.
    pub(crate) fn of_the_server() -> Result<Account> {
        let ours = Uid::effective();
        if !ours.is_root() {
            let user = User::from_uid(ours)?;
            let user = user.with_context(|| format!("Postgres needs a user with a name, and user {ours} has none"))?;
            return Ok(Account { user, switched: false });
        }
        for name in UNPRIVILEGED {
            if let Some(user) = User::from_name(name)?.filter(|it| !it.uid.is_root()) {
                return Ok(Account { user, switched: true });
            }
        }
        bail!("Postgres does not run as root, and this machine has no user `postgres` or `nobody`: add one of them")
    }

    pub(crate) fn name(&self) -> &str {
        &self.user.name
    }

    pub(crate) fn uid(&self) -> u32 {
        self.user.uid.as_raw()
    }

    /// Whether the server is given to another user than ourselves.
    pub(crate) fn is_switched(&self) -> bool {
        self.switched
    }

    /// Makes a file or folder the server's, without following a link.
    pub(crate) fn own(&self, path: &Path) -> Result<()> {
        if !self.switched {
            return Ok(());
        }
        std::os::unix::fs::lchown(path, Some(self.uid()), Some(self.user.gid.as_raw()))
            .with_context(|| format!("cannot give {} to the user {}", path.display(), self.name()))
    }

    /// A command that runs as this user, without supplementary groups when it is not ours, and free of the variables
    /// by which a shell's settings would change a server or client of Postgres.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if ["PG", "LC_", "LANG"].iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C").current_dir("/");
        if self.switched {
            // The standard library drops root's supplementary groups together with its user id.
            command.gid(self.user.gid.as_raw()).uid(self.uid()).env("HOME", "/");
        }
        command
    }

    /// The outermost of a folder and its parents that this user cannot enter. Asked of the system by trying, since
    /// mode bits alone do not tell (access lists, mounts).
    pub(crate) fn closed_parent(&self, folder: &Path) -> Result<Option<PathBuf>> {
        if !self.switched || self.can_enter(folder)? {
            return Ok(None);
        }
        let mut parents: Vec<&Path> = folder.ancestors().collect();
        parents.reverse();
        for parent in parents {
            if !self.can_enter(parent)? {
                return Ok(Some(parent.to_path_buf()));
            }
        }
        Ok(None)
    }

    fn can_enter(&self, folder: &Path) -> Result<bool> {
        let mut command = self.command("/bin/sh");
        command.args(["-c", "cd -- \"$1\"", "sh"]).arg(folder).stdin(Stdio::null()).stderr(Stdio::null());
        Ok(command.status().with_context(|| format!("cannot run a program as the user {}", self.name()))?.success())
    }
}
