//! LDIF, content records only: <https://www.rfc-editor.org/rfc/rfc2849>.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Dn, Entry};

/// Where a text is not LDIF, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) line: usize,
    pub(super) reason: String,
}

/// The entries of a text, in its order. Changes other than `add`, and values that lie in other files, are refused.
pub(super) fn parse(text: &str) -> Result<Vec<Entry>, Malformed> {
    let mut names = HashSet::new();
    let (mut entries, mut current): (Vec<Entry>, Option<Entry>) = (Vec::new(), None);
    for (line, content) in logical_lines(text)? {
        let malformed = |reason: String| Malformed { line, reason };
        if content.is_empty() {
            entries.extend(current.take());
            continue;
        }
        let (name, value) = attribute(&content).map_err(malformed)?;
        match (name.as_str(), &mut current) {
            ("version", None) if entries.is_empty() && value == b"1" => (),
            ("dn", None) => {
                let dn = String::from_utf8(value).map_err(|_| malformed("the DN is not UTF-8".to_owned()))?;
                let key = Dn::parse(&dn).ok_or_else(|| malformed(format!("{dn:?} is not a DN")))?;
                if !names.insert(key) {
                    return Err(malformed(format!("a second entry {dn}")));
                }
                current = Some(Entry { dn, attributes: BTreeMap::new() });
            }
            ("changetype", Some(_)) if value == b"add" => (),
            ("changetype" | "control", _) => return Err(malformed("changes are not content".to_owned())),
            ("dn", Some(_)) => return Err(malformed("a blank line is missing before this entry".to_owned())),
            (_, Some(entry)) => entry.attributes.entry(name).or_default().push(value),
            (_, None) => return Err(malformed("an entry begins with its dn".to_owned())),
        }
    }
    entries.extend(current);
    Ok(entries)
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// Unfolded lines without comments, each with the number of its first line; blank ones end an entry.
fn logical_lines(text: &str) -> Result<Vec<(usize, String)>, Malformed> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let physical = text.split('\n').map(|it| it.strip_suffix('\r').unwrap_or(it));
    for (number, line) in physical.enumerate().map(|(at, it)| (at + 1, it)) {
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(rest), Some((_, last))) if !last.is_empty() => last.push_str(rest),
            (Some(_), _) => {
                return Err(Malformed { line: number, reason: "nothing to continue".to_owned() });
            }
            (None, _) => lines.push((number, line.to_owned())),
        }
    }
    lines.retain(|(_, it)| !it.starts_with('#'));
    Ok(lines)
}

/// The name, in lower case, and the value of one line.
fn attribute(line: &str) -> Result<(String, Vec<u8>), String> {
    let (name, rest) = line.split_once(':').ok_or_else(|| "a colon is missing".to_owned())?;
    let valid = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'.' | b';' | b'=');
    if name.is_empty() || !name.bytes().all(valid) {
        return Err(format!("{name:?} is not the name of an attribute"));
    }
    let value = match rest.as_bytes().first() {
        Some(b':') => STANDARD.decode(rest[1..].trim()).map_err(|_| "the value is not base64".to_owned())?,
        Some(b'<') => return Err("values in other files are not read".to_owned()),
        _ => rest.trim_start_matches(' ').as_bytes().to_vec(),
    };
    Ok((name.to_ascii_lowercase(), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        match parse(text) {
            Err(malformed) => malformed.to_string(),
            Ok(entries) => {
                let attribute = |(name, values): (&String, &Vec<Vec<u8>>)| {
                    let values: Vec<_> = values.iter().map(|it| String::from_utf8_lossy(it)).collect();
                    format!("  {name} = {values:?}\n")
                };
                let entry =
                    |it: &Entry| it.dn.clone() + "\n" + &it.attributes.iter().map(attribute).collect::<String>();
                entries.iter().map(entry).collect()
            }
        }
    }

    #[test]
    fn folds_base64_and_comments_are_read() {
        let text = "version: 1\r\n# a comment\r\n  that goes on\r\ndn: cn=a,\r\n dc=x\r\ncn: a\nCN:: w6k=\ndescription:   spaced \n\n\n\
                    dn:: Y249YixkYz14\nchangetype: add\nempty:\n";
        insta::assert_snapshot!(shown(text), @r#"
        cn=a,dc=x
          cn = ["a", "é"]
          description = ["spaced "]
        cn=b,dc=x
          empty = [""]
        "#);
    }

    #[test]
    fn what_is_not_content_is_refused_with_its_line() {
        let cases = [
            "cn: a",
            " dn: cn=a",
            "dn: cn=a\nfile:< file:///etc/passwd",
            "dn: cn=a\nchangetype: delete",
            "dn: cn=a\nnot an attribute",
            "dn: cn=a\nphoto:: ***",
            "dn: cn=a\ndn: cn=b",
            "dn: cn=a\n\ndn: CN=A",
            "dn: nonsense",
            "dn: cn=a\n\n folded",
        ];
        insta::assert_snapshot!(cases.map(shown).join("\n"), @r#"
        line 1: an entry begins with its dn
        line 1: nothing to continue
        line 2: values in other files are not read
        line 2: changes are not content
        line 2: a colon is missing
        line 2: the value is not base64
        line 2: a blank line is missing before this entry
        line 3: a second entry CN=A
        line 1: "nonsense" is not a DN
        line 3: nothing to continue
        "#);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[a-d:< \n#dn=é]{0,60}") {
            let _ = parse(&text);
        }

        #[test]
        fn any_value_survives_base64_and_folding(value in any::<Vec<u8>>(), width in 1usize..20) {
            let written: Vec<char> = STANDARD.encode(&value).chars().collect();
            let folded: Vec<String> = written.chunks(width).map(|it| it.iter().collect()).collect();
            let entries = parse(&format!("dn: cn=a\nv:: {}\n", folded.join("\n "))).ok();
            let read = entries.and_then(|it| it[0].attributes["v"].first().cloned());
            prop_assert_eq!(read, Some(value));
        }
    }
}
