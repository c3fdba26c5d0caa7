//! The pages, over a real database.

mod headers;
mod pages;
mod places;
mod sample;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use cards::Card;
use console::{Ctx, usage};
use sqlx::PgPool;
use tower::ServiceExt;

/// A page, read to its end.
struct Page {
    status: StatusCode,
    headers: HeaderMap,
    html: String,
}

impl Page {
    fn location(&self) -> &str {
        self.headers.get("location").map_or("", |it| it.to_str().expect("ASCII"))
    }

    /// The words of the page's only heading of the first level.
    fn title(&self) -> &str {
        let (_, rest) = self.html.split_once("<h1>").expect("a heading");
        rest.split_once("</h1>").expect("its end").0
    }

    /// Whether a link leads from these words to this path.
    fn links(&self, words: &str, path: &str) -> bool {
        self.html.contains(&format!("<a href=\"{path}\">{words}</a>"))
    }
}

/// The pages over a database with a small company in it.
async fn pages(db: &PgPool) -> Router {
    sample::company(db).await;
    let help = |_: Option<&str>| Some(Card::new("What you can ask"));
    let public = "http://127.0.0.1:8081".parse().expect("an address");
    let ctx = Ctx::new(db.clone(), usage::recorder().0);
    web::router(web::State { ctx, public, help: Arc::new(help), demo: false })
}

async fn ask(pages: &Router, method: &str, uri: &str) -> Page {
    let request = Request::builder().method(method).uri(uri).body(Body::empty()).expect("a request");
    let (parts, body) = pages.clone().oneshot(request).await.expect("an answer").into_parts();
    let bytes = to_bytes(body, 1 << 20).await.expect("a body");
    let html = String::from_utf8(bytes.to_vec()).expect("text");
    Page { status: parts.status, headers: parts.headers, html }
}

async fn get(pages: &Router, uri: &str) -> Page {
    ask(pages, "GET", uri).await
}
