//! Channels that are told of pull requests, and those that take no messages any more.

use cards::{Card, Text, Tone};
use domain::PgConnection;
use domain::account::Platform;
use domain::github::{ChannelPost, Subscription};
use domain::outbox_claim::Claim;
use uuid::Uuid;

use super::{Destination, Lane, Message, put};
use crate::subscriptions::Room;

/// A channel may have more; then only so many are named.
const NAMED: usize = 10;

const OPENING: &str = "subscription:";

/// Key of what a channel is told when it is subscribed.
pub(crate) fn opening(subscription: Uuid, request: Uuid) -> String {
    format!("{OPENING}{subscription}:{request}")
}

/// The channel of a message that is there because of a subscription.
pub(super) fn channel_of(claim: &Claim) -> Option<&str> {
    let key = &claim.key;
    let subscribed = key.starts_with(OPENING) || (key.starts_with("pull:") && key.contains(":channel:"));
    claim.destination.strip_prefix("slack:").filter(|_| subscribed)
}

/// Pauses the subscriptions of a channel that takes no messages, and tells those who made them, once.
pub(super) async fn pause(db: &mut PgConnection, channel: &str, reason: &str) -> sqlx::Result<()> {
    let paused = Subscription::pause(&mut *db, (Platform::Slack, channel), reason).await?;
    ChannelPost::close(&mut *db, Platform::Slack, channel).await?;
    if paused.is_empty() {
        return Ok(());
    }
    let all = Subscription::listed(&mut *db, (Platform::Slack, Some(channel)), None, i64::MAX).await?;
    let all: Vec<Subscription> = all.into_iter().filter(|it| paused.contains(&it.id)).collect();
    let mut told: Vec<Uuid> = Vec::new();
    for it in &all {
        if told.contains(&it.made_by) {
            continue;
        }
        told.push(it.made_by);
        let theirs: Vec<&Subscription> = all.iter().filter(|other| other.made_by == it.made_by).collect();
        // The oldest of those that were paused is paused once at this moment.
        let key = format!("subscription-paused:{}:{}:{}", it.made_by, it.id, it.made_at.timestamp_micros());
        let message = Message::new(key, Lane::Update, Destination::Person(it.made_by), card(&theirs, reason));
        put(&mut *db, &message.because("You get this because you subscribed that channel")).await?;
    }
    Ok(())
}

fn card(paused: &[&Subscription], reason: &str) -> Card {
    let room = paused.first().map(|it| Room::new(&it.channel, it.channel_name.clone()));
    let card = Card::new("A channel that you subscribed takes no messages").tone(Tone::Warn);
    let card =
        card.fact("Channel", room.map(|it| it.text()).unwrap_or_default()).fact("Slack says", Text::code(reason));
    let card =
        card.text(advice(reason)).text("Until then its subscriptions are paused. To resume one, type in the channel:");
    paused.iter().take(NAMED).fold(card, |card, it| {
        let label = it.label.clone().unwrap_or_default();
        card.item(
            Text::code(format!("subscribe {}", it.words())),
            format!("{label}: {}", crate::subscriptions::told(&it.wanted)),
        )
    })
}

/// What to do, by what Slack says. <https://docs.slack.dev/reference/methods/chat.postMessage/#errors>
fn advice(reason: &str) -> Text {
    let invite =
        || Text::plain("PinConsole is not in it: type ").then(Text::code("/invite @PinConsole")).then(" there.");
    match reason {
        it if it.contains("is_archived") => "It is archived: bring it back, or subscribe another one.".into(),
        it if it.contains("not_in_channel") => invite(),
        it if it.contains("channel_not_found") => Text::plain("It was deleted, or it is private and ")
            .then("PinConsole is not in it: then type ")
            .then(Text::code("/invite @PinConsole"))
            .then(" there."),
        _ => "Ask whoever runs the workspace what keeps PinConsole from posting there.".into(),
    }
}
