//! Which files a Location names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::document::Document;
use serde_json::Value;

use super::paths::{Place, Refusal, Roots};
use super::walk::walk;

/// What became of the targets of a Location.
#[derive(Default)]
pub(super) struct Targets {
    /// The files to read.
    pub(super) files: Vec<PathBuf>,
    /// The targets that lead nowhere.
    pub(super) lost: Vec<Lost>,
}

/// A target that leads nowhere.
pub(super) struct Lost {
    /// The key that names it, such as `spec.targets[1]`.
    pub(super) path: String,
    /// What is wrong with it.
    pub(super) reason: String,
    /// Whether entities that are really there may have been missed.
    pub(super) missed: bool,
}

/// Follows the targets of a Location that stands in a file of this folder.
pub(super) fn follow(document: &Document, folder: &Path, roots: &Roots) -> Targets {
    let optional = document.spec.get("presence").and_then(Value::as_str) == Some("optional");
    let mut targets = Targets::default();
    // Many globs may match the same files.
    let mut files = BTreeSet::new();
    for (path, text) in named(document) {
        let mut lose = |reason: String, missed| {
            let path = path.clone();
            let text: String = text.chars().take(MAX_SHOWN).collect();
            targets.lost.push(Lost { path, reason: format!("names {text:?}, which {reason}"), missed });
        };
        if text.contains("://") || document.entity_type().is_some_and(|it| it != "file") {
            lose("is not a file: only targets that are files are read".to_owned(), false);
            continue;
        }
        match Place::target(folder, text) {
            Err(reason) => lose(reason, false),
            Ok(place) => match matching(&place, roots) {
                Ok(more) => files.extend(more),
                Err(Refusal::Missing | Refusal::Dangling) if optional => {}
                Err(Refusal::Missing | Refusal::Dangling) => lose("matches no file".to_owned(), true),
                Err(Refusal::Outside) => lose(OUTSIDE.to_owned(), false),
                Err(Refusal::Unreadable(error)) => lose(format!("cannot be read: {error}"), true),
            },
        }
    }
    let count = document.spec.get("targets").and_then(Value::as_array).map_or(0, Vec::len);
    if count > MAX_TARGETS {
        let reason = format!("has more than {MAX_TARGETS} targets; only those are read");
        targets.lost.push(Lost { path: "spec.targets".to_owned(), reason, missed: true });
    }
    targets.files = files.into_iter().collect();
    targets
}

const MAX_SHOWN: usize = 120;

/// Each may be a glob over a large folder.
const MAX_TARGETS: usize = 1_000;

/// What is wrong with a path that leads outside.
pub(super) const OUTSIDE: &str = "leads out of the configured folders";

fn named(document: &Document) -> Vec<(String, &str)> {
    let one = document.spec.get("target").and_then(Value::as_str).map(|it| ("spec.target".to_owned(), it));
    let many = document.spec.get("targets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let many = many.iter().enumerate().filter_map(|(at, it)| Some((format!("spec.targets[{at}]"), it.as_str()?)));
    one.into_iter().chain(many).take(MAX_TARGETS).collect()
}

fn matching(place: &Place, roots: &Roots) -> Result<Vec<PathBuf>, Refusal> {
    let real = roots.resolve(&place.path)?;
    match place.glob {
        None if real.is_dir() => {
            Err(Refusal::Unreadable("it is a folder; name its files, as in folder/*.yaml".to_owned()))
        }
        None => Ok(vec![place.path.clone()]),
        Some(_) => {
            let walk = walk(place, roots);
            match walk.refused.into_iter().find(|it| it.1 != Refusal::Outside) {
                Some((_, refusal)) => Err(refusal),
                None if walk.files.is_empty() => Err(Refusal::Missing),
                None => Ok(walk.files),
            }
        }
    }
}
