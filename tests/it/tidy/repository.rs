use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// A file that git keeps, or would.
pub(super) struct File {
    /// Its path from the root of the repository.
    pub(super) path: String,
    /// What it says; nothing where it is not text.
    pub(super) text: String,
}

/// Every file of the repository.
pub(super) static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
    let mut paths = listed().unwrap_or_else(|| {
        let mut found = Vec::new();
        walk(&root(), &mut found);
        found
    });
    paths.sort();
    let read = |path: String| Some(File { text: text(&fs::read(root().join(&path)).ok()?), path });
    let files: Vec<File> = paths.into_iter().filter_map(read).collect();
    assert!(files.len() > 100, "only {} files were found in {}", files.len(), root().display());
    files
});

/// The root of the repository.
pub(super) fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("a crate lies in the repository").to_path_buf()
}

/// What the file at this path says.
pub(super) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The documents that people read.
pub(super) fn documents() -> impl Iterator<Item = &'static File> {
    FILES.iter().filter(|it| it.path.ends_with(".md"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap_or_default()
}

/// What git keeps, and what is new and not ignored; nothing where there is no git or no repository of it.
fn listed() -> Option<Vec<String>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    // The folder may belong to another user than the one that runs the tests.
    let output =
        Command::new("git").args(["-c", "safe.directory=*"]).args(arguments).current_dir(root()).output().ok()?;
    let paths = String::from_utf8(output.stdout).ok()?.split_terminator('\0').map(String::from).collect();
    output.status.success().then_some(paths)
}

/// What `.gitignore` says, in short.
fn ignored(name: &str) -> bool {
    ["target", "node_modules", ".git", "artifacts"].contains(&name)
        || [".snap.new", ".pending-snap"].iter().any(|it| name.ends_with(it))
}

fn walk(folder: &Path, into: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            _ if ignored(&entry.file_name().to_string_lossy()) => {}
            Ok(it) if it.is_dir() => walk(&path, into),
            Ok(it) if it.is_file() => into.extend(path.strip_prefix(root()).map(|it| it.display().to_string())),
            _ => {}
        }
    }
}

#[test]
fn with_and_without_git_the_same_files_are_found() {
    let mut walked = Vec::new();
    walk(&root(), &mut walked);
    let known: Vec<String> = FILES.iter().map(|it| it.path.clone()).filter(|it| !walked.contains(it)).collect();
    super::none(known);
}
