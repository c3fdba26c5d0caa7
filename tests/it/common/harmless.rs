use serde_json::Value;

/// No part of a message is markup that mentions or links; every string that Slack reads as markup is escaped.
pub(crate) fn harmless(message: &Value) {
    let text = message.to_string();
    for raw in ["<!c", "<!h", "<!e", "<!s", "<@U", "<#C", "<https://evil"] {
        let marked = strings(message).into_iter().filter(|it| it.0).any(|it| it.1.contains(raw));
        assert!(!marked, "{raw} in {text}");
    }
    assert!(!text.contains("\"type\":\"broadcast\"") && !text.contains("\"type\":\"usergroup\""), "{text}");
    assert!(!text.contains("link_names") && !text.contains("\"parse\":\"full\""), "{text}");
    assert!(!text.contains("\"url\":\"https://evil"), "{text}");
}

/// Every string of a message, and whether Slack reads it as markup: the fallback and `mrkdwn` are, the rest is not.
fn strings(value: &Value) -> Vec<(bool, String)> {
    let markup = value["type"] == "mrkdwn" || value["blocks"].is_array();
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, it)| match it {
                Value::String(text) => vec![(markup && name == "text", text.clone())],
                it => strings(it),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}
