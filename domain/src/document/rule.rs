//! The character rules of a document's envelope.
//! <https://backstage.io/docs/features/software-catalog/descriptor-format>

use crate::reference::{MAX_PART, dashed, name_rule};

const MAX_PREFIX: usize = 253;

type Check = Result<(), &'static str>;

pub(super) fn api_version(text: &str) -> Check {
    let (prefix, version) = split(text);
    let good = !version.is_empty() && version.bytes().all(|it| it.is_ascii_alphanumeric());
    if good && prefix.is_none_or(is_dns) {
        return Ok(());
    }
    Err("must be a version such as backstage.io/v1alpha1")
}

/// The key of a label or an annotation.
pub(super) fn key(text: &str) -> Check {
    let (prefix, name) = split(text);
    if prefix.is_none_or(is_dns) && name_rule(name).is_ok() {
        return Ok(());
    }
    Err("is not a valid key such as example.com/name")
}

pub(super) fn label_value(text: &str) -> Check {
    if text.is_empty() || name_rule(text).is_ok() {
        return Ok(());
    }
    Err("must be empty or up to 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit")
}

pub(super) fn tag(text: &str) -> Check {
    let allowed = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, b':' | b'+' | b'#');
    // Unlike a namespace, a tag never has two dashes in a row.
    if text.len() <= MAX_PART && dashed(text, allowed) && !text.contains("--") {
        return Ok(());
    }
    Err("a tag is up to 63 lower-case letters, digits, ':', '+' and '#', in words joined by '-'")
}

/// An absolute address that cannot run a script in the page that shows it.
pub(super) fn url(text: &str) -> Check {
    let parsed = url::Url::parse(text).map_err(|_| "a link must be an absolute URL")?;
    match parsed.scheme() {
        "javascript" | "vbscript" | "data" => Err("a link must not be a script or data URL"),
        _ => Ok(()),
    }
}

fn split(text: &str) -> (Option<&str>, &str) {
    match text.split_once('/') {
        Some((prefix, rest)) => (Some(prefix), rest),
        None => (None, text),
    }
}

fn is_dns(prefix: &str) -> bool {
    let word = |it: &str| it.len() <= MAX_PART && dashed(it, |it| it.is_ascii_lowercase() || it.is_ascii_digit());
    prefix.len() <= MAX_PREFIX && prefix.split('.').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(check: fn(&str) -> Check, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(check(text), Ok(()), "{text:?} was refused");
        }
        for text in bad {
            assert!(check(text).is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn versions_have_an_optional_domain() {
        accepts(
            api_version,
            &["v1", "backstage.io/v1alpha1", "a-b.c/V1"],
            &["", "/v1", "backstage.io/", "Backstage.io/v1", "a/b/v1", "v1.1", "-a/v1", "a..b/v1"],
        );
    }

    #[test]
    fn keys_have_an_optional_domain_and_a_name() {
        let long = format!("{}/x", "a.".repeat(130));
        accepts(
            key,
            &["a", "a.b/c_D.e", "backstage.io/orphan"],
            &["", "a/", "/a", "a b", "A.b/c", "a/b/c", "a/-b", &long],
        );
    }

    #[test]
    fn labels_may_be_empty() {
        accepts(label_value, &["", "a", "A-b_c.d"], &["-", "a b", "a/b", &"x".repeat(64)]);
    }

    #[test]
    fn tags_are_lower_case_words() {
        accepts(
            tag,
            &["java", "c++", "c#", "a:b", "a-b"],
            &["", "Java", "a--b", "-a", "a-", "a_b", "ä", &"x".repeat(64)],
        );
    }

    #[test]
    fn links_are_absolute_and_harmless() {
        accepts(
            url,
            &["https://a.example/x", "mailto:a@b.example", "slack://channel?id=1"],
            &["", "/x", "x", "javascript:alert(1)", "JavaScript:alert(1)", " data:text/html,x", "https://"],
        );
    }
}
