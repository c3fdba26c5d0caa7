//! The repository names no other place than itself and what it publishes: it builds anywhere.

use super::none;
use super::repository::FILES;

/// Folders of one machine. Those that packages make on every machine of a kind are no such.
const FOLDERS: [&str; 6] = ["/home/", "/Users/", "/root/", "/work/", "/workspace/", "/builds/"];

/// Where the Homebrew of Linux puts programs, on every machine alike.
const COMMON: [&str; 1] = ["/home/linuxbrew/.linuxbrew"];

/// What turns cargo or npm to a registry of somebody's own.
const TURNS: [&str; 5] = ["replace-with", "registry = ", "registry=", "index = ", "local-registry"];

/// How cargo writes the public registry, whatever mirror answers for it.
const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

#[test]
fn no_file_names_a_folder_of_one_machine() {
    // This file must name what it looks for.
    let others = FILES.iter().filter(|it| it.path != "tests/it/tidy/places.rs");
    none(others.flat_map(|it| lines(&it.path, &it.text, folder)).collect());
    assert_eq!(lines("a", "x /home/ada/y\nfine\nfile:///work/x\n~/.cache /home/linuxbrew/.linuxbrew", folder).len(), 2);
    assert_eq!(lines("a", "https://github.com/work/x /homepage $HOME/network/work", folder).len(), 0);
}

#[test]
fn lock_files_name_only_public_registries() {
    let locks: Vec<_> = FILES.iter().filter(|it| it.path.ends_with("Cargo.lock")).collect();
    assert_eq!(locks.len(), 1);
    none(locks.iter().flat_map(|it| lines(&it.path, &it.text, foreign_crate)).collect());
    assert_eq!(lines("a", &format!("{CRATES_IO}\nsource = \"git+https://a.example/b\""), foreign_crate).len(), 1);
    let locks = FILES.iter().filter(|it| it.path.ends_with("package-lock.json"));
    none(locks.flat_map(|it| lines(&it.path, &it.text, resolved)).collect());
    assert_eq!(lines("a", "\"resolved\": \"https://a.example/b.tgz\"\n\"version\": \"1.0.0\"", resolved).len(), 1);
}

#[test]
fn no_setting_turns_to_another_registry() {
    let settings =
        |path: &str| [".npmrc", "config.toml", "Cargo.toml", "package.json"].iter().any(|it| path.ends_with(it));
    none(FILES.iter().filter(|it| settings(&it.path)).flat_map(|it| lines(&it.path, &it.text, turn)).collect());
    assert_eq!(lines("a", "registry=https://npm.example\nomit-lockfile-registry-resolved=true", turn).len(), 1);
}

fn lines(path: &str, text: &str, wrong: fn(&str) -> bool) -> Vec<String> {
    let lines = text.lines().enumerate().filter(|(_, it)| wrong(it));
    lines.map(|(at, it)| format!("{path}:{}: {}", at + 1, it.trim().chars().take(160).collect::<String>())).collect()
}

/// Whether a line names such a folder at the beginning of a path.
fn folder(line: &str) -> bool {
    let line = COMMON.iter().fold(line.to_string(), |line, it| line.replace(it, ""));
    let begins = |at: usize| !line[..at].ends_with(|it: char| it.is_alphanumeric() || "._-~$})".contains(it));
    FOLDERS.iter().any(|folder| line.match_indices(folder).any(|(at, _)| begins(at)))
}

fn foreign_crate(line: &str) -> bool {
    line.starts_with("source = ") && line != CRATES_IO
}

fn resolved(line: &str) -> bool {
    line.contains("\"resolved\"")
}

fn turn(line: &str) -> bool {
    TURNS.iter().any(|it| line.trim_start().starts_with(it))
}
