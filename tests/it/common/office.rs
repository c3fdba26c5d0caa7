use integrations::fake::World;
use integrations::fake::github::GitHub;
use integrations::fake::pagerduty::{Company as PagerCompany, PagerDuty};
use integrations::fake::slack::{Entry, Exchange, Kind, Slack, SlackMember};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Console, Ended, Program, address};

/// The program, its Slack, and people who type.
pub(crate) struct Office {
    /// The running program; dropped before Slack goes.
    pub(crate) console: Console,
    /// How it was started.
    pub(crate) program: Program,
    /// Its Slack.
    pub(crate) slack: Slack,
    _world: World,
}

impl Office {
    /// An office over this database, with Ada and Grace in its Slack.
    pub(crate) async fn open(db: &PgPool) -> Self {
        Self::furnished(db, |it| it).await
    }

    /// The same with changes to how the program is started.
    pub(crate) async fn furnished(db: &PgPool, furnish: impl FnOnce(Program) -> Program) -> Self {
        let world = World::start().await.expect("a world");
        let program = furnish(equipped(&world).with("DATABASE_URL", address(db)));
        let console = Console::start(&program).await;
        Self::around(world, program, console)
    }

    /// The same with a GitHub at which people may sign in.
    pub(crate) async fn signing_in(db: &PgPool, furnish: impl FnOnce(Program) -> Program) -> (Self, GitHub) {
        let world = World::start().await.expect("a world");
        let github = world.github();
        let program = furnish(equipped(&world).with("DATABASE_URL", address(db)));
        let credentials = github.credentials();
        let program = program.with("GITHUB_CLIENT_ID", credentials.client_id);
        let program = program.with("GITHUB_CLIENT_SECRET", credentials.client_secret.expose_secret());
        let program = program.with("GITHUB_API_URL", github.api_url());
        let console = Console::start(&program).await;
        (Self::around(world, program, console), github)
    }

    /// The same with a GitHub whose events reach the program, and which an app of ours may change.
    pub(crate) async fn reviewing(db: &PgPool) -> (Self, GitHub) {
        let world = World::start().await.expect("a world");
        let (github, app) = (world.github(), world.github().app());
        let secret = format!("github-{}", Uuid::new_v4().simple());
        let program = equipped(&world).with("DATABASE_URL", address(db)).with("GITHUB_WEBHOOK_SECRET", &secret);
        let key = program.file("app.pem", app.private_key.expose_secret());
        let program = program.with("GITHUB_APP_ID", app.id).with("GITHUB_APP_PRIVATE_KEY_FILE", key);
        let program = program.with("GITHUB_API_URL", github.api_url());
        let console = Console::start(&program).await;
        github.receiver(console.public.join("webhooks/github").expect("an address"), secret.into());
        (Self::around(world, program, console), github)
    }

    /// The same with this company in its PagerDuty, whose events reach the program.
    pub(crate) async fn on_call(db: &PgPool, company: PagerCompany) -> (Self, PagerDuty) {
        let world = World::start().await.expect("a world");
        let pagerduty = world.pagerduty();
        pagerduty.load(company);
        let secret = format!("pagerduty-{}", Uuid::new_v4().simple());
        let program = equipped(&world).with("DATABASE_URL", address(db)).with("PAGERDUTY_WEBHOOK_SECRET", &secret);
        let program = program.with("PAGERDUTY_API_TOKEN", pagerduty.api_token().expose_secret());
        let program = program.with("PAGERDUTY_API_URL", pagerduty.api_url());
        let program = program.with("PAGERDUTY_EVENTS_URL", pagerduty.events_url());
        let program = program.config("[schedule]\npagerduty = \"off\"\npagerduty_feed = \"off\"\n");
        let console = Console::start(&program).await;
        let url = console.public.join("webhooks/pagerduty").expect("an address");
        pagerduty.receiver(url, vec![secret.into()]);
        (Self::around(world, program, console), pagerduty)
    }

    /// An office whose program cannot answer yet.
    pub(crate) async fn unready(database: &str) -> Self {
        let world = World::start().await.expect("a world");
        let program = equipped(&world).with("DATABASE_URL", database);
        let console = Console::launch(&program).await;
        Self::around(world, program, console)
    }

    fn around(world: World, program: Program, console: Console) -> Self {
        let slack = world.slack();
        slack.member(SlackMember::new("U0ADA", "Ada Lindqvist", "ada@pinconsole.example"));
        slack.member(SlackMember::new("U0GRACE", "Grace Okafor", "grace@pinconsole.example"));
        let office = Self { console, program, slack, _world: world };
        office.move_in(&office.console);
        office
    }

    /// Slack sends its requests to this program from now on.
    pub(crate) fn move_in(&self, console: &Console) {
        self.slack.app(console.public.clone(), self.secret());
    }

    /// What signs Slack's requests.
    pub(crate) fn secret(&self) -> SecretString {
        self.program.secrets().into_iter().find(|it| it.starts_with("signing-")).expect("a secret").into()
    }

    /// What somebody who types this is answered: the message as it was posted.
    pub(crate) async fn typed(&self, user: &str, typed: &str) -> Value {
        let exchange = self.slack.command(user, typed).await;
        assert_eq!(exchange.status, Some(200), "{typed}: {exchange:?}");
        answered(&self.slack, &exchange).await
    }

    /// The plain words of that.
    pub(crate) async fn told(&self, user: &str, typed: &str) -> String {
        said(&self.typed(user, typed).await)
    }

    /// A new token of somebody.
    pub(crate) async fn token(&self, user: &str) -> SecretString {
        token(&self.told(user, "/pin link terminal").await).into()
    }

    /// Asks in a terminal.
    pub(crate) async fn terminal(&self, token: &SecretString, words: &[&str]) -> Ended {
        let program = Program::new().with("PINCONSOLE_TOKEN", token.expose_secret());
        let program = program.with("PINCONSOLE_PUBLIC_URL", self.console.web.as_str());
        program.run(&[&["ask"], words].concat()).await
    }
}

/// Every message that belongs to an exchange and is still there.
pub(crate) fn messages(slack: &Slack, exchange: &Exchange) -> Vec<Entry> {
    let mut entries = slack.transcript();
    entries.retain(|it| it.exchange == exchange.id && matches!(it.kind, Kind::Message { deleted: false, .. }));
    entries
}

/// The message that answers an exchange.
pub(crate) async fn answered(slack: &Slack, exchange: &Exchange) -> Value {
    let entry = slack.answer(exchange).await.expect("an answer");
    assert!(!entry.is_failure(), "{entry:?}");
    entry.message().expect("a message").clone()
}

/// The plain words of a message, as notifications and screen readers say them.
pub(crate) fn said(message: &Value) -> String {
    message["text"].as_str().expect("words").to_string()
}

/// The names of a message's buttons with what they carry.
pub(crate) fn buttons(message: &Value) -> Vec<(String, String)> {
    let blocks = message["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
    let rows = blocks.iter().filter(|it| it["type"] == "actions").filter_map(|it| it["elements"].as_array());
    let text = |it: &Value| it.as_str().unwrap_or_default().to_string();
    rows.flatten().map(|it| (text(&it["action_id"]), text(&it["value"]))).collect()
}

fn token(words: &str) -> String {
    let begin = words.find("pin_").expect("a token");
    words[begin..].chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect()
}

fn equipped(world: &World) -> Program {
    let slack = world.slack();
    Program::new()
        .with("PINCONSOLE_LISTEN", "127.0.0.1:0")
        .with("PINCONSOLE_WEB_LISTEN", "127.0.0.1:0")
        .with("PINCONSOLE_PUBLIC_URL", "https://pin.example/")
        .with("SLACK_SIGNING_SECRET", format!("signing-{}", Uuid::new_v4().simple()))
        .with("SLACK_BOT_TOKEN", slack.bot_token().expose_secret())
        .with("SLACK_API_URL", slack.api_url())
}
