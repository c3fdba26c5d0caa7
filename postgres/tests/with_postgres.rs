//! The `with-postgres` program.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

fn with_postgres(folder: &TempDir, arguments: &[&str]) -> Command {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("opened to the server's user");
    let mut command = Command::new(env!("CARGO_BIN_EXE_with-postgres"));
    command.args(arguments).env("TMPDIR", folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry").path()).collect()
}

/// Starts it with a command that says it runs and waits for the end of its input.
fn waiting(folder: &TempDir) -> Child {
    let mut child =
        with_postgres(folder, &["--fast", "sh", "-c", "echo running; exec cat"]).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line");
    assert_eq!(line, "running\n");
    child
}

/// Every process of the server holds a lock on the log.
fn wait_until_free(log: &Path) {
    let (log, started) = (File::open(log).expect("the log"), Instant::now());
    while log.try_lock().is_err() {
        assert!(started.elapsed() < Duration::from_secs(30), "the server still runs");
        std::thread::yield_now();
    }
}

#[test]
fn gives_the_command_a_database_and_leaves_nothing() {
    let folder = TempDir::new().expect("a folder");
    let script = r#"psql -XAtqc 'show fsync' "$DATABASE_URL"; psql -XAtqc 'show max_connections'; exit 7"#;
    let output = with_postgres(&folder, &["--fast", "sh", "-c", script]).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "off\n200\n");
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(entries(folder.path()), [] as [PathBuf; 0]);
}

#[test]
fn a_command_that_cannot_run_is_named() {
    let folder = TempDir::new().expect("a folder");
    let output = with_postgres(&folder, &["no-such-program"]).stderr(Stdio::piped()).output().expect("it runs");
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot run no-such-program"));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(entries(folder.path()), [] as [PathBuf; 0]);
}

#[test]
fn passes_a_termination_on_and_cleans_up() {
    let folder = TempDir::new().expect("a folder");
    let mut child = waiting(&folder);
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).expect("sent");
    assert_eq!(child.wait().expect("it ends").code(), Some(128 + 15));
    assert_eq!(entries(folder.path()), [] as [PathBuf; 0]);
}

#[test]
fn the_server_ends_even_when_its_program_is_killed() {
    let folder = TempDir::new().expect("a folder");
    let mut child = waiting(&folder);
    let own = entries(folder.path()).pop().expect("its folder");
    let log = own.join("postgres.log");
    assert!(File::open(&log).expect("the log").try_lock().is_err(), "it runs");
    child.kill().expect("killed");
    wait_until_free(&log);
    assert!(!own.join("postgres/data/postmaster.pid").exists(), "it shut down in order");
    // The command itself ends with its input.
    drop(child.stdin.take());
    let rest = child.stdout.as_mut().expect("piped").read(&mut [0]).expect("its end");
    assert_eq!(rest, 0);
    child.wait().expect("reaped");
}
