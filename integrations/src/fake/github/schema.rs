//! The part of GitHub's GraphQL schema that is played: our own table, which the contract holds against the real one.

use std::collections::HashMap;
use std::sync::LazyLock;

/// One type a line: its fields; `>` before the type of an object, `*` before that of the objects of a connection; `=` before the
/// types that an interface or union stands for.
pub(super) const TEXT: &str = include_str!("schema.txt");

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Scalar,
    Object(&'static str),
    Connection(&'static str),
}

/// A type.
#[derive(Debug, Default)]
pub(super) struct Type {
    pub(super) fields: HashMap<&'static str, Field>,
    /// What it may be, where it stands for others.
    pub(super) one_of: Vec<&'static str>,
}

pub(super) static TYPES: LazyLock<HashMap<&'static str, Type>> = LazyLock::new(|| TEXT.lines().map(line).collect());

fn line(text: &'static str) -> (&'static str, Type) {
    let (head, fields) = text.split_once(':').expect("a type and its fields");
    let (name, one_of) = head.split_once('=').unwrap_or((head, ""));
    let fields = fields.split_whitespace().map(|it| match (it.split_once('>'), it.split_once('*')) {
        (Some((name, of)), _) => (name, Field::Object(of)),
        (None, Some((name, of))) => (name, Field::Connection(of)),
        (None, None) => (it, Field::Scalar),
    });
    let one_of = one_of.split_whitespace().collect();
    (name.trim(), Type { fields: fields.collect(), one_of })
}

/// What an object of this type may be when it is there.
pub(super) fn kinds(name: &'static str) -> Vec<&'static str> {
    match TYPES.get(name) {
        Some(it) if !it.one_of.is_empty() => it.one_of.clone(),
        _ => vec![name],
    }
}
