//! Lists the YAML files of a folder.

use std::collections::HashSet;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use super::paths::{Glob, Place, Refusal, Roots};

/// What a folder holds, and what of it could not be seen.
#[derive(Default)]
pub(super) struct Walk {
    /// The files, sorted folder by folder.
    pub(super) files: Vec<PathBuf>,
    /// What may not or cannot be read.
    pub(super) refused: Vec<(PathBuf, Refusal)>,
}

/// The `*.yaml` and `*.yml` files below a folder, or those of them that match.
///
/// Links are followed inside the roots, each folder is seen once, and hidden names count only where a pattern has one.
pub(super) fn walk(place: &Place, roots: &Roots) -> Walk {
    let mut walk = Walk::default();
    let mut seen = HashSet::new();
    let mut folders = vec![(place.path.clone(), 0)];
    let (depth, hidden) = place.glob.as_ref().map_or((usize::MAX, false), |it| (it.depth, it.hidden));
    while let Some((folder, level)) = folders.pop() {
        match roots.resolve(&folder).map(|real| seen.insert(real)) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(refusal) => {
                walk.refused.push((folder, refusal));
                continue;
            }
        }
        let below = folders.len();
        for entry in walk.entries(&folder, hidden) {
            match walk.kind(&entry) {
                Some(Kind::Folder) if level < depth => folders.push((entry.path(), level + 1)),
                Some(Kind::Yaml) if matches(place, &entry.path()) => walk.files.push(entry.path()),
                _ => {}
            }
        }
        // The last one in is the next one out.
        folders[below..].reverse();
    }
    walk
}

enum Kind {
    Folder,
    Yaml,
}

impl Walk {
    fn entries(&mut self, folder: &Path, hidden: bool) -> Vec<DirEntry> {
        let entries = fs::read_dir(folder).and_then(|it| it.collect::<io::Result<Vec<_>>>());
        let mut entries = entries.unwrap_or_else(|error| {
            self.refused.push((folder.to_owned(), Refusal::Unreadable(error.to_string())));
            Vec::new()
        });
        entries.retain(|it| hidden || !it.file_name().as_encoded_bytes().starts_with(b"."));
        entries.sort_by_key(DirEntry::file_name);
        entries
    }

    fn kind(&mut self, entry: &DirEntry) -> Option<Kind> {
        let path = entry.path();
        let yaml = path.extension().is_some_and(|it| it == "yaml" || it == "yml");
        // The type in the entry is that of a link; whether a YAML file is sound is found out when it is read.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => Some(Kind::Folder),
            Ok(kind) if kind.is_symlink() && path.is_dir() => Some(Kind::Folder),
            Ok(_) if yaml => Some(Kind::Yaml),
            Ok(_) => None,
            Err(error) => {
                self.refused.push((path, Refusal::Unreadable(error.to_string())));
                None
            }
        }
    }
}

fn matches(place: &Place, path: &Path) -> bool {
    let relative = path.strip_prefix(&place.path).unwrap_or(path);
    place.glob.as_ref().is_none_or(|it: &Glob| it.matches(relative))
}
