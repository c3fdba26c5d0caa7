//! The first start: making the database cluster.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::account::Account;
use crate::binaries::Binaries;
use crate::home::Home;
use crate::process::Process;
use crate::server::USER;

/// Since this version Postgres brings a C.UTF-8 of its own.
/// <https://www.postgresql.org/docs/current/locale.html#LOCALE-PROVIDERS>
const OWN_LOCALE_MAJOR: u32 = 17;

/// Makes the data folder, or leaves none: it is made under another name and renamed when complete.
pub(crate) fn make(home: &Home, account: &Account, binaries: &Binaries, durable: bool) -> Result<()> {
    let unfinished = home.folder().join("data.new");
    for locale in locales(binaries) {
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)
                .with_context(|| format!("cannot remove the unfinished {}", unfinished.display()))?;
        }
        let mut command = Command::new(binaries.program("initdb"));
        command.arg("--pgdata").arg(&unfinished).args(["--username", USER, "--encoding=UTF8", "--no-instructions"]);
        // Whoever reaches the socket may connect: that is the folder's affair. Nobody comes by network.
        command.args(["--auth-local=trust", "--auth-host=reject", "--lc-messages=C"]).args(locale);
        command.args((!durable).then_some("--no-sync"));
        if Process::start(account, &command, home.log())?.finish()?.success() {
            return fs::rename(&unfinished, home.data()).context("cannot finish the database folder");
        }
    }
    bail!("initdb could not make the database folder; {}", home.log().tail())
}

/// Locales to try in turn: the order of code points, and letters beyond ASCII known as letters, which text search and
/// case folding in the database need (plain C does not know them).
fn locales(binaries: &Binaries) -> Vec<&'static [&'static str]> {
    if binaries.major() >= OWN_LOCALE_MAJOR {
        return vec![&["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]];
    }
    vec![&["--locale=C.UTF-8"], &["--locale=C", "--lc-ctype=en_US.UTF-8"]]
}
