use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;

use super::wait::PATIENCE;

/// The program with an environment and a folder of its own; nothing of the tests' environment reaches it.
pub(crate) struct Program {
    environment: BTreeMap<String, String>,
    folder: TempDir,
    /// What a shell does before it becomes the program.
    through: Option<&'static str>,
}

impl Program {
    /// The program with nothing configured.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let home = folder.path().display().to_string();
        // Many run at a time.
        let metrics = ("PINCONSOLE_METRICS_LISTEN", "127.0.0.1:0".into());
        let plain =
            [metrics, ("PATH", path), ("HOME", home.clone()), ("PINCONSOLE_DATA_DIR", home), ("TZ", "UTC".into())];
        Self { environment: plain.map(|(name, value)| (name.into(), value)).into(), folder, through: None }
    }

    /// The same started by a shell with this script, which ends by running `"$0" "$@"`.
    pub(crate) fn through(self, script: &'static str) -> Self {
        Self { through: Some(script), ..self }
    }

    /// The same with a variable.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// The same without a variable.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.environment.remove(name);
        self
    }

    /// The same with this configuration.
    pub(crate) fn config(self, toml: &str) -> Self {
        let path = self.file("pinconsole.toml", toml);
        self.with("PINCONSOLE_CONFIG", path)
    }

    /// A file in the program's folder, by its path there.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    }

    /// The program's folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The command, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> std::process::Command {
        let program = env!("CARGO_BIN_EXE_pinconsole");
        let mut command = std::process::Command::new(self.through.map_or(program, |_| "sh"));
        if let Some(script) = self.through {
            command.args(["-c", script, program]);
        }
        command.args(arguments).env_clear().envs(&self.environment).current_dir(self.folder());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = tokio::process::Command::from(self.command(arguments));
        let output = tokio::time::timeout(PATIENCE, command.kill_on_drop(true).output()).await;
        let output = output.expect("an end in time").expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        let ended = Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
        for secret in self.secrets() {
            assert!(!ended.to_string().contains(&secret), "{arguments:?} shows a secret: {ended}");
        }
        ended
    }

    /// Everything in the environment that nobody may see.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let secret = |name: &str| ["PASSWORD", "SECRET", "TOKEN"].iter().any(|it| name.ends_with(it));
        let values = self.environment.iter().filter(|(name, _)| secret(name)).map(|it| it.1);
        values.flat_map(|it| it.split(',')).filter(|it| !it.is_empty()).map(String::from).collect()
    }
}

/// How a command ended.
pub(crate) struct Ended {
    /// Its exit code.
    pub(crate) code: Option<i32>,
    /// What it printed.
    pub(crate) out: String,
    /// What it complained of.
    pub(crate) err: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.out)?;
        f.write_str(&self.err)?;
        write!(f, "[{}]", self.code.map_or("killed".into(), |it| it.to_string()))
    }
}

/// A text with what differs from run to run replaced by what it is: addresses by `<name>`, and moments.
pub(crate) fn steady(text: &str, names: &[(&str, &str)]) -> String {
    let named = names.iter().fold(text.to_string(), |text, (address, name)| text.replace(address, name));
    named.lines().map(|it| aged(it) + "\n").collect()
}

/// The line without how long ago something was.
fn aged(line: &str) -> String {
    let ages = ["just now", "moments ago", "seconds ago", "second ago", "minutes ago", "minute ago"];
    let aged = line.starts_with("Catalog read") || line.starts_with("Directory read");
    if aged && ages.iter().any(|it| line.contains(it)) { "<how fresh>".into() } else { line.into() }
}
