//! What an entity is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kinds of the catalog; one that is not built in keeps its name and has no rules of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Kind {
    /// A piece of software: a service, a website, a library.
    Component,
    /// An interface between components.
    Api,
    /// Infrastructure that components need.
    Resource,
    /// Components and resources that work together.
    System,
    /// Systems of one field of business.
    Domain,
    /// A team or another group of people.
    Group,
    /// A person.
    User,
    /// A pointer to further documents.
    Location,
    /// A skill, rule or plugin for an assistant.
    AiResource,
    /// A recipe from which new software is made.
    Template,
    /// Any other kind, as it was written.
    Other(String),
}

impl Kind {
    /// The kind of this name; built-in names match in any case.
    pub fn named(name: &str) -> Kind {
        let known = BUILT_IN.iter().find(|it| it.as_str().eq_ignore_ascii_case(name));
        known.cloned().unwrap_or_else(|| Kind::Other(name.to_owned()))
    }

    /// The name as documents write it.
    pub fn as_str(&self) -> &str {
        match self {
            Kind::Component => "Component",
            Kind::Api => "API",
            Kind::Resource => "Resource",
            Kind::System => "System",
            Kind::Domain => "Domain",
            Kind::Group => "Group",
            Kind::User => "User",
            Kind::Location => "Location",
            Kind::AiResource => "AiResource",
            Kind::Template => "Template",
            Kind::Other(name) => name,
        }
    }
}

const BUILT_IN: [Kind; 10] = [
    Kind::Component,
    Kind::Api,
    Kind::Resource,
    Kind::System,
    Kind::Domain,
    Kind::Group,
    Kind::User,
    Kind::Location,
    Kind::AiResource,
    Kind::Template,
];

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> String {
        kind.as_str().to_owned()
    }
}

impl From<String> for Kind {
    fn from(name: String) -> Kind {
        Kind::named(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_kinds_match_in_any_case_and_others_keep_theirs() {
        assert_eq!(Kind::named("api"), Kind::Api);
        assert_eq!(Kind::named("AIRESOURCE"), Kind::AiResource);
        assert_eq!(Kind::named("Rocket").as_str(), "Rocket");
        for kind in BUILT_IN {
            assert_eq!(Kind::named(kind.as_str()), kind);
        }
    }
}
