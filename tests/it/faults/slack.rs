use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use integrations::fake::World;
use integrations::fake::slack::{Slack, SlackChannel, SlackMember, Trouble, When};
use secrecy::ExposeSecret;

use crate::common::Program;

/// People who get direct messages.
const PEOPLE: usize = 8;

/// Longer than a call may be on its way.
const PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(3)];

/// Long enough that something can be killed meanwhile.
const SLOW: Duration = Duration::from_millis(900);

/// How often something goes wrong with Slack.
const PACE: Duration = Duration::from_millis(350);

/// The workspace of a storm.
pub(super) struct Workspace {
    pub(super) slack: Slack,
    _world: World,
}

impl Workspace {
    /// With so many channels, and people beside them.
    pub(super) async fn open(channels: usize) -> Self {
        let world = World::start().await.expect("a world");
        let slack = world.slack();
        for name in (0..channels).map(channel) {
            slack.channel(SlackChannel::new(name.clone(), name.to_lowercase()));
        }
        for login in logins() {
            let id = format!("U{}", login.to_uppercase());
            slack.member(SlackMember::new(id, login.clone(), format!("{login}@pinconsole.example")));
        }
        Self { slack, _world: world }
    }

    /// The program with this Slack.
    pub(super) fn furnish(&self, program: Program) -> Program {
        program
            .with("PINCONSOLE_PUBLIC_URL", "https://pin.example/")
            .with("SLACK_SIGNING_SECRET", "a signing secret of the storm")
            .with("SLACK_BOT_TOKEN", self.slack.bot_token().expose_secret())
            .with("SLACK_API_URL", self.slack.api_url())
    }

    /// Lets one thing after the other go wrong until told to stop.
    pub(super) async fn trouble(&self, stop: &AtomicBool) {
        for turn in 0_usize.. {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let when = if turn % 2 == 0 { When::After } else { When::Before };
            let (trouble, when) = match turn % 9 {
                0 => (Trouble::Limited(PAUSES[turn % PAUSES.len()]), When::Before),
                1 | 2 => (Trouble::Reset, when),
                3 | 4 => (Trouble::Broken, when),
                5 => (Trouble::Hang, When::After),
                _ => (Trouble::Slow(SLOW), when),
            };
            // Looking and opening go wrong, too.
            let method = match turn % 11 {
                9 => "conversations.history",
                10 => "conversations.open",
                _ => "chat.postMessage",
            };
            self.slack.trouble(method, trouble, when, 1);
            tokio::time::sleep(PACE).await;
        }
        self.slack.well_again();
    }
}

/// Id of a channel.
pub(super) fn channel(number: usize) -> String {
    format!("C{number:03}")
}

/// Everybody.
pub(super) fn logins() -> impl Iterator<Item = String> {
    (0..PEOPLE).map(|it| format!("person{it}"))
}
