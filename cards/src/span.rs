use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::Page;

/// One run of text. There is no markup in any of them: each renderer escapes once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Words as they are.
    Plain(String),
    /// A name, path or command that a reader may copy.
    Code(String),
    /// Words that lead somewhere.
    Link {
        /// The words.
        label: String,
        /// Where they lead.
        target: Target,
    },
    /// A person; a mention where the reader's platform knows an account of theirs, else their name.
    Person {
        /// Entity name of the person in the directory.
        name: String,
        /// What people call them.
        display: String,
    },
    /// A moment, told in the reader's own zone.
    Time {
        /// The moment.
        at: DateTime<Utc>,
        /// How it is told.
        style: TimeStyle,
    },
}

/// How a moment is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeStyle {
    /// Date and time of day.
    Moment,
    /// Distance from now, such as "5 minutes ago".
    Ago,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Another site, by https.
    Site(Site),
    /// A page of our own web view.
    Page(Page),
}

/// An https address with a host and without credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Site(Url);

impl Site {
    /// The address, percent-encoded.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl TryFrom<String> for Site {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = Url::parse(&text).map_err(|_| "not an address")?;
        let plain = url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none();
        // `|` and `>` end a link in Slack's markup, and `url` leaves them alone in fragments and queries.
        let safe = !url.as_str().contains(['<', '>', '|', '"', '\'', '`', ' ', '(', ')', '\\']);
        (plain && safe).then_some(Self(url)).ok_or("not a plain https address")
    }
}

impl From<Site> for String {
    fn from(site: Site) -> Self {
        site.0.into()
    }
}

/// Spans in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub Vec<Span>);

impl Text {
    /// Words as they are.
    pub fn plain(words: impl Into<String>) -> Self {
        Self(vec![Span::Plain(words.into())])
    }

    /// A name, path or command that a reader may copy.
    pub fn code(words: impl Into<String>) -> Self {
        Self(vec![Span::Code(words.into())])
    }

    /// Words that lead to a page of our own.
    pub fn page(label: impl Into<String>, page: Page) -> Self {
        Self(vec![Span::Link { label: label.into(), target: Target::Page(page) }])
    }

    /// Words that lead to another site; plain words where the address is not a plain https one.
    pub fn site(label: impl Into<String>, address: &str) -> Self {
        let label = label.into();
        match Site::try_from(address.to_string()) {
            Ok(site) => Self(vec![Span::Link { label, target: Target::Site(site) }]),
            Err(_) => Self::plain(label),
        }
    }

    /// A person.
    pub fn person(name: impl Into<String>, display: impl Into<String>) -> Self {
        Self(vec![Span::Person { name: name.into(), display: display.into() }])
    }

    /// A moment with its date.
    pub fn moment(at: DateTime<Utc>) -> Self {
        Self(vec![Span::Time { at, style: TimeStyle::Moment }])
    }

    /// A moment as its distance from now.
    pub fn ago(at: DateTime<Utc>) -> Self {
        Self(vec![Span::Time { at, style: TimeStyle::Ago }])
    }

    /// This text followed by another.
    pub fn then(mut self, next: impl Into<Self>) -> Self {
        self.0.extend(next.into().0);
        self
    }

    /// Texts in a row, with a separator between them.
    pub fn joined(texts: impl IntoIterator<Item = Self>, separator: &str) -> Self {
        let mut joined = Self::default();
        for (index, text) in texts.into_iter().enumerate() {
            if index > 0 {
                joined.0.push(Span::Plain(separator.into()));
            }
            joined.0.extend(text.0);
        }
        joined
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|it| matches!(it, Span::Plain(words) if words.is_empty()))
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self::plain(words)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self::plain(words)
    }
}

impl From<Span> for Text {
    fn from(span: Span) -> Self {
        Self(vec![span])
    }
}
