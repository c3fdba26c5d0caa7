use super::*;

const EVERY_KIND: &[(&str, &str, u16)] = &[
    ("GET", "/help", 200),
    ("HEAD", "/help", 200),
    ("GET", "/help/catalog", 200),
    ("GET", "/help/nonsense", 404),
    ("GET", "/search", 200),
    ("GET", "/search?q=%21%21", 400),
    ("GET", "/nowhere", 404),
    ("GET", "/help/", 308),
    ("POST", "/help", 405),
    ("GET", "/person/..", 404),
    ("GET", "/favicon.svg", 200),
    ("GET", "/assets/style.0000000000000000.css", 200),
    // The database is gone.
    ("GET", "/", 503),
    ("GET", "/status", 503),
    ("GET", "/person/ada", 503),
    ("GET", "/search?q=payments", 503),
];

#[tokio::test]
async fn every_answer_guards_the_browser() {
    let pages = pages("https://pin.example.com").await;
    for (method, uri, status) in EVERY_KIND {
        let answer = ask(&pages, method, uri).await;
        assert_eq!(answer.status.as_u16(), *status, "{method} {uri}");
        let csp = answer.header("content-security-policy");
        assert!(csp.starts_with("default-src 'none';") && !csp.contains("unsafe"), "{uri}: {csp}");
        assert!(csp.contains("frame-ancestors 'none'") && csp.contains("base-uri 'none'"), "{uri}: {csp}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{uri}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{uri}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{uri}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{uri}");
        let kept = if *uri == "/favicon.svg" { "public, max-age=86400" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), kept, "{uri}");
    }
}

#[tokio::test]
async fn only_the_style_sheet_by_its_own_name_is_kept_for_ever() {
    let page = get("/help").await.body;
    let (_, rest) = page.split_once("href=\"/assets/").unwrap();
    let sheet = get(&format!("/assets/{}", rest.split('"').next().unwrap())).await;
    assert_eq!(sheet.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(sheet.body, crate::style::SHEET);
}

#[tokio::test]
async fn pages_have_one_heading_landmarks_and_no_script() {
    for (_, uri, _) in EVERY_KIND.iter().filter(|it| it.0 == "GET" && it.2 != 308 && !it.1.contains('.')) {
        let page = get(uri).await.body;
        assert_eq!(page.matches("<h1").count(), 1, "{uri}");
        for needed in
            ["<html lang=\"en\">", "<header", "<nav", "<main id=\"main\"", "role=\"search\"", "href=\"#main\""]
        {
            assert!(page.contains(needed), "{uri} lacks {needed}");
        }
        for foreign in ["<script", " style=", " onclick", "https://", "http://"] {
            assert!(!page.contains(foreign), "{uri} has {foreign}");
        }
    }
}

#[tokio::test]
async fn a_failure_of_ours_names_the_request_and_nothing_else() {
    let id = uuid::Uuid::from_u128(7);
    let mut request = Request::builder().uri("/person/ada").body(Body::empty()).unwrap();
    request.extensions_mut().insert(console::RequestId(id));
    let response = pages("https://pin.example.com").await.oneshot(request).await.unwrap();
    assert_eq!(response.headers()["retry-after"], "5");
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let page = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(page.contains(&id.to_string()) && page.contains("Something failed on our side"));
    assert!(!page.to_lowercase().contains("pool") && !page.contains("sqlx"));
}

#[tokio::test]
async fn the_search_field_repeats_the_words() {
    let page = get("/search?q=%21%21").await.body;
    assert!(page.contains("value=\"!!\""));
    assert!(page.contains("<title>Nothing to look for · PinConsole</title>"));
}

#[tokio::test]
async fn links_begin_with_the_path_of_the_public_address() {
    let pages = pages("https://example.com/console/").await;
    let page = ask(&pages, "GET", "/help").await.body;
    for link in page.split("href=\"").skip(1).map(|it| it.split('"').next().unwrap()) {
        assert!(link.starts_with("/console/") || link == "#main", "{link}");
    }
    assert!(page.contains("action=\"/console/search\""));
    assert_eq!(ask(&pages, "GET", "/help/").await.header("location"), "/console/help");
}
