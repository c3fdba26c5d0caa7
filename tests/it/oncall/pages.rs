//! The same as pages.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use cards::Card;
use domain::incidents::Status;
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
    ground.broken(4711, Status::Triggered, "PADA").await;
    let help = |_: Option<&str>| Some(Card::new("What you can ask"));
    let public = "http://127.0.0.1:8081".parse().expect("an address");
    let state = web::State { ctx: ground.ctx.clone(), public, help: Arc::new(help), demo: false };
    let pages = web::router(state);
    for (path, says) in [
        ("/oncall", "Orders on call"),
        ("/oncall?q=orders-api", "Lin Outside"),
        ("/oncall/policy/PEPORD", "Lin Outside"),
        ("/oncall/schedule/PSCHED1", "Lin Outside"),
        ("/oncall/component/default/orders-api", "Lin Outside"),
        ("/oncall/group/default/orders", "Labels"),
        ("/oncall/user/default/ada", "is on call"),
        ("/gaps", "Labels"),
        ("/gaps?q=orders-api", "1 gap for orders-api"),
        ("/schedules/PSCHED1", "<svg"),
        ("/incidents", "Orders fail &lt;4711&gt;"),
        ("/incidents?q=all", "1 incident"),
        ("/incidents?q=orders-api", "4711"),
        ("/incidents/4711", "What happened"),
        ("/catalog/component/default/orders-api", "On call now"),
    ] {
        let (status, html) = page(&pages, path).await;
        assert!(status == 200 && html.contains(says), "{path}: {status} {html}");
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
        assert!(!html.contains("<script") && !html.contains(" style="), "{path}");
    }
    for path in [
        "/oncall/policy/PNONE",
        "/oncall/colour/PEPORD",
        "/oncall?q=zeppelin",
        "/oncall?q=me",
        "/incidents/1",
        "/incidents/x%00",
        "/schedules/PNONE",
        "/oncall/user/default/nobody",
    ] {
        let (status, html) = page(&pages, path).await;
        assert!(matches!(status, 200 | 404), "{path}: {status} {html}");
    }
}
