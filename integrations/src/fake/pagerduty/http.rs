//! The REST API: who may call it, and how.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, OriginalUri, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use chrono::Utc;
use serde_json::Value;
use url::form_urlencoded;

use super::calls::PER_MINUTE;
use super::page::Asked;
use super::refusal::Refusal;
use super::routes::{ROUTES, Route};
use super::{PagerCall, PagerDuty, enqueue};

/// Where the REST API lies.
const REST: &str = "/pagerduty/rest";

/// <https://developer.pagerduty.com/docs/versioning>
const VERSION: &str = "application/vnd.pagerduty+json;version=2";

impl PagerDuty {
    /// The routes of both APIs.
    pub(in crate::fake) fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
            .route("/pagerduty/rest/{*path}", any(rest))
            .route("/pagerduty/events/v2/enqueue", post(enqueue::enqueue))
            .layer(DefaultBodyLimit::max(1 << 20))
            .with_state(self.clone())
    }
}

async fn rest(
    State(pagerduty): State<PagerDuty>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().strip_prefix(REST).unwrap_or_default();
    let found = ROUTES.iter().find_map(|it| it.ids(path).filter(|_| it.method == method).map(|ids| (it, ids)));
    let call = call(&method, path, found.as_ref().map(|it| it.0), (uri.query(), &headers, &body));
    let (at, query, sent) = (call.at, call.query.clone(), call.body.clone());
    let left = pagerduty.state().calls.left(at);
    pagerduty.tell(|state| state.calls.note(call));
    let Some((route, ids)) = found else {
        pagerduty.unexpected.note(format!("{method} {}", uri.path()));
        return Refusal::not_found().into_response();
    };
    let asked = Asked { ids, query, body: sent, from: None, now: at };
    let answer = match left.0 {
        0 => Refusal::limited().into_response(),
        _ => pagerduty.answer(route, asked, &headers, &body).await,
    };
    limited(answer, left)
}

/// An answer that says how many calls are left, and when there are more, unless it does already.
fn limited(mut answer: Response, (left, reset): (usize, i64)) -> Response {
    let told = [("limit", PER_MINUTE as i64), ("remaining", left as i64), ("reset", reset)];
    for (name, value) in told {
        let name = HeaderName::try_from(format!("ratelimit-{name}")).expect("a name");
        answer.headers_mut().entry(name).or_insert(value.into());
    }
    answer
}

fn call(method: &Method, path: &str, route: Option<&Route>, sent: (Option<&str>, &HeaderMap, &Bytes)) -> PagerCall {
    let (query, headers, body) = sent;
    PagerCall {
        route: format!("{method} {}", route.map_or(path, |it| it.path)),
        path: path.into(),
        query: form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect(),
        from: text(headers, header::FROM).map(String::from),
        body: serde_json::from_slice(body).unwrap_or_default(),
        at: Utc::now(),
    }
}

impl PagerDuty {
    async fn answer(&self, route: &Route, mut asked: Asked, headers: &HeaderMap, body: &Bytes) -> Response {
        let (delay, fault) = self.tell(|state| (state.faults.delay, state.faults.take()));
        tokio::time::sleep(delay).await;
        if let Some(instead) = fault.and_then(|it| it.before()) {
            return instead;
        }
        let answer = match self.admit(route, &asked, headers, body) {
            Err(refusal) => refusal.into_response(),
            Ok(from) => {
                asked.from = from;
                match (route.answer)(self, &asked) {
                    Ok((StatusCode::NO_CONTENT, _)) => StatusCode::NO_CONTENT.into_response(),
                    Ok((status, body)) => (status, axum::Json(body)).into_response(),
                    Err(refusal) => refusal.into_response(),
                }
            }
        };
        match fault {
            Some(fault) => fault.after().await.unwrap_or(answer),
            None => answer,
        }
    }

    /// Who calls, if they may and say it in the right way.
    fn admit(
        &self,
        route: &Route,
        asked: &Asked,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Option<String>, Refusal> {
        if text(headers, header::AUTHORIZATION) != Some(&format!("Token token={}", self.token)) {
            return Err(Refusal::of(StatusCode::UNAUTHORIZED, 2006, "Unauthorized"));
        }
        if text(headers, header::ACCEPT) != Some(VERSION) {
            return Err(Refusal::of(StatusCode::NOT_ACCEPTABLE, 2001, "Not Acceptable"));
        }
        if !body.is_empty() && text(headers, header::CONTENT_TYPE) != Some("application/json") || asked.body.is_string()
        {
            return Err(Refusal::input("the body must be a JSON object"));
        }
        let paging = ["limit", "offset", "total"];
        let known = |it: &str| route.query.contains(&it) || route.method == Method::GET && paging.contains(&it);
        if let Some((name, _)) = asked.query.iter().find(|it| !known(&it.0)) {
            return Err(Refusal::input(format!("{name} is no parameter of this")));
        }
        self.from(route, headers)
    }

    fn from(&self, route: &Route, headers: &HeaderMap) -> Result<Option<String>, Refusal> {
        let state = self.state();
        let user = |email: &str| state.users.values().find(|it| it.email.eq_ignore_ascii_case(email));
        match text(headers, header::FROM) {
            None if route.from => Err(Refusal::input("the From header must be there")),
            None => Ok(None),
            Some(email) => user(email).map(|it| Some(it.id.clone())).ok_or_else(Refusal::stranger),
        }
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|it| it.to_str().ok())
}

/// A text in what was sent.
pub(super) fn field<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}
