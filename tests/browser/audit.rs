//! Whether a page can be used by everybody.

use serde_json::json;

use crate::browser::Browser;

/// Fails where the open page has something that a reader cannot see, hear or reach, or the console complains.
pub(crate) async fn check(browser: &Browser, what: &str) {
    assert_eq!(browser.run(include_str!("audit.js")).await, json!([]), "{what}");
    let complaints = browser.complaints().await;
    // A page that is not there says so in the console too.
    let ours: Vec<_> = complaints.iter().filter(|it| !it.contains("status of 404")).collect();
    assert!(ours.is_empty(), "{what}: {ours:?}");
}
