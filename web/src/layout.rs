//! What surrounds the content of every page.

use console::Asks;
use maud::{DOCTYPE, Markup, html};

use crate::style;
use crate::visit::Visit;

/// Longer searches are not repeated in the search field.
const MAX_WORDS: usize = 100;

/// A page's content, to be framed.
pub(crate) struct Frame<'a> {
    pub(crate) title: &'a str,
    pub(crate) main: Markup,
    /// Whether the content has the search field itself.
    pub(crate) hero: bool,
}

impl Frame<'_> {
    pub(crate) fn draw(self, visit: &Visit) -> Markup {
        let site = &visit.site;
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { (named(self.title)) }
                    link rel="icon" type="image/svg+xml" href=(site.path(["favicon.svg"]));
                    link rel="stylesheet" href=(site.path(["assets", style::NAME.as_str()]));
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    header.bar {
                        a.brand href=(site.path([])) { (LOGO) span { "PinConsole" } }
                        @if !self.hero { (search(visit)) }
                        (navigation(visit))
                    }
                    main id="main" tabindex="-1" { (self.main) }
                    footer { p { "The same answers as in chat and in the terminal." } }
                }
            }
        }
    }
}

/// The search field, with the words that the page is about.
pub(crate) fn search(visit: &Visit) -> Markup {
    let words: String = plain(visit.query.words()).chars().take(MAX_WORDS).collect();
    html! {
        form.search role="search" method="get" action=(visit.site.path(["search"])) {
            label.hidden for="q" { "Search for services, people and teams" }
            input id="q" name="q" type="search" value=(words) maxlength=(MAX_WORDS) autocomplete="off"
                autocapitalize="none" spellcheck="false" placeholder="Search services, people, teams";
            button type="submit" { "Search" }
        }
    }
}

fn navigation(visit: &Visit) -> Markup {
    let chat = visit.site.state.demo.then(|| cards::Page::at(["demo", "chat"]));
    let pages = [
        ("Chat", chat),
        ("On call", Asks::oncall_all(1).page),
        ("Incidents", Asks::incident_list(None, 1).page),
        ("Pull requests", Asks::pulls(None, 1).page),
        ("Status", Some(cards::Page::at(["status"]))),
        ("Help", Asks::help().page),
    ];
    html! {
        nav.pages aria-label="Main" {
            ul {
                @for (label, page) in pages.iter().filter_map(|(label, page)| page.as_ref().map(|it| (label, it))) {
                    li { a href=(visit.site.href(page)) aria-current=[here(&visit.path, page.as_str())] { (label) } }
                }
            }
        }
    }
}

/// Whether the reader is on this page, or below it.
fn here(path: &str, page: &str) -> Option<&'static str> {
    // One lies beside the list of them.
    let path = if page.ends_with("/prs") { path.replacen("/pr/", "/prs/", 1) } else { path.into() };
    let rest = path.strip_prefix(page)?;
    match rest {
        "" => Some("page"),
        _ => rest.starts_with('/').then_some("true"),
    }
}

fn named(title: &str) -> String {
    match plain(title).as_str() {
        "" | "PinConsole" => "PinConsole".into(),
        title => format!("{title} · PinConsole"),
    }
}

/// Words without what acts on a screen instead of being read: a title bar and a field know no escaping for that.
pub(crate) fn plain(words: &str) -> String {
    let acts = |it: char| it.is_control() || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    words.chars().filter(|it| !acts(*it)).collect::<String>().trim().to_string()
}

const LOGO: maud::PreEscaped<&str> = maud::PreEscaped(concat!(
    r##"<svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">"##,
    r##"<rect width="32" height="32" rx="10"/><path d="M9 10l6 6-6 6"/><circle cx="21.5" cy="21.5" r="2.5"/></svg>"##
));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_name_the_page_first() {
        assert_eq!(named("payments-api"), "payments-api · PinConsole");
        assert_eq!(named(" \u{202e}\u{1b} "), "PinConsole");
    }

    #[test]
    fn marks_where_the_reader_is() {
        assert_eq!(here("/help", "/help"), Some("page"));
        assert_eq!(here("/help/catalog", "/help"), Some("true"));
        assert_eq!(here("/helper", "/help"), None);
        assert_eq!(here("/", "/status"), None);
    }
}
