//! One document of the software catalog, in Backstage's entity model.
//! <https://backstage.io/docs/features/software-catalog/descriptor-format>

pub mod annotation;
mod canonical;
mod fault;
mod kind;
mod metadata;
mod parse;
mod relation;
mod rule;
#[cfg(test)]
mod sample;
mod schema;
mod spec;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::reference::EntityRef;

pub use fault::Fault;
pub use kind::Kind;
pub use metadata::{Link, Metadata};
pub use relation::{Relation, RelationKind};

/// A valid entity as its owner described it, without what a server adds.
///
/// Serialises as the envelope `apiVersion`, `kind`, `metadata`, `spec`, and reads back without a second validation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "Envelope")]
pub struct Document {
    /// The name by which others refer to it.
    #[serde(skip_serializing)]
    pub reference: EntityRef,
    /// The version of the format, such as `backstage.io/v1alpha1`.
    pub api_version: String,
    /// What it is.
    pub kind: Kind,
    /// What every kind has.
    pub metadata: Metadata,
    /// What only this kind has.
    pub spec: Map<String, Value>,
}

impl Document {
    /// Checks a document and names everything that is wrong with it.
    pub fn parse(value: Value) -> Result<Document, Vec<Fault>> {
        parse::parse(value)
    }

    /// Whether it is about a person or group that the directory has, which a file may only annotate.
    pub fn is_of_directory(&self) -> bool {
        matches!(self.kind, Kind::User | Kind::Group) && self.metadata.namespace == crate::reference::DEFAULT_NAMESPACE
    }

    /// Who owns it.
    pub fn owner(&self) -> Option<EntityRef> {
        spec::reference(self, "owner")
    }

    /// The system that it is part of.
    pub fn system(&self) -> Option<EntityRef> {
        spec::reference(self, "system")
    }

    /// The domain that a system is part of.
    pub fn domain(&self) -> Option<EntityRef> {
        spec::reference(self, "domain")
    }

    /// The subtype, such as `service` of a component.
    pub fn entity_type(&self) -> Option<&str> {
        self.text("type")
    }

    /// How mature it is, such as `production`.
    pub fn lifecycle(&self) -> Option<&str> {
        self.text("lifecycle")
    }

    /// What people call it: its title, the display name of its profile, or its name.
    pub fn display_name(&self) -> &str {
        let profile = || self.spec.get("profile")?.get("displayName")?.as_str();
        self.metadata.title.as_deref().or_else(profile).unwrap_or(&self.metadata.name)
    }

    /// The value of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.metadata.annotations.get(key).map(String::as_str)
    }

    /// What its spec says about others, each with its inverse, sorted and without repetition.
    pub fn relations(&self) -> Vec<Relation> {
        spec::relations(self)
    }

    /// A hash of the content that ignores the order of keys.
    pub fn digest(&self) -> [u8; 32] {
        canonical::digest(self)
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.spec.get(field).and_then(Value::as_str)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    api_version: String,
    kind: Kind,
    metadata: Metadata,
    #[serde(default)]
    spec: Map<String, Value>,
}

impl TryFrom<Envelope> for Document {
    type Error = crate::reference::InvalidRef;

    fn try_from(Envelope { api_version, kind, metadata, spec }: Envelope) -> Result<Document, Self::Error> {
        let reference = EntityRef::new(kind.as_str(), &metadata.namespace, &metadata.name)?;
        Ok(Document { reference, api_version, kind, metadata, spec })
    }
}

#[cfg(test)]
mod tests {
    use super::sample::component;
    use super::*;

    #[test]
    fn answers_who_what_and_where() {
        let document = component(serde_json::json!({"system": "Shop", "owner": "user:ada"}));
        assert_eq!(document.reference.to_string(), "component:default/payments-api");
        assert_eq!(document.metadata.name, "Payments-API");
        assert_eq!(document.owner().map(|it| it.to_string()).as_deref(), Some("user:default/ada"));
        assert_eq!(document.system().map(|it| it.to_string()).as_deref(), Some("system:default/shop"));
        assert_eq!(document.domain(), None);
        assert_eq!(document.entity_type(), Some("service"));
        assert_eq!(document.lifecycle(), Some("production"));
        assert_eq!(document.display_name(), "Payments-API");
        assert_eq!(document.annotation(annotation::TIER), Some("1"));
    }

    #[test]
    fn reads_back_what_it_writes() {
        let document = component(serde_json::json!({"dependsOn": ["resource:db"], "extra": {"kept": [1, null]}}));
        let json = serde_json::to_string(&document).expect("JSON");
        let back: Document = serde_json::from_str(&json).expect("the same document");
        assert_eq!(back, document);
        assert_eq!(back.digest(), document.digest());
        assert_eq!(Document::parse(serde_json::from_str(&json).expect("JSON")), Ok(document));
    }
}
