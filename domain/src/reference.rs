//! The name by which everything in the catalog is known: `component:default/payments-api`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The namespace of an entity that names none.
pub const DEFAULT_NAMESPACE: &str = "default";

/// The longest kind, namespace or name.
pub const MAX_PART: usize = 63;

/// A valid, lower-cased reference to an entity; every part is safe in a path, a command and a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityRef {
    kind: String,
    namespace: String,
    name: String,
}

/// Why a text does not refer to an entity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an entity reference: {reason}")]
pub struct InvalidRef {
    /// The beginning of the text that was given.
    pub text: String,
    /// The rule that it breaks, in words.
    pub reason: &'static str,
}

impl EntityRef {
    /// A reference from its three parts, in any case.
    pub fn new(kind: &str, namespace: &str, name: &str) -> Result<EntityRef, InvalidRef> {
        check(kind, namespace, name).map_err(|reason| InvalidRef::new(&format!("{kind}:{namespace}/{name}"), reason))
    }

    /// Reads `[kind:][namespace/]name`; without a default kind, the text must name one.
    pub fn parse(text: &str, default_kind: Option<&str>, default_namespace: &str) -> Result<EntityRef, InvalidRef> {
        let invalid = |reason| InvalidRef::new(text, reason);
        // A colon after the first slash belongs to the name, which refuses it.
        let (kind, rest) = match text.split_once(':') {
            Some((kind, rest)) if !kind.contains('/') => (kind, rest),
            _ => (default_kind.ok_or_else(|| invalid("it needs a kind, as in component:name"))?, text),
        };
        let (namespace, name) = rest.split_once('/').unwrap_or((default_namespace, rest));
        check(kind, namespace, name).map_err(invalid)
    }

    /// The person called `name` in the default namespace.
    pub fn user(name: &str) -> Result<EntityRef, InvalidRef> {
        EntityRef::new("user", DEFAULT_NAMESPACE, name)
    }

    /// The group called `name` in the default namespace.
    pub fn group(name: &str) -> Result<EntityRef, InvalidRef> {
        EntityRef::new("group", DEFAULT_NAMESPACE, name)
    }

    /// The kind, lower-cased.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The namespace, lower-cased.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The name, lower-cased.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.kind, self.namespace, self.name)
    }
}

impl FromStr for EntityRef {
    type Err = InvalidRef;

    /// Reads a reference that names its kind.
    fn from_str(text: &str) -> Result<EntityRef, InvalidRef> {
        EntityRef::parse(text, None, DEFAULT_NAMESPACE)
    }
}

impl Serialize for EntityRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EntityRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<EntityRef, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl InvalidRef {
    fn new(text: &str, reason: &'static str) -> InvalidRef {
        InvalidRef { text: text.chars().take(80).collect(), reason }
    }
}

fn check(kind: &str, namespace: &str, name: &str) -> Result<EntityRef, &'static str> {
    let namespace = namespace.to_ascii_lowercase();
    kind_rule(kind)?;
    namespace_rule(&namespace)?;
    name_rule(name)?;
    Ok(EntityRef { kind: kind.to_ascii_lowercase(), namespace, name: name.to_ascii_lowercase() })
}

pub(crate) fn kind_rule(kind: &str) -> Result<(), &'static str> {
    let good =
        kind.starts_with(|it: char| it.is_ascii_alphabetic()) && kind.bytes().all(|it| it.is_ascii_alphanumeric());
    if good && kind.len() <= MAX_PART {
        return Ok(());
    }
    Err("a kind is up to 63 letters and digits and begins with a letter")
}

pub(crate) fn namespace_rule(namespace: &str) -> Result<(), &'static str> {
    let good = dashed(namespace, |it| it.is_ascii_lowercase() || it.is_ascii_digit());
    if good && namespace.len() <= MAX_PART {
        return Ok(());
    }
    Err("a namespace is up to 63 lower-case letters, digits and inner dashes")
}

pub(crate) fn name_rule(name: &str) -> Result<(), &'static str> {
    let ends = |it: Option<u8>| it.is_some_and(|it| it.is_ascii_alphanumeric());
    let inner = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
    let good = ends(name.bytes().next()) && ends(name.bytes().last()) && name.bytes().all(inner);
    if good && name.len() <= MAX_PART {
        return Ok(());
    }
    Err("a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit")
}

/// Words of allowed bytes joined by dashes, none at either end.
pub(crate) fn dashed(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|it| it == b'-' || allowed(it))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> String {
        match EntityRef::parse(text, Some("Component"), "team-a") {
            Ok(it) => it.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn fills_in_what_is_left_out() {
        assert_eq!(parsed("Payments"), "component:team-a/payments");
        assert_eq!(parsed("api:Payments"), "api:team-a/payments");
        assert_eq!(parsed("Other/Payments"), "component:other/payments");
        assert_eq!(parsed("API:Other/Pay.Me_nts-2"), "api:other/pay.me_nts-2");
    }

    #[test]
    fn a_colon_after_the_slash_does_not_make_a_kind() {
        insta::assert_snapshot!(parsed("default/api:x"), @r#""default/api:x" is not an entity reference: a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit"#);
    }

    #[test]
    fn a_kind_is_needed_where_none_is_assumed() {
        let error = EntityRef::parse("payments", None, "default").expect_err("no kind");
        insta::assert_snapshot!(error, @r#""payments" is not an entity reference: it needs a kind, as in component:name"#);
    }

    #[test]
    fn refuses_whatever_could_leave_a_path_or_a_command() {
        for text in [
            "", ":", "/", "a/", "/a", ":a", "api:", "a//b", "a/b/c", "..", "../x", "api:../x", "x y", " x", "x ",
            "x\n", "x\0", "<x>", "é", "ns_1/x", "-ns/x", "1kind:x", "a-b:x", "x.", "-x", "x%2f", "a:b:c",
        ] {
            assert!(EntityRef::parse(text, Some("component"), "default").is_err(), "{text:?} was accepted");
        }
        assert!(EntityRef::user(&"x".repeat(64)).is_err());
        assert!(EntityRef::user(&"x".repeat(63)).is_ok());
    }

    #[test]
    fn people_and_groups_live_in_the_default_namespace() {
        assert_eq!(EntityRef::user("Ada").map(|it| it.to_string()).as_deref(), Ok("user:default/ada"));
        assert_eq!(EntityRef::group("Home-Feed").map(|it| it.to_string()).as_deref(), Ok("group:default/home-feed"));
    }

    proptest! {
        #[test]
        fn what_is_displayed_reads_back_in_any_case(
            kind in "[a-zA-Z][a-z0-9A-Z]{0,62}",
            namespace in "[a-z0-9]{1,20}(-{1,2}[a-z0-9]{1,20})?",
            name in "([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]",
        ) {
            let reference = EntityRef::new(&kind, &namespace, &name).expect("the parts follow the rules");
            let text = reference.to_string();
            prop_assert_eq!(text.parse(), Ok(reference.clone()));
            prop_assert_eq!(text.to_ascii_uppercase().parse(), Ok(reference.clone()));
            let json = serde_json::to_string(&reference).expect("a string");
            prop_assert_eq!(serde_json::from_str::<EntityRef>(&json).expect("a reference"), reference);
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>(), kind in proptest::option::of(any::<String>())) {
            if let Ok(reference) = EntityRef::parse(&text, kind.as_deref(), "default") {
                prop_assert_eq!(reference.to_string().parse(), Ok(reference.clone()));
                prop_assert!(reference.to_string().bytes().all(|it| it.is_ascii_graphic()));
            }
        }
    }
}
