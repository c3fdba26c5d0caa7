//! Whoever types at the terminal of the machine: the audit knows them by their account there.

use domain::audit::{Entry, Who};
use serde_json::Value;

/// The user of the operating system.
pub fn operator() -> String {
    let uid = nix::unistd::getuid();
    let name = nix::unistd::User::from_uid(uid).ok().flatten().map(|it| it.name);
    format!("{} at the terminal", name.unwrap_or_else(|| format!("user {uid}")))
}

/// What the operator does, as the audit keeps it.
pub fn entry(action: &str, resource: &str, detail: Value) -> Entry {
    Entry {
        who: Who::Operator(operator()),
        action: action.into(),
        resource: resource.into(),
        rule: "Whoever has the machine and its database may do this at its terminal.".into(),
        request: None,
        detail,
    }
}
