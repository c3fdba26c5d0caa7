use std::io::IsTerminal;
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use bot::fronts::terminal::{Question, Told};
use cards::{Card, Reader, terminal};
use chrono::Utc;
use chrono_tz::Tz;
use reqwest::StatusCode;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::commands::demo::Note;
use crate::commands::runtime::block_on;
use crate::environment::data_dir;
use crate::logging::say;

/// The arguments of `ask`.
#[derive(clap::Args)]
pub struct Ask {
    /// Ask as this person; only the demo allows it
    #[arg(long = "as", value_name = "PERSON")]
    as_person: Option<String>,
    /// Print the card as JSON, for scripts
    #[arg(long)]
    json: bool,
    /// The address of PinConsole's web listener; by default the running demo's, else this machine's
    #[arg(long, env = "PINCONSOLE_PUBLIC_URL", value_name = "URL")]
    server: Option<Url>,
    /// A personal token, from `/pin link terminal` in Slack; by default the running demo's
    #[arg(long, env = "PINCONSOLE_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<SecretString>,
    /// What to ask, such as: catalog payments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

impl Ask {
    /// Asks a running PinConsole and prints its answer.
    pub fn run(self) -> Result<ExitCode> {
        let demo = demo_note();
        let token = match (self.token, &demo) {
            (Some(token), _) => token,
            (None, Some(demo)) => demo.token.clone(),
            (None, None) => bail!(
                "PINCONSOLE_TOKEN is not set: type `/pin link terminal` in Slack for a token, or start `pinconsole demo`"
            ),
        };
        let here = Url::parse("http://127.0.0.1:8081/")?;
        let server = self.server.or(demo.map(|it| it.url)).unwrap_or(here);
        if server.scheme() != "https" && !is_loopback(&server) {
            bail!("{server} would carry the token in the clear: use an https address");
        }
        let question = Question { text: typed(&self.command), as_person: self.as_person };
        let told = block_on(post(&server, &token, &question))?;
        match self.json {
            true => say(serde_json::to_string_pretty(&told.card)?),
            false => say(drawn(&told).trim_end()),
        }
        Ok(match told.outcome.as_str() {
            "ok" => ExitCode::SUCCESS,
            "refused" => ExitCode::from(1),
            _ => ExitCode::from(2),
        })
    }
}

async fn post(server: &Url, token: &SecretString, question: &Question) -> Result<Told> {
    let client =
        reqwest::Client::builder().redirect(Policy::none()).timeout(std::time::Duration::from_secs(30)).build()?;
    let request = client.post(server.join("api/ask")?).bearer_auth(token.expose_secret()).json(question);
    let away = || {
        format!(
            "PinConsole does not answer at {server}: is it running? PINCONSOLE_PUBLIC_URL or --server names another address"
        )
    };
    let answer = request.send().await.with_context(away)?;
    match answer.status() {
        StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE => answer.json().await.with_context(away),
        StatusCode::UNAUTHORIZED => {
            bail!("the token is not known or no longer works: type `/pin link terminal` in Slack for a new one")
        }
        status => bail!("{server} answered {status}: is that PinConsole's web listener?"),
    }
}

/// The words as one line that splits into the same words.
fn typed(words: &[String]) -> String {
    let quoted = words.iter().map(|it| match it.contains(char::is_whitespace) && words.len() > 1 {
        true => format!("\"{}\"", it.replace('"', " ")),
        false => it.clone(),
    });
    quoted.collect::<Vec<_>>().join(" ")
}

fn drawn(told: &Told) -> String {
    draw(&told.card, &told.public)
}

/// A card as this terminal shows it.
pub fn draw(card: &Card, public: &Url) -> String {
    let shown = std::io::stdout().is_terminal();
    let colour = shown
        && env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
        && env::var_os("TERM").is_none_or(|it| it != "dumb");
    let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    let accounts = std::collections::HashMap::new();
    let reader = Reader { public, mentions: &accounts, zone: zone(), now: Utc::now() };
    terminal::text(card, &reader, terminal::Style { colour, width })
}

/// The zone of this machine, where it names one.
fn zone() -> Tz {
    let named = env::var("TZ").ok().or_else(|| {
        let link = fs::read_link("/etc/localtime").ok()?;
        link.to_str()?.split_once("zoneinfo/").map(|it| it.1.to_string())
    });
    named.and_then(|it| it.trim_start_matches(':').parse().ok()).unwrap_or(Tz::UTC)
}

fn demo_note() -> Option<Note> {
    Note::read(&data_dir())
}

fn is_loopback(server: &Url) -> bool {
    match server.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
