//! Somebody signs in at GitHub and comes back.

use integrations::fake::github::GitHub;
use reqwest::StatusCode;
use sqlx::PgPool;
use url::Url;

use crate::common::{Office, Page, company, get, said, scalar, until};

/// The path of the link that somebody who asks for one is answered.
pub(super) async fn link(office: &Office, user: &str) -> String {
    let answer = office.typed(user, "/pin link github").await.to_string();
    let begin = answer.find("/link/github?state=").expect("a link");
    answer[begin..].chars().take_while(|it| it.is_ascii_alphanumeric() || "/?=_-".contains(*it)).collect()
}

/// Where the page sends whoever goes on.
async fn onward(base: &Url, path: &str) -> Url {
    let page =
        reqwest::get(base.join(path).expect("an address")).await.expect("an answer").text().await.expect("a page");
    let link =
        page.split("href=\"").skip(1).filter_map(|it| it.split('"').next()).find(|it| it.contains("/login/oauth/"));
    link.expect("a way on").replace("&amp;", "&").parse().expect("an address")
}

/// Follows a link, signs in under this name and comes back.
pub(super) async fn signs_in(office: &Office, github: &GitHub, (path, login): (&str, &str)) -> (String, Page) {
    let base = &office.console.public;
    let back = github.sign_in(&onward(base, path).await, login);
    let path = format!("{}?{}", back.path(), back.query().expect("a query"));
    let page = get(base, &path).await;
    (path, page)
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_signs_in_has_the_account_and_the_chat_is_told(db: PgPool) {
    company(&db).await;
    let (office, github) = Office::signing_in(&db, |it| it).await;
    let id = github.person("octo-ada");
    let path = link(&office, "U0ADA").await;
    for base in [&office.console.public, &office.console.web] {
        // Chats look at links that are posted in them; that uses nothing up.
        let page = get(base, &path).await;
        assert!(page.text.contains("Go on only if you are Ada Lindqvist"), "{}", page.text);
    }
    let (back, page) = signs_in(&office, &github, (&path, "octo-ada")).await;
    assert!(page.text.contains("octo-ada on GitHub is linked to Ada Lindqvist"), "{}", page.text);
    assert_eq!(github.open_sign_ins(), 0, "the token was given back");
    let told = until("a message", async || office.slack.posted("D0ADA").into_iter().next()).await;
    let told = said(told.message().expect("a message"));
    assert!(told.contains("octo-ada on GitHub is linked to Ada Lindqvist") && told.contains("unlink github"), "{told}");
    let whoami = office.told("U0ADA", "/pin whoami").await;
    assert!(whoami.contains("octo-ada") && whoami.contains("OAuth"), "{whoami}");
    let stored = "select string_agg(tenant || ' ' || external_id || ' ' || proof, ',') from auth.account where platform = 'github'
        and external_id ~ '^[0-9]+$'";
    assert_eq!(scalar::<String>(&db, stored).await, format!("id {id} OAuth"));
    let trail =
        "select string_agg(who || ' ' || kind, ', ' order by number) from audit.entry where action = 'link-github'";
    assert_eq!(scalar::<String>(&db, trail).await, "ada intent, ada outcome");

    let again = get(&office.console.public, &back).await;
    assert!(again.text.contains("This link does nothing any more"), "a replay: {}", again.text);
    let calls = github.calls().len();
    let forged = back.replace("state=", "state=0");
    assert!(get(&office.console.public, &forged).await.text.contains("This link does nothing any more"));
    assert_eq!(get(&office.console.public, "/link/github").await.status, StatusCode::NOT_FOUND);
    assert_eq!(github.calls().len(), calls, "GitHub is asked nothing for what we did not make");

    let unlinked = office.told("U0ADA", "/pin unlink github").await;
    assert!(unlinked.contains("octo-ada is no longer linked to you"), "{unlinked}");
    assert!(!office.told("U0ADA", "/pin whoami").await.contains("octo-ada"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_link_ends_and_serves_one(db: PgPool) {
    company(&db).await;
    let (office, github) = Office::signing_in(&db, |it| it).await;
    github.person("octo-ada");
    let path = link(&office, "U0ADA").await;
    let onward = onward(&office.console.public, &path).await;
    let back = github.sign_in(&onward, "octo-ada");
    sqlx::query("update auth.linking set expires_at = now()").execute(&db).await.expect("time");
    let page = get(&office.console.public, &format!("{}?{}", back.path(), back.query().expect("a query"))).await;
    assert!(page.text.contains("This link does nothing any more"), "{}", page.text);

    let path = link(&office, "U0ADA").await;
    let refused = get(&office.console.public, &format!("{path}&error=access_denied")).await;
    assert!(refused.text.contains("You did not sign in at GitHub"), "{}", refused.text);
    assert!(get(&office.console.public, &path).await.text.contains("This link does nothing any more"));
    assert_eq!(scalar::<i64>(&db, "select count(*) from auth.account where tenant = 'id'").await, 0);

    // What is kept opens nothing: neither the state nor, once it was used, the verifier.
    let path = link(&office, "U0ADA").await;
    let state = path.split("state=").nth(1).expect("a state").to_owned();
    let kept = "select string_agg(row_to_json(it)::text, '') from auth.linking it";
    assert!(!scalar::<String>(&db, kept).await.contains(&state));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_proven_to_be_somebody_elses_stays_theirs(db: PgPool) {
    company(&db).await;
    let (office, github) = Office::signing_in(&db, |it| it).await;
    github.person("octo-ada");
    let path = link(&office, "U0ADA").await;
    signs_in(&office, &github, (&path, "octo-ada")).await;
    let path = link(&office, "U0GRACE").await;
    let (_, page) = signs_in(&office, &github, (&path, "octo-ada")).await;
    assert!(page.text.contains("This account was not linked") && page.text.contains("ada's"), "{}", page.text);
    let whose = "select p.name from auth.account a join org.person p on p.id = a.person_id where a.tenant = 'id'";
    assert_eq!(scalar::<String>(&db, whose).await, "ada");
    let outcome = "select outcome from audit.entry where action = 'link-github' order by number desc limit 1";
    assert_eq!(scalar::<String>(&db, outcome).await, "refused");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn without_an_app_nobody_is_sent_anywhere(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let told = office.told("U0ADA", "/pin link github").await;
    assert!(told.contains("Nobody can sign in at GitHub here") && told.contains("GITHUB_CLIENT_ID"), "{told}");
    assert_eq!(get(&office.console.public, "/link/github?state=x").await.status, StatusCode::NOT_FOUND);
}
