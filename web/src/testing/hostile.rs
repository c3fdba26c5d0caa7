use super::*;

#[tokio::test]
async fn redirects_stay_on_the_host() {
    for uri in ["//evil.example/", "/%2f%2fevil.example/", "/\\evil.example/", "/help//", "/%0d%0aset-cookie:x/"] {
        let answer = get(uri).await;
        let to = answer.header("location");
        assert!(
            to.is_empty() || to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'),
            "{uri} leads to {to}"
        );
        assert_eq!(answer.header("set-cookie"), "", "{uri}");
    }
    assert_eq!(get("/help/").await.header("location"), "/help");
}

#[tokio::test]
async fn names_that_nothing_can_have_are_nowhere() {
    let long = "a".repeat(10_000);
    for name in ["%00", "%ff%fe", "..", "%2e%2e", "a%2fb", "%3Cscript%3E", "a%20b", "%E2%80%AEada", &long, "a'--", "-"]
    {
        for path in ["person", "team", "owns/user", "catalog/component/default"] {
            let uri = format!("/{path}/{name}");
            assert_eq!(get(&uri).await.status, StatusCode::NOT_FOUND, "{uri}");
        }
    }
    assert_eq!(get("/catalog/a-b/default/x").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get("/catalog/component/de_fault/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn text_from_outside_is_escaped() {
    let page = get("/help/catalog").await.body;
    assert!(page.contains("<title>&lt;b&gt;catalog&lt;/b&gt; · PinConsole</title>"));
    assert!(!page.contains("<b>"));
    let page = get("/search?q=%22%3E%3Cscript%3E&page=9").await.body;
    assert!(!page.contains("<script"));
    let page = get("/nowhere?q=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E%E2%80%AE%00").await.body;
    assert!(page.contains("value=\"&quot;&gt;&lt;img src=x onerror=alert(1)&gt;\""), "{page}");
}

#[tokio::test]
async fn no_query_is_too_strange() {
    let long = format!("q={}", "%21".repeat(5_000));
    for query in ["q=", "q", "q=%00%00", "q=%21&page=-1&page=x&kind=%ff", "&&&===", "q[]=%21", &long] {
        let status = get(&format!("/search?{query}")).await.status;
        assert!(matches!(status.as_u16(), 200 | 400), "{query} gives {status}");
    }
    let page = get(&format!("/nowhere?{long}")).await.body;
    assert!(page.len() < 10_000);
}
