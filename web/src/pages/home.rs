use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use console::Asks;
use maud::{Markup, html};

use crate::answer;
use crate::brief::Brief;
use crate::layout::{self, Frame};
use crate::visit::Visit;

/// The search field, three searches to try, and how much there is to find.
pub(crate) async fn home(visit: Visit) -> Response {
    match visit.site.briefs.now(visit.ctx()).await {
        Ok(brief) => Frame { title: "PinConsole", main: main(&visit, &brief), hero: true }.draw(&visit).into_response(),
        Err(failure) => answer::failed(&visit, &failure, StatusCode::SERVICE_UNAVAILABLE),
    }
}

fn main(visit: &Visit, brief: &Brief) -> Markup {
    html! {
        section.hero {
            h1 { "What is it, and who looks after it?" }
            p { "PinConsole knows the company’s services, people and teams, and answers the same here, in chat and in a terminal." }
            (layout::search(visit))
            (examples(visit))
        }
        div.sheet.brief { (cards::html::section(&brief.card(), &visit.site.reader())) }
    }
}

fn examples(visit: &Visit) -> Markup {
    let examples = [
        ("payments", Asks::search("payments", 1)),
        ("paymnets, with a typing error", Asks::search("paymnets", 1)),
        ("teams for data", Asks::groups("data", 1)),
    ];
    html! {
        nav.actions aria-label="Searches to try" {
            ul {
                @for (label, ask) in &examples {
                    @if let Some(page) = &ask.page { li { a href=(visit.site.href(page)) { (label) } } }
                }
            }
        }
    }
}
