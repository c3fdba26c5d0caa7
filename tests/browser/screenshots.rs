//! Pictures of the pages, for people to look at.

use std::path::PathBuf;
use std::{env, fs};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use crate::browser::Browser;

/// Taller pages are cut.
const MAX_HEIGHT: u64 = 4_000;

/// Keeps a picture of the whole page under this name.
pub(crate) async fn take(browser: &Browser, name: &str) {
    let size = browser.run("const it = document.documentElement; return [it.clientWidth, it.scrollHeight]").await;
    let height = size[1].as_u64().unwrap_or(MAX_HEIGHT).min(MAX_HEIGHT);
    let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": height, "scale": 1 });
    let whole = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
    let shot = browser.devtools("Page.captureScreenshot", whole).await;
    let png = BASE64_STANDARD.decode(shot["data"].as_str().expect("a picture")).expect("base64");
    let folder = folder();
    fs::create_dir_all(&folder).expect("a folder for pictures");
    fs::write(folder.join(format!("{name}.png")), png).expect("a written picture");
}

/// The folder that `ARTIFACTS` names, else one in the build folder.
fn folder() -> PathBuf {
    env::var_os("ARTIFACTS")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screenshots"), PathBuf::from)
}
