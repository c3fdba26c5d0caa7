use ldap3::ldap_unescape;

use super::Entry;

/// How deep filters may nest.
const MAX_DEPTH: usize = 32;

/// The part of <https://www.rfc-editor.org/rfc/rfc4515> that a text can answer without a schema: `&`, `|`, `!`,
/// presence, and equality in any case. Superclasses are not known: an entry must name each class that a filter asks
/// for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Present(String),
    Equal(String, String),
}

impl Filter {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match parse_one(text.trim(), 0)? {
            (filter, rest) if rest.trim().is_empty() => Ok(filter),
            (_, rest) => Err(format!("{rest:?} follows the filter")),
        }
    }

    pub(super) fn matches(&self, entry: &Entry) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|it| it.matches(entry)),
            Self::Any(parts) => parts.iter().any(|it| it.matches(entry)),
            Self::Not(part) => !part.matches(entry),
            Self::Present(name) => !entry.values(name).is_empty(),
            Self::Equal(name, wanted) => {
                entry.values(name).iter().any(|it| String::from_utf8_lossy(it).to_lowercase() == *wanted)
            }
        }
    }
}

fn parse_one(text: &str, depth: usize) -> Result<(Filter, &str), String> {
    let inside = text.strip_prefix('(').ok_or_else(|| format!("a bracket is missing before {text:?}"))?;
    if depth > MAX_DEPTH {
        return Err("the filter nests too deeply".to_owned());
    }
    let (filter, rest) = match inside.as_bytes().first() {
        Some(b'&') => parse_list(&inside[1..], depth).map(|(parts, rest)| (Filter::All(parts), rest)),
        Some(b'|') => parse_list(&inside[1..], depth).map(|(parts, rest)| (Filter::Any(parts), rest)),
        Some(b'!') => {
            parse_one(inside[1..].trim_start(), depth + 1).map(|(part, rest)| (Filter::Not(Box::new(part)), rest))
        }
        _ => parse_item(inside),
    }?;
    let rest = rest.trim_start().strip_prefix(')').ok_or_else(|| format!("a bracket is missing after {text:?}"))?;
    Ok((filter, rest))
}

fn parse_list(text: &str, depth: usize) -> Result<(Vec<Filter>, &str), String> {
    let (mut parts, mut rest) = (Vec::new(), text.trim_start());
    while rest.starts_with('(') {
        let (part, after) = parse_one(rest, depth + 1)?;
        parts.push(part);
        rest = after.trim_start();
    }
    Ok((parts, rest))
}

fn parse_item(text: &str) -> Result<(Filter, &str), String> {
    let end = text.find([')', '(']).unwrap_or(text.len());
    let (item, rest) = text.split_at(end);
    let (name, value) = item.split_once('=').ok_or_else(|| format!("{item:?} is not a comparison"))?;
    let name = name.trim();
    if name.is_empty() || !name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b';') {
        return Err(format!("({item}) is not supported here: only presence and equality are"));
    }
    let filter = match value {
        "*" => Filter::Present(name.to_owned()),
        value if value.contains('*') => return Err(format!("({item}) is not supported here: it has a wildcard")),
        value => {
            let value = ldap_unescape(value).map_err(|_| format!("{value:?} is not escaped well"))?;
            Filter::Equal(name.to_owned(), value.to_lowercase())
        }
    };
    Ok((filter, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn matches(filter: &str) -> Result<bool, String> {
        let attribute = |(name, values): (&str, &[&str])| {
            (name.to_owned(), values.iter().map(|it| it.as_bytes().to_vec()).collect::<Vec<_>>())
        };
        let attributes = [("objectclass", &["top", "inetOrgPerson"][..]), ("cn", &["A (b)*"][..])].map(attribute);
        let entry = Entry { dn: "cn=a".into(), attributes: BTreeMap::from(attributes) };
        Filter::parse(filter).map(|it| it.matches(&entry))
    }

    #[test]
    fn presence_equality_and_their_combinations_are_answered() {
        assert_eq!(matches("(objectClass=INETORGPERSON)"), Ok(true));
        assert_eq!(matches(r"(cn=a \28b\29\2a)"), Ok(true));
        assert_eq!(matches("(&(cn=*)(!(mail=*)))"), Ok(true));
        assert_eq!(matches("( | (mail=*) (cn=x) )".replace("( |", "(|").as_str()), Ok(false));
        assert_eq!(matches("(&)"), Ok(true));
        assert_eq!(matches("(|)"), Ok(false));
    }

    #[test]
    fn everything_else_is_refused() {
        let deep = format!("{}(a=b){}", "(!".repeat(40), ")".repeat(40));
        for filter in
            ["", "cn=a", "(cn=a*)", "(uidNumber>=5)", "(cn:dn:=a)", "(cn~=a)", "(cn=a)x", "(cn=a", "(&(cn=a)", &deep]
        {
            assert!(matches(filter).is_err(), "{filter}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[()&|!=*a\\\\2é ]{0,30}") {
            let _ = matches(&text);
        }
    }
}
