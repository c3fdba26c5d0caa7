//! The part of an address after the question mark, which anybody may have written.

use console::search::Scope;

/// Pages beyond this are nobody's.
const MAX_PAGE: u32 = 1_000;

/// What a page is asked for. Whatever is missing, repeated or makes no sense is as if it were not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn read(raw: &str) -> Self {
        Self(url::form_urlencoded::parse(raw.as_bytes()).into_owned().collect())
    }

    /// The words to look for, without space around them.
    pub(crate) fn words(&self) -> &str {
        self.first("q").unwrap_or_default().trim()
    }

    /// Which page of a list, from 1.
    pub(crate) fn page(&self) -> u32 {
        self.first("page").and_then(|it| it.parse().ok()).map_or(1, |it: u32| it.clamp(1, MAX_PAGE))
    }

    pub(crate) fn scope(&self) -> Scope {
        match self.first("kind") {
            Some("user") => Scope::People,
            Some("group") => Scope::Groups,
            _ => Scope::All,
        }
    }

    /// Whether it is asked how much somebody has to do.
    pub(crate) fn load(&self) -> bool {
        self.first("load") == Some("yes")
    }

    /// What somebody brings back who was sent to sign in elsewhere.
    pub(crate) fn state(&self) -> Option<&str> {
        self.first("state")
    }

    /// What the place where they signed in gave them.
    pub(crate) fn code(&self) -> Option<&str> {
        self.first("code")
    }

    /// Whether they did not want to sign in, or were refused.
    pub(crate) fn is_refused(&self) -> bool {
        self.first("error").is_some()
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_form_sends() {
        let query = Query::read("q=+pay%26+ments+&page=3&kind=group");
        assert_eq!((query.words(), query.page(), query.scope()), ("pay& ments", 3, Scope::Groups));
    }

    #[test]
    fn makes_do_with_anything() {
        for raw in
            ["", "&&==&", "page=0", "page=-1", "page=x", "page=99999999999999", "page", "kind=User&page=%00", "%"]
        {
            let query = Query::read(raw);
            assert_eq!((query.words(), query.page(), query.scope()), ("", 1, Scope::All), "{raw}");
        }
        assert_eq!(Query::read("page=4000000000").page(), 1_000);
        assert_eq!(Query::read("q=a&q=b").words(), "a");
        assert_eq!(Query::read("q=%ff%00").words(), "\u{fffd}\0");
    }
}
