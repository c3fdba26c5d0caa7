use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use url::Url;

use crate::commands::runtime::environment;
use crate::config::Config;
use crate::logging::say;

/// What the app may do in Slack, and what for. <https://docs.slack.dev/reference/scopes/>
pub const SCOPES: [(&str, &str); 8] = [
    ("commands", "so that `/pin` and its aliases exist"),
    ("users:read", "to see whether an account is a guest, a bot or of another workspace"),
    ("users:read.email", "to find the person of the directory behind an account by the verified address"),
    ("chat:write", "to tell people and channels what they should know, and to keep that up to date"),
    ("im:write", "to message somebody who never typed a command"),
    ("channels:history", "to see whether a message whose sending was unclear arrived, instead of sending it twice"),
    ("groups:history", "the same, in private channels that invited the app"),
    ("im:history", "the same, in direct messages with the app"),
];

/// What Slack tells the app unasked, and what for. <https://docs.slack.dev/reference/events/>
const EVENTS: [(&str, &str); 1] =
    [("user_change", "so that who becomes a guest, is deactivated or gets another address loses access at once")];

/// Prints the app manifest.
pub fn run(config: Option<&Path>) -> Result<ExitCode> {
    let config = Config::read(config)?;
    let environment = environment()?;
    say(manifest(&environment.public_url, &config.slack.aliases).trim_end())?;
    Ok(ExitCode::SUCCESS)
}

/// The app manifest as YAML. <https://docs.slack.dev/reference/app-manifest/>
pub fn manifest(public: &Url, aliases: &[String]) -> String {
    let mut lines = vec![
        "# Paste this at https://api.slack.com/apps: Create New App, From a manifest, YAML.".to_string(),
        "# The addresses below must lead to PinConsole's public listener (PINCONSOLE_LISTEN).".into(),
        match public.scheme() {
            "https" => {
                "# One host may serve both listeners: /slack/… goes to the public one, all else to the web one.".into()
            }
            _ => "# Slack needs https: set PINCONSOLE_PUBLIC_URL to the address under which the world reaches you."
                .into(),
        },
        "display_information:".into(),
        "  name: PinConsole".into(),
        "  description: Services, owners, people and teams, answered where you already are".into(),
        "features:".into(),
        "  bot_user:".into(),
        "    display_name: PinConsole".into(),
        "    always_online: true".into(),
        "  slash_commands:".into(),
    ];
    lines.extend(slash(public, "pin", "Ask PinConsole", "help"));
    for command in bot::help::commands().iter().filter(|it| aliases.iter().any(|alias| alias == it.get_name())) {
        let usage = bot::help::usage(command);
        let hint = usage.split_once(' ').map_or("", |it| it.1);
        lines.extend(slash(public, command.get_name(), &bot::help::about(command), hint));
    }
    lines.extend(["oauth_config:".into(), "  scopes:".into(), "    bot:".into()]);
    lines.extend(SCOPES.iter().map(|(scope, why)| format!("      - {scope} # {why}")));
    lines.extend([
        "settings:".into(),
        "  interactivity:".into(),
        "    is_enabled: true".into(),
        format!("    request_url: {}", json!(at(public, "slack/interactions"))),
        "  event_subscriptions:".into(),
        format!("    request_url: {}", json!(at(public, "slack/events"))),
        "    bot_events:".into(),
    ]);
    lines.extend(EVENTS.iter().map(|(event, why)| format!("      - {event} # {why}")));
    lines.extend([
        "  org_deploy_enabled: false".into(),
        "  socket_mode_enabled: false".into(),
        "  token_rotation_enabled: false".into(),
    ]);
    lines.join("\n") + "\n"
}

/// One slash command; JSON's strings are YAML's, too.
fn slash(public: &Url, name: &str, description: &str, hint: &str) -> Vec<String> {
    let mut lines = vec![
        format!("    - command: /{name}"),
        format!("      url: {}", json!(at(public, "slack/commands"))),
        format!("      description: {}", json!(description)),
    ];
    if !hint.is_empty() {
        lines.push(format!("      usage_hint: {}", json!(hint)));
    }
    lines.push("      should_escape: false".into());
    lines
}

fn at(public: &Url, path: &str) -> String {
    format!("{}/{path}", public.as_str().trim_end_matches('/'))
}
