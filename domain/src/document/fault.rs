//! What is wrong with a document, gathered rather than thrown.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The place, such as `spec.dependsOn[2]`; empty for the document itself.
    pub path: String,
    /// The rule that it breaks, in words.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "{path} {}", self.reason),
        }
    }
}

/// More faults than this help nobody, and a hostile document could have a million.
const MAX_FAULTS: usize = 100;

/// The longest part of a hostile value or key that a fault repeats.
const MAX_SHOWN: usize = 120;

/// The faults found so far.
#[derive(Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        if self.0.len() < MAX_FAULTS {
            self.0.push(Fault { path: path.into(), reason: reason.into() });
        }
    }

    pub(super) fn none(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_vec(self) -> Vec<Fault> {
        self.0
    }

    /// A text that may be left out; a null counts as left out.
    pub(super) fn optional_text(&mut self, path: &str, value: Option<&Value>, max: usize) -> Option<String> {
        match value {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.len() > max => {
                self.add(path, format!("is longer than {max} bytes"));
                None
            }
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => {
                self.add(path, not_text(other));
                None
            }
        }
    }

    /// A text that must be there and say something.
    pub(super) fn text(&mut self, path: &str, value: Option<&Value>, max: usize) -> Option<String> {
        match value {
            None | Some(Value::Null) => {
                self.add(path, "is missing");
                None
            }
            Some(Value::String(text)) if text.trim().is_empty() => {
                self.add(path, "is empty");
                None
            }
            value => self.optional_text(path, value, max),
        }
    }
}

pub(super) fn not_text(value: &Value) -> String {
    match value {
        Value::Number(_) | Value::Bool(_) => format!("must be text, not {}: put it in quotes", noun(value)),
        _ => format!("must be text, not {}", noun(value)),
    }
}

pub(super) fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// The beginning of a text that somebody else wrote, without control characters.
pub(super) fn shown(text: &str) -> String {
    let short: String = text.chars().take(MAX_SHOWN).map(|it| if it.is_control() { '\u{fffd}' } else { it }).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
