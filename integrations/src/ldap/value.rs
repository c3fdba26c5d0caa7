use domain::directory::{Reason, Remark};
use uuid::Uuid;

use super::{Entry, Names};

/// Longest name or title that is kept, in characters; nobody reads more, and indexes do not take it.
pub(super) const LINE: usize = 200;
/// Longest description that is kept, in characters.
pub(super) const PARAGRAPH: usize = 500;
/// <https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3>, without the angle brackets.
const MAX_EMAIL: usize = 254;

/// Reads the values of one entry and remarks on those that cannot be taken.
pub(super) struct Values<'a> {
    pub(super) entry: &'a Entry,
    pub(super) remarks: &'a mut Vec<Remark>,
}

impl Values<'_> {
    /// The text of the first attribute that has exactly one value.
    pub(super) fn one<'n>(&mut self, names: impl Into<Option<&'n Names>>, limit: usize) -> Option<String> {
        let entry = self.entry;
        names.into().into_iter().flat_map(Names::iter).find_map(|name| match entry.values(name) {
            [value] => self.text(name, value, limit),
            _ => None,
        })
    }

    /// The first value that is an e-mail address.
    pub(super) fn email(&mut self, names: &Option<Names>) -> Option<String> {
        let entry = self.entry;
        let (name, value) =
            names.iter().flat_map(Names::iter).find_map(|name| Some((name, entry.values(name).first()?)))?;
        let text = self.text(name, value, usize::MAX)?;
        let valid = text.len() <= MAX_EMAIL
            && !text.contains(' ')
            && text.split_once('@').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
        if !valid {
            self.remark(Reason::Value(format!("{name} is not an e-mail address")));
        }
        valid.then_some(text)
    }

    /// The id, from text or from the sixteen bytes that Active Directory sends.
    pub(super) fn uuid(&mut self, names: &Option<Names>) -> Option<Uuid> {
        let entry = self.entry;
        let found = names.iter().flat_map(Names::iter).find_map(|name| match entry.values(name) {
            [value] => Some((name, value)),
            _ => None,
        });
        let Some((name, value)) = found else {
            self.remark(Reason::LeftOut(format!("it has no single {}", listed(names))));
            return None;
        };
        let id = guid(name, value);
        if id.is_none() {
            self.remark(Reason::LeftOut(format!("{name} is not a UUID")));
        }
        id
    }

    pub(super) fn remark(&mut self, reason: Reason) {
        self.remarks.push(Remark { dn: self.entry.dn.clone(), reason });
    }

    /// One line without control characters or direction overrides.
    fn text(&mut self, name: &str, value: &[u8], limit: usize) -> Option<String> {
        let Ok(text) = std::str::from_utf8(value) else {
            self.remark(Reason::Value(format!("{name} is not UTF-8 text")));
            return None;
        };
        if is_clean(text) && text.len() <= limit {
            return (!text.is_empty()).then(|| text.to_owned());
        }
        let line = one_line(text);
        if line.chars().count() > limit {
            self.remark(Reason::Value(format!("{name} is cut after {limit} characters")));
            return Some(line.chars().take(limit).collect());
        }
        (!line.is_empty()).then_some(line)
    }
}

/// The names in words.
pub(super) fn listed(names: &Option<Names>) -> String {
    let listed = names.iter().flat_map(Names::iter).collect::<Vec<_>>().join(" or ");
    if listed.is_empty() { "configured attribute".to_owned() } else { listed }
}

/// Active Directory stores the first three fields little-endian, so they are swapped when read:
/// <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-dtyp/001eec5a-7f8b-4293-9e21-ca349392db40>.
fn guid(name: &str, value: &[u8]) -> Option<Uuid> {
    match <[u8; 16]>::try_from(value) {
        Ok(bytes) if name.eq_ignore_ascii_case("objectGUID") => Some(Uuid::from_bytes_le(bytes)),
        _ => std::str::from_utf8(value).ok().and_then(|it| Uuid::parse_str(it.trim()).ok()),
    }
}

fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|it| if is_invisible(it) { ' ' } else { it }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text is one line already, as nearly all are.
fn is_clean(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|it| (b' '..=b'~').contains(it))
        && !bytes.starts_with(b" ")
        && !bytes.ends_with(b" ")
        && !bytes.windows(2).any(|it| it == b"  ")
}

fn is_invisible(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn values<T>(values: &[&[u8]], read: impl FnOnce(&mut Values, &Option<Names>) -> T) -> (T, usize) {
        let values = values.iter().map(|it| it.to_vec()).collect();
        let entry = Entry { dn: "cn=x".into(), attributes: BTreeMap::from([("objectguid".to_owned(), values)]) };
        let mut remarks = Vec::new();
        let read =
            read(&mut Values { entry: &entry, remarks: &mut remarks }, &Some(Names::new(["other", "objectGUID"])));
        (read, remarks.len())
    }

    #[test]
    fn binary_ids_are_written_like_their_owner_writes_them() {
        let bytes: [u8; 16] =
            [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
        let id = |value: &[u8]| values(&[value], |it, names| it.uuid(names)).0.map(|it| it.to_string());
        assert_eq!(id(&bytes).as_deref(), Some("00112233-4455-6677-8899-aabbccddeeff"));
        assert_eq!(id(b"abcdefghijklmnop").as_deref(), Some("64636261-6665-6867-696a-6b6c6d6e6f70"));
        assert_eq!(
            id(b"{00112233-4455-6677-8899-AABBCCDDEEFF}").as_deref(),
            Some("00112233-4455-6677-8899-aabbccddeeff")
        );
        assert_eq!(id(b"short"), None);
    }

    #[test]
    fn only_a_single_value_counts_but_the_first_address() {
        assert_eq!(values(&[b"a", b"b"], |it, names| it.one(names.as_ref(), LINE)), (None, 0));
        assert_eq!(values(&[b"a"], |it, names| it.one(names.as_ref(), LINE)), (Some("a".into()), 0));
        assert_eq!(values(&[b"a@x", b"b@x"], |it, names| it.email(names)), (Some("a@x".into()), 0));
        assert_eq!(values(&[b"nobody"], |it, names| it.email(names)), (None, 1));
        assert_eq!(values(&[b"a", b"b"], |it, names| it.uuid(names)), (None, 1));
    }

    #[test]
    fn hostile_text_becomes_one_short_line() {
        let one = |value: &[u8]| values(&[value], |it, names| it.one(names.as_ref(), 8));
        assert_eq!(one(b"a\0b\r\n\x1b[1m"), (Some("a b [1m".into()), 0));
        assert_eq!(one("x\u{202E}y".as_bytes()), (Some("x y".into()), 0));
        assert_eq!(one(b"\xff\xfe"), (None, 1));
        assert_eq!(one("ééééééééé".as_bytes()), (Some("éééééééé".into()), 1));
        assert_eq!(one(b" \0 "), (None, 0));
    }

    proptest! {
        #[test]
        fn what_is_taken_as_it_stands_is_one_line_already(text in "[a~ \\t\u{7f}é]{0,6}") {
            prop_assert!(!is_clean(&text) || one_line(&text) == text);
        }
    }
}
