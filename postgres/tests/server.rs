//! The managed server, with the real Postgres of this machine.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid};
use postgres::{Binaries, Options, Server};
use tempfile::TempDir;

fn folder() -> TempDir {
    folder_of_mode(0o755)
}

fn folder_of_mode(mode: u32) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).expect("its mode");
    folder
}

fn options(folder: &Path) -> Options {
    let settings = vec![("fsync".to_owned(), "off".to_owned())];
    Options { folder: folder.to_path_buf(), settings, database: "pinconsole".to_owned() }
}

fn start(folder: &Path) -> Server {
    Server::start(&options(folder), &mut |_| ()).expect("it starts")
}

fn refusal(options: &Options) -> String {
    match Server::start(options, &mut |_| ()) {
        Ok(_) => panic!("it should not start"),
        Err(error) => format!("{error:#}"),
    }
}

fn ask(server: &Server, sql: &str) -> String {
    let psql = Binaries::find().expect("a Postgres").program("psql");
    let output = Command::new(psql).args(["-XAtqc", sql, server.url()]).output().expect("psql runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn lock_file(folder: &Path) -> std::path::PathBuf {
    folder.join("postgres/data/postmaster.pid")
}

#[test]
fn answers_privately_and_keeps_its_data_for_the_next_start() {
    let folder = folder();
    let server = start(folder.path());
    ask(&server, "create table kept (word text); insert into kept values ('Ünïcödé')");
    assert_eq!(ask(&server, "show server_version").split(' ').next(), Some(server.version()));
    assert_eq!(ask(&server, "show listen_addresses"), "");
    let socket = fs::metadata(server.socket_folder()).expect("the folder of the socket");
    assert_eq!(socket.permissions().mode() & 0o777, 0o700);
    server.stop().expect("it stops");
    assert!(!lock_file(folder.path()).exists());

    let mut steps = Vec::new();
    let server = Server::start(&options(folder.path()), &mut |it| steps.push(it.to_owned())).expect("again");
    assert_eq!(steps, [format!("starting Postgres {}", server.version())]);
    assert_eq!(ask(&server, "select lower(word) from kept"), "ünïcödé");
}

#[test]
fn refuses_a_folder_in_use_naming_it_and_the_process() {
    let folder = folder();
    let server = start(folder.path());
    let told = refusal(&options(folder.path()));
    assert!(told.contains(&format!("process {}", server.pid())), "{told}");
    assert!(told.contains(&folder.path().join("postgres").display().to_string()), "{told}");
    assert_eq!(ask(&server, "select 1"), "1");
}

#[test]
fn starts_after_a_crash_whatever_process_the_lock_file_names() {
    let (folder, other_folder) = (folder(), folder());
    let server = start(folder.path());
    ask(&server, "create table kept ()");
    kill(Pid::from_raw(server.pid().cast_signed()), Signal::SIGKILL).expect("killed");
    drop(server);

    // The process id has gone to a living process of the same user.
    let other = start(other_folder.path());
    let text = fs::read_to_string(lock_file(folder.path())).expect("left by the crash");
    let (_, rest) = text.split_once('\n').expect("lines");
    fs::write(lock_file(folder.path()), format!("{}\n{rest}", other.pid())).expect("rewritten");
    let server = start(folder.path());
    assert_eq!(ask(&server, "select count(*) from kept"), "0");
    server.stop().expect("it stops");

    // Or the crash came before anything was written.
    fs::write(lock_file(folder.path()), "").expect("written");
    assert_eq!(ask(&start(folder.path()), "select count(*) from kept"), "0");
}

#[test]
fn works_in_a_folder_with_a_long_or_odd_name() {
    let folder = folder();
    for (name, socket_inside) in [("a \"b\" 'c' \\ ü %", true), ("a,b", false), (&"long/".repeat(30), false)] {
        let odd = folder.path().join(name);
        let server = start(&odd);
        assert_eq!(ask(&server, "select 1"), "1");
        let socket = server.socket_folder().to_path_buf();
        assert_eq!(socket.starts_with(&odd), socket_inside);
        server.stop().expect("it stops");
        assert_eq!(socket.exists(), socket_inside);
    }
}

#[test]
fn a_parent_that_the_server_cannot_enter_is_named() {
    let closed = folder_of_mode(0o700);
    let folder = closed.path().join("data");
    // Only root gives the server to another user; anyone else's folder is open to their own server.
    if Uid::effective().is_root() {
        let told = refusal(&options(&folder));
        assert!(told.contains(&format!("`chmod o+x {}`", closed.path().display())), "{told}");
    } else {
        assert_eq!(ask(&start(&folder), "select 1"), "1");
    }
}

#[test]
fn a_failed_start_shows_what_the_server_said() {
    let folder = folder();
    let mut options = options(folder.path());
    options.settings.push(("no_such_setting".to_owned(), "1".to_owned()));
    let told = refusal(&options);
    assert!(told.contains("unrecognized configuration parameter \"no_such_setting\""), "{told}");
    assert!(told.contains(&folder.path().join("postgres.log").display().to_string()), "{told}");
}

#[test]
fn data_of_another_major_version_are_left_alone() {
    let folder = folder();
    drop(start(folder.path()));
    fs::write(folder.path().join("postgres/data/PG_VERSION"), "12\n").expect("written");
    let told = refusal(&options(folder.path()));
    assert!(told.contains("was made by Postgres 12, and this machine has"), "{told}");
}
