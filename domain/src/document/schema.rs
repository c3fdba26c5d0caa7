//! What the spec of each kind holds: the one table behind validation, relations and owners.
//! <https://backstage.io/docs/features/software-catalog/descriptor-format>

use super::{Kind, RelationKind};

/// One key of a spec.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) shape: Shape,
}

/// What the value of a key must be.
pub(super) enum Shape {
    Text,
    Texts,
    /// `required` or `optional`.
    Presence,
    /// Display name, e-mail address and picture.
    Profile,
    /// A text, or the placeholder of a text that lies elsewhere.
    Definition,
    /// Where the servers of a model's tools listen.
    Remotes,
    /// One other entity.
    One(Reference),
    /// Other entities.
    Many(Reference),
}

/// How a bare name is read, and what it makes of the two entities.
pub(super) struct Reference {
    pub(super) kind: Option<&'static str>,
    pub(super) relation: RelationKind,
}

pub(super) fn fields(kind: &Kind) -> &'static [Field] {
    match kind {
        Kind::Component => COMPONENT,
        Kind::Api => API,
        Kind::Resource => RESOURCE,
        Kind::System => SYSTEM,
        Kind::Domain => DOMAIN,
        Kind::Group => GROUP,
        Kind::User => USER,
        Kind::Location => LOCATION,
        Kind::AiResource => AI_RESOURCE,
        // Its parameters and steps are the scaffolder's business.
        Kind::Template => TEMPLATE,
        Kind::Other(_) => &[],
    }
}

const COMPONENT: &[Field] = &[
    must("type", Shape::Text),
    must("lifecycle", Shape::Text),
    must("owner", OWNER),
    may("system", SYSTEM_OF),
    may("subcomponentOf", one("component", RelationKind::PartOf)),
    may("providesApis", many(Some("api"), RelationKind::ProvidesApi)),
    may("consumesApis", many(Some("api"), RelationKind::ConsumesApi)),
    may("dependsOn", many(None, RelationKind::DependsOn)),
    may("dependencyOf", many(None, RelationKind::DependencyOf)),
];

const API: &[Field] = &[
    must("type", Shape::Text),
    must("lifecycle", Shape::Text),
    must("owner", OWNER),
    // Which of these two is required depends on the type.
    may("definition", Shape::Definition),
    may("remotes", Shape::Remotes),
    may("system", SYSTEM_OF),
];

const RESOURCE: &[Field] = &[
    must("type", Shape::Text),
    must("owner", OWNER),
    may("system", SYSTEM_OF),
    may("dependsOn", many(None, RelationKind::DependsOn)),
    may("dependencyOf", many(None, RelationKind::DependencyOf)),
];

const SYSTEM: &[Field] =
    &[must("owner", OWNER), may("domain", one("domain", RelationKind::PartOf)), may("type", Shape::Text)];

const DOMAIN: &[Field] =
    &[must("owner", OWNER), may("subdomainOf", one("domain", RelationKind::PartOf)), may("type", Shape::Text)];

const GROUP: &[Field] = &[
    must("type", Shape::Text),
    must("children", many(Some("group"), RelationKind::ParentOf)),
    may("profile", Shape::Profile),
    may("parent", one("group", RelationKind::ChildOf)),
    may("members", many(Some("user"), RelationKind::HasMember)),
];

const USER: &[Field] = &[must("memberOf", many(Some("group"), RelationKind::MemberOf)), may("profile", Shape::Profile)];

const LOCATION: &[Field] = &[
    may("type", Shape::Text),
    may("target", Shape::Text),
    may("targets", Shape::Texts),
    may("presence", Shape::Presence),
];

const AI_RESOURCE: &[Field] =
    &[must("type", Shape::Text), must("lifecycle", Shape::Text), must("owner", OWNER), may("system", SYSTEM_OF)];

const TEMPLATE: &[Field] = &[may("owner", OWNER)];

const OWNER: Shape = one("group", RelationKind::OwnedBy);
const SYSTEM_OF: Shape = one("system", RelationKind::PartOf);

const fn must(name: &'static str, shape: Shape) -> Field {
    Field { name, required: true, shape }
}

const fn may(name: &'static str, shape: Shape) -> Field {
    Field { name, required: false, shape }
}

const fn one(kind: &'static str, relation: RelationKind) -> Shape {
    Shape::One(Reference { kind: Some(kind), relation })
}

const fn many(kind: Option<&'static str>, relation: RelationKind) -> Shape {
    Shape::Many(Reference { kind, relation })
}
