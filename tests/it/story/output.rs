//! What is printed reaches somebody, or the program says that it did not.

use std::fs::OpenOptions;
use std::process::{Command, Stdio};

use secrecy::ExposeSecret;
use sqlx::PgPool;

use crate::common::{Office, Program, address, people};

/// Every write to it fails: the disk is full. <https://man7.org/linux/man-pages/man4/full.4.html>
fn full() -> Stdio {
    OpenOptions::new().write(true).open("/dev/full").expect("a device").into()
}

/// A pipe whose reader has gone, as `head` does.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

async fn ended(command: Command, out: Stdio) -> (Option<i32>, String) {
    let mut command = tokio::process::Command::from(command);
    let running = command.stdout(out).kill_on_drop(true).spawn().expect("the program runs");
    let output = running.wait_with_output().await.expect("an end");
    (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn output_that_is_lost_is_told_and_a_reader_who_left_is_not(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    let token = office.token("U0ADA").await;
    let program =
        Program::new().with("DATABASE_URL", address(&db)).with("PINCONSOLE_PUBLIC_URL", office.console.web.as_str());
    let catalog = program.file("catalog/a.yaml", "");
    let program =
        program.config(&format!("[catalog]\npaths = [{catalog:?}]\n")).with("PINCONSOLE_TOKEN", token.expose_secret());
    let commands: [&[&str]; 9] = [
        &["ask", "whoami"],
        &["ask", "--json", "whoami"],
        &["migrate"],
        &["sync", "catalog"],
        &["config", "check"],
        &["doctor"],
        &["slack", "manifest"],
        &["--help"],
        &["--version"],
    ];
    for arguments in commands {
        let lost = ended(program.command(arguments), full()).await;
        let told = "pinconsole: standard output takes no more: No space left on device (os error 28)\n";
        assert_eq!(lost, (Some(1), told.to_string()), "{arguments:?}");
        assert_eq!(ended(program.command(arguments), closed()).await, (Some(0), String::new()), "{arguments:?}");
    }
}
