//! Refuses what Slack would refuse of a message, with Slack's code and the place.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::shapes::{BLOCKS, Field, Is, MESSAGE, OUTERMOST, SHAPES, TABLE_TEXT, TEXT};

/// Says what is wrong with a message: Slack's code, a colon, and where.
pub(super) fn check(message: &Value) -> Result<(), String> {
    let message = message.as_object().ok_or("invalid_payload")?;
    let public = message.get("response_type").is_none_or(|it| it == "ephemeral" || it == "in_channel");
    if !public {
        return Err("invalid_payload: response_type".into());
    }
    let text = message.get("text").map_or(Some(""), Value::as_str).ok_or("invalid_payload: text")?;
    let blocks = match message.get("blocks") {
        None => &[],
        Some(it) => it.as_array().ok_or("invalid_blocks_format")?.as_slice(),
    };
    if text.is_empty() && blocks.is_empty() {
        return Err("no_text".into());
    }
    if units(text) > TEXT {
        return Err("msg_too_long".into());
    }
    if Value::from(blocks).to_string().len() > MESSAGE {
        return Err("msg_blocks_too_long".into());
    }
    self::blocks(blocks).map_err(|it| format!("invalid_blocks: {it}"))
}

fn blocks(blocks: &[Value]) -> Result<(), String> {
    if blocks.len() > BLOCKS {
        return Err(format!("more than {BLOCKS}"));
    }
    let mut names = HashSet::new();
    for (index, block) in blocks.iter().enumerate() {
        let place = format!("/blocks/{index}");
        object(block, OUTERMOST, &place)?;
        once(block.get("block_id"), &mut names, &place)?;
        match block.get("type").and_then(Value::as_str) {
            Some("section") => section(block, &place)?,
            Some("actions") => {
                let mut names = HashSet::new();
                let elements = block.get("elements").and_then(Value::as_array).into_iter().flatten();
                elements.map(|it| it.get("action_id")).try_for_each(|it| once(it, &mut names, &place))?;
            }
            _ => {}
        }
    }
    tables(blocks)
}

fn section(block: &Value, place: &str) -> Result<(), String> {
    /// <https://docs.slack.dev/reference/block-kit/blocks/section-block/>
    const FIELD: usize = 2_000;
    let fields = block.get("fields").and_then(Value::as_array);
    if block.get("text").is_none() && fields.is_none() {
        return Err(format!("{place}: text or fields"));
    }
    let long = fields.into_iter().flatten().any(|it| units(it["text"].as_str().unwrap_or_default()) > FIELD);
    if long { Err(format!("{place}/fields: too long")) } else { Ok(()) }
}

fn tables(blocks: &[Value]) -> Result<(), String> {
    let mut tables = blocks.iter().filter(|it| it["type"] == "table");
    match (tables.next(), tables.next()) {
        (Some(_), Some(_)) => Err("only_one_table_allowed".into()),
        (Some(table), None) if said(&table["rows"]) > TABLE_TEXT => Err("table: too much text".into()),
        _ => Ok(()),
    }
}

/// How many characters the texts within a value have.
fn said(value: &Value) -> usize {
    match value {
        Value::Array(all) => all.iter().map(said).sum(),
        Value::Object(all) => {
            let own = all.get("text").and_then(Value::as_str).map_or(0, units);
            own + all.values().filter(|it| !it.is_string()).map(said).sum::<usize>()
        }
        _ => 0,
    }
}

fn once<'a>(name: Option<&'a Value>, names: &mut HashSet<&'a str>, place: &str) -> Result<(), String> {
    match name.and_then(Value::as_str) {
        Some(name) if !names.insert(name) => Err(format!("{place}: {name:?} twice")),
        _ => Ok(()),
    }
}

fn object(value: &Value, kinds: &[&str], place: &str) -> Result<(), String> {
    let fields = value.as_object().ok_or_else(|| format!("{place}: no object"))?;
    let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default();
    let shape = SHAPES.iter().find(|it| it.kind == kind && kinds.contains(&kind));
    let shape = shape.ok_or_else(|| format!("{place}: type {kind:?}"))?;
    known(fields, shape.fields, place)?;
    for field in shape.fields {
        let place = format!("{place}/{}", field.name);
        match fields.get(field.name) {
            None if field.needed => return Err(format!("{place}: missing")),
            None => {}
            Some(it) => self::field(it, field.is, &place)?,
        }
    }
    Ok(())
}

fn known(fields: &Map<String, Value>, known: &[Field], place: &str) -> Result<(), String> {
    let odd = fields.keys().find(|name| *name != "type" && !known.iter().any(|it| it.name == **name));
    odd.map_or(Ok(()), |it| Err(format!("{place}: unknown field {it:?}")))
}

fn field(value: &Value, is: Is, place: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{place}: {what}"));
    match (is, value) {
        (Is::Words(max), Value::String(it)) if it.is_empty() || units(it) > max => wrong("too short or too long"),
        (Is::Address(max), Value::String(it)) if units(it) > max => wrong("too long"),
        (Is::Address(_), Value::String(it)) if url::Url::parse(it).is_err() => wrong("no address"),
        (Is::Word(words), Value::String(it)) if !words.contains(&it.as_str()) => wrong("none of the known words"),
        (Is::Words(_) | Is::Address(_) | Is::Word(_), Value::String(_)) => Ok(()),
        (Is::Flag, Value::Bool(_)) => Ok(()),
        (Is::Number, it) if it.is_i64() || it.is_u64() => Ok(()),
        (Is::One(kinds), it) => object(it, kinds, place),
        (Is::Short(kinds, max), it) => {
            object(it, kinds, place)?;
            if units(it["text"].as_str().unwrap_or_default()) > max { wrong("too long") } else { Ok(()) }
        }
        (Is::Many(kinds, max), Value::Array(all)) => many(all, max, place, |it, place| object(it, kinds, place)),
        (Is::Rows(kinds, rows, columns), Value::Array(all)) => many(all, rows, place, |row, place| match row {
            Value::Array(cells) => many(cells, columns, place, |it, place| object(it, kinds, place)),
            _ => Err(format!("{place}: no row")),
        }),
        (Is::Flags(names), Value::Object(it)) => {
            let known = it.iter().all(|(name, value)| names.contains(&name.as_str()) && value.is_boolean());
            if known { Ok(()) } else { wrong("unknown style") }
        }
        (Is::Columns(max), Value::Array(all)) if all.len() <= max && all.iter().all(is_column) => Ok(()),
        _ => wrong("of the wrong type"),
    }
}

fn many(
    all: &[Value],
    max: usize,
    place: &str,
    each: impl Fn(&Value, &str) -> Result<(), String>,
) -> Result<(), String> {
    if all.is_empty() || all.len() > max {
        return Err(format!("{place}: {} items", all.len()));
    }
    all.iter().enumerate().try_for_each(|(index, it)| each(it, &format!("{place}/{index}")))
}

/// Null leaves a column as it is. <https://docs.slack.dev/reference/block-kit/blocks/table-block/>
fn is_column(value: &Value) -> bool {
    value.is_null()
        || value.as_object().is_some_and(|it| {
            it.iter().all(|(name, value)| match name.as_str() {
                "is_wrapped" => value.is_boolean(),
                "align" => ["left", "center", "right"].iter().any(|it| value == it),
                _ => false,
            })
        })
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn verdict(blocks: Value) -> String {
        check(&json!({ "text": "x", "blocks": blocks })).map_or_else(|it| it, |()| "ok".into())
    }

    fn header(words: usize) -> Value {
        json!({ "type": "header", "text": { "type": "plain_text", "text": "x".repeat(words), "emoji": false } })
    }

    fn button(id: &str) -> Value {
        json!({ "type": "button", "action_id": id, "text": { "type": "plain_text", "text": "x" }, "value": "v" })
    }

    #[test]
    fn refuses_what_slack_refuses() {
        let table = json!({ "type": "table", "rows": [[{ "type": "raw_text", "text": "x" }]] });
        let said = [
            verdict(json!([header(150), { "type": "divider" }, table])),
            verdict(json!([header(151)])),
            verdict(json!([header(0)])),
            verdict(json!([{ "type": "marquee" }])),
            verdict(json!([{ "type": "divider", "colour": "red" }])),
            verdict(vec![json!({ "type": "divider" }); 51].into()),
            verdict(json!([{ "type": "divider", "block_id": "a" }, { "type": "divider", "block_id": "a" }])),
            verdict(json!([{ "type": "actions", "elements": [button("a"), button("a")] }])),
            verdict(json!([{ "type": "actions", "elements": [] }])),
            verdict(json!([{ "type": "section" }])),
            verdict(json!([{ "type": "section", "fields": [{ "type": "mrkdwn", "text": "x".repeat(2_001) }] }])),
            verdict(json!([table, table])),
            verdict(json!([{ "type": "table", "rows": [[{ "type": "raw_text", "text": "x".repeat(10_001) }]] }])),
            verdict(json!([{ "type": "rich_text", "elements": [{ "type": "text", "text": "x" }] }])),
            verdict(json!([{ "type": "context", "elements": [{ "type": "mrkdwn", "text": "x".repeat(3_001) }] }])),
            verdict(
                vec![json!({ "type": "section", "text": { "type": "mrkdwn", "text": "x".repeat(2_900) } }); 5].into(),
            ),
            verdict(json!({})),
            check(&json!({})).unwrap_err(),
            check(&json!({ "text": "x", "response_type": "everybody" })).unwrap_err(),
            check(&json!([])).unwrap_err(),
        ];
        insta::assert_snapshot!(said.join("\n"), @r#"
            ok
            invalid_blocks: /blocks/0/text: too long
            invalid_blocks: /blocks/0/text/text: too short or too long
            invalid_blocks: /blocks/0: type "marquee"
            invalid_blocks: /blocks/0: unknown field "colour"
            invalid_blocks: more than 50
            invalid_blocks: /blocks/1: "a" twice
            invalid_blocks: /blocks/0: "a" twice
            invalid_blocks: /blocks/0/elements: 0 items
            invalid_blocks: /blocks/0: text or fields
            invalid_blocks: /blocks/0/fields: too long
            invalid_blocks: only_one_table_allowed
            invalid_blocks: table: too much text
            invalid_blocks: /blocks/0/elements/0: type "text"
            invalid_blocks: /blocks/0/elements/0/text: too short or too long
            msg_blocks_too_long
            invalid_blocks_format
            no_text
            invalid_payload: response_type
            invalid_payload
            "#);
    }
}
