//! Finding a Postgres on this machine.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest major version that is used.
pub const OLDEST_MAJOR: u32 = 14;

/// Where packages put the programs: a folder, how the names in it begin, and the folder inside each of those.
const PLACES: &[(&str, &str, &str)] = &[
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr/lib", "postgresql", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/usr", "pgsql-", "bin"),
    ("/usr/local", "pgsql", "bin"),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),
];

/// The programs of one installed Postgres.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    version: String,
    major: u32,
}

impl Binaries {
    /// The Postgres to use: the first in `PATH`, else the newest in the folders of the distributions.
    pub fn find() -> Result<Binaries, Missing> {
        let all = everything();
        let older = all.first().map(|it| it.version.clone());
        all.into_iter().find(|it| it.major >= OLDEST_MAJOR).ok_or(Missing { older })
    }

    /// Every Postgres that is new enough, in the order in which they are preferred.
    pub fn installed() -> Vec<Binaries> {
        everything().into_iter().filter(|it| it.major >= OLDEST_MAJOR).collect()
    }

    /// The full version, such as `15.18`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The major version, which the data folder is bound to.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The folder of the programs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of one program.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn at(folder: &Path) -> Option<Binaries> {
        // A link in PATH leads to the folder that has the other programs too.
        let server = fs::canonicalize(folder.join("postgres")).ok()?;
        let folder = [server.parent()?, folder].into_iter().find(|it| it.join("initdb").exists())?.to_path_buf();
        let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
        let (version, major) = version(&String::from_utf8_lossy(&output.stdout))?;
        Some(Binaries { folder, version, major })
    }
}

/// No Postgres that is new enough; says what to install.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    older: Option<String>,
}

impl std::error::Error for Missing {}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.older {
            Some(older) => writeln!(f, "Postgres {older} is too old: {OLDEST_MAJOR} or later is needed. Install it:")?,
            None => writeln!(f, "no Postgres server was found ({OLDEST_MAJOR} or later is needed). Install it:")?,
        }
        f.write_str(concat!(
            "  Debian, Ubuntu   apt-get install postgresql\n",
            "  Fedora, RHEL     dnf install postgresql-server postgresql-contrib\n",
            "  Alpine           apk add postgresql postgresql-contrib\n",
            "  Arch             pacman -S postgresql\n",
            "  openSUSE         zypper install postgresql-server postgresql-contrib\n",
            "  macOS            brew install postgresql\n",
            "Its service need not run: only the programs `postgres` and `initdb` are used, from PATH or the usual folders."
        ))
    }
}

fn everything() -> Vec<Binaries> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<Binaries> = Vec::new();
    for folder in std::env::split_paths(&path).filter(|it| it.is_absolute()) {
        found.extend(Binaries::at(&folder));
    }
    let mut packaged: Vec<Binaries> = PLACES.iter().flat_map(folders).filter_map(|it| Binaries::at(&it)).collect();
    packaged.sort_by_key(|it| std::cmp::Reverse(it.numbers()));
    found.extend(packaged);
    let mut seen: Vec<PathBuf> = Vec::new();
    found.retain(|it| !seen.contains(&it.folder) && (seen.push(it.folder.clone()), true).1);
    found
}

fn folders((parent, prefix, inner): &(&str, &str, &str)) -> Vec<PathBuf> {
    let begins = |name: &OsStr| name.to_string_lossy().starts_with(prefix);
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries.filter(|it| begins(&it.file_name())).map(|it| it.path().join(inner)).collect()
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn version(line: &str) -> Option<(String, u32)> {
    let version = line.strip_prefix("postgres (PostgreSQL) ")?.split_whitespace().next()?;
    let digits = version.find(|it: char| !it.is_ascii_digit()).unwrap_or(version.len());
    Some((version.to_owned(), version[..digits].parse().ok()?))
}

impl Binaries {
    fn numbers(&self) -> (u32, u32) {
        (self.major, self.version.split('.').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_released_packaged_and_unreleased_versions() {
        let read = |it| version(it).map(|(version, major)| format!("{version} is {major}")).unwrap_or_default();
        assert_eq!(read("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), "15.18 is 15");
        assert_eq!(read("postgres (PostgreSQL) 19beta1\n"), "19beta1 is 19");
        assert_eq!(read("postgres (PostgreSQL) 9.6.24\n"), "9.6.24 is 9");
        assert_eq!(read("postgres: command not found"), "");
    }

    #[test]
    fn finds_the_postgres_of_this_machine() {
        let found = Binaries::find().expect("these tests need a Postgres server");
        assert!(found.major() >= OLDEST_MAJOR && found.program("initdb").exists(), "{found:?}");
        assert_eq!(Binaries::installed().first(), Some(&found));
    }

    #[test]
    fn what_is_missing_is_named_for_each_package_manager() {
        insta::assert_snapshot!(Missing { older: Some("13.2".into()) }, @r"
        Postgres 13.2 is too old: 14 or later is needed. Install it:
          Debian, Ubuntu   apt-get install postgresql
          Fedora, RHEL     dnf install postgresql-server postgresql-contrib
          Alpine           apk add postgresql postgresql-contrib
          Arch             pacman -S postgresql
          openSUSE         zypper install postgresql-server postgresql-contrib
          macOS            brew install postgresql
        Its service need not run: only the programs `postgres` and `initdb` are used, from PATH or the usual folders.
        ");
        insta::assert_snapshot!(Missing { older: None }.to_string().lines().next().unwrap_or_default(), @"no Postgres server was found (14 or later is needed). Install it:");
    }
}
