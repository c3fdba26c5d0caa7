//! Our questions in GraphQL, and the table by which the played GitHub answers them, against the schema that GitHub publishes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's own folder.
fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// What is wrong with a table and questions; nothing when they are right.
fn complaints(table: &Path, questions: &[PathBuf]) -> String {
    let script = folder("tests/contract/graphql.mjs");
    let output = Command::new("node").arg(script).arg(table).args(questions).output().expect("node runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`make contract` fetches the schema: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn questions() -> Vec<PathBuf> {
    let all = fs::read_dir(folder("integrations/src/github/queries")).expect("our questions");
    let mut all: Vec<PathBuf> = all.map(|it| it.expect("a file").path()).collect();
    all.sort();
    all
}

#[test]
fn github_has_all_that_is_asked_for_and_all_that_is_played() {
    let questions = questions();
    assert!(questions.len() >= 4, "only {} questions", questions.len());
    assert_eq!(complaints(&folder("integrations/src/fake/github/schema.txt"), &questions), "");
}

#[test]
fn what_github_does_not_have_does_not_pass() {
    let ours = Path::new(env!("CARGO_TARGET_TMPDIR")).join("contract-graphql");
    fs::create_dir_all(&ours).expect("a folder of our own");
    let (table, question) = (ours.join("schema.txt"), ours.join("wrong.graphql"));
    fs::write(&table, "PullRequest: titel labels*Milestone\nActor = Team: login\nNothing: id\n").expect("a file");
    fs::write(&question, "query { viewer { logins } }").expect("a file");
    let said = complaints(&table, &[question]);
    let wanted = ["logins", "PullRequest.titel", "labels*Milestone", "Team is no Actor", "Nothing is no type"];
    let missing: Vec<&str> = wanted.into_iter().filter(|it| !said.contains(it)).collect();
    assert!(missing.is_empty(), "{missing:?} in {said}");
}
