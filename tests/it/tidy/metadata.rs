//! What cargo says of our packages and of everything that they are built from.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;

use super::repository::root;

/// Everything that cargo would build on this machine.
#[derive(Deserialize)]
pub(super) struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

/// A package, ours or not.
#[derive(Deserialize)]
pub(super) struct Package {
    id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    pub(super) dependencies: Vec<Dependency>,
}

/// A dependency as its package declares it.
#[derive(Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `dev`, `build`, or nothing for a normal one.
    pub(super) kind: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

/// Read once: nothing is fetched, and only this machine's part is looked at, which the build has fetched.
pub(super) static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    let host = run("rustc", &["-vV"]).lines().find_map(|it| it.strip_prefix("host: ").map(String::from));
    let host = host.expect("rustc names its host");
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &host];
    serde_json::from_str(&run(env!("CARGO"), &arguments)).expect("cargo's own format")
});

impl Metadata {
    /// Our own packages.
    pub(super) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|it| self.workspace_members.contains(&it.id))
    }

    /// The packages of other people that ours are built from, tests aside.
    pub(super) fn built_in(&self) -> Vec<&Package> {
        let ours: Vec<&str> = self.workspace_members.iter().map(String::as_str).collect();
        self.reached(&ours, |it| it != Some("dev"))
    }

    /// The packages of other people that only our tests need.
    pub(super) fn only_tested_with(&self) -> Vec<&Package> {
        let built_in: BTreeSet<&str> = self.built_in().iter().map(|it| it.id.as_str()).collect();
        let others = |it: &&Package| !built_in.contains(it.id.as_str()) && !self.workspace_members.contains(&it.id);
        self.packages.iter().filter(others).collect()
    }

    /// Names of everything that runs inside a program with this package of ours.
    pub(super) fn inside(&self, name: &str) -> BTreeSet<&str> {
        let id = self.ours().find(|it| it.name == name).map(|it| it.id.as_str());
        let id = id.unwrap_or_else(|| panic!("no package of ours is called {name}"));
        self.reached(&[id], |it| it.is_none()).iter().map(|it| it.name.as_str()).collect()
    }

    fn reached(&self, from: &[&str], follow: impl Fn(Option<&str>) -> bool) -> Vec<&Package> {
        let nodes: BTreeMap<&str, &Node> = self.resolve.nodes.iter().map(|it| (it.id.as_str(), it)).collect();
        let (mut found, mut open) = (BTreeSet::new(), from.to_vec());
        while let Some(id) = open.pop() {
            let edges = nodes[id].deps.iter();
            let next = edges.filter(|it| it.dep_kinds.iter().any(|it| follow(it.kind.as_deref())));
            open.extend(next.map(|it| it.pkg.as_str()).filter(|it| found.insert(*it)));
        }
        let others = |it: &&Package| found.contains(it.id.as_str()) && !self.workspace_members.contains(&it.id);
        self.packages.iter().filter(others).collect()
    }
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn packages_are_found_through_others() {
    assert!(METADATA.inside("domain").contains("tokio"), "domain needs tokio through sqlx");
    assert!(METADATA.built_in().len() > 100, "only {} packages are looked at", METADATA.built_in().len());
    assert!(METADATA.only_tested_with().iter().any(|it| it.name == "insta"), "insta is for tests only");
}
