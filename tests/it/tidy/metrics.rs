//! `docs/metrics.md` has every figure of ours, and no other.

use std::collections::BTreeSet;

use super::none;
use super::repository::read;

/// The figures that the document's table lists.
pub(crate) fn documented() -> BTreeSet<String> {
    let text = read("docs/metrics.md");
    let rows = text.lines().filter_map(|it| it.strip_prefix("| `pinconsole_"));
    let names = rows.filter(|it| it.matches(" | ").count() >= 3).filter_map(|it| it.split('`').next());
    names.map(|it| format!("pinconsole_{it}")).collect()
}

#[test]
fn every_figure_is_documented_and_no_other() {
    let source = read("pinconsole/src/metrics/names.rs");
    let told: BTreeSet<String> =
        source.split('"').filter(|it| it.starts_with("pinconsole_")).map(String::from).collect();
    assert!(told.len() > 10, "only {} figures were found", told.len());
    none(told.symmetric_difference(&documented()).cloned().collect());
}
