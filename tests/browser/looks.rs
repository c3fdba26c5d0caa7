use serde_json::json;

use crate::browser::Browser;
use crate::{audit, screenshots};

/// A telephone of the smallest sort, one of today, and a desk; the middle and the last have their picture taken.
const WIDTHS: [u32; 3] = [320, 390, 1280];

const SCHEMES: [&str; 2] = ["light", "dark"];

/// Every sort of page, by the name of its picture.
const PAGES: [(&str, &str); 18] = [
    ("home", "/"),
    ("search", "/search?q=payments"),
    ("people", "/search?q=lindquist&kind=user"),
    ("entity", "/catalog/component/default/payments-api"),
    ("person", "/person/ada"),
    ("team", "/team/payments"),
    ("owns", "/owns/group/payments"),
    ("help", "/help"),
    ("help-catalog", "/help/catalog"),
    ("status", "/status"),
    ("oncall", "/oncall"),
    ("oncall-entity", "/oncall/component/default/orders-api"),
    ("oncall-team", "/oncall/group/default/orders"),
    ("gaps", "/gaps"),
    ("incidents", "/incidents"),
    ("prs", "/prs"),
    ("prs-load", "/prs?q=payments&load=yes"),
    ("missing", "/nowhere"),
];

pub(crate) async fn every_page_fits_every_screen(browser: &Browser) {
    for (name, path) in PAGES {
        let mut grounds = Vec::new();
        for width in WIDTHS {
            for scheme in SCHEMES {
                show(browser, width, scheme).await;
                browser.open(path).await;
                audit::check(browser, &format!("{path}, {width} wide, {scheme}")).await;
                grounds.push(browser.run("return getComputedStyle(document.documentElement).backgroundColor").await);
                if width != WIDTHS[0] {
                    screenshots::take(browser, &format!("{name}-{width}-{scheme}")).await;
                }
            }
        }
        assert_ne!(grounds[0], grounds[1], "{path} looks the same in both schemes");
    }
}

/// Makes the window this wide and the reader prefer this scheme.
pub(crate) async fn show(browser: &Browser, width: u32, scheme: &str) {
    let size = json!({ "width": width, "height": 844, "deviceScaleFactor": 1, "mobile": false });
    browser.devtools("Emulation.setDeviceMetricsOverride", size).await;
    let preference = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser.devtools("Emulation.setEmulatedMedia", preference).await;
}
