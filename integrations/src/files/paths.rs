//! What a path of the configuration or of a Location means, and where it must not lead.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};

/// The folders that may be read, with their links resolved.
#[derive(Default)]
pub(super) struct Roots(Vec<PathBuf>);

/// Why a path may not be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nothing is there.
    Missing,
    /// It is a link to where nothing is.
    Dangling,
    /// It is outside of the configured folders.
    Outside,
    /// The system refuses to say.
    Unreadable(String),
}

/// A path, possibly with wildcards below a plain folder.
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) glob: Option<Glob>,
}

/// Wildcards for paths below a folder.
pub(super) struct Glob {
    pattern: Pattern,
    /// How many folders deep a match can lie.
    pub(super) depth: usize,
    /// Whether the pattern names something hidden.
    pub(super) hidden: bool,
}

impl Roots {
    /// Allows what lies in the folder of a configured place; a configured file may itself be a link to elsewhere.
    pub(super) fn allow(&mut self, place: &Place) {
        self.0.extend(place.root().canonicalize());
        self.0.extend(place.path.canonicalize());
    }

    /// The path with its links resolved, if that may be read.
    pub(super) fn resolve(&self, path: &Path) -> Result<PathBuf, Refusal> {
        let real = path.canonicalize().map_err(|error| match error.kind() {
            ErrorKind::NotFound if path.is_symlink() => Refusal::Dangling,
            ErrorKind::NotFound => Refusal::Missing,
            _ => Refusal::Unreadable(error.to_string()),
        })?;
        if self.0.iter().any(|it| real.starts_with(it)) { Ok(real) } else { Err(Refusal::Outside) }
    }
}

impl Place {
    /// Reads a path of the configuration.
    pub(super) fn configured(base: &Path, text: &str) -> Result<Place, String> {
        let path = base.join(text);
        if path.exists() {
            return Ok(Place { path, glob: None });
        }
        let (folder, rest) = split(text);
        Ok(Place { path: base.join(folder), glob: Glob::new(rest)? })
    }

    /// Reads a target of a Location in a file of this folder.
    pub(super) fn target(folder: &Path, text: &str) -> Result<Place, String> {
        let text = text.strip_prefix("file:").unwrap_or(text);
        let (plain, rest) = split(text);
        if Path::new(rest).components().any(|it| it == Component::ParentDir) {
            return Err("has '..' after a wildcard".to_owned());
        }
        Ok(Place { path: joined(folder, Path::new(plain)), glob: Glob::new(rest)? })
    }

    /// The folder in which everything that it can mean lies.
    fn root(&self) -> &Path {
        match self.glob {
            None if !self.path.is_dir() => {
                self.path.parent().filter(|it| *it != Path::new("")).unwrap_or(Path::new("."))
            }
            _ => &self.path,
        }
    }
}

impl Glob {
    fn new(text: &str) -> Result<Option<Glob>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        let pattern = Pattern::new(text).map_err(|error| format!("is not a valid pattern: {}", error.msg))?;
        let parts: Vec<_> = text.split('/').collect();
        let depth = if parts.contains(&"**") { usize::MAX } else { parts.len() - 1 };
        let hidden = parts.iter().any(|it| it.starts_with('.'));
        Ok(Some(Glob { pattern, depth, hidden }))
    }

    pub(super) fn matches(&self, path: &Path) -> bool {
        let options =
            MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };
        self.pattern.matches_path_with(path, options)
    }
}

/// The folder before the first wildcard, and the rest; all of it where there is no wildcard.
fn split(text: &str) -> (&str, &str) {
    let Some(wild) = text.find(['*', '?', '[']) else { return (text, "") };
    match text[..wild].rfind('/') {
        Some(0) => ("/", &text[1..]),
        Some(slash) => (&text[..slash], &text[slash + 1..]),
        None => ("", text),
    }
}

/// Joins without looking at the disk, so that a link in the folder's own path does not change what `..` means.
fn joined(folder: &Path, path: &Path) -> PathBuf {
    let mut joined = folder.to_owned();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(joined.components().next_back(), Some(Component::Normal(_))) => {
                joined.pop();
            }
            part => joined.push(part),
        }
    }
    if joined.as_os_str().is_empty() { PathBuf::from(".") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_ends_before_the_first_wildcard() {
        assert_eq!(split("a/b.yaml"), ("a/b.yaml", ""));
        assert_eq!(split("a/b/*/c?.yaml"), ("a/b", "*/c?.yaml"));
        assert_eq!(split("*.yaml"), ("", "*.yaml"));
        assert_eq!(split("/*.yaml"), ("/", "*.yaml"));
    }

    #[test]
    fn targets_start_at_the_folder_of_their_file() {
        let target = |text: &str| Place::target(Path::new("root/a"), text).map(|it| it.path.display().to_string());
        assert_eq!(target("./b.yaml").as_deref(), Ok("root/a/b.yaml"));
        assert_eq!(target("../b/*.yaml").as_deref(), Ok("root/b"));
        assert_eq!(target("../../../x.yaml").as_deref(), Ok("../x.yaml"));
        assert_eq!(target("/etc/x.yaml").as_deref(), Ok("/etc/x.yaml"));
        assert_eq!(target("*/../../x.yaml"), Err("has '..' after a wildcard".to_owned()));
        assert!(target("a/[.yaml").is_err());
    }

    #[test]
    fn wildcards_stay_in_their_folder_and_leave_hidden_files_alone() {
        let matches = |pattern: &str, path: &str| match Glob::new(pattern) {
            Ok(Some(glob)) => glob.matches(Path::new(path)),
            _ => false,
        };
        assert!(matches("*/c.yaml", "a/c.yaml"));
        assert!(!matches("*.yaml", "a/c.yaml"));
        assert!(matches("**/c.yaml", "a/b/c.yaml"));
        assert!(matches("**/c.yaml", "c.yaml"));
        assert!(!matches("*.yaml", ".c.yaml"));
        assert!(matches(".hidden/*.yaml", ".hidden/c.yaml"));
    }
}
