//! What people type to name a pull request.

use url::Url;

/// A pull request as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// `owner/name`, or a name alone; nothing where only the number was said.
    pub(super) repository: Option<String>,
    pub(super) number: i32,
}

impl Reference {
    /// Reads an address at GitHub or GitHub Enterprise, `owner/name#7`, `name#7`, `owner/name/7`, `#7` and `7`.
    pub(super) fn read(words: &str) -> Option<Self> {
        let words = words.trim().trim_matches(['<', '>']);
        if let Some(found) = Url::parse(words).ok().as_ref().and_then(address) {
            return Some(found);
        }
        let (before, number) = match words.rsplit_once('#') {
            Some((before, number)) => (before, number),
            None => words.rsplit_once(['/', ' ']).unwrap_or(("", words)),
        };
        let repository = before.trim();
        let number = number.trim().parse().ok().filter(|it| *it > 0)?;
        let known = repository.split('/').count() <= 2 && repository.chars().all(named);
        known.then(|| Self { repository: (!repository.is_empty()).then(|| repository.to_string()), number })
    }
}

/// What names of owners and repositories consist of, and what stands between them.
fn named(it: char) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | '/')
}

fn address(url: &Url) -> Option<Reference> {
    let mut path = url.path_segments()?;
    let (owner, name, kind, number) = (path.next()?, path.next()?, path.next()?, path.next()?);
    let number = number.parse().ok().filter(|it| *it > 0)?;
    matches!(kind, "pull" | "pulls" | "issues")
        .then(|| Reference { repository: Some(format!("{owner}/{name}")), number })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Option<(Option<String>, i32)> {
        Reference::read(words).map(|it| (it.repository, it.number))
    }

    #[test]
    fn every_way_in_which_people_name_one_is_read() {
        let whole = Some((Some("mosaic-lane/pay.ments".into()), 7));
        for words in [
            "https://github.com/mosaic-lane/pay.ments/pull/7",
            "<https://github.com/mosaic-lane/pay.ments/pull/7/files#diff-1>",
            "https://git.mosaic.example/mosaic-lane/pay.ments/pull/7?w=1",
            "mosaic-lane/pay.ments#7",
            " mosaic-lane/pay.ments/7 ",
            "mosaic-lane/pay.ments 7",
        ] {
            assert_eq!(read(words), whole, "{words}");
        }
        assert_eq!(read("payments#7"), Some((Some("payments".into()), 7)));
        assert_eq!((read("#7"), read("7")), (Some((None, 7)), Some((None, 7))));
    }

    #[test]
    fn what_names_none_is_nothing() {
        for words in ["", "#", "#0", "-7", "payments", "a/b/c#7", "https://github.com/a/b", "a b#7", "#99999999999"] {
            assert_eq!(read(words), None, "{words}");
        }
    }
}
