//! What every answer keeps to, without a database: none of these pages needs one, or it is told that there is none.

mod contrast;
mod hostile;
mod rules;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use cards::Card;
use console::{Ctx, usage};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::State;

/// An answer, read to its end.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }
}

/// Pages below this public address, whose database is gone.
async fn pages(public: &str) -> Router {
    let db = domain::pool::pool("postgres://nobody@127.0.0.1:1/none", 1).unwrap();
    db.close().await;
    let help = |command: Option<&str>| match command {
        None => Some(Card::new("What you can ask")),
        Some("catalog") => Some(Card::new("<b>catalog</b>")),
        Some(_) => None,
    };
    let ctx = Ctx::new(db, usage::recorder().0);
    crate::router(State { ctx, public: public.parse().unwrap(), help: Arc::new(help), demo: false })
}

async fn ask(router: &Router, method: &str, uri: &str) -> Answer {
    let request = Request::builder().method(method).uri(uri).body(Body::empty()).unwrap();
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(bytes.to_vec()).unwrap() }
}

async fn get(uri: &str) -> Answer {
    ask(&pages("https://pin.example.com").await, "GET", uri).await
}
