//! Which crate may depend on which.

use super::metadata::METADATA;
use super::none;

/// From the top down: a crate may use those of lower rows, never one of its own row or above.
const ROWS: [&[&str]; 6] = [
    &["pinconsole"],
    &["bot", "webhooks", "scheduler", "web", "postgres"],
    &["console"],
    &["integrations"],
    &["domain"],
    &["cards"],
];

/// What cards must not have even through others: they are values, without tasks, files or connections.
const IMPURE: [&str; 8] = ["tokio", "mio", "socket2", "sqlx", "sqlx-core", "reqwest", "hyper", "axum"];

/// What opens connections to others.
const CLIENTS: [&str; 9] =
    ["reqwest", "ldap3", "ldap3_proto", "slack-morphism", "serenity", "octocrab", "kube", "rustls-native-certs", "gix"];

#[test]
fn crates_depend_downwards() {
    let names: Vec<&str> = METADATA.ours().map(|it| it.name.as_str()).collect();
    let ours = METADATA.ours().flat_map(|it| it.dependencies.iter().map(|to| (it.name.as_str(), to.name.as_str())));
    none(upward(ours.filter(|(from, to)| from != to && names.contains(to))));
    none(names.into_iter().filter(|it| row(it).is_none()).map(|it| format!("{it} is not on the map")).collect());
}

#[test]
fn an_arrow_that_points_up_or_sideways_is_found() {
    let allowed = [("pinconsole", "cards"), ("web", "console"), ("pinconsole", "postgres")];
    none(upward(allowed.into_iter()));
    let wrong = [("cards", "domain"), ("bot", "web"), ("console", "bot"), ("postgres", "cards"), ("bot", "postgres")];
    assert_eq!(upward(wrong.into_iter()).len(), wrong.len());
}

#[test]
fn cards_are_pure() {
    let inside = METADATA.inside("cards");
    none(IMPURE.iter().filter(|it| inside.contains(*it)).map(|it| format!("cards has {it}")).collect());
    let inside = METADATA.inside("domain");
    assert!(IMPURE.iter().any(|it| inside.contains(it)), "domain has a database, and nothing was found");
}

#[test]
fn only_integrations_has_clients() {
    let declared = METADATA.ours().flat_map(|it| {
        let normal = it.dependencies.iter().filter(|it| it.kind.is_none());
        normal.map(|to| (it.name.as_str(), to.name.as_str()))
    });
    none(clients(declared));
    assert_eq!(clients([("web", "reqwest"), ("bot", "serde"), ("integrations", "ldap3")].into_iter()).len(), 1);
}

fn clients<'a>(declared: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    // `pinconsole ask` calls our own server.
    let own = |from, to| from == "integrations" || (from, to) == ("pinconsole", "reqwest");
    let wrong = declared.filter(|(from, to)| CLIENTS.contains(to) && !own(from, to));
    wrong.map(|(from, to)| format!("{from} has {to}: connections to others are for integrations")).collect()
}

fn upward<'a>(edges: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    // postgres stands alone, whatever lies below its row.
    let wrong = edges.filter(|(from, to)| row(from) >= row(to) || *from == "postgres");
    wrong.map(|(from, to)| format!("{from} depends on {to}")).collect()
}

fn row(name: &str) -> Option<usize> {
    ROWS.iter().position(|it| it.contains(&name))
}
