use crate::browser::Browser;
use crate::{audit, looks, screenshots};

/// The channel of whoever owns what breaks, and the direct messages of whoever is asked.
const CHANNEL: &str = "/demo/chat?as=U0ADA&room=C0PAYMENTS";
const DIRECT: &str = "/demo/chat?as=U0ADA&room=D0ADA";

/// What breaks.
const TITLE: &str = "Card authorisations fail for one buyer in three";

pub(crate) async fn an_incident_is_told_taken_in_the_chat_and_resolved_elsewhere(browser: &Browser) {
    looks::show(browser, 1280, "light").await;
    browser.open(CHANNEL).await;
    play(browser, "payments-api").await;
    told(browser, TITLE).await;
    told(browser, "level 1: ").await;
    browser.open(DIRECT).await;
    told(browser, "you are asked to take this").await;
    pictures(browser, "incident-direct", DIRECT).await;
    browser.open(DIRECT).await;
    press(browser, ".s-button", "Acknowledge").await;
    told(browser, "You acknowledged this").await;
    told(browser, "(edited)").await;
    browser.open(CHANNEL).await;
    told(browser, "Acknowledged by Ada Lindqvist").await;
    play(browser, "Grace writes a note").await;
    told(browser, "rolling it back").await;
    pictures(browser, "incident-taken", CHANNEL).await;
    browser.open(CHANNEL).await;
    play(browser, "Grace resolves").await;
    told(browser, "Resolved by Grace Okafor").await;
    let thread = browser.until("return document.querySelector('.thread')?.textContent").await;
    let thread = thread.as_str().unwrap_or_default();
    assert!(thread.contains("Ada Lindqvist") && thread.contains("rolling it back"), "{thread}");
    pictures(browser, "incident-resolved", CHANNEL).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

/// Presses a button of what can be played.
async fn play(browser: &Browser, name: &str) {
    press(browser, ".play button", name).await;
}

/// Presses the first button of this name. The page may renew itself at any moment, so that finding and pressing are one.
async fn press(browser: &Browser, buttons: &str, name: &str) {
    let found = format!("[...document.querySelectorAll('{buttons}')].find(it => it.textContent.trim() === '{name}')");
    browser.until(&format!("const it = {found}; it?.click(); return it && true")).await;
}

/// Waits until a message says this; the page renews itself meanwhile.
async fn told(browser: &Browser, words: &str) {
    browser.until(&format!("return document.querySelector('main')?.textContent.includes('{words}')")).await;
}

/// The page as it stays, on every screen.
async fn pictures(browser: &Browser, name: &str, page: &str) {
    for width in [390, 1280] {
        for scheme in ["light", "dark"] {
            looks::show(browser, width, scheme).await;
            browser.open(&format!("{page}&still=1")).await;
            audit::check(browser, &format!("{name}, {width} wide, {scheme}")).await;
            screenshots::take(browser, &format!("{name}-{width}-{scheme}")).await;
        }
    }
}
