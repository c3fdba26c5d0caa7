//! Only the page itself may post: another site could otherwise type and press in the reader's browser.

use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Refuses what was posted from elsewhere.
pub(super) async fn same(request: Request, next: Next) -> Response {
    if request.method() == Method::POST && !is_own(request.headers()) {
        return (StatusCode::FORBIDDEN, "This form was posted from another site.").into_response();
    }
    next.run(request).await
}

/// Whether the browser says that the page came from the host that it asked: by the origin, or, where a page's referrer
/// policy hides that, by the relation. Pages can set neither. <https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header>
fn is_own(headers: &HeaderMap) -> bool {
    let only = |name: &str| {
        let mut all = headers.get_all(name).iter();
        all.next().filter(|_| all.next().is_none()).and_then(|it| it.to_str().ok())
    };
    // A name may have been bound to our address by another site; the demo is asked by address.
    let host = only("host").filter(|it| {
        it.parse::<SocketAddr>().is_ok() || it.parse::<IpAddr>().is_ok() || it.split(':').next() == Some("localhost")
    });
    match (only("origin"), host) {
        (_, None) => false,
        (Some("null"), _) => only("sec-fetch-site") == Some("same-origin"),
        (Some(origin), Some(host)) => {
            let named = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            named.is_some_and(|it| it.eq_ignore_ascii_case(host))
        }
        (None, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

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
        assert!(own("localhost:8081", &["http://LOCALHOST:8081"]));
        assert!(!own("evil.example", &["http://evil.example"]), "a name bound to our address");
        assert!(!own("127.0.0.1:8081", &[]));
        assert!(!own("127.0.0.1:8081", &["null"]));
        assert!(!own("127.0.0.1:8081", &["http://127.0.0.1:8082"]));
        assert!(!own("127.0.0.1:8081", &["http://127.0.0.1:8081.evil.example"]));
        assert!(!own("127.0.0.1:8081", &["http://127.0.0.1:8081", "http://evil.example"]));
    }

    #[test]
    fn a_hidden_origin_may_post_only_from_the_same_one() {
        let headers = |site: &str| {
            let all = [("host", "127.0.0.1:8081"), ("origin", "null"), ("sec-fetch-site", site)];
            all.map(|(name, it)| (name.parse().unwrap(), it.parse().unwrap())).into_iter().collect::<HeaderMap>()
        };
        assert!(is_own(&headers("same-origin")));
        assert!(!is_own(&headers("same-site")));
        assert!(!is_own(&headers("cross-site")));
    }
}
