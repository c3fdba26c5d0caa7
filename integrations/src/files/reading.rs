//! What a reading of the catalog's files brings home.

use std::collections::BTreeSet;
use std::fmt;

use domain::document::Document;

/// Everything that was found, and everything that was wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The valid documents, in the order of their files; no two have the same reference.
    pub found: Vec<Found>,
    /// What could not be read, and why.
    pub problems: Vec<Problem>,
    /// Whether every configured place was seen; if not, an entity that is absent may still exist.
    pub complete: bool,
    /// Locations with a document that could not be read: an absent entity that came from one of these may still exist.
    pub unsure: BTreeSet<String>,
}

/// A document and where it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The entity.
    pub document: Document,
    /// Where it was found.
    pub origin: Origin,
}

/// The place of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file as a location, `file:<path>`.
    pub location: String,
    /// The first line of the document, from 1.
    pub line: u32,
    /// The path of the file, relative to the base where it lies below it.
    pub file: String,
}

/// One thing that is wrong with the catalog's files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// The file, folder or configured path.
    pub file: String,
    /// The line, from 1, where it is known.
    pub line: Option<u32>,
    /// What is wrong, in words.
    pub reason: String,
}

impl Reading {
    /// Whether an entity that came from this location and is not in the reading is really gone.
    pub fn is_gone(&self, location: &str) -> bool {
        self.complete && !self.unsure.contains(location)
    }
}

impl Default for Reading {
    fn default() -> Reading {
        Reading { found: Vec::new(), problems: Vec::new(), complete: true, unsure: BTreeSet::new() }
    }
}

impl Origin {
    pub(super) fn new(file: &str, line: u32) -> Origin {
        Origin { location: location(file), line, file: file.to_owned() }
    }
}

/// A file as a location.
pub(super) fn location(file: &str) -> String {
    format!("file:{file}")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}
