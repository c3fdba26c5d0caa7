use axum::http::HeaderMap;
use console::intake::Limits;
use domain::delivery;

use crate::event::{Event, Unclear};
use crate::scan::Fields;
use crate::signature::Claims;

/// A system that sends us signed events. One more is one more file that says this of it, and a line in [`crate::router`].
pub trait Source: Send + Sync + 'static {
    /// Its word.
    const NAME: delivery::Source;
    /// How much it may send, how long that may take, and in which content types.
    const LIMITS: Limits;
    /// Names of the headers that are kept with an event, in lower case.
    const KEPT: &'static [&'static str];
    /// The fields of a body that are looked at, each by the names that lead to it.
    const FIELDS: &'static [&'static [&'static str]];

    /// The signatures that a request claims, of which one must be right; none where they are missing, repeated or malformed.
    fn claims(headers: &HeaderMap) -> Option<Claims>;

    /// What a signed request with this body is; its fields are in the order of [`Source::FIELDS`].
    fn event(headers: &HeaderMap, fields: &Fields, body: &[u8]) -> Result<Event, Unclear>;
}
