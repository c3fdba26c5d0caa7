//! JSON may hold zeros in texts; Postgres's texts may not.

use std::borrow::Cow;

use serde_json::Value;

const ZERO: &[u8] = br"\u0000";

/// The same body with something else in their place.
pub(crate) fn without_zeros(body: &[u8]) -> Cow<'_, [u8]> {
    let has = body.windows(ZERO.len()).any(|it| it == ZERO);
    let clean = || {
        let mut value: Value = serde_json::from_slice(body).ok()?;
        scrub(&mut value);
        serde_json::to_vec(&value).ok()
    };
    has.then(clean).flatten().map_or(Cow::Borrowed(body), Cow::Owned)
}

fn scrub(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(items) => items.iter_mut().for_each(scrub),
        Value::Object(fields) => fields.values_mut().for_each(scrub),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_replaced_wherever_a_text_is() {
        let clean = without_zeros(br#"{"a":["x\u0000y",{"b":"\u0000"}],"n":1}"#).into_owned();
        assert_eq!(clean, "{\"a\":[\"x\u{fffd}y\",{\"b\":\"\u{fffd}\"}],\"n\":1}".as_bytes());
        assert!(matches!(without_zeros(br#"{"a":"b"}"#), Cow::Borrowed(_)));
        assert!(matches!(without_zeros(br#"{"a":"\u0000"#), Cow::Borrowed(_)), "what is no JSON stays");
    }
}
