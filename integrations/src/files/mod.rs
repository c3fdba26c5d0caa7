//! The catalog as YAML files: reads folders, files and globs, follows Location documents, and says what is wrong where.
//!
//! Everything here blocks; call it where blocking is allowed.

mod config;
mod lines;
mod paths;
mod reader;
mod reading;
mod stream;
mod targets;
#[cfg(test)]
mod tests;
mod walk;
mod yaml;

use std::path::Path;

pub use config::{Config, Vanished};
pub use reading::{Found, Origin, Problem, Reading};

/// Reads every document under the configured paths; relative ones start at `base`.
pub fn read(config: &Config, base: &Path) -> Reading {
    reader::read(config, base)
}

/// Reads documents that lie in memory, by name; Locations are kept but not followed.
pub fn read_embedded<'a, P: Into<String>>(files: impl IntoIterator<Item = (P, &'a str)>) -> Reading {
    reader::read_embedded(files)
}
