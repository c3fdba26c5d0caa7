//! The forms in which Slack sends commands and presses.

use std::borrow::Cow;

use url::form_urlencoded;

/// A request that is signed but not what Slack is known to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a request as Slack sends it: {0}")]
pub struct Malformed(pub(super) &'static str);

/// The fields of a form; of a repeated one the first counts.
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Fields<'a> {
    /// Reads a form of UTF-8.
    pub(super) fn parse(body: &'a [u8]) -> Result<Self, Malformed> {
        let raw: Vec<(Cow<str>, Cow<str>)> = form_urlencoded::parse(body).collect();
        // The parser replaces what is not UTF-8, also where it was percent-encoded; Slack sends none. What it did not have to write
        // anew is as it came.
        let sound = raw.iter().flat_map(|(name, value)| [name, value]).all(|it| match it {
            Cow::Borrowed(_) => true,
            Cow::Owned(anew) => !anew.contains('\u{fffd}'),
        });
        // A typed replacement character is legitimate, and then its own encoding is there.
        let typed = || body.windows(9).any(|it| it.eq_ignore_ascii_case(b"%EF%BF%BD"));
        if sound || typed() { Ok(Self(raw)) } else { Err(Malformed("it is not UTF-8")) }
    }

    /// A field, if it says something.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(it, _)| it == name)?;
        Some(self.0.remove(at).1.into_owned()).filter(|it| !it.is_empty())
    }

    /// A field that must say something.
    pub(super) fn need(&mut self, name: &str, missing: &'static str) -> Result<String, Malformed> {
        self.take(name).ok_or(Malformed(missing))
    }
}
