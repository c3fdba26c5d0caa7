use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::scan::{Malformed, Scanned, scan};

const PATHS: &[&[&str]] = &[&["action"], &["repository", "full_name"], &["a", "b", "c"], &["number"]];

fn texts(body: &str) -> [Option<String>; 4] {
    let scanned = scan(body.as_bytes(), PATHS).expect("well-formed");
    std::array::from_fn(|it| scanned.fields.text(it))
}

fn text(body: &str) -> Option<String> {
    let [action, ..] = texts(body);
    action
}

#[test]
fn fields_are_found_where_their_path_leads_only() {
    let body = r#"{"x":{"action":"no"},"repository":{"owner":{"full_name":"no"},"full_name":"a/b"},
        "list":[{"action":"no"}],"a":{"b":{"c":"deep"}},"action":"yes","number":7}"#;
    assert_eq!(texts(body).map(|it| it.unwrap_or_default()), ["yes", "a/b", "deep", "7"]);
    assert_eq!(text(r#"{"action":"one","action":"two"}"#).as_deref(), Some("two"));
    assert_eq!(text(r#"{"\u0061ction":"l\u00e4\n\ud83d\ude00"}"#).as_deref(), Some("lä\n😀"));
    assert_eq!(text(r#"{"action":"a\u0000b"}"#).as_deref(), Some("a\u{fffd}b"));
    for other in ["null", "{}", "[\"a\"]", "true", r#""\ud800""#] {
        assert_eq!(text(&format!("{{\"action\":{other}}}")), None, "{other}");
    }
    let long = format!("{{\"action\":\"{}\"}}", "ä".repeat(5_000));
    assert_eq!(text(&long).map(|it| it.chars().count()), Some(200));
}

#[test]
fn only_objects_are_objects() {
    let object = |body: &str| scan(body.as_bytes(), PATHS).map(|it| it.object);
    assert_eq!(object(" {} \n"), Ok(true));
    for other in ["[]", "null", "\"{}\"", " 5", "true", "[{}]"] {
        assert_eq!(object(other), Ok(false), "{other}");
    }
}

#[test]
fn depth_ends_at_128() {
    let nested = |depth: usize, open: &str, close: &str| open.repeat(depth) + "1" + &close.repeat(depth);
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        assert!(scan(nested(128, open, close).as_bytes(), PATHS).is_ok());
        assert_eq!(scan(nested(129, open, close).as_bytes(), PATHS).map(drop), Err(Malformed::Deep));
        assert_eq!(scan(open.repeat(100_000).as_bytes(), PATHS).map(drop), Err(Malformed::Deep));
    }
    let wide = format!("[{}]", vec!["[[]]"; 10_000].join(","));
    assert!(scan(wide.as_bytes(), PATHS).is_ok(), "depth is not number");
}

#[test]
fn what_is_not_utf8_is_told_apart() {
    assert_eq!(scan(b"{\"a\":\"\xff\"}", PATHS).map(drop), Err(Malformed::Utf8));
    assert_eq!(scan(b"{\"a\":\"\xed\xa0\x80\"}", PATHS).map(drop), Err(Malformed::Utf8));
    assert_eq!(scan(b"\xef\xbb\xbf{}", PATHS).map(drop), Err(Malformed::Json));
    assert_eq!(scan(b"", PATHS).map(drop), Err(Malformed::Json));
}

/// Whether both agree; our depth is our own.
fn agree(bytes: &[u8]) -> Result<(), TestCaseError> {
    // Bytes that nobody looks at are not checked by serde_json; text is.
    let theirs = std::str::from_utf8(bytes).is_ok_and(|it| serde_json::from_str::<IgnoredAny>(it).is_ok());
    let ours = scan(bytes, PATHS).map(drop);
    prop_assert_eq!(ours.is_ok(), theirs, "{:?}: {:?}", ours, String::from_utf8_lossy(bytes));
    Ok(())
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\"\\\\\u{0}-\u{1f}a-c]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        let name =
            prop_oneof![any::<String>(), Just("action".into()), Just("repository".into()), Just("full_name".into())];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

/// What a field says, as whoever builds values would see it.
fn expected(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text.chars().take(200).map(|it| if it == '\0' { '\u{fffd}' } else { it }).collect())
}

proptest! {
    #[test]
    fn well_formed_json_is_read_as_others_read_it(value in any_json()) {
        for body in [serde_json::to_string(&value), serde_json::to_string_pretty(&value)] {
            let body = body.expect("JSON");
            let Scanned { object, fields } = scan(body.as_bytes(), PATHS).expect("well-formed");
            prop_assert_eq!(object, value.is_object());
            prop_assert_eq!(fields.text(0), value.get("action").and_then(expected));
            let name = value.get("repository").and_then(|it| it.get("full_name"));
            prop_assert_eq!(fields.text(1), name.and_then(expected));
        }
    }

    #[test]
    fn a_damaged_body_gets_the_verdict_that_others_give(
        value in any_json(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let mut body = serde_json::to_vec(&json!({ "action": value })).expect("JSON");
        let at = at.index(body.len());
        if cut { body.truncate(at) } else { body[at] = byte }
        agree(&body)?;
    }

    #[test]
    fn anything_at_all_gets_the_verdict_that_others_give(
        bytes in prop::collection::vec(any::<u8>(), 0..64), soup in "[\\[\\]{}\",:0-9.eE+\\-\\\\ut rulefans \n\u{1}]{0,40}",
    ) {
        agree(&bytes)?;
        agree(soup.as_bytes())?;
    }

    #[test]
    fn long_strings_are_searched_to_the_byte(before in "[a-zä]{0,40}", special in any::<u8>(), after in "[a-zä]{0,40}") {
        let mut body = format!("\"{before}").into_bytes();
        body.push(special);
        body.extend_from_slice(after.as_bytes());
        body.push(b'"');
        agree(&body)?;
    }
}
