//! The program's own words: configuration, manifest, doctor.

use sqlx::PgPool;

use crate::common::{Program, address};
use crate::ldap::directory::people_and_groups;
use crate::ldap::slapd::Slapd;

#[tokio::test]
async fn an_unknown_key_is_refused_with_the_likely_one() {
    let ended = Program::new().config("[databse]\nconnections = 5\n").run(&["config", "check"]).await;
    insta::assert_snapshot!(hidden(&ended.to_string()), @"
    pinconsole: the configuration <file> is wrong: TOML parse error at line 1, column 2
      |
    1 | [databse]
      |  ^^^^^^^
    unknown field `databse`, expected one of `log`, `database`, `ldap`, `brake`, `catalog`, `slack`, `schedule`, `access`, `administrators`, `inbox`, `incidents`, `oncall`, `notifications`
    Did you mean `database`?
    [1]
    ");
    let ended = Program::new().config("[ldap.users]\nbase = \"x\"\n").run(&["serve"]).await;
    insta::assert_snapshot!(hidden(&ended.to_string()), @r#"
    pinconsole: the configuration <file> is wrong: TOML parse error at line 2, column 1
      |
    2 | base = "x"
      | ^^^^
    unknown field `base`, expected one of `bases`, `scope`, `filter`, `attributes`, `disabled`, `accounts`
    Did you mean `bases`?
    [1]
    "#);
}

#[tokio::test]
async fn every_mistake_in_the_environment_is_told_at_once_and_no_secret() {
    let program = Program::new()
        .with("SLACK_SIGNING_SECRET", "short-secret")
        .with("SLACK_BOT_TOKEN", "xoxb-secret")
        .with("PINCONSOLE_LISTEN", "everywhere")
        .with("PINCONSOLE_PUBLIC_URL", "javascript:alert(1)");
    for command in [&["config", "check"][..], &["serve"], &["doctor"]] {
        let ended = program.run(command).await;
        insta::allow_duplicates!(insta::assert_snapshot!(ended, @"
        pinconsole: PINCONSOLE_LISTEN must be an address and a port, such as 127.0.0.1:8080
        pinconsole: PINCONSOLE_PUBLIC_URL must be an address such as https://pinconsole.example/
        pinconsole: SLACK_SIGNING_SECRET has 12 bytes, needs at least 16
        [1]
        "));
    }
    let empty = Program::new().with("SLACK_SIGNING_SECRET", "").with("SLACK_BOT_TOKEN", "xoxb-secret");
    insta::assert_snapshot!(empty.run(&["serve"]).await, @"
    pinconsole: SLACK_SIGNING_SECRET is empty
    [1]
    ");
}

#[tokio::test]
async fn a_secret_comes_from_its_variable_or_its_file_and_not_from_both() {
    let secret = "0123456789abcdef-from-a-file";
    let program = Program::new().with("SLACK_BOT_TOKEN", "xoxb-secret");
    let path = program.file("secret", &format!("{secret}\n"));
    let program = program.with("SLACK_SIGNING_SECRET_FILE", path);
    let ended = program.run(&["config", "check"]).await;
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.out.contains("Slack:     on") && !ended.out.contains(secret), "{ended}");
    let helped = Program::new().with("PINCONSOLE_TOKEN", "pin_of_somebody").run(&["ask", "--help"]).await;
    assert_eq!(helped.code, Some(0), "what is set is not shown: {helped}");
    insta::assert_snapshot!(program.with("SLACK_SIGNING_SECRET", secret).run(&["config", "check"]).await, @"
    pinconsole: SLACK_SIGNING_SECRET and SLACK_SIGNING_SECRET_FILE are both set: set one
    [1]
    ");
    let lost = Program::new().with("LDAP_URL", "ldaps://x").with("LDAP_BIND_PASSWORD_FILE", "/nowhere/at/all");
    insta::assert_snapshot!(lost.run(&["config", "check"]).await, @"
    pinconsole: LDAP_BIND_PASSWORD_FILE: /nowhere/at/all cannot be read: No such file or directory (os error 2)
    [1]
    ");
}

#[tokio::test]
async fn the_manifest_asks_for_no_more_than_is_needed_and_says_why() {
    let program = Program::new().with("PINCONSOLE_PUBLIC_URL", "https://pin.example/console");
    let program = program.config("[slack]\naliases = [\"catalog\", \"owns\"]\n");
    insta::assert_snapshot!(program.run(&["slack", "manifest"]).await, @r#"
    # Paste this at https://api.slack.com/apps: Create New App, From a manifest, YAML.
    # The addresses below must lead to PinConsole's public listener (PINCONSOLE_LISTEN).
    # One host may serve both listeners: /slack/… goes to the public one, all else to the web one.
    display_information:
      name: PinConsole
      description: Services, owners, people and teams, answered where you already are
    features:
      bot_user:
        display_name: PinConsole
        always_online: true
      slash_commands:
        - command: /pin
          url: "https://pin.example/console/slack/commands"
          description: "Ask PinConsole"
          usage_hint: "help"
          should_escape: false
        - command: /catalog
          url: "https://pin.example/console/slack/commands"
          description: "Look up a service, API, database or team in the catalog"
          usage_hint: "<words>"
          should_escape: false
        - command: /owns
          url: "https://pin.example/console/slack/commands"
          description: "See what a person or a team owns"
          usage_hint: "<who>"
          should_escape: false
    oauth_config:
      scopes:
        bot:
          - commands # so that `/pin` and its aliases exist
          - users:read # to see whether an account is a guest, a bot or of another workspace
          - users:read.email # to find the person of the directory behind an account by the verified address
          - chat:write # to tell people and channels what they should know, and to keep that up to date
          - im:write # to message somebody who never typed a command
          - channels:history # to see whether a message whose sending was unclear arrived, instead of sending it twice
          - groups:history # the same, in private channels that invited the app
          - im:history # the same, in direct messages with the app
    settings:
      interactivity:
        is_enabled: true
        request_url: "https://pin.example/console/slack/interactions"
      event_subscriptions:
        request_url: "https://pin.example/console/slack/events"
        bot_events:
          - user_change # so that who becomes a guest, is deactivated or gets another address loses access at once
      org_deploy_enabled: false
      socket_mode_enabled: false
      token_rotation_enabled: false
    [0]
    "#);
}

#[tokio::test]
async fn the_doctor_says_what_is_off_and_how_to_turn_it_on() {
    insta::assert_snapshot!(Program::new().run(&["doctor"]).await, @"
    FAIL  Database: DATABASE_URL is not set. Set it to a Postgres 14 or later, such as postgres://pinconsole@localhost/pinconsole, or start with --managed-postgres
    off   Directory: set LDAP_URL
    off   Catalog files: set catalog.paths in the configuration
    off   Slack: set SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN
    off   PagerDuty: set PAGERDUTY_API_TOKEN; until then nobody reads who is on call
    off   GitHub: set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, and GITHUB_CLIENT_ID to link accounts; see docs/github.md
    off   GitHub's events: set GITHUB_WEBHOOK_SECRET
    off   PagerDuty's events: set PAGERDUTY_WEBHOOK_SECRET
    off   Links: links lead to http://127.0.0.1:8081/: set PINCONSOLE_PUBLIC_URL to the address that readers open
    [1]
    ");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_doctor_tells_a_wrong_password_from_a_silent_server(db: PgPool) {
    let server = Slapd::start(&people_and_groups(3, 1, 1));
    let configured = || {
        Program::new()
            .with("DATABASE_URL", address(&db))
            .with("PINCONSOLE_PUBLIC_URL", "https://pin.example/")
            .with("LDAP_BIND_DN", server.address().bind_dn.expect("a name"))
            .config(BASES)
    };
    let wrong = configured().with("LDAP_URL", server.url()).with("LDAP_BIND_PASSWORD", "not the password");
    insta::assert_snapshot!(versions(&wrong.run(&["doctor"]).await.to_string()), @"
    ok    Database: Postgres <version>
    ok    Messages to people: 0 waiting
    off   Administrators: set administrators.group in the configuration; until then nobody may act from chat, and nobody is told when a sync is stopped or a message cannot be delivered
    FAIL  Last sync of the directory: Directory (LDAP) was never read: run `pinconsole sync ldap`
    FAIL  Directory: the directory refuses cn=reader,dc=pinconsole,dc=example (invalidCredentials): check LDAP_BIND_DN and LDAP_BIND_PASSWORD, and what that account may read
    off   Catalog files: set catalog.paths in the configuration
    off   Slack: set SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN
    off   PagerDuty: set PAGERDUTY_API_TOKEN; until then nobody reads who is on call
    off   GitHub: set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, and GITHUB_CLIENT_ID to link accounts; see docs/github.md
    off   GitHub's events: set GITHUB_WEBHOOK_SECRET
    off   PagerDuty's events: set PAGERDUTY_WEBHOOK_SECRET
    ok    Links: https://pin.example/
    [1]
    ");
    let silent = configured().with("LDAP_URL", "ldap://localhost:9").with("LDAP_BIND_PASSWORD", "not the password");
    insta::assert_snapshot!(versions(&silent.run(&["doctor"]).await.to_string()), @"
    ok    Database: Postgres <version>
    ok    Messages to people: 0 waiting
    off   Administrators: set administrators.group in the configuration; until then nobody may act from chat, and nobody is told when a sync is stopped or a message cannot be delivered
    FAIL  Last sync of the directory: Directory (LDAP) was never read: run `pinconsole sync ldap`
    FAIL  Directory: the directory at ldap://localhost:9 does not answer (Connection refused (os error 111)): check LDAP_URL, the network, and that the server runs
    off   Catalog files: set catalog.paths in the configuration
    off   Slack: set SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN
    off   PagerDuty: set PAGERDUTY_API_TOKEN; until then nobody reads who is on call
    off   GitHub: set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, and GITHUB_CLIENT_ID to link accounts; see docs/github.md
    off   GitHub's events: set GITHUB_WEBHOOK_SECRET
    off   PagerDuty's events: set PAGERDUTY_WEBHOOK_SECRET
    ok    Links: https://pin.example/
    [1]
    ");
}

#[tokio::test]
async fn what_cannot_be_done_is_said_with_what_to_do() {
    let program = Program::new();
    let mut told = String::new();
    for command in [&["sync", "ldap"][..], &["sync", "catalog"], &["migrate"], &["serve"], &["ask", "whoami"]] {
        told += &format!("$ pinconsole {}\n{}\n", command.join(" "), program.run(command).await);
    }
    insta::assert_snapshot!(told, @"
    $ pinconsole sync ldap
    pinconsole: LDAP_URL is not set: there is no directory to read
    [1]
    $ pinconsole sync catalog
    pinconsole: catalog.paths is empty: there is no catalog to read
    [1]
    $ pinconsole migrate
    pinconsole: DATABASE_URL is not set. Set it to a Postgres 14 or later, such as postgres://pinconsole@localhost/pinconsole, or start with --managed-postgres
    [1]
    $ pinconsole serve
    pinconsole: DATABASE_URL is not set. Set it to a Postgres 14 or later, such as postgres://pinconsole@localhost/pinconsole, or start with --managed-postgres
    [1]
    $ pinconsole ask whoami
    pinconsole: PINCONSOLE_TOKEN is not set: type `/pin link terminal` in Slack for a token, or start `pinconsole demo`
    [1]
    ");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let serving = Program::new().with("DATABASE_URL", "postgres://127.0.0.1:9/x").with("PINCONSOLE_LISTEN", &*address);
    insta::assert_snapshot!(serving.run(&["serve"]).await.to_string().replace(&address, "<address>"), @"
    pinconsole: PINCONSOLE_LISTEN <address> cannot be listened on: Address already in use (os error 98)
    [1]
    ");
    let clear = Program::new().with("PINCONSOLE_TOKEN", "pin_0").with("PINCONSOLE_PUBLIC_URL", "http://pin.example/");
    insta::assert_snapshot!(clear.run(&["ask", "whoami"]).await, @"
    pinconsole: http://pin.example/ would carry the token in the clear: use an https address
    [1]
    ");
    let away = Program::new().with("PINCONSOLE_TOKEN", "pin_0").with("PINCONSOLE_PUBLIC_URL", "http://127.0.0.1:9/");
    insta::assert_snapshot!(away.run(&["ask", "whoami"]).await, @"
    pinconsole: PinConsole does not answer at http://127.0.0.1:9/: is it running? PINCONSOLE_PUBLIC_URL or --server names another address: error sending request for url (http://127.0.0.1:9/api/ask): client error (Connect): tcp connect error: Connection refused (os error 111)
    [1]
    ");
}

const BASES: &str = "\
[ldap.users]
bases = [\"ou=people,dc=pinconsole,dc=example\"]
[ldap.groups]
bases = [\"ou=groups,dc=pinconsole,dc=example\"]
";

/// The text without the folder of the program, which is another one each time.
fn hidden(text: &str) -> String {
    text.split(' ').map(|it| if it.ends_with("/pinconsole.toml") { "<file>" } else { it }).collect::<Vec<_>>().join(" ")
}

/// The text without the version of Postgres.
fn versions(text: &str) -> String {
    let named = |it: &str| it.split_once("Postgres ").map(|it| format!("{}Postgres <version>", it.0));
    text.lines().map(|it| named(it).unwrap_or_else(|| it.into()) + "\n").collect()
}
