//! The environment: addresses and secrets. Nothing else of the program reads it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::{env, fs};

use integrations::{github, ldap, pagerduty};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::secret;

/// Everything that the environment says.
pub struct Environment {
    /// Where the database is.
    pub database_url: Option<SecretString>,
    /// Where signed requests and health questions come in.
    pub listen: SocketAddr,
    /// Where pages and terminals come in.
    pub web_listen: SocketAddr,
    /// Where figures are read.
    pub metrics_listen: SocketAddr,
    /// The address below which readers find our pages.
    pub public_url: Url,
    /// The program's own folder.
    pub data_dir: PathBuf,
    /// Slack, where it is configured.
    pub slack: Option<SlackEnvironment>,
    /// The directory, where it is configured.
    pub ldap: Option<ldap::Address>,
    /// Secrets that verify GitHub's events; none where it is off.
    pub github_webhook: Vec<SecretString>,
    /// Secrets that verify PagerDuty's events; none where they are off.
    pub pagerduty_webhook: Vec<SecretString>,
    /// PagerDuty's API, where it is configured.
    pub pagerduty: Option<pagerduty::Address>,
    /// GitHub, as far as it is configured.
    pub github: GitHub,
}

/// GitHub, as far as it is configured.
#[derive(Clone)]
pub struct GitHub {
    /// Where it is.
    pub address: github::Address,
    /// The app as which it is read, where it is.
    pub app: Option<github::App>,
    /// The app as people sign in with it, where they may.
    pub credentials: Option<github::Credentials>,
}

/// What Slack needs.
pub struct SlackEnvironment {
    /// Secrets that verify Slack's requests.
    pub signing: Vec<SecretString>,
    /// The bot's token.
    pub bot_token: SecretString,
    /// Another address of Slack's Web API.
    pub api_url: Option<Url>,
}

impl Environment {
    /// Reads the environment; every mistake at once.
    pub fn read() -> Result<Self, Vec<String>> {
        let mut mistakes = Vec::new();
        let mut note = |result: Result<(), String>| result.unwrap_or_else(|it| mistakes.push(it));
        let mut signed = SocketAddr::from(([0, 0, 0, 0], 8080));
        note(listen().map(|it| signed = it));
        let mut web_listen = SocketAddr::from(([127, 0, 0, 1], 8081));
        note(address("PINCONSOLE_WEB_LISTEN", &mut web_listen));
        let mut metrics_listen = SocketAddr::from(([127, 0, 0, 1], 9464));
        note(address("PINCONSOLE_METRICS_LISTEN", &mut metrics_listen));
        let mut public_url = None;
        note(parsed_url("PINCONSOLE_PUBLIC_URL", &mut public_url));
        let (mut slack, mut ldap, mut database_url) = (None, None, None);
        note(read_slack().map(|it| slack = it));
        note(read_ldap().map(|it| ldap = it));
        note(secret_of("DATABASE_URL").map(|it| database_url = it));
        let (mut github_webhook, mut pagerduty_webhook) = (Vec::new(), Vec::new());
        note(secrets("GITHUB_WEBHOOK_SECRET", secret_of("GITHUB_WEBHOOK_SECRET")).map(|it| github_webhook = it));
        note(
            secrets("PAGERDUTY_WEBHOOK_SECRET", secret_of("PAGERDUTY_WEBHOOK_SECRET")).map(|it| pagerduty_webhook = it),
        );
        let mut pagerduty = None;
        note(read_pagerduty().map(|it| pagerduty = it));
        let mut github = None;
        note(read_github().map(|it| github = Some(it)));
        let data_dir = data_dir();
        let public_url = public_url.unwrap_or_else(|| local(web_listen));
        match github {
            Some(github) if mistakes.is_empty() => Ok(Self {
                database_url,
                listen: signed,
                web_listen,
                metrics_listen,
                public_url,
                data_dir,
                slack,
                ldap,
                github_webhook,
                pagerduty_webhook,
                pagerduty,
                github,
            }),
            _ => Err(mistakes),
        }
    }
}

/// The address under which a listener is reached from this machine.
pub fn local(listen: SocketAddr) -> Url {
    let host = if listen.ip().is_unspecified() { "127.0.0.1".into() } else { listen.ip().to_string() };
    let host = if listen.is_ipv6() && !listen.ip().is_unspecified() { format!("[{host}]") } else { host };
    #[expect(clippy::expect_used, reason = "an address and a port make a URL")]
    Url::parse(&format!("http://{host}:{}/", listen.port())).expect("an address and a port make a URL")
}

/// Where signed requests and health questions come in.
pub fn listen() -> Result<SocketAddr, String> {
    let mut listen = SocketAddr::from(([0, 0, 0, 0], 8080));
    address("PINCONSOLE_LISTEN", &mut listen).map(|()| listen)
}

/// The program's own folder.
pub fn data_dir() -> PathBuf {
    env::var_os("PINCONSOLE_DATA_DIR").map_or_else(default_data_dir, PathBuf::from)
}

/// `/var/lib/pinconsole` for root, else the folder that the XDG rules name.
///
/// <https://specifications.freedesktop.org/basedir-spec/latest/>
fn default_data_dir() -> PathBuf {
    let own = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    match (nix::unistd::geteuid().is_root(), own, env::var_os("HOME")) {
        (true, ..) => PathBuf::from("/var/lib/pinconsole"),
        (false, Some(own), _) => own.join("pinconsole"),
        (false, None, home) => PathBuf::from(home.unwrap_or_else(|| ".".into())).join(".local/share/pinconsole"),
    }
}

fn read_slack() -> Result<Option<SlackEnvironment>, String> {
    let (secret, token) = (secret_of("SLACK_SIGNING_SECRET")?, secret_of("SLACK_BOT_TOKEN")?);
    let mut api_url = None;
    parsed_url("SLACK_API_URL", &mut api_url)?;
    if token.as_ref().is_some_and(|it| it.expose_secret().trim().is_empty()) {
        return Err("SLACK_BOT_TOKEN is empty".into());
    }
    match (secret, token) {
        (Some(secret), Some(bot_token)) => Ok(Some(SlackEnvironment {
            signing: secret::signing("SLACK_SIGNING_SECRET", &secret)?,
            bot_token,
            api_url,
        })),
        (None, None) => Ok(None),
        (Some(_), None) => Err("SLACK_SIGNING_SECRET is set, but SLACK_BOT_TOKEN is not: set both, or neither".into()),
        (None, Some(_)) => Err("SLACK_BOT_TOKEN is set, but SLACK_SIGNING_SECRET is not: set both, or neither".into()),
    }
}

/// Secrets that verify a sender's events.
fn secrets(name: &str, found: Result<Option<SecretString>, String>) -> Result<Vec<SecretString>, String> {
    found?.map_or(Ok(Vec::new()), |it| secret::signing(name, &it))
}

fn read_pagerduty() -> Result<Option<pagerduty::Address>, String> {
    let (mut api_url, mut events_url) = (None, None);
    parsed_url("PAGERDUTY_API_URL", &mut api_url)?;
    parsed_url("PAGERDUTY_EVENTS_URL", &mut events_url)?;
    let Some(api_token) = secret_of("PAGERDUTY_API_TOKEN")? else { return Ok(None) };
    if api_token.expose_secret().trim().is_empty() {
        return Err("PAGERDUTY_API_TOKEN is empty".into());
    }
    Ok(Some(pagerduty::Address { api_url, events_url, api_token }))
}

fn read_github() -> Result<GitHub, String> {
    let mut api_url = None;
    parsed_url("GITHUB_API_URL", &mut api_url)?;
    let address = github::Address::of(api_url.as_ref()).map_err(|it| it.to_string())?;
    let app = both("GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", secret_of("GITHUB_APP_PRIVATE_KEY")?)?;
    let app = app.map(|(id, private_key)| github::App { id, private_key });
    app.as_ref().map_or(Ok(()), github::App::check)?;
    let credentials = both("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", secret_of("GITHUB_CLIENT_SECRET")?)?;
    let credentials = credentials.map(|(client_id, client_secret)| github::Credentials { client_id, client_secret });
    Ok(GitHub { address, app, credentials })
}

/// A name and its secret, of which neither is of any use alone.
fn both(name: &str, secret_name: &str, secret: Option<SecretString>) -> Result<Option<(String, SecretString)>, String> {
    if secret.as_ref().is_some_and(|it| it.expose_secret().trim().is_empty()) {
        return Err(format!("{secret_name} is empty"));
    }
    match (text(name)?, secret) {
        (Some(text), Some(secret)) => Ok(Some((text, secret))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(format!("{name} is set, but {secret_name} is not: set both, or neither")),
        (None, Some(_)) => Err(format!("{secret_name} is set, but {name} is not: set both, or neither")),
    }
}

fn read_ldap() -> Result<Option<ldap::Address>, String> {
    let Some(url) = text("LDAP_URL")? else { return Ok(None) };
    Ok(Some(ldap::Address { url, bind_dn: text("LDAP_BIND_DN")?, bind_password: secret_of("LDAP_BIND_PASSWORD")? }))
}

fn address(name: &str, into: &mut SocketAddr) -> Result<(), String> {
    if let Some(value) = text(name)? {
        *into = value.parse().map_err(|_| format!("{name} must be an address and a port, such as 127.0.0.1:8080"))?;
    }
    Ok(())
}

fn parsed_url(name: &str, into: &mut Option<Url>) -> Result<(), String> {
    if let Some(value) = text(name)? {
        let url = Url::parse(&value).ok().filter(|it| {
            matches!(it.scheme(), "http" | "https") && it.has_host() && it.query().is_none() && it.fragment().is_none()
        });
        *into = Some(url.ok_or(format!("{name} must be an address such as https://pinconsole.example/"))?);
    }
    Ok(())
}

fn text(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|it| !it.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(format!("{name} is not UTF-8")),
    }
}

/// A secret from the variable, or from the file that `<NAME>_FILE` names. Unlike an absent one, an empty one is kept: it
/// must be refused rather than taken for absent.
fn secret_of(name: &str) -> Result<Option<SecretString>, String> {
    let file_name = format!("{name}_FILE");
    let direct = match env::var(name) {
        Ok(value) => Some(SecretString::from(value)),
        Err(env::VarError::NotPresent) => None,
        Err(env::VarError::NotUnicode(_)) => return Err(format!("{name} is not UTF-8")),
    };
    match (direct, text(&file_name)?) {
        (Some(_), Some(_)) => Err(format!("{name} and {file_name} are both set: set one")),
        (None, Some(path)) => {
            let value =
                fs::read_to_string(&path).map_err(|error| format!("{file_name}: {path} cannot be read: {error}"))?;
            Ok(Some(SecretString::from(value.trim_end_matches(['\r', '\n']))))
        }
        (Some(value), None) if name == "DATABASE_URL" && value.expose_secret().is_empty() => Ok(None),
        (direct, None) => Ok(direct),
    }
}
