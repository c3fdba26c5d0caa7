//! Listeners with deadlines: a client that is slow or silent costs a connection for a while, never more.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use console::RequestId;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use uuid::Uuid;

use crate::deadlines::{Clock, Deadlines};
use crate::metrics::counted;

/// Headers beyond this are refused; those that come with one last read may be twice as long, within 64 KiB.
const MAX_HEADERS: usize = 32 * 1024;

/// How long requests under way may take to finish once a signal came.
const DRAIN: Duration = Duration::from_secs(15);

/// A bound address that does not answer yet.
pub struct Listener {
    socket: TcpListener,
    deadlines: Deadlines,
}

impl Listener {
    /// Takes the address; port 0 takes a free one.
    pub async fn bind(name: &str, address: SocketAddr) -> Result<Self> {
        let socket = TcpListener::bind(address).await;
        let socket = socket.with_context(|| format!("{name} {address} cannot be listened on"))?;
        Ok(Self { socket, deadlines: Deadlines::default() })
    }

    /// The same with other deadlines.
    #[cfg(test)]
    pub fn with(self, deadlines: Deadlines) -> Self {
        Self { deadlines, ..self }
    }

    /// The address that was taken.
    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.socket.local_addr()?)
    }

    /// Answers until told to stop, then finishes what is under way.
    pub async fn serve(self, router: Router, stop: CancellationToken) {
        let caught = CatchPanicLayer::custom(|_| refuse(StatusCode::SERVICE_UNAVAILABLE));
        // As one layer: each is a box more for each request.
        let service = TowerToHyperService::new(router.layer((from_fn(observe), caught)));
        let mut server = http1::Builder::new();
        server.header_read_timeout(self.deadlines.headers).max_buf_size(MAX_HEADERS);
        let graceful = GracefulShutdown::new();
        loop {
            let stream = tokio::select! {
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        // Out of file descriptors, most likely: give connections time to end.
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
                () = stop.cancelled() => break,
            };
            let _ = stream.set_nodelay(true);
            let (clock, stream) = Clock::watch(stream, self.deadlines);
            let connection = server.timer(clock).serve_connection(TokioIo::new(stream), service.clone());
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection ended early");
                }
            });
        }
        drop(self.socket);
        if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
            tracing::warn!("some requests were cut off");
        }
    }
}

/// Gives the request an id, counts it, and logs a line for it where nobody else does.
async fn observe(mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7();
    request.extensions_mut().insert(RequestId(id));
    let begun = Instant::now();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let route = route.as_ref().map(MatchedPath::as_str);
    counted::answer(route.unwrap_or("none"), method_word(&method), status, begun.elapsed());
    let path = uri.path();
    let quiet = told_elsewhere(path) && (status < 400 || is_health(path));
    match quiet {
        true => tracing::debug!(request = %id, %method, path = brief(path), status, duration_ms, "answered"),
        false => tracing::info!(request = %id, %method, path = brief(path), route, status, duration_ms, "answered"),
    }
    let value = HeaderValue::from_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    if let Ok(value) = value {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

/// The beginning of a path, which a stranger may make as long as they like.
fn brief(path: &str) -> &str {
    path.char_indices().nth(MAX_PATH).map_or(path, |(end, _)| &path[..end])
}

/// Whether what came of a request is written down by whoever answers it, or of no interest: commands have a line of their own, events
/// a row. A second line each would be a tenth of what they cost.
fn told_elsewhere(path: &str) -> bool {
    is_health(path) || path == "/api/ask" || path.starts_with("/slack/") || path.starts_with("/webhooks/")
}

fn is_health(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}

/// The word of a method; a stranger's own words are one word, so that they cannot make figures without end.
fn method_word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}

const MAX_PATH: usize = 200;

fn refuse(status: StatusCode) -> Response {
    (status, [("retry-after", "5")], "{\"error\":\"something failed on our side\"}").into_response()
}
