use std::collections::HashMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use sqlx::PgPool;
use tempfile::TempDir;

use super::Dockerfile;
use super::dockerfile::read;
use crate::common::{Console, Program, address, get, until};

/// The directory of the stack, started by its own script.
struct Directory {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Directory {
    async fn start(password: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let slapd = folder.path().join("slapd");
        // A copy, because AppArmor lets the installed one read its usual folders only.
        fs::copy("/usr/sbin/slapd", &slapd).expect("slapd, of the package slapd");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").port();
        let mut command = Command::new(root().join("docker/directory/start.sh"));
        command.env("COMPANY", root().join("config/demo/company.ldif")).env("LDAP_PASSWORD", password);
        command.env("SLAPD", &slapd).env("TMPDIR", folder.path()).env("LISTEN", format!("ldap://127.0.0.1:{port}"));
        let process = command.stderr(Stdio::null()).spawn().expect("the script runs");
        let directory = Self { process, port, _folder: folder };
        until("a directory that listens", async || TcpStream::connect(("127.0.0.1", port)).ok()).await;
        directory
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The service of the stack that answers, with what it takes over from others.
fn service() -> Value {
    let stack: Value = serde_saphyr::from_str(&read("docker/compose.yaml")).expect("YAML");
    stack["services"]["pinconsole"].clone()
}

/// The program in the environment of the service, with its addresses and mounted files as they are here.
fn program(service: &Value, here: &HashMap<&str, String>) -> Program {
    let environment = service["environment"].as_object().expect("an environment");
    let mut program = Program::new();
    for (name, value) in environment {
        let said = value.as_str().expect("a text");
        let value = here.get(name.as_str()).map_or(said, String::as_str);
        program = program.with(name, value);
    }
    let config = environment["PINCONSOLE_CONFIG"].as_str().expect("a path");
    let catalog = mounted(service, "/etc/pinconsole/catalog");
    let text = fs::read_to_string(mounted(service, config)).expect("the mounted configuration");
    let program = program.config(&text.replace("/etc/pinconsole/catalog", &catalog.display().to_string()));
    program.with("PINCONSOLE_LISTEN", here["PINCONSOLE_LISTEN"].as_str())
}

/// What the stack mounts at a place inside, read-only.
fn mounted(service: &Value, inside: &str) -> PathBuf {
    let volumes = service["volumes"].as_array().expect("volumes").iter().filter_map(Value::as_str);
    let ending = format!(":{inside}:ro");
    let outside = volumes.filter_map(|it| it.strip_suffix(&ending)).next();
    root().join("docker").join(outside.unwrap_or_else(|| panic!("nothing is mounted at {inside}")))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a repository").into()
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").to_string()
}

#[sqlx::test(migrations = false)]
async fn the_stack_answers_without_writing_a_file(db: PgPool) {
    let (image, service) = (Dockerfile::last_stage(), service());
    assert_eq!(image.words("ENTRYPOINT"), ["pinconsole"]);
    assert_eq!(image.words("CMD"), ["serve"], "what the harness starts");
    assert_eq!(service["read_only"], true);
    let directory = Directory::start("a password of the tests").await;
    let here = HashMap::from([
        ("DATABASE_URL", address(&db)),
        ("LDAP_URL", format!("ldap://127.0.0.1:{}", directory.port)),
        ("LDAP_BIND_PASSWORD", "a password of the tests".into()),
        ("PINCONSOLE_LISTEN", free_address()),
        ("PINCONSOLE_WEB_LISTEN", free_address()),
    ]);
    // What stands in for a read-only root: a process that may write no byte into any file.
    let program = program(&service, &here).through("ulimit -f 0; exec \"$0\" \"$@\"");
    let migrated = program.run(&["migrate"]).await;
    assert_eq!(migrated.code, Some(0), "{migrated}");
    let mut console = Console::start(&program).await;
    let health = image.words("HEALTHCHECK");
    let health: Vec<&str> = health.iter().skip(1).map(String::as_str).collect();
    let lives = program.run(&health).await;
    assert_eq!(lives.code, Some(0), "{lives}");
    for source in ["ldap", "catalog"] {
        let synced = program.run(&["sync", source]).await;
        assert_eq!(synced.code, Some(0), "{synced}");
    }
    let page = get(&console.web, "/catalog/component/default/payments-api").await;
    assert!(page.text.contains("Payments"), "{}", page.text);
    console.signal(nix::sys::signal::Signal::SIGTERM);
    assert_eq!(console.ended().await.code(), Some(0));
    let lives = program.run(&health).await;
    assert_eq!(lives.code, Some(1), "what does not run is not healthy: {lives}");
}
