use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Address, Blame, Client, Place, Post, SlackError, View};
use crate::fake::World;
use crate::fake::slack::{CHANNEL, Slack, SlackChannel, SlackMember, Trouble, When};

async fn world() -> (World, Slack, Client) {
    let world = World::start().await.unwrap();
    let slack = world.slack();
    slack.member(SlackMember::new("U1", "Ada Byron", "ada@pin.example"));
    let client = Client::patient(slack.address(), Duration::from_millis(300)).unwrap();
    (world, slack, client)
}

fn post<'a>(channel: &'a str, id: &'a str) -> Post<'a> {
    Post { channel, thread: None, id, text: "hello", blocks: &[] }
}

fn refused(code: &str) -> SlackError {
    SlackError::Refused(code.into())
}

async fn found(client: &Client, channel: &str, thread: Option<&str>, id: &str) -> Result<Vec<String>, SlackError> {
    client.find(channel, thread, id, Utc::now() - TimeDelta::minutes(1)).await
}

#[tokio::test]
async fn a_message_is_posted_found_by_our_id_and_changed() {
    let (world, slack, client) = world().await;
    let place = client.post(&post(CHANNEL, "one")).await.unwrap();
    client.post(&post(CHANNEL, "two")).await.unwrap();
    assert_eq!(found(&client, CHANNEL, None, "one").await.unwrap(), std::slice::from_ref(&place.ts));
    assert_eq!(found(&client, CHANNEL, None, "three").await.unwrap(), [""; 0]);
    client.update(&place, "changed", &[]).await.unwrap();
    assert_eq!(slack.posted(CHANNEL)[0].message().unwrap()["text"], "changed");
    assert_eq!(found(&client, CHANNEL, None, "one").await.unwrap(), [place.ts], "its metadata stays");
    world.finish();
}

#[tokio::test]
async fn answers_in_a_thread_are_found_there() {
    let (_world, slack, client) = world().await;
    let parent = client.post(&post(CHANNEL, "one")).await.unwrap();
    let answer = client.post(&Post { thread: Some(&parent.ts), ..post(CHANNEL, "two") }).await.unwrap();
    assert_eq!(found(&client, CHANNEL, None, "two").await.unwrap(), [""; 0]);
    assert_eq!(found(&client, CHANNEL, Some(&parent.ts), "two").await.unwrap(), [answer.ts]);
    assert_eq!(slack.log("chat.postMessage")[1].text("reply_broadcast"), "false");
}

#[tokio::test]
async fn a_busy_channel_is_looked_through_page_by_page() {
    let (_world, slack, client) = world().await;
    let place = client.post(&post(CHANNEL, "first")).await.unwrap();
    for _ in 0..250 {
        client.post(&post(CHANNEL, "more")).await.unwrap();
    }
    assert_eq!(found(&client, CHANNEL, None, "first").await.unwrap(), [place.ts]);
    assert_eq!(slack.calls("conversations.history"), 2);
}

#[tokio::test]
async fn channels_that_take_nothing_say_why() {
    let (_world, slack, client) = world().await;
    slack.channel(SlackChannel { archived: true, ..SlackChannel::new("C0OLD", "old") });
    slack.channel(SlackChannel { joined: false, ..SlackChannel::new("C0FAR", "far") });
    slack.channel(SlackChannel { joined: false, private: true, ..SlackChannel::new("C0SECRET", "secret") });
    let codes = [("C0NONE", "channel_not_found"), ("C0OLD", "is_archived"), ("C0FAR", "not_in_channel")];
    for (channel, code) in codes.into_iter().chain([("C0SECRET", "channel_not_found")]) {
        assert_eq!(client.post(&post(channel, "one")).await, Err(refused(code)), "{channel}");
        assert_eq!(refused(code).blame(), Blame::Destination);
    }
    let gone = Place { channel: CHANNEL.into(), ts: "1700000000.000077".into() };
    assert_eq!(client.update(&gone, "x", &[]).await, Err(refused("message_not_found")));
    slack.scopes(&["commands"]);
    assert_eq!(client.post(&post(CHANNEL, "one")).await, Err(refused("missing_scope")));
}

#[tokio::test]
async fn what_broke_after_it_was_sent_is_unclear_and_not_tried_again() {
    let (_world, slack, client) = world().await;
    let troubles = [Trouble::Broken, Trouble::Reset, Trouble::Hang];
    for (trouble, when) in troubles.into_iter().flat_map(|it| [(it, When::Before), (it, When::After)]) {
        let before = (slack.calls("chat.postMessage"), slack.posted(CHANNEL).len());
        slack.trouble("chat.postMessage", trouble, when, 1);
        let answer = client.post(&post(CHANNEL, "one")).await;
        assert!(matches!(answer, Err(SlackError::Unclear(_))), "{trouble:?} {when:?}: {answer:?}");
        assert_eq!(slack.calls("chat.postMessage"), before.0 + 1, "{trouble:?} {when:?}");
        assert_eq!(slack.posted(CHANNEL).len() - before.1, usize::from(when == When::After), "{trouble:?} {when:?}");
    }
    slack.trouble("chat.postMessage", Trouble::Limited(Duration::from_secs(7)), When::Before, 1);
    let limited = client.post(&post(CHANNEL, "one")).await.unwrap_err();
    assert_eq!(limited.blame(), Blame::Limited(Duration::from_secs(7)));
}

#[tokio::test]
async fn what_never_arrived_is_clear() {
    let (_world, slack, _) = world().await;
    let nowhere = Address { api_url: Some("http://127.0.0.1:1/api/".parse().unwrap()), ..slack.address() };
    let answer = Client::new(nowhere).unwrap().post(&post(CHANNEL, "one")).await;
    assert_eq!(answer, Err(SlackError::Away("no connection".into())));
}

#[tokio::test]
async fn one_message_a_second_and_channel_is_what_slack_takes() {
    let (_world, slack, client) = world().await;
    slack.paced(true);
    client.post(&post(CHANNEL, "one")).await.unwrap();
    let limited = client.post(&post(CHANNEL, "two")).await.unwrap_err();
    assert_eq!(limited.blame(), Blame::Limited(Duration::from_secs(1)));
}

#[tokio::test]
async fn people_are_found_by_address_and_messaged_directly() {
    let (_world, slack, client) = world().await;
    slack.member(SlackMember { deleted: true, ..SlackMember::new("U2", "Gone", "gone@pin.example") });
    let ada = client.with_email("ADA@pin.example", "T0PIN").await.unwrap().unwrap();
    assert_eq!(ada.user_id, "U1");
    assert_eq!(client.with_email("gone@pin.example", "T0PIN").await.unwrap(), None);
    let direct = client.open("U1").await.unwrap();
    assert_eq!(client.open("U1").await.unwrap(), direct);
    client.post(&post(&direct, "one")).await.unwrap();
    assert!(slack.posted(&direct)[0].seen_by("U1") && !slack.posted(&direct)[0].seen_by("U2"));
    assert_eq!(client.open("U2").await, Err(refused("user_disabled")));
    assert_eq!(client.open("U9").await, Err(refused("user_not_found")));
}

fn modal(title: &str) -> Value {
    json!({ "type": "modal", "title": { "type": "plain_text", "text": title }, "blocks": [{ "type": "divider" }] })
}

#[tokio::test]
async fn a_view_is_opened_once_and_in_time() {
    let (_world, slack, client) = world().await;
    slack.app("http://127.0.0.1:9/".parse().unwrap(), "a-signing-secret-of-tests".into());
    let trigger = || crate::slack::SlashCommand::parse(&slack.typed("U1", "/pin help").body).unwrap().trigger_id;
    let first = trigger();
    let open = client.open_view(&first, &modal("Loading")).await.unwrap();
    assert_eq!(client.open_view(&first, &modal("x")).await, Err(refused("exchanged_trigger_id")));
    let late = trigger();
    slack.age_triggers(TimeDelta::seconds(4));
    assert_eq!(client.open_view(&late, &modal("x")).await, Err(refused("expired_trigger_id")));
    assert_eq!(client.open_view("1.2.3", &modal("x")).await, Err(refused("invalid_trigger_id")));
    assert_eq!(client.open_view(&trigger(), &json!({})).await, Err(refused("invalid_arguments")));
    let now = client.update_view(&open, &modal("Loaded")).await.unwrap();
    assert_eq!(client.update_view(&open, &modal("Stale")).await, Err(refused("hash_conflict")));
    let unchecked = View { hash: String::new(), ..now };
    client.update_view(&unchecked, &modal("Forced")).await.unwrap();
    assert_eq!((slack.modals()[0].user.as_str(), &slack.modals()[0].view["title"]["text"]), ("U1", &json!("Forced")));
}
