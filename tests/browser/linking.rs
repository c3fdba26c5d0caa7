//! Somebody links their account at the demo's GitHub, from the chat to there and back.

use crate::browser::{Browser, ENTER};
use crate::{audit, looks, screenshots};

/// The path of the last link to the page that leads to GitHub.
const OFFERED: &str = "const all = [...document.querySelectorAll('a[href]')].map(it => new URL(it.href)); \
    const it = all.findLast(it => it.pathname === '/link/github'); return it && it.pathname + it.search";

pub(crate) async fn an_account_is_linked_by_signing_in_at_the_demos_github(browser: &Browser) {
    looks::show(browser, 1280, "light").await;
    browser.open("/demo/chat?as=U0ADA").await;
    browser.click("input[name=text]:not([type=hidden])").await;
    browser.press("/pin link github").await;
    browser.press(ENTER).await;
    let path = browser.until(OFFERED).await;
    let path = path.as_str().expect("a path");
    for width in [390, 1280] {
        looks::show(browser, width, "light").await;
        browser.open(path).await;
        audit::check(browser, &format!("linking, {width} wide")).await;
        screenshots::take(browser, &format!("link-{width}")).await;
    }
    browser.click("a[href*='/login/oauth/']").await;
    browser.until("return document.querySelector(\"a[href$='login=ada']\")").await;
    browser.click("a[href$='login=ada']").await;
    browser.until("return document.body.textContent.includes('ada on GitHub is linked to Ada Lindqvist')").await;
}
