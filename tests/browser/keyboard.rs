use crate::browser::{Browser, ENTER, TAB};
use crate::looks;

/// More presses of the tabulator than it takes to reach anything in the bar.
const MANY: usize = 12;

pub(crate) async fn everything_is_reached_without_a_mouse(browser: &Browser) {
    looks::show(browser, 1280, "light").await;
    the_first_stop_skips_to_the_content(browser).await;
    words_typed_on_the_first_page_are_searched_for(browser).await;
    an_entity_leads_to_its_team(browser).await;
}

async fn the_first_stop_skips_to_the_content(browser: &Browser) {
    browser.open("/person/ada").await;
    browser.press(TAB).await;
    assert_eq!(browser.run("return document.activeElement.getAttribute('href')").await, "#main");
    assert_eq!(browser.run("return document.activeElement.getBoundingClientRect().top >= 0").await, true, "it shows");
    browser.press(ENTER).await;
    browser.until("return document.activeElement.id === 'main'").await;
}

async fn words_typed_on_the_first_page_are_searched_for(browser: &Browser) {
    browser.open("/").await;
    tab_to(browser, "it.name === 'q'").await;
    browser.press("payments api").await;
    browser.press(ENTER).await;
    browser.until("return location.pathname === '/search' && document.readyState === 'complete'").await;
    assert_eq!(browser.run("return document.querySelector('#q').value").await, "payments api");
    browser.until("return document.querySelector('.items a')?.pathname.endsWith('/payments-api')").await;
}

async fn an_entity_leads_to_its_team(browser: &Browser) {
    browser.open("/catalog/component/default/payments-api").await;
    tab_to(browser, "it.pathname === '/team/payments'").await;
    let ring = browser.run("return getComputedStyle(document.activeElement).outlineStyle").await;
    assert_eq!(ring, "solid", "the focus shows");
    browser.press(ENTER).await;
    browser.until("return location.pathname === '/team/payments' && document.readyState === 'complete'").await;
    assert_eq!(browser.run("return document.querySelector('h1').textContent").await, "Payments");
}

/// Goes on with the tabulator until the focus is on what a condition names.
async fn tab_to(browser: &Browser, condition: &str) {
    for _ in 0..MANY {
        browser.press(TAB).await;
        if browser.run(&format!("const it = document.activeElement; return {condition}")).await == true {
            return;
        }
    }
    panic!("the tabulator does not reach {condition}");
}
