use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use uuid::Uuid;

use super::policies::{Asker, Policies, Verdict, shipped_tests};
use super::{Action, Fault, Resource};

/// A test of policies, as data: who asks for what, and what must be answered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// The rule that it holds the policies to, in words.
    pub says: String,
    /// Names of all groups that the asker is in.
    #[serde(default)]
    groups: Vec<String>,
    /// Whether the asker is an administrator.
    #[serde(default)]
    administrator: bool,
    /// The asker's id in the directory, where policies name people.
    #[serde(default)]
    person: Uuid,
    /// The word of the action.
    action: String,
    resource: Thing,
    allowed: bool,
    /// Id of the policy that must decide; left out where none may speak.
    rule: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Thing {
    id: String,
    owner: Option<String>,
    tier: Option<String>,
    environment: Option<String>,
    /// Names of all groups that own it.
    #[serde(default)]
    owners: Vec<String>,
    /// Ids of people who have to do with it, by the attribute's name.
    #[serde(flatten)]
    people: BTreeMap<String, Vec<Uuid>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    test: Vec<Trial>,
}

/// How a test went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The file of the test.
    pub file: String,
    /// The rule that it holds the policies to.
    pub says: String,
    /// What is wrong; nothing where the policies hold it.
    pub wrong: Option<String>,
}

/// The tests that the program comes with, run over these policies.
pub fn shipped(policies: &Policies) -> Result<Vec<Tried>, Vec<Fault>> {
    run(policies, &shipped_tests())
}

/// The tests beside the policies of a folder, in its folder `tests`; none where it has none.
pub fn of_folder(policies: &Policies, folder: &Path) -> Result<Vec<Tried>, Vec<Fault>> {
    let folder = folder.join("tests");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    run(policies, &super::folder::files(&folder, "toml").map_err(|it| vec![it])?)
}

/// Runs the tests of these files.
pub(super) fn run(policies: &Policies, files: &[(String, String)]) -> Result<Vec<Tried>, Vec<Fault>> {
    let (mut tried, mut faults) = (Vec::new(), Vec::new());
    for (name, text) in files {
        match toml::from_str::<File>(text) {
            Ok(file) => tried.extend(file.test.iter().map(|it| Tried {
                file: name.clone(),
                says: it.says.clone(),
                wrong: it.wrong(policies),
            })),
            Err(error) => {
                let line = error.span().map(|it| text.bytes().take(it.start).filter(|it| *it == b'\n').count() + 1);
                faults.push(Fault { file: name.clone(), line, reason: error.message().into() });
            }
        }
    }
    if faults.is_empty() { Ok(tried) } else { Err(faults) }
}

impl Trial {
    /// How the policies fail it.
    fn wrong(&self, policies: &Policies) -> Option<String> {
        let Some(action) = Action::from_word(&self.action) else {
            let known = Action::ALL.map(Action::as_str).join(", ");
            return Some(format!("there is no action {}; there are {known}", self.action));
        };
        let known = action.kind().people();
        if let Some(name) = self.resource.people.keys().find(|it| !known.contains(&it.as_str())) {
            return Some(format!("a {} has no `{name}`", action.kind().as_str()));
        }
        let verdict = policies.weigh(&self.asker(), action, &self.resource(action));
        let expected = (self.allowed, self.rule.as_deref());
        ((verdict.allowed, verdict.policy.as_deref()) != expected)
            .then(|| format!("expected {}, but {}", said(self.allowed, self.rule.as_deref()), told(&verdict)))
    }

    fn asker(&self) -> Asker {
        let groups = self.groups.iter().map(|it| it.to_lowercase()).collect();
        Asker { id: self.person, groups, administrator: self.administrator }
    }

    fn resource(&self, action: Action) -> Resource {
        let Thing { id, owner, tier, environment, owners, mut people } = self.resource.clone();
        let people = action.kind().people().iter().filter_map(|it| Some((*it, people.remove(*it)?))).collect();
        Resource { kind: action.kind(), id, owner, tier, environment, owners, people }
    }
}

fn told(verdict: &Verdict) -> String {
    match verdict.errors.first() {
        Some(error) => error.clone(),
        None => said(verdict.allowed, verdict.policy.as_deref()),
    }
}

fn said(allowed: bool, policy: Option<&str>) -> String {
    let word = if allowed { "allowed" } else { "refused" };
    match policy {
        Some(policy) => format!("{word} by {policy}"),
        None => format!("{word} by no policy"),
    }
}
