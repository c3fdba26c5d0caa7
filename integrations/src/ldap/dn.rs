use unicode_normalization::UnicodeNormalization;

/// A distinguished name in the form in which names are compared: equal values, equal entries, however they were
/// written.
///
/// <https://www.rfc-editor.org/rfc/rfc4514>; case and spaces are folded as for `caseIgnoreMatch`, which naming attributes use.
///
/// It is kept as one text, in which names are short and in lower case, values folded, and separators within them escaped.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dn(String);

impl Dn {
    /// Reads a name; `None` when it is not one. The older ways of writing (quotes, semicolons, `OID.`) are understood
    /// too.
    pub fn parse(text: &str) -> Option<Self> {
        if is_plain(text) { Some(Self(text.to_ascii_lowercase())) } else { Self::parse_any(text) }
    }

    /// Reads a name however it is written.
    fn parse_any(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text.trim_start_matches(' ');
        while !rest.is_empty() {
            let (part, after) = parse_part(rest)?;
            let mut part: Vec<_> = part.into_iter().map(|(name, value)| (name, folded(value))).collect();
            part.sort();
            let written = part.into_iter().map(|(name, value)| format!("{name}={}", escaped(&value)));
            parts.push(written.collect::<Vec<_>>().join("+"));
            match after {
                Some(after) => rest = after,
                None => break,
            }
        }
        Some(Self(parts.join(",")))
    }

    /// Whether it is the name of the root, which stands for nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many levels it lies below `base`; `None` when it lies elsewhere.
    pub fn depth_below(&self, base: &Self) -> Option<usize> {
        let (own, base) = (self.levels(), base.levels());
        let depth = own.len().checked_sub(base.len())?;
        (own[depth..] == base[..]).then_some(depth)
    }

    fn levels(&self) -> Vec<&str> {
        let (mut levels, mut begin, mut escaped) = (Vec::new(), 0, false);
        for (at, byte) in self.0.bytes().enumerate() {
            match byte {
                b'\\' => escaped = !escaped,
                b',' if !escaped => {
                    levels.push(&self.0[begin..at]);
                    begin = at + 1;
                }
                _ => escaped = false,
            }
        }
        levels.extend((!self.is_empty()).then(|| &self.0[begin..]));
        levels
    }
}

/// Whether nothing but capitals keeps a name from its comparable form, as with nearly all that servers send.
fn is_plain(text: &str) -> bool {
    const SHORT: [&str; 8] = ["uid", "cn", "ou", "dc", "o", "l", "st", "c"];
    text.split(',').all(|part| {
        let Some((name, value)) = part.split_once('=') else { return false };
        SHORT.iter().any(|it| it.eq_ignore_ascii_case(name))
            && !value.is_empty()
            && value.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.@".contains(&it))
    })
}

/// A value whose separators are told from those of the name.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for letter in value.chars() {
        if matches!(letter, ',' | '+' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// The value of an attribute in the entry's own part of its name, as it was written but without escapes.
pub(super) fn own_value(dn: &str, attribute: &str) -> Option<String> {
    let (part, _) = parse_part(dn.trim_start_matches(' '))?;
    let wanted = canonical(attribute)?;
    let (_, value) = part.into_iter().find(|(name, _)| *name == wanted)?;
    String::from_utf8(value).ok()
}

type Part = Vec<(String, Vec<u8>)>;

/// One part of a name and what follows its separator; `Some("")` after a trailing separator is refused.
fn parse_part(text: &str) -> Option<(Part, Option<&str>)> {
    let (mut part, mut rest) = (Vec::new(), text);
    loop {
        let (name, after) = rest.split_once('=')?;
        let (value, after) = parse_value(after.trim_start_matches(' '))?;
        part.push((canonical(name)?, value));
        let Some(separator) = after.chars().next() else { return Some((part, None)) };
        rest = &after[1..];
        if rest.trim_matches(' ').is_empty() {
            return None;
        }
        if separator != '+' {
            return Some((part, Some(rest)));
        }
    }
}

/// An attribute's short name in lower case: <https://www.rfc-editor.org/rfc/rfc4514#section-3>.
fn canonical(name: &str) -> Option<String> {
    let name = name.trim_matches(' ').to_ascii_lowercase();
    let name = name.strip_prefix("oid.").unwrap_or(&name);
    let valid = !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'.');
    let short = match name {
        "2.5.4.3" | "commonname" => "cn",
        "2.5.4.7" | "localityname" => "l",
        "2.5.4.8" | "stateorprovincename" => "st",
        "2.5.4.10" | "organizationname" => "o",
        "2.5.4.11" | "organizationalunitname" => "ou",
        "2.5.4.6" | "countryname" => "c",
        "2.5.4.9" | "streetaddress" => "street",
        "0.9.2342.19200300.100.1.25" | "domaincomponent" => "dc",
        "0.9.2342.19200300.100.1.1" | "userid" => "uid",
        other => other,
    };
    valid.then(|| short.to_owned())
}

/// A value without its escapes, and what follows it, its separator first.
fn parse_value(text: &str) -> Option<(Vec<u8>, &str)> {
    match text.as_bytes().first() {
        Some(b'#') => parse_hex(&text[1..]),
        Some(b'"') => parse_quoted(&text[1..]),
        _ => parse_plain(text),
    }
}

fn parse_plain(text: &str) -> Option<(Vec<u8>, &str)> {
    let (bytes, mut value, mut at, mut end) = (text.as_bytes(), Vec::new(), 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b',' | b';' | b'+' => break,
            b'"' | b'<' | b'>' | 0 => return None,
            b'\\' => {
                at += unescape(&bytes[at + 1..], &mut value)?;
                end = value.len();
            }
            b' ' => value.push(b' '),
            byte => {
                value.push(*byte);
                end = value.len();
            }
        }
        at += 1;
    }
    // Spaces at the end count only when they were escaped.
    value.truncate(end);
    Some((value, text.get(at..)?))
}

fn parse_quoted(text: &str) -> Option<(Vec<u8>, &str)> {
    let (bytes, mut value, mut at) = (text.as_bytes(), Vec::new(), 0);
    loop {
        match bytes.get(at)? {
            b'"' => return Some((value, separated(text.get(at + 1..)?)?)),
            b'\\' => at += unescape(&bytes[at + 1..], &mut value)?,
            byte => value.push(*byte),
        }
        at += 1;
    }
}

/// The BER form; of strings the content is the value.
fn parse_hex(text: &str) -> Option<(Vec<u8>, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_hexdigit).count();
    let ber = hex::decode(&text[..digits]).ok().filter(|it| !it.is_empty())?;
    let value = match ber.as_slice() {
        // Octet, UTF-8, printable and IA5 strings shorter than 128 bytes.
        [0x04 | 0x0c | 0x13 | 0x16, length @ ..=0x7f, content @ ..] if content.len() == usize::from(*length) => {
            content.to_vec()
        }
        // Never UTF-8, so it equals no text.
        _ => [&[0xff], ber.as_slice()].concat(),
    };
    Some((value, separated(&text[digits..])?))
}

/// Takes what follows a backslash and answers how long it was.
fn unescape(bytes: &[u8], value: &mut Vec<u8>) -> Option<usize> {
    let digit = |at: usize| bytes.get(at).and_then(|it| char::from(*it).to_digit(16));
    match (digit(0), digit(1)) {
        (Some(high), Some(low)) => {
            value.push((high * 16 + low) as u8);
            Some(2)
        }
        _ => match bytes.first()? {
            byte @ (b' ' | b'"' | b'#' | b'+' | b',' | b';' | b'<' | b'=' | b'>' | b'\\') => {
                value.push(*byte);
                Some(1)
            }
            _ => None,
        },
    }
}

/// What begins with a separator, or nothing.
fn separated(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(' ');
    (text.is_empty() || text.starts_with([',', ';', '+'])).then_some(text)
}

/// The form in which values are compared; bytes that are no text keep their own.
fn folded(value: Vec<u8>) -> String {
    let text = match String::from_utf8(value) {
        Ok(text) if text.is_ascii() => text.to_ascii_lowercase(),
        Ok(text) => text.nfkc().flat_map(char::to_lowercase).nfkc().collect(),
        // Folded text has no capitals, so this equals none.
        Err(bytes) => return format!("HEX {}", hex::encode(bytes.into_bytes())),
    };
    text.split(' ').filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[path = "dn_tests.rs"]
mod tests;
