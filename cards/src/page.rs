use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// A page of our own web view, as a path that starts with exactly one `/`; joined to the public address when rendered.
///
/// There is no way to make one that leads to another host.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Page(String);

impl Page {
    /// The page at these path segments, each percent-encoded.
    pub fn at<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut url = origin();
        if let Ok(mut path) = url.path_segments_mut() {
            // A dot segment would climb, and `url` drops it silently: keep it as text by encoding its dots.
            path.clear().extend(segments.into_iter().filter(|it| !it.is_empty()).map(|it| match it {
                "." => "%2e",
                ".." => "%2e%2e",
                _ => it,
            }));
        }
        Self(url.path().replace("%252e", "%2e"))
    }

    /// The same page with one more query parameter.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let (path, query) = self.0.split_once('?').unwrap_or((&self.0, ""));
        let mut url = origin();
        url.set_query((!query.is_empty()).then_some(query));
        url.query_pairs_mut().append_pair(name, value);
        Self(format!("{path}?{}", url.query().unwrap_or_default()))
    }

    /// The path and query, as written in a link of the web view.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The full address below the public one.
    pub fn join(&self, public: &Url) -> String {
        format!("{}{}", public.as_str().trim_end_matches('/'), self.0)
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Page> for String {
    fn from(page: Page) -> Self {
        page.0
    }
}

impl TryFrom<String> for Page {
    type Error = &'static str;

    fn try_from(path: String) -> Result<Self, Self::Error> {
        let plain = path.bytes().all(|it| (0x21..0x7f).contains(&it) && !b"\"'<>\\`".contains(&it));
        if plain && path.starts_with('/') && !path.starts_with("//") {
            Ok(Self(path))
        } else {
            Err("a page is a path that starts with one slash")
        }
    }
}

/// A base to borrow the URL parser's encoding from; it never appears in a result.
fn origin() -> Url {
    #[expect(clippy::unwrap_used, reason = "a constant that parses")]
    Url::parse("http://x/").unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_encoded() {
        assert_eq!(Page::at(["search", "a/b c?d#e\"<é"]).as_str(), "/search/a%2Fb%20c%3Fd%23e%22%3C%C3%A9");
        assert_eq!(Page::at(["..", "x"]).as_str(), "/%2e%2e/x");
    }

    #[test]
    fn stays_on_our_host() {
        for bad in ["//evil.example", "https://evil.example", "/a b", "", "x", "/a\"b", "/\\evil"] {
            assert!(Page::try_from(bad.to_string()).is_err(), "{bad}");
        }
        assert_eq!(Page::at(["", "evil.example"]).as_str(), "/evil.example");
    }

    #[test]
    fn joins_with_one_slash() {
        let public = Url::parse("https://pin.example/console/").unwrap();
        let page = Page::at(["search"]).with("q", "a&b").with("page", "2");
        assert_eq!(page.join(&public), "https://pin.example/console/search?q=a%26b&page=2");
    }
}
