//! Spans as HTML.

use chrono::SecondsFormat;
use maud::{Markup, html};

use crate::{Page, Reader, Span, Target, Text, TimeStyle, words};

/// The elements of a text.
pub(super) fn inline(text: &Text, reader: &Reader<'_>) -> Markup {
    html! { @for span in &text.0 { (self::span(span, reader)) } }
}

/// A page as a link of the web view, which may be reached by other addresses than the public one: a path on this host.
pub(super) fn path(page: &Page, reader: &Reader<'_>) -> String {
    // Without slashes at its ends no path of the public address can turn this into another host.
    match reader.public.path().trim_matches('/') {
        "" => page.to_string(),
        base => format!("/{base}{page}"),
    }
}

fn span(span: &Span, reader: &Reader<'_>) -> Markup {
    let words = words::of_span(span, reader);
    match span {
        Span::Plain(_) => html! {
            @for (index, line) in words.split('\n').enumerate() { @if index > 0 { br; } (line) }
        },
        Span::Code(_) => html! { code { (words) } },
        Span::Link { target: Target::Page(page), .. } => html! { a href=(path(page, reader)) { (words) } },
        Span::Link { target: Target::Site(site), .. } => html! {
            a href=(site.as_str()) rel="noopener noreferrer" { (words) }
        },
        Span::Person { .. } => html! { span.person { (words) } },
        Span::Time { at, style } => {
            // What a distance is from is said on request.
            let title = (*style == TimeStyle::Ago).then(|| words::moment(*at, reader.zone));
            html! { time datetime=(at.to_rfc3339_opts(SecondsFormat::Secs, true)) title=[title] { (words) } }
        }
    }
}
