//! Where the server listens: a Unix socket in a folder that only its user (and root) can enter.

use std::fmt::Write;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::unistd::mkdtemp;

use crate::account::Account;

/// The port that names the socket's file; nothing listens on a network.
pub(crate) const PORT: u16 = 5432;

/// A socket's path has room for this many bytes. <https://man7.org/linux/man-pages/man7/unix.7.html>
const LONGEST: usize = if cfg!(target_os = "macos") { 103 } else { 107 };

/// The folder of the socket; removed at the end if it was made only for that.
pub(crate) struct Socket {
    folder: PathBuf,
    borrowed: bool,
}

impl Socket {
    /// A socket in the given private folder or, where its path would not do, in a short one made for it.
    pub(crate) fn in_folder(folder: &Path, account: &Account) -> Result<Socket> {
        let inside = Socket { folder: folder.to_path_buf(), borrowed: true };
        // A comma separates hosts in libpq, and settings are text.
        let plain = folder.to_str().is_some_and(|it| !it.contains(','));
        if plain && inside.path().as_os_str().len() <= LONGEST {
            return Ok(inside);
        }
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let usable = |it: &PathBuf| it.is_absolute() && it.as_os_str().len() < 50 && it.is_dir();
        let parent = runtime.filter(|it| usable(it) && !account.is_switched()).unwrap_or_else(|| "/tmp".into());
        // A new folder that only its owner can enter, under a name that nobody could have taken before.
        let folder = mkdtemp(&parent.join("pinconsole.XXXXXX"))
            .with_context(|| format!("cannot make a folder for the socket in {}", parent.display()))?;
        let socket = Socket { folder, borrowed: false };
        account.own(&socket.folder)?;
        Ok(socket)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(format!(".s.PGSQL.{PORT}"))
    }

    /// The URL of a database here, for sqlx and libpq alike, complete so that no `PG…` variable changes it.
    pub(crate) fn url(&self, user: &str, database: &str) -> String {
        let host = encoded(self.folder.as_os_str().as_bytes());
        let (user, database) = (encoded(user.as_bytes()), encoded(database.as_bytes()));
        format!("postgres://{user}@localhost:{PORT}/{database}?host={host}&sslmode=disable")
    }

    /// The folder as a value of `unix_socket_directories`, a list whose items may be quoted.
    pub(crate) fn setting(&self) -> String {
        format!("\"{}\"", self.folder.to_string_lossy().replace('"', "\"\""))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if !self.borrowed {
            // Left behind, an empty private folder harms nobody.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn encoded(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(*byte)),
            _ => write!(text, "%{byte:02X}").unwrap_or_default(),
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_url_survives_any_folder_name() {
        let socket = Socket { folder: "/srv/a b/ü?&#%".into(), borrowed: true };
        insta::assert_snapshot!(socket.url("pinconsole", "pinconsole"), @"postgres://pinconsole@localhost:5432/pinconsole?host=%2Fsrv%2Fa%20b%2F%C3%BC%3F%26%23%25&sslmode=disable");
    }

    #[test]
    fn a_long_path_gets_a_short_private_folder_that_goes_with_it() {
        let account = Account::of_the_server().expect("a user for the server");
        let socket = Socket::in_folder(Path::new(&"/long".repeat(20)), &account).expect("a socket");
        let folder = socket.folder().to_path_buf();
        assert!(socket.path().as_os_str().len() <= LONGEST, "{}", folder.display());
        assert_eq!(fs::metadata(&folder).expect("made").permissions().mode() & 0o777, 0o700);
        drop(socket);
        assert!(!folder.exists());
    }
}
