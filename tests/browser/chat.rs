use crate::browser::{Browser, ENTER};
use crate::{audit, looks, screenshots};

/// The last message of PinConsole in the transcript.
const ANSWERS: &str = "const all = [...document.querySelectorAll('.entry')].filter(it => it.querySelector('.badge')); \
    const last = all.at(-1);";

pub(crate) async fn a_command_is_answered_and_its_button_pressed(browser: &Browser) {
    looks::show(browser, 1280, "light").await;
    browser.open("/demo/chat").await;
    browser.click("input[name=text]:not([type=hidden])").await;
    browser.press("/pin catalog payments").await;
    browser.press(ENTER).await;
    let answer = browser.until(&format!("{ANSWERS} return last?.querySelector('button') && last.textContent")).await;
    assert!(answer.as_str().is_some_and(|it| it.to_lowercase().contains("payments")), "{answer}");
    browser.run(&format!("{ANSWERS} last.querySelector('button').dataset.first = 1")).await;
    browser.click("button[data-first]").await;
    // A new answer, or the same message turned into another page of it.
    browser.until(&format!("{ANSWERS} return last && last.textContent !== {answer}")).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    for width in [390, 1280] {
        for scheme in ["light", "dark"] {
            looks::show(browser, width, scheme).await;
            browser.open("/demo/chat").await;
            audit::check(browser, &format!("the chat, {width} wide, {scheme}")).await;
            screenshots::take(browser, &format!("chat-{width}-{scheme}")).await;
        }
    }
}
