//! The APIs: who may call, how often, and what did not change.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, OriginalUri, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::limits::Bucket;
use super::refusal::Refusal;
use super::rest::{Asked, By, ROUTES, Route};
use super::{GitHub, GitHubCall, jwt, oauth};

const REST: &str = "/github/api/v3";

impl GitHub {
    /// The routes of its APIs, and of the pages that people are sent to.
    pub(in crate::fake) fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
            .route("/github/api/v3/{*path}", any(rest))
            .route("/github/api/graphql", post(graphql))
            .route("/github/login/oauth/authorize", get(oauth::authorize))
            .route("/github/login/oauth/access_token", post(oauth::exchange))
            .layer(DefaultBodyLimit::max(1 << 20))
            .with_state(self.clone())
    }

    /// What goes wrong with this call, if anything.
    async fn wrong(&self) -> Option<Response> {
        let (delay, fault) = self.tell(|state| (state.faults.delay, state.faults.take()));
        tokio::time::sleep(delay).await;
        fault.map(|it| it.answer())
    }

    fn note(&self, (route, path): (String, &str), question: Option<String>, answer: &Response) {
        let call = GitHubCall { route, path: path.into(), question, status: answer.status().as_u16() };
        self.tell(|state| state.calls.log.push(call));
    }

    /// Whose token it is, if it still opens anything.
    fn admit(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Result<By, Refusal> {
        let sent = text(headers, header::AUTHORIZATION).unwrap_or_default();
        if text(headers, header::USER_AGENT).is_none() {
            return Err(Refusal::of(
                StatusCode::FORBIDDEN,
                "Request forbidden by administrative rules: User-Agent header",
            ));
        }
        if let Some(sent) = sent.strip_prefix("Basic ") {
            return if oauth::is_app(sent) { Ok(By::Client) } else { Err(Refusal::credentials("Bad credentials")) };
        }
        let token = sent.strip_prefix("Bearer ").ok_or_else(|| Refusal::credentials("Requires authentication"))?;
        if token.contains('.') {
            return jwt::check(token, now).map(|()| By::App);
        }
        let state = self.state();
        if let Some((installation, _)) = state.tokens.get(token).filter(|it| it.1 > now) {
            return Ok(By::Installation(*installation));
        }
        let user = state.sign_ins.user(token).map(By::User);
        user.ok_or_else(|| Refusal::credentials("Bad credentials"))
    }
}

async fn graphql(State(github): State<GitHub>, headers: HeaderMap, body: Bytes) -> Response {
    let now = Utc::now();
    let answer = match github.wrong().await {
        Some(instead) => instead,
        None => match github.admit(&headers, now) {
            Ok(By::Installation(id)) => github.graphql(id, (&headers, &body), now),
            Ok(_) => Refusal::of(StatusCode::FORBIDDEN, "Resource not accessible by integration").into_response(),
            Err(refusal) => refusal.into_response(),
        },
    };
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let name = asked["query"].as_str().and_then(|it| it.trim().strip_prefix("query ")?.split(['(', ' ', '{']).next());
    github.note(("POST /graphql".into(), "/graphql"), name.map(String::from), &answer);
    dated(answer, now)
}

async fn rest(
    State(github): State<GitHub>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (path, now) = (uri.path().strip_prefix(REST).unwrap_or_default(), Utc::now());
    let found = ROUTES.iter().find_map(|it| it.ids(path).filter(|_| it.method == method).map(|ids| (it, ids)));
    let Some((route, ids)) = found else {
        github.unexpected.note(format!("{method} {}", uri.path()));
        return Refusal::not_found().into_response();
    };
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let asked = Asked { ids, query, body: serde_json::from_slice(&body).unwrap_or_default(), now };
    let answer = match github.wrong().await {
        Some(instead) => instead,
        None => github.answer(route, asked, &headers).await,
    };
    github.note((format!("{method} {}", route.path), path), None, &answer);
    dated(answer, now)
}

impl GitHub {
    async fn answer(&self, route: &Route, asked: Asked, headers: &HeaderMap) -> Response {
        let by = match self.admit(headers, asked.now) {
            Ok(by) => by,
            Err(refusal) => return refusal.into_response(),
        };
        let bucket = match by {
            By::Installation(id) => Bucket::Rest(id),
            By::App | By::Client | By::User(_) => Bucket::App,
        };
        if text(headers, header::ACCEPT).is_none_or(|it| !it.starts_with("application/vnd.github")) {
            return Refusal::of(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Must accept application/vnd.github+json")
                .into_response();
        }
        let left = self.state().limits.left(bucket, asked.now);
        if left.remaining == 0 {
            let said = "API rate limit exceeded for installation";
            return left.on(Refusal::of(StatusCode::FORBIDDEN, said).into_response());
        }
        let now = asked.now;
        let answer = match (route.answer)(self, &asked, by) {
            Ok((status, told)) => {
                let (link, told) = told;
                let mut answer = (status, axum::Json(told)).into_response();
                if let Some(link) = link {
                    answer.headers_mut().insert(header::LINK, link.parse().expect("a link"));
                }
                answer
            }
            Err(refusal) => refusal.into_response(),
        };
        let answer = same(answer, headers).await;
        let counted = u64::from(answer.status() != StatusCode::NOT_MODIFIED);
        let left = self.tell(|state| state.limits.take(bucket, counted, now)).unwrap_or(left);
        left.on(answer)
    }
}

/// What did not change is not sent again.
async fn same(answer: Response, headers: &HeaderMap) -> Response {
    if answer.status() != StatusCode::OK {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body of ours");
    let etag = format!("W/\"{}\"", hex::encode(Sha256::digest(&body)));
    parts.headers.insert(header::ETAG, etag.parse().expect("hexadecimal"));
    if text(headers, header::IF_NONE_MATCH) == Some(&etag) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}

/// An answer that says when it was given, to the second.
fn dated(mut answer: Response, now: DateTime<Utc>) -> Response {
    let date = (now - TimeDelta::nanoseconds(i64::from(now.timestamp_subsec_nanos()))).to_rfc2822();
    let date = date.replace("+0000", "GMT");
    answer.headers_mut().insert(header::DATE, date.parse().expect("a date"));
    answer
}

pub(super) fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|it| it.to_str().ok())
}
