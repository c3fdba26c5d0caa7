//! The same as pages.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use cards::Card;
use sqlx::PgPool;
use tower::ServiceExt;

use super::Ground;

async fn page(pages: &Router, path: &str) -> (u16, String) {
    let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
    let (parts, body) = pages.clone().oneshot(request).await.expect("an answer").into_parts();
    let bytes = to_bytes(body, 1 << 20).await.expect("a body");
    (parts.status.as_u16(), String::from_utf8(bytes.to_vec()).expect("text"))
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn every_page_says_what_chat_says(db: PgPool) {
    let ground = Ground::new(&db).await;
    let help = |_: Option<&str>| Some(Card::new("What you can ask"));
    let public = "http://127.0.0.1:8081".parse().expect("an address");
    let state = web::State { ctx: ground.ctx.clone(), public, help: Arc::new(help), demo: false };
    let pages = web::router(state);
    for (path, says) in [
        ("/prs", "5 open pull requests"),
        ("/prs?q=user:ada", "Waiting for a review"),
        ("/prs?q=mosaic-lane/orders", "Retry &lt;once&gt;"),
        ("/prs?q=group:payments&load=yes", "Reviewed in 7 days"),
        ("/pr/mosaic-lane/orders/7", "Why &lt;twice&gt;?"),
    ] {
        let (status, html) = page(&pages, path).await;
        assert!(status == 200 && html.contains(says), "{path}: {status} {html}");
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
        assert!(!html.contains("<script") && !html.contains(" style="), "{path}");
    }
    for path in
        ["/pr/a/b/1", "/pr/a/b/x", "/pr/%00/b/1", "/prs?q=%00", "/prs?q=me", "/prs?q=x%00&load=yes", "/prs?q=zeppelin"]
    {
        let (status, html) = page(&pages, path).await;
        assert!(matches!(status, 200 | 404), "{path}: {status} {html}");
    }
}
