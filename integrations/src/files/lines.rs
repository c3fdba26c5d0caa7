//! Finds the line on which a part of a document stands.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::stream::Piece;
use super::yaml;

/// The lines of a document's parts.
pub(super) struct Lines(Node);

impl Lines {
    /// Reads a document once more, for its places.
    pub(super) fn of(piece: &Piece) -> Option<Lines> {
        yaml::parse(piece).ok().map(Lines)
    }

    /// The line, from the document's first, of a path such as `spec.dependsOn[2]`, or of what holds it.
    pub(super) fn find(&self, path: &str) -> u64 {
        find(&self.0, path, self.0.line)
    }
}

struct Node {
    line: u64,
    parts: Parts,
}

enum Parts {
    None,
    Entries(Vec<(Spanned<String>, Node)>),
    Items(Vec<Node>),
}

/// The line of a path below a node, or that of the key or item which holds the node.
fn find(node: &Node, path: &str, holder: u64) -> u64 {
    match &node.parts {
        Parts::None => holder,
        Parts::Entries(entries) => {
            let path = path.strip_prefix('.').unwrap_or(path);
            let matches =
                |key: &str| path.strip_prefix(key).is_some_and(|it| it.is_empty() || it.starts_with(['.', '[']));
            // A key may hold dots, so the longest that fits is the one that is meant.
            let best = entries.iter().filter(|(key, _)| matches(&key.value)).max_by_key(|(key, _)| key.value.len());
            match best {
                Some((key, child)) => find(child, &path[key.value.len()..], key.referenced.line()),
                None => holder,
            }
        }
        Parts::Items(items) => {
            let index = path.strip_prefix('[').and_then(|it| it.split_once(']'));
            let item = index.and_then(|(number, rest)| Some((items.get(number.parse::<usize>().ok()?)?, rest)));
            item.map_or(holder, |(item, rest)| find(item, rest, item.line))
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        let Spanned { value, referenced, .. } = Spanned::<Parts>::deserialize(deserializer)?;
        Ok(Node { line: referenced.line(), parts: value })
    }
}

impl<'de> Deserialize<'de> for Parts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Parts, D::Error> {
        deserializer.deserialize_any(PartsVisitor)
    }
}

struct PartsVisitor;

impl<'de> Visitor<'de> for PartsVisitor {
    type Value = Parts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parts, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Parts::Entries(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Parts, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Parts::Items(nodes))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Parts, E> {
        Ok(Parts::None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Parts, E> {
        Ok(Parts::None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Parts, E> {
        Ok(Parts::None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Parts, E> {
        Ok(Parts::None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Parts, E> {
        Ok(Parts::None)
    }

    fn visit_unit<E>(self) -> Result<Parts, E> {
        Ok(Parts::None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Parts, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Parts::None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::stream::pieces;

    const TEXT: &str = "# a document
kind: Component
metadata:
  name: a
  annotations:
    github.com/project-slug: a/b
    github: x
spec:
  dependsOn:
    - component:a
    -
      component:b
  links: [{url: a},
    {url: b}]
";

    #[test]
    fn finds_the_line_of_a_part_or_of_what_holds_it() {
        let lines = Lines::of(&pieces(TEXT.as_bytes())[0]).expect("valid");
        for (path, line) in [
            ("kind", 2),
            ("metadata.name", 4),
            ("metadata.annotations", 5),
            ("metadata.annotations.github.com/project-slug", 6),
            ("metadata.annotations.github", 7),
            ("spec.dependsOn[0]", 10),
            ("spec.dependsOn[1]", 12),
            ("spec.dependsOn[7]", 9),
            ("spec.links[1].url", 14),
            ("spec.links[1].title", 14),
            ("spec.owner", 8),
            ("", 2),
            ("nowhere", 2),
        ] {
            assert_eq!(lines.find(path), line, "{path}");
        }
    }
}
