/// The field `payload` of a form, decoded; nothing where it is absent, repeated or malformed.
///
/// <https://url.spec.whatwg.org/#urlencoded-parsing>
pub(crate) fn payload(form: &[u8]) -> Option<Vec<u8>> {
    let mut payloads = form.split(|it| *it == b'&').filter_map(|it| it.strip_prefix(b"payload="));
    let payload = payloads.next()?;
    if payloads.next().is_some() {
        return None;
    }
    decode(payload)
}

fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        decoded.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, after) = rest.split_first_chunk::<2>()?;
                rest = after;
                let mut byte = [0];
                hex::decode_to_slice(digits, &mut byte).ok()?;
                byte[0]
            }
            other => *other,
        });
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payload_is_decoded() {
        let decoded = payload(b"x=1&payload=%7B%22a%22%3A+%22%C3%A4%2B%22%7d&y").expect("a payload");
        assert_eq!(String::from_utf8(decoded).expect("UTF-8"), "{\"a\": \"ä+\"}");
        for wrong in ["", "x=1", "payload", "payload=a&payload=b", "payload=%7", "payload=%zz", "payload=%"] {
            assert_eq!(payload(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
