use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, Policy, PolicyId, PolicySet,
    Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use include_dir::{Dir, include_dir};
use uuid::Uuid;

use super::{Action, Fault, Resource};

/// The policies that the program comes with.
static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../config/policies");

/// The file that says what policies can speak of.
const SCHEMA: &str = "pinconsole.cedarschema";

/// The one role.
const ADMINISTRATOR: &str = "administrator";

/// How far policies may look: at the asker's groups and at what the resource itself says, which is what they are given.
const LEVEL: u32 = 1;

/// Policies that were found valid; there are no others.
pub struct Policies {
    schema: Schema,
    set: PolicySet,
    /// Ids in the order of files and lines, with the rule in words.
    rules: Vec<(String, String)>,
}

/// Who asks, as far as policies look at them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// Id in the directory.
    pub id: Uuid,
    /// Names, in lower case, of all groups that they are in.
    pub groups: Vec<String>,
    /// Whether they hold the role of administrators.
    pub administrator: bool,
}

/// What policies answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Id of the policy that decided; none where none spoke.
    pub policy: Option<String>,
    /// The rule in words.
    pub rule: String,
    /// What went wrong while policies were evaluated; anything at all makes it a no.
    pub errors: Vec<String>,
}

/// Names of groups and ids of people that policies mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mentioned {
    pub(super) groups: BTreeSet<String>,
    pub(super) people: BTreeSet<Uuid>,
}

impl Policies {
    /// The policies that the program comes with.
    pub fn shipped() -> Arc<Self> {
        static VALID: LazyLock<Arc<Policies>> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "a test reads what is shipped")]
            Arc::new(Policies::parse(&shipped()).expect("the shipped policies are valid"))
        });
        VALID.clone()
    }

    /// The policies of a folder: all its files that end in `.cedar`.
    pub fn read(folder: &Path) -> Result<Self, Vec<Fault>> {
        let files = super::folder::files(folder, "cedar").map_err(|it| vec![it])?;
        Self::parse(&files)
    }

    /// The policies of these files, by name; every fault at once.
    pub fn parse(files: &[(String, String)]) -> Result<Self, Vec<Fault>> {
        let schema = schema().map_err(|it| vec![it])?;
        let (mut set, mut rules, mut faults) = (PolicySet::new(), Vec::new(), Vec::new());
        let mut places = HashMap::new();
        for (name, text) in files {
            let file = (name.as_str(), text.as_str());
            match policies(file) {
                Err(fault) => faults.push(fault),
                Ok(policies) => {
                    for policy in policies {
                        match named(file, &policy) {
                            Ok((id, rule)) => {
                                match set.add(policy.new_id(PolicyId::new(&id))) {
                                    Ok(()) => rules.push((id.clone(), rule)),
                                    Err(error) => faults.push(Fault::found(file, &error)),
                                }
                                places.insert(id, file);
                            }
                            Err(fault) => faults.push(fault),
                        }
                    }
                }
            }
        }
        if files.is_empty() {
            faults.push(Fault::of("policies", "there is no file that ends in .cedar, so nobody could do anything"));
        }
        faults.extend(invalid(&schema, &set, &places));
        if faults.is_empty() { Ok(Self { schema, set, rules }) } else { Err(faults) }
    }

    /// Every rule in words, with its id.
    pub fn rules(&self) -> &[(String, String)] {
        &self.rules
    }

    /// What the policies answer.
    pub fn weigh(&self, asker: &Asker, action: Action, resource: &Resource) -> Verdict {
        let (request, entities) = match self.slice(asker, action, resource) {
            Ok(slice) => slice,
            Err(error) => return faulty(vec![error]),
        };
        let response = Authorizer::new().is_authorized(&request, &self.set, &entities);
        // A forbid that fails is left out by Cedar, and what it forbids would be allowed.
        let errors: Vec<String> = response.diagnostics().errors().map(ToString::to_string).collect();
        if !errors.is_empty() {
            return faulty(errors);
        }
        let reasons: HashSet<&str> = response.diagnostics().reason().map(AsRef::as_ref).collect();
        let rule = self.rules.iter().find(|(id, _)| reasons.contains(id.as_str()));
        Verdict {
            allowed: response.decision() == Decision::Allow,
            policy: rule.map(|it| it.0.clone()),
            rule: rule.map_or_else(|| NO_RULE.into(), |it| it.1.clone()),
            errors,
        }
    }

    /// The request, and the little of the world that policies look at.
    fn slice(&self, asker: &Asker, action: Action, resource: &Resource) -> Result<(Request, Entities), String> {
        let person = uid("Person", &asker.id.to_string())?;
        let mut parents: HashSet<EntityUid> =
            asker.groups.iter().map(|it| uid("Group", it)).collect::<Result<_, _>>()?;
        if asker.administrator {
            parents.insert(uid("Role", ADMINISTRATOR)?);
        }
        let thing = uid(resource.kind.type_name(), &resource.id)?;
        let mut said = HashMap::new();
        if let Some(owner) = &resource.owner {
            said.insert("owner".into(), RestrictedExpression::new_entity_uid(uid("Group", &owner.to_lowercase())?));
        }
        for (name, value) in [("tier", &resource.tier), ("environment", &resource.environment)] {
            said.extend(value.clone().map(|it| (name.to_string(), RestrictedExpression::new_string(it))));
        }
        if resource.kind.has_owners() {
            let owners = resource.owners.iter().map(|it| uid("Group", &it.to_lowercase()));
            said.insert("owners".into(), set(owners)?);
        }
        for name in resource.kind.people() {
            let people = resource.people.get(name).into_iter().flatten();
            said.insert(name.to_string(), set(people.map(|it| uid("Person", &it.to_string())))?);
        }
        let act = uid("Action", action.as_str())?;
        let entities = [
            Entity::new_no_attrs(person.clone(), parents),
            Entity::new(thing.clone(), said, HashSet::new()).map_err(|it| it.to_string())?,
        ];
        let entities = Entities::from_entities(entities, Some(&self.schema)).map_err(|it| it.to_string())?;
        let request = Request::new(person, act, thing, Context::empty(), Some(&self.schema));
        Ok((request.map_err(|it| it.to_string())?, entities))
    }

    /// Whom the policies mention.
    pub(super) fn mentioned(&self) -> Mentioned {
        let mut mentioned = Mentioned::default();
        for literal in self.set.policies().flat_map(Policy::entity_literals) {
            let id: &str = literal.id().as_ref();
            match literal.type_name().basename() {
                "Group" => drop(mentioned.groups.insert(id.into())),
                "Person" => mentioned.people.extend(id.parse::<Uuid>()),
                _ => {}
            }
        }
        mentioned
    }
}

/// What is said where no policy speaks.
pub const NO_RULE: &str = "No rule allows it.";

fn faulty(errors: Vec<String>) -> Verdict {
    let rule = "A policy could not be evaluated, and what is not sure is refused.".into();
    Verdict { allowed: false, policy: None, rule, errors }
}

/// The files of the policies that the program comes with.
pub(super) fn shipped() -> Vec<(String, String)> {
    super::folder::embedded(&SHIPPED, "cedar")
}

/// The files of the tests that the program comes with.
pub(super) fn shipped_tests() -> Vec<(String, String)> {
    SHIPPED.get_dir("tests").map(|it| super::folder::embedded(it, "toml")).unwrap_or_default()
}

fn schema() -> Result<Schema, Fault> {
    let text = SHIPPED.get_file(SCHEMA).and_then(|it| it.contents_utf8()).unwrap_or_default();
    match Schema::from_cedarschema_str(text) {
        Ok((schema, _)) => Ok(schema),
        Err(error) => Err(Fault::found((SCHEMA, text), &error)),
    }
}

/// The policies of a file.
fn policies((name, text): (&str, &str)) -> Result<Vec<Policy>, Fault> {
    let set: PolicySet = text.parse().map_err(|error| Fault::found((name, text), &error))?;
    if set.templates().next().is_some() {
        return Err(Fault::of(name, "a template says nothing by itself: write out whom and what it is about"));
    }
    let mut policies: Vec<Policy> = set.policies().cloned().collect();
    policies.sort_by_key(|it| it.to_cedar().and_then(|it| text.find(it.trim())));
    Ok(policies)
}

/// The id of a policy and its rule in words, without which nobody could be told why.
fn named(file: (&str, &str), policy: &Policy) -> Result<(String, String), Fault> {
    let text = policy.to_cedar().unwrap_or_default();
    let annotation = |key| policy.annotation(key).map(str::trim).filter(|it| !it.is_empty()).map(String::from);
    let (Some(id), Some(rule)) = (annotation("id"), annotation("rule")) else {
        let reason = "a policy needs @id(\"a-name\") and @rule(\"What it allows or forbids, in a sentence.\")";
        return Err(Fault::at(file, &text, reason));
    };
    for literal in policy.entity_literals() {
        let (type_name, name): (&str, &str) = (literal.type_name().basename(), literal.id().as_ref());
        let wrong = match type_name {
            "Group" if name != name.to_lowercase() => {
                format!("write Group::\"{}\", in lower case", name.to_lowercase())
            }
            "Role" if name != ADMINISTRATOR => format!("there is no Role::\"{name}\", only Role::\"{ADMINISTRATOR}\""),
            "Person" if name.parse::<Uuid>().is_err() => {
                format!("Person::\"{name}\" is no id of the directory, such as 8c9a3c5e-0000-4000-8000-000000000000")
            }
            _ => continue,
        };
        return Err(Fault::at(file, &text, wrong));
    }
    Ok((id, rule))
}

/// What the validator finds, warnings too: a policy that can never apply does not say what its author meant.
fn invalid(schema: &Schema, set: &PolicySet, places: &HashMap<String, (&str, &str)>) -> Vec<Fault> {
    let validator = Validator::new(schema.clone());
    let found = validator.validate_with_level(set, ValidationMode::Strict, LEVEL);
    let place = |id: &PolicyId| places.get(AsRef::<str>::as_ref(id)).copied().unwrap_or(("policies", ""));
    let errors = found.validation_errors().map(|it| Fault::found(place(it.policy_id()), it));
    let warnings = found.validation_warnings().map(|it| Fault::found(place(it.policy_id()), it));
    errors.chain(warnings).collect()
}

fn set(all: impl Iterator<Item = Result<EntityUid, String>>) -> Result<RestrictedExpression, String> {
    let all: Vec<EntityUid> = all.collect::<Result<_, _>>()?;
    Ok(RestrictedExpression::new_set(all.into_iter().map(RestrictedExpression::new_entity_uid)))
}

fn uid(type_name: &str, id: &str) -> Result<EntityUid, String> {
    let type_name: EntityTypeName = type_name.parse().map_err(|_| format!("{type_name} is no type"))?;
    Ok(EntityUid::from_type_name_and_id(type_name, EntityId::new(id)))
}
