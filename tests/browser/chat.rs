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
            for (name, path) in [("chat", "/demo/chat"), ("morning", "/demo/chat?as=U0GRACE&room=D0GRACE&still=1")] {
                browser.open(path).await;
                audit::check(browser, &format!("the {name}, {width} wide, {scheme}")).await;
                screenshots::take(browser, &format!("{name}-{width}-{scheme}")).await;
            }
        }
    }
}
