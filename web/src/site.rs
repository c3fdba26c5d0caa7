use std::collections::HashMap;
use std::sync::Arc;

use cards::{Card, Page, Reader};
use chrono::Utc;
use chrono_tz::Tz;
use console::Ctx;
use url::Url;

use crate::brief::Briefs;

/// Help in general, or on the command of this name where there is one.
pub type Help = Arc<dyn Fn(Option<&str>) -> Option<Card> + Send + Sync>;

/// What the pages are made from.
#[derive(Clone)]
pub struct State {
    /// Where facts come from.
    pub ctx: Ctx,
    /// The address below which readers find the pages.
    pub public: Url,
    /// What can be asked.
    pub help: Help,
    /// Whether the demo's chat is there to be linked to.
    pub demo: bool,
}

/// The state with what pages share.
pub(crate) struct Site {
    pub(crate) state: State,
    pub(crate) briefs: Briefs,
    /// Nobody is mentioned on a page: its reader has no account anywhere.
    mentions: HashMap<String, String>,
}

impl Site {
    pub(crate) fn new(state: State) -> Self {
        Self { state, briefs: Briefs::default(), mentions: HashMap::new() }
    }

    pub(crate) fn reader(&self) -> Reader<'_> {
        Reader { public: &self.state.public, mentions: &self.mentions, zone: Tz::UTC, now: Some(Utc::now()) }
    }

    /// A page as a link: a path on whatever host the reader came to, below the path of the public address.
    pub(crate) fn href(&self, page: &Page) -> String {
        // Without slashes at its ends no path of the public address can turn this into another host.
        match self.state.public.path().trim_matches('/') {
            "" => page.to_string(),
            base => format!("/{base}{page}"),
        }
    }

    /// The page at these path segments, as a link.
    pub(crate) fn path<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> String {
        self.href(&Page::at(segments))
    }
}
