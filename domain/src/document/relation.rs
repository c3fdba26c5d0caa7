//! How entities belong together; every relation has an inverse.
//! <https://backstage.io/docs/features/software-catalog/well-known-relations>

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::reference::EntityRef;

/// One entity's bearing on another; the target need not exist.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Relation {
    /// The entity that the relation starts from.
    pub source: EntityRef,
    /// What the source is to the target.
    pub kind: RelationKind,
    /// The entity that the relation points at.
    pub target: EntityRef,
}

/// What one entity is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RelationKind {
    /// The target owns the source.
    OwnedBy,
    /// The source owns the target.
    OwnerOf,
    /// The source offers the target, an API.
    ProvidesApi,
    /// The source, an API, is offered by the target.
    ApiProvidedBy,
    /// The source calls the target, an API.
    ConsumesApi,
    /// The source, an API, is called by the target.
    ApiConsumedBy,
    /// The source needs the target.
    DependsOn,
    /// The target needs the source.
    DependencyOf,
    /// The source is the group above the target.
    ParentOf,
    /// The source is a group below the target.
    ChildOf,
    /// The source belongs to the target, a group.
    MemberOf,
    /// The target belongs to the source, a group.
    HasMember,
    /// The source is a part of the target.
    PartOf,
    /// The target is a part of the source.
    HasPart,
}

impl Relation {
    /// The same bond seen from the other end.
    pub fn inverse(&self) -> Relation {
        Relation { source: self.target.clone(), kind: self.kind.inverse(), target: self.source.clone() }
    }
}

impl RelationKind {
    /// Every kind, each beside its inverse.
    pub const ALL: [RelationKind; 14] = [
        RelationKind::OwnedBy,
        RelationKind::OwnerOf,
        RelationKind::ProvidesApi,
        RelationKind::ApiProvidedBy,
        RelationKind::ConsumesApi,
        RelationKind::ApiConsumedBy,
        RelationKind::DependsOn,
        RelationKind::DependencyOf,
        RelationKind::ParentOf,
        RelationKind::ChildOf,
        RelationKind::MemberOf,
        RelationKind::HasMember,
        RelationKind::PartOf,
        RelationKind::HasPart,
    ];

    /// The kind of this name.
    pub fn named(name: &str) -> Option<RelationKind> {
        RelationKind::ALL.into_iter().find(|it| it.as_str() == name)
    }

    /// What the target is to the source.
    pub fn inverse(self) -> RelationKind {
        match self {
            RelationKind::OwnedBy => RelationKind::OwnerOf,
            RelationKind::OwnerOf => RelationKind::OwnedBy,
            RelationKind::ProvidesApi => RelationKind::ApiProvidedBy,
            RelationKind::ApiProvidedBy => RelationKind::ProvidesApi,
            RelationKind::ConsumesApi => RelationKind::ApiConsumedBy,
            RelationKind::ApiConsumedBy => RelationKind::ConsumesApi,
            RelationKind::DependsOn => RelationKind::DependencyOf,
            RelationKind::DependencyOf => RelationKind::DependsOn,
            RelationKind::ParentOf => RelationKind::ChildOf,
            RelationKind::ChildOf => RelationKind::ParentOf,
            RelationKind::MemberOf => RelationKind::HasMember,
            RelationKind::HasMember => RelationKind::MemberOf,
            RelationKind::PartOf => RelationKind::HasPart,
            RelationKind::HasPart => RelationKind::PartOf,
        }
    }

    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            RelationKind::OwnedBy => "ownedBy",
            RelationKind::OwnerOf => "ownerOf",
            RelationKind::ProvidesApi => "providesApi",
            RelationKind::ApiProvidedBy => "apiProvidedBy",
            RelationKind::ConsumesApi => "consumesApi",
            RelationKind::ApiConsumedBy => "apiConsumedBy",
            RelationKind::DependsOn => "dependsOn",
            RelationKind::DependencyOf => "dependencyOf",
            RelationKind::ParentOf => "parentOf",
            RelationKind::ChildOf => "childOf",
            RelationKind::MemberOf => "memberOf",
            RelationKind::HasMember => "hasMember",
            RelationKind::PartOf => "partOf",
            RelationKind::HasPart => "hasPart",
        }
    }

    /// The heading under which a card lists its targets.
    pub fn label(self) -> &'static str {
        match self {
            RelationKind::OwnedBy => "Owned by",
            RelationKind::OwnerOf => "Owns",
            RelationKind::ProvidesApi => "Provides API",
            RelationKind::ApiProvidedBy => "Provided by",
            RelationKind::ConsumesApi => "Consumes API",
            RelationKind::ApiConsumedBy => "Consumed by",
            RelationKind::DependsOn => "Depends on",
            RelationKind::DependencyOf => "Needed by",
            RelationKind::ParentOf => "Parent of",
            RelationKind::ChildOf => "Child of",
            RelationKind::MemberOf => "Member of",
            RelationKind::HasMember => "Members",
            RelationKind::PartOf => "Part of",
            RelationKind::HasPart => "Parts",
        }
    }
}

impl fmt::Display for RelationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_inverse_and_one_name() {
        for kind in RelationKind::ALL {
            assert_ne!(kind.inverse(), kind);
            assert_eq!(kind.inverse().inverse(), kind);
            assert_eq!(RelationKind::named(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).expect("text"), format!("\"{kind}\""));
        }
        assert_eq!(RelationKind::named("knows"), None);
    }
}
