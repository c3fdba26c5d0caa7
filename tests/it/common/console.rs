use std::io::{BufRead, BufReader};
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use url::Url;

use super::{Program, until};

/// A running `pinconsole serve`, killed when it is dropped. What it logged is then held to the rules of logs.
pub(crate) struct Console {
    process: Child,
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
    secrets: Vec<String>,
    /// Where signed requests come in.
    pub(crate) public: Url,
    /// Where pages and terminals come in.
    pub(crate) web: Url,
    /// Where figures are read.
    pub(crate) metrics: Url,
}

impl Console {
    /// Starts the program and waits until it can answer.
    pub(crate) async fn start(program: &Program) -> Self {
        // A client needs it, even for plain HTTP, and not every test has started something that brings it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let console = Self::launch(program).await;
        let client = reqwest::Client::new();
        let ready = console.public.join("readyz").expect("an address");
        until("a program that is ready", async || {
            let answer = client.get(ready.clone()).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        console
    }

    /// Starts the program and waits until it listens.
    pub(crate) async fn launch(program: &Program) -> Self {
        let mut process = program.command(&["serve"]).spawn().expect("the program runs");
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (stderr, noted) = (BufReader::new(process.stderr.take().expect("a pipe")), lines.clone());
        let reader = std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                noted.lock().expect("no panic").push(line);
            }
        });
        let nowhere = Url::parse("http://127.0.0.1/").expect("an address");
        let secrets = program.secrets();
        let mut console = Self {
            process,
            lines,
            reader: Some(reader),
            secrets,
            public: nowhere.clone(),
            web: nowhere.clone(),
            metrics: nowhere,
        };
        let listening = until("a program that listens", async || {
            let ended = console.process.try_wait().expect("a process");
            assert!(ended.is_none(), "the program ended: {:?}", console.lines());
            console.logged("listening").into_iter().next()
        })
        .await;
        let address = |name: &str| format!("http://{}/", listening[name].as_str().expect("an address")).parse();
        console.public = address("public").expect("an address");
        console.web = address("web").expect("an address");
        console.metrics = address("metrics").expect("an address");
        console
    }

    /// Everything it wrote to standard error.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no panic").clone()
    }

    /// The log lines with this message.
    pub(crate) fn logged(&self, message: &str) -> Vec<Value> {
        let lines = self.lines();
        let parsed = lines.iter().filter_map(|it| serde_json::from_str::<Value>(it).ok());
        parsed.filter(|it| it["message"] == message).collect()
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.process.id()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.process.id()).expect("a process id");
        kill(Pid::from_raw(pid), signal).expect("a process");
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        until("the program's end", async || self.process.try_wait().expect("a process")).await
    }

    /// Ends it without a warning.
    pub(crate) fn crash(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }

    /// Logs are JSON, one object a line, and hold neither secrets nor what gives rights.
    fn check(&self) {
        let lines = self.lines();
        for line in &lines {
            assert!(serde_json::from_str::<Value>(line).is_ok_and(|it| it.is_object()), "not JSON: {line}");
            assert!(self.secrets.iter().all(|it| !line.contains(it)), "a secret is logged: {line}");
            assert!(!line.contains("/response/"), "a response address is logged: {line}");
            assert!(!line.contains("xoxb-") && !line.contains("pin_"), "a token is logged: {line}");
        }
        let mut ids: Vec<Value> = self.logged("answered").into_iter().map(|it| it["request"].clone()).collect();
        let (all, _) = (ids.len(), ids.sort_by_key(Value::to_string));
        ids.dedup();
        assert_eq!(ids.len(), all, "one line a request");
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.end();
        if !std::thread::panicking() {
            self.check();
        }
    }
}
