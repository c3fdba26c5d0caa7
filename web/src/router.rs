use std::sync::Arc;

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use cards::Page;

use crate::site::{Site, State};
use crate::visit::Visit;
use crate::{answer, headers, pages, style};

/// Every page, and the page for all other addresses.
pub fn router(state: State) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/search", get(pages::search))
        .route("/catalog/{kind}/{namespace}/{name}", get(pages::entity))
        .route("/person/{name}", get(pages::person))
        .route("/team/{name}", get(pages::team))
        .route("/owns/{kind}/{name}", get(pages::owns))
        .route("/incidents", get(pages::incidents))
        .route("/incidents/{number}", get(pages::incident))
        .route("/oncall", get(pages::oncall))
        .route("/oncall/{kind}/{id}", get(pages::oncall_id))
        .route("/oncall/{kind}/{namespace}/{name}", get(pages::oncall_of))
        .route("/gaps", get(pages::gaps_page))
        .route("/schedules/{id}", get(pages::schedule))
        .route("/prs", get(pages::pulls))
        .route("/pr/{owner}/{name}/{number}", get(pages::pull))
        .route("/link/github", get(pages::link_github))
        .route("/status", get(pages::status))
        .route("/help", get(pages::help))
        .route("/help/{command}", get(pages::help_on))
        .route("/assets/{name}", get(style::sheet))
        .route("/favicon.svg", get(style::icon))
        // Browsers ask for it beside pages of others, which name no icon.
        .route("/favicon.ico", get(style::icon))
        .fallback(elsewhere)
        .layer(map_response(headers::guard))
        .with_state(Arc::new(Site::new(state)))
}

/// What of the pages must be reached from outside: where GitHub sends people back.
pub fn public_router(state: State) -> Router {
    Router::new()
        .route("/link/github", get(pages::link_github))
        .route("/assets/{name}", get(style::sheet))
        .route("/favicon.svg", get(style::icon))
        .layer(map_response(headers::guard))
        .with_state(Arc::new(Site::new(state)))
}

/// An address with a slash too many leads to the one without; any other leads nowhere.
async fn elsewhere(visit: Visit) -> Response {
    let shorter = visit.path.strip_suffix('/').filter(|it| !it.ends_with('/')).map(String::from);
    match shorter.and_then(|it| Page::try_from(it).ok()) {
        Some(page) => answer::see(&visit, &page),
        None => answer::missing(&visit),
    }
}
