//! As much of WebDriver as these stories need.
//! <https://www.w3.org/TR/webdriver2/>

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::Program;

/// <https://www.w3.org/TR/webdriver2/#keyboard-actions>
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";

/// How long a page may take to become what is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A Chromium without a window.
pub(crate) struct Browser {
    http: reqwest::Client,
    /// The address of the session.
    session: String,
    /// The address of the pages.
    base: String,
    // In this order: the driver ends before the profile goes.
    _driver: Program,
    _profile: TempDir,
}

impl Browser {
    pub(crate) async fn start(base: &str) -> Self {
        let profile = TempDir::new().expect("a temporary folder");
        let (driver, port) = Program::start(Command::new("chromedriver").arg("--port=0"), |line| {
            line.strip_prefix("ChromeDriver was started successfully on port ")?.strip_suffix('.').map(String::from)
        });
        let flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
        ];
        let mut flags: Vec<String> = flags.map(String::from).into();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "binary": chromium(), "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let sessions = format!("http://127.0.0.1:{port}/session");
        let http = reqwest::Client::new();
        let opened = said(http.post(&sessions).json(&capabilities)).await;
        let session = format!("{sessions}/{}", opened["sessionId"].as_str().expect("a session"));
        Self { http, session, base: base.into(), _driver: driver, _profile: profile }
    }

    /// Opens a page by its path.
    pub(crate) async fn open(&self, path: &str) {
        self.post("url", json!({ "url": format!("{}{path}", self.base) })).await;
    }

    /// What a function body returns in the page.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.post("execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// Waits until a function body returns something in the page, and gives that.
    pub(crate) async fn until(&self, script: &str) -> Value {
        let begun = Instant::now();
        loop {
            match self.run(script).await {
                Value::Null | Value::Bool(false) if begun.elapsed() < PATIENCE => tokio::task::yield_now().await,
                Value::Null | Value::Bool(false) => {
                    panic!("never true: {script} on {}", self.run("return location.href").await)
                }
                value => return value,
            }
        }
    }

    /// Presses keys one after the other, wherever the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|it| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": it })));
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes.collect::<Vec<_>>() });
        self.post("actions", json!({ "actions": [keyboard] })).await;
    }

    /// Clicks the first element that a selector of style sheets finds.
    pub(crate) async fn click(&self, selector: &str) {
        let found = self.post("element", json!({ "using": "css selector", "value": selector })).await;
        let id = found.as_object().and_then(|it| it.values().next()).and_then(Value::as_str).expect("an element");
        self.post(&format!("element/{id}/click"), json!({})).await;
    }

    /// A command of Chromium's own protocol.
    /// <https://chromedevtools.github.io/devtools-protocol/>
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// What the console has complained of since the last call.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.post("se/log", json!({ "type": "browser" })).await;
        let entries = log.as_array().into_iter().flatten().filter(|it| it["level"] != "INFO" && it["level"] != "DEBUG");
        entries.map(|it| it["message"].as_str().unwrap_or_default().to_string()).collect()
    }

    /// Closes the browser; a test that fails leaves that to the driver.
    pub(crate) async fn quit(self) {
        said(self.http.delete(&self.session)).await;
    }

    async fn post(&self, command: &str, body: Value) -> Value {
        said(self.http.post(format!("{}/{command}", self.session)).json(&body)).await
    }
}

async fn said(request: reqwest::RequestBuilder) -> Value {
    let answer = request.timeout(Duration::from_secs(60)).send().await.expect("an answer of the driver");
    let good = answer.status().is_success();
    let mut body: Value = answer.json().await.expect("JSON");
    assert!(good, "the driver refuses: {}", body["value"]["message"]);
    body["value"].take()
}

/// Chromium under one of its names.
fn chromium() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut names = env::split_paths(&path)
        .flat_map(|folder| ["chromium", "chromium-browser", "google-chrome"].map(|name| folder.join(name)));
    names.find(|it| it.is_file()).expect("Chromium on the PATH")
}
