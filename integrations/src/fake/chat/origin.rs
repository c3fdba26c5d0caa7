//! Only the page itself may post: another site could otherwise type and press in the reader's browser.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Refuses what was posted from elsewhere.
pub(super) async fn same(request: Request, next: Next) -> Response {
    if request.method() == Method::POST && !is_own(request.headers()) {
        return (StatusCode::FORBIDDEN, "This form was posted from another site.").into_response();
    }
    next.run(request).await
}

/// Whether the origin that the browser tells is the host that it asked. A browser always tells it with a post.
fn is_own(headers: &HeaderMap) -> bool {
    let only = |name| {
        let mut all = headers.get_all(name).iter();
        all.next().filter(|_| all.next().is_none()).and_then(|it| it.to_str().ok())
    };
    let (Some(origin), Some(host)) = (only(header::ORIGIN), only(header::HOST)) else { return false };
    let named = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    !host.is_empty() && named.is_some_and(|it| it.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(host: &str, origins: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        for origin in origins {
            headers.append(header::ORIGIN, origin.parse().unwrap());
        }
        is_own(&headers)
    }

    #[test]
    fn only_the_asked_host_may_post() {
        assert!(own("127.0.0.1:8081", &["http://127.0.0.1:8081"]));
        assert!(own("pin.example", &["https://PIN.example"]));
        assert!(!own("127.0.0.1:8081", &[]));
        assert!(!own("127.0.0.1:8081", &["null"]));
        assert!(!own("127.0.0.1:8081", &["http://127.0.0.1:8082"]));
        assert!(!own("127.0.0.1:8081", &["http://127.0.0.1:8081.evil.example"]));
        assert!(!own("127.0.0.1:8081", &["http://127.0.0.1:8081", "http://evil.example"]));
    }
}
