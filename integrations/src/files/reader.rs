//! Reads files one after the other, and the files that they name.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use domain::document::{Document, Kind};
use domain::reference::EntityRef;

use super::lines::Lines;
use super::paths::{Place, Refusal, Roots};
use super::reading::{Found, Origin, Problem, Reading, location};
use super::stream::{Piece, pieces};
use super::targets::{OUTSIDE, follow};
use super::walk::walk;
use super::{Config, yaml};

const MAX_FILE: u64 = 4 * 1024 * 1024;
const MAX_FILES: usize = 100_000;
const MAX_DOCUMENTS: usize = 10_000;

/// More problems than this in one file are counted, not listed.
const MAX_PROBLEMS: usize = 100;

pub(super) fn read(config: &Config, base: &Path) -> Reading {
    let mut reader = Reader { base: base.to_owned(), ..Reader::default() };
    // Who lost their configuration did not mean that everything is gone.
    reader.reading.complete = !config.paths.is_empty();
    let places: Vec<_> = config.paths.iter().map(|it| (it, Place::configured(base, it))).collect();
    for (_, place) in &places {
        if let Ok(place) = place {
            reader.roots.allow(place);
        }
    }
    for (text, place) in &places {
        match place {
            Ok(place) => reader.list(text, place),
            Err(reason) => reader.miss(text, None, reason.clone()),
        }
    }
    while let Some(path) = reader.queue.pop_front() {
        reader.file(&path);
    }
    let mut told = HashSet::new();
    reader.reading.problems.retain(|it| told.insert(it.clone()));
    reader.reading
}

pub(super) fn read_embedded<'a, P: Into<String>>(files: impl IntoIterator<Item = (P, &'a str)>) -> Reading {
    let mut reader = Reader::default();
    for (name, text) in files {
        reader.documents(&name.into(), text.as_bytes(), None);
    }
    reader.reading
}

#[derive(Default)]
struct Reader {
    base: PathBuf,
    roots: Roots,
    queue: VecDeque<PathBuf>,
    queued: HashSet<PathBuf>,
    seen: HashSet<PathBuf>,
    places: HashMap<EntityRef, (String, u32)>,
    reading: Reading,
}

impl Reader {
    fn list(&mut self, text: &str, place: &Place) {
        if place.glob.is_none() && !place.path.is_dir() {
            // What configuration names must be there, by whatever link.
            if self.roots.resolve(&place.path) == Err(Refusal::Dangling) {
                return self.refused(&place.path, Refusal::Missing);
            }
            return self.enqueue(vec![place.path.clone()]);
        }
        let walk = walk(place, &self.roots);
        if walk.files.is_empty() && walk.refused.is_empty() {
            self.miss(text, None, "holds or matches no YAML file".to_owned());
        }
        for (path, refusal) in walk.refused {
            self.refused(&path, refusal);
        }
        self.enqueue(walk.files);
    }

    fn enqueue(&mut self, files: Vec<PathBuf>) {
        for path in files {
            if self.queued.insert(path.clone()) {
                self.queue.push_back(path);
            }
        }
    }

    fn file(&mut self, path: &Path) {
        let real = match self.roots.resolve(path) {
            Ok(real) => real,
            Err(refusal) => return self.refused(path, refusal),
        };
        if self.seen.len() == MAX_FILES {
            self.queue.clear();
            return self.miss(&self.name(path), None, format!("is not read: there are more than {MAX_FILES} files"));
        }
        if !self.seen.insert(real.clone()) {
            return;
        }
        let name = self.name(path);
        match contents(&real) {
            Ok(Ok(bytes)) => self.documents(&name, &bytes, path.parent()),
            Ok(Err(reason)) => self.doubt(&name, None, reason),
            Err(error) => self.miss(&name, None, format!("cannot be read: {error}")),
        }
    }

    /// Takes the documents of a file; Locations are followed from its folder.
    fn documents(&mut self, name: &str, bytes: &[u8], folder: Option<&Path>) {
        let before = self.reading.problems.len();
        let pieces = pieces(bytes);
        if pieces.len() > MAX_DOCUMENTS {
            self.doubt(name, None, format!("has more than {MAX_DOCUMENTS} documents; only those are read"));
        }
        for piece in pieces.into_iter().take(MAX_DOCUMENTS) {
            if let Some(document) = self.document(name, &piece) {
                if let (Kind::Location, Some(folder)) = (&document.kind, folder) {
                    self.follow(name, &piece, &document, folder);
                }
                self.keep(document, Origin::new(name, piece.line));
            }
        }
        let more = self.reading.problems.len() - before;
        if more > MAX_PROBLEMS {
            self.reading.problems.truncate(before + MAX_PROBLEMS);
            let reason = format!("has {} more problems", more - MAX_PROBLEMS);
            self.reading.problems.push(Problem { file: name.to_owned(), line: None, reason });
        }
    }

    fn document(&mut self, name: &str, piece: &Piece) -> Option<Document> {
        let value = match yaml::parse::<serde_json::Value>(piece) {
            Ok(serde_json::Value::Null) => return None,
            Ok(value) => value,
            Err(broken) => {
                self.broken(name, piece);
                self.doubt(name, Some(broken.line), broken.reason);
                return None;
            }
        };
        Document::parse(value)
            .map_err(|faults| {
                self.broken(name, piece);
                let lines = Lines::of(piece);
                for fault in faults {
                    let line = lines.as_ref().map_or(piece.line, |it| yaml::line(piece, it.find(&fault.path)));
                    self.doubt(name, Some(line), fault.to_string());
                }
            })
            .ok()
    }

    fn keep(&mut self, document: Document, origin: Origin) {
        if let Some((file, line)) = self.places.get(&document.reference) {
            let reason = format!("{} is already described at {file}:{line}; this one is ignored", document.reference);
            return self.reading.problems.push(Problem { file: origin.file, line: Some(origin.line), reason });
        }
        self.places.insert(document.reference.clone(), (origin.file.clone(), origin.line));
        self.reading.found.push(Found { document, origin });
    }

    fn follow(&mut self, name: &str, piece: &Piece, document: &Document, folder: &Path) {
        let targets = follow(document, folder, &self.roots);
        self.enqueue(targets.files);
        let lines = if targets.lost.is_empty() { None } else { Lines::of(piece) };
        for lost in targets.lost {
            let line = lines.as_ref().map_or(piece.line, |it| yaml::line(piece, it.find(&lost.path)));
            self.reading.complete &= !lost.missed;
            let reason = format!("{} {}", lost.path, lost.reason);
            self.reading.problems.push(Problem { file: name.to_owned(), line: Some(line), reason });
        }
    }

    /// A Location that cannot be read hides the files that it names.
    fn broken(&mut self, name: &str, piece: &Piece) {
        self.reading.unsure.insert(location(name));
        let text = String::from_utf8_lossy(piece.bytes);
        let kind = text.lines().find_map(|it| it.strip_prefix("kind:"));
        let kind = kind.map(|it| it.trim().trim_matches(['"', '\'']));
        self.reading.complete &= !kind.is_some_and(|it| it.eq_ignore_ascii_case("location"));
    }

    fn refused(&mut self, path: &Path, refusal: Refusal) {
        let name = self.name(path);
        match refusal {
            Refusal::Outside => self.doubt(&name, None, OUTSIDE.to_owned()),
            // As good as no file: what it held has vanished.
            Refusal::Dangling => {
                let reason = "is a link that leads nowhere: mend or remove it".to_owned();
                self.reading.problems.push(Problem { file: name, line: None, reason });
            }
            Refusal::Missing => self.miss(&name, None, "does not exist".to_owned()),
            Refusal::Unreadable(error) => self.miss(&name, None, format!("cannot be read: {error}")),
        }
    }

    /// A problem that may hide entities of this file.
    fn doubt(&mut self, file: &str, line: Option<u32>, reason: String) {
        self.reading.unsure.insert(location(file));
        self.reading.problems.push(Problem { file: file.to_owned(), line, reason });
    }

    /// A problem that may hide entities of any file.
    fn miss(&mut self, file: &str, line: Option<u32>, reason: String) {
        self.reading.complete = false;
        self.doubt(file, line, reason);
    }

    fn name(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.base).unwrap_or(path);
        path.strip_prefix(".").unwrap_or(path).display().to_string()
    }
}

/// The bytes of a file, or why it is not one that holds documents.
fn contents(path: &Path) -> io::Result<Result<Vec<u8>, String>> {
    // Asked before it is opened: opening a pipe waits for a writer.
    if !fs::metadata(path)?.is_file() {
        return Ok(Err("is not a regular file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Ok(Err(format!("is larger than {} MiB", MAX_FILE / 1024 / 1024)));
    }
    Ok(Ok(bytes))
}
