//! The style sheet and the icon, from memory.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

pub(crate) const SHEET: &str = include_str!("style.css");

const ICON: &str = include_str!("icon.svg");

/// The style sheet's file name, which changes with its content.
pub(crate) static NAME: LazyLock<String> = LazyLock::new(|| format!("style.{:016x}.css", digest(SHEET.as_bytes())));

/// The style sheet. A name with another digest comes from a page of a replica that is older or newer: it is better
/// drawn with this sheet than with none, but must not be kept.
pub(crate) async fn sheet(Path(name): Path<String>) -> impl IntoResponse {
    let keep = if name == *NAME { "public, max-age=31536000, immutable" } else { "no-store" };
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, keep)], SHEET)
}

pub(crate) async fn icon() -> impl IntoResponse {
    ([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=86400")], ICON)
}

/// FNV-1a, which tells versions apart and guards nothing.
/// <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |digest, byte| (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
