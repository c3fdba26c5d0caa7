use std::fmt;

use miette::Diagnostic;

/// What is wrong with a policy, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, counted from one, where it is known.
    pub line: Option<usize>,
    /// What is wrong and, where that can be told, what to do.
    pub reason: String,
}

impl Fault {
    /// Something wrong with a whole file.
    pub(super) fn of(file: &str, reason: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, reason: reason.into() }
    }

    /// Something wrong where a piece of the file begins.
    pub(super) fn at((file, text): (&str, &str), piece: &str, reason: impl Into<String>) -> Self {
        let line = text.find(piece.trim()).map(|it| line(text, it));
        Self { file: file.into(), line, reason: reason.into() }
    }

    /// What the parser or the validator found.
    pub(super) fn found((file, text): (&str, &str), error: &dyn Diagnostic) -> Self {
        let help = error.help().map(|it| format!(" ({it})")).unwrap_or_default();
        Self { file: file.into(), line: offset(error).map(|it| line(text, it)), reason: format!("{error}{help}") }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

/// Where the error lies; an error of several says it in one of them.
fn offset(error: &dyn Diagnostic) -> Option<usize> {
    let own = error.labels().and_then(|mut it| it.next()).map(|it| it.offset());
    own.or_else(|| error.related().and_then(|mut it| it.find_map(offset)))
        .or_else(|| error.diagnostic_source().and_then(offset))
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|it| *it == b'\n').count() + 1
}
