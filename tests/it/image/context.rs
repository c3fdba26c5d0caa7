use std::process::Command;

use super::dockerfile::read;

/// What the build needs of the repository.
const NEEDED: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    ".sqlx/",
    "migrations/0001_org.sql",
    "config/demo/company.ldif",
    "docker/directory/start.sh",
    "pinconsole/src/main.rs",
    "tests/it/main.rs",
];

/// Whether `.dockerignore` keeps a path out; the last line that means it decides.
/// <https://docs.docker.com/build/concepts/context/#dockerignore-files>
fn ignored(path: &str) -> bool {
    let mut out = false;
    for line in read(".dockerignore").lines() {
        let (pattern, keeps_out) = line.strip_prefix('!').map_or((line, true), |it| (it, false));
        let inside = |path: &str, folder: &str| path == folder || path.starts_with(&format!("{folder}/"));
        let meant = match pattern.strip_prefix("**/") {
            Some(name) => path.split('/').any(|it| it == name),
            None => inside(path, pattern),
        };
        if meant {
            out = keeps_out;
        }
    }
    out
}

#[test]
fn the_context_holds_what_the_build_needs_and_no_secrets_or_leftovers() {
    for path in NEEDED {
        assert!(!ignored(path), "{path} is kept out");
    }
    for path in [".git/config", "target/debug/pinconsole", "docker/.env", "tests/contract/node_modules/x"] {
        assert!(ignored(path), "{path} gets in");
    }
}

#[test]
fn the_build_is_the_one_that_the_lock_file_allows() {
    let dockerfile = read("docker/Dockerfile");
    let build = dockerfile.lines().find(|it| it.contains("cargo build")).expect("a build");
    assert!(build.contains("--release --locked -p pinconsole"), "{build}");
    let version = dockerfile.lines().find_map(|it| it.strip_prefix("FROM rust:")).expect("a toolchain");
    let version = version.split('-').next().expect("a version");
    let minimum = Command::new("cargo").args(["metadata", "--no-deps", "--format-version=1"]).output().expect("cargo");
    let minimum: serde_json::Value = serde_json::from_slice(&minimum.stdout).expect("metadata");
    assert_eq!(minimum["packages"][0]["rust_version"], version, "the toolchain of the image is the one we support");
}
