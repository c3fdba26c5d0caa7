//! The demo, as `make demo` starts it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use tempfile::TempDir;

use crate::program::Program;

/// A running demo with data of its own.
pub(crate) struct Demo {
    /// Where its pages are.
    pub(crate) url: String,
    // In this order: the program ends before its data goes.
    _program: Program,
    _data: TempDir,
}

impl Demo {
    pub(crate) fn start() -> Self {
        let data = TempDir::new().expect("a temporary folder");
        // The database's own user must be able to enter it.
        fs::set_permissions(data.path(), fs::Permissions::from_mode(0o755)).expect("its mode");
        let mut command = Command::new(env!("CARGO_BIN_EXE_pinconsole"));
        command.arg("demo").current_dir(data.path()).env("PINCONSOLE_DATA_DIR", data.path());
        for listener in ["PINCONSOLE_LISTEN", "PINCONSOLE_WEB_LISTEN", "PINCONSOLE_METRICS_LISTEN"] {
            command.env(listener, "127.0.0.1:0");
        }
        for name in ["DATABASE_URL", "PINCONSOLE_PUBLIC_URL", "PINCONSOLE_CONFIG"] {
            command.env_remove(name);
        }
        let (program, url) = Program::start(&mut command, address);
        Self { url, _program: program, _data: data }
    }
}

/// The first address in a line.
fn address(line: &str) -> Option<String> {
    let from = line.find("http://127.0.0.1:")?;
    line[from..].split([' ', '/']).nth(2).map(|host| format!("http://{host}"))
}
