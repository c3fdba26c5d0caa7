use std::time::Duration;

use serde_json::json;

use super::{Client, ResponseUrl, SlackError};
use crate::fake::World;
use crate::fake::slack::{Slack, SlackMember, TEAM};

async fn world() -> (World, Slack, Client) {
    let world = World::start().await.unwrap();
    let slack = world.slack();
    slack.member(SlackMember::new("U1", "Ada Byron", "ada@pin.example"));
    let client = Client::new(slack.address()).unwrap();
    (world, slack, client)
}

fn ada(client: &Client) -> impl Future<Output = Result<super::Profile, SlackError>> {
    client.profile("U1", TEAM)
}

#[tokio::test]
async fn knows_its_team_and_its_users() {
    let (world, slack, client) = world().await;
    insta::assert_debug_snapshot!(client.team().await.unwrap(), @r#"
        Team {
            team_id: "T0PIN",
            enterprise_id: None,
            name: "Pin",
            url: "https://pin.slack.example/",
            bot_user: "U0PINBOT",
            scopes: [
                "commands",
                "users:read",
                "users:read.email",
                "chat:write",
                "im:write",
                "channels:history",
                "groups:history",
                "im:history",
            ],
        }
        "#);
    let ada = ada(&client).await.unwrap();
    assert_eq!((ada.email.as_deref(), ada.email_confirmed), (Some("ada@pin.example"), true));
    assert!(!ada.guest && !ada.stranger && !ada.deleted && !ada.bot);
    slack.member(SlackMember { deleted: true, ..SlackMember::new("U2", "Gone", "gone@pin.example") });
    slack.member(SlackMember { stranger: true, guest: true, ..SlackMember::new("U3", "Far", "far@else.example") });
    assert!(client.profile("U2", TEAM).await.unwrap().deleted);
    let far = client.profile("U3", TEAM).await.unwrap();
    assert!(far.stranger && far.guest);
    assert_eq!(client.profile("U9", TEAM).await, Err(SlackError::Refused("user_not_found".into())));
    world.finish();
}

#[tokio::test]
async fn without_its_scope_an_email_is_not_seen() {
    let (_world, slack, client) = world().await;
    slack.scopes(&["commands", "users:read"]);
    assert_eq!(ada(&client).await.unwrap().email, None);
    slack.scopes(&["commands"]);
    assert_eq!(ada(&client).await, Err(SlackError::Refused("missing_scope".into())));
    assert_eq!(client.team().await.unwrap().scopes, ["commands"]);
}

#[tokio::test]
async fn a_wrong_token_is_refused() {
    let (_world, slack, _) = world().await;
    let client = Client::new(super::Address { bot_token: "xoxb-wrong".into(), ..slack.address() }).unwrap();
    assert_eq!(client.team().await, Err(SlackError::Refused("invalid_auth".into())));
}

#[tokio::test]
async fn one_failure_is_tried_again_and_two_are_told() {
    let (_world, slack, client) = world().await;
    slack.broken(1);
    assert!(client.team().await.is_ok());
    slack.broken(2);
    assert_eq!(client.team().await, Err(SlackError::Away("status 500".into())));
    assert_eq!(slack.calls("auth.test"), 4);
}

#[tokio::test]
async fn a_method_is_left_alone_until_its_pause_ends() {
    let (_world, slack, client) = world().await;
    slack.limited(Duration::from_secs(60), 1);
    assert_eq!(ada(&client).await, Err(SlackError::RateLimited { retry_after: Duration::from_secs(60) }));
    assert!(matches!(ada(&client).await, Err(SlackError::RateLimited { .. })));
    assert_eq!(slack.calls("users.info"), 1, "the second was not sent");
    assert!(client.team().await.is_ok(), "another method goes on");
    slack.limited(Duration::ZERO, 1);
    assert!(client.team().await.is_err());
    assert!(client.team().await.is_ok(), "the pause is over");
}

#[tokio::test]
async fn a_silent_slack_is_away() {
    let (_world, slack, _) = world().await;
    let client = Client::patient(slack.address(), Duration::from_millis(100)).unwrap();
    slack.slow(Duration::from_secs(3600), 1);
    assert_eq!(client.team().await, Err(SlackError::Away("no answer in time".into())));
}

#[tokio::test]
async fn a_slack_that_is_not_there_is_away() {
    let (world, slack, client) = world().await;
    let address = world.address();
    world.finish();
    // The port is free again as soon as the server's task has ended.
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let error = client.team().await.unwrap_err();
    assert_eq!(error, SlackError::Away("no connection".into()));
    assert_eq!(slack.calls("auth.test"), 0);
}

async fn url(slack: &Slack) -> ResponseUrl {
    let form = slack.typed("U1", "/pin help").body;
    crate::slack::SlashCommand::parse(&form).unwrap().response_url
}

fn prepare(slack: &Slack) {
    slack.app("http://127.0.0.1:9/".parse().unwrap(), "a-signing-secret-of-tests".into());
}

#[tokio::test]
async fn answers_are_posted_through_limits_and_one_failure() {
    let (_world, slack, client) = world().await;
    prepare(&slack);
    let to = url(&slack).await;
    slack.limited(Duration::ZERO, 1);
    slack.broken(1);
    assert_eq!(client.respond(&to, &json!({ "text": "late" })).await, Ok(()));
    assert_eq!(slack.calls("response"), 3);
    assert_eq!(slack.transcript().last().unwrap().message().unwrap()["text"], "late");
}

#[tokio::test]
async fn answers_stop_where_waiting_is_useless() {
    let (_world, slack, client) = world().await;
    prepare(&slack);
    let to = url(&slack).await;
    slack.limited(Duration::from_secs(600), 1);
    assert!(matches!(client.respond(&to, &json!({ "text": "x" })).await, Err(SlackError::RateLimited { .. })));
    assert!(matches!(client.respond(&to, &json!({ "text": "x" })).await, Err(SlackError::RateLimited { .. })));
    assert_eq!(slack.calls("response"), 1);
}

#[tokio::test]
async fn a_spent_or_stale_address_and_a_bad_message_are_refused() {
    let (_world, slack, client) = world().await;
    prepare(&slack);
    let (to, message) = (url(&slack).await, json!({ "text": "x" }));
    let bad = json!({ "blocks": [{ "type": "header", "text": { "type": "plain_text", "text": "" } }] });
    assert_eq!(client.respond(&to, &bad).await, Err(SlackError::Refused("invalid_blocks".into())));
    for _ in 0..4 {
        assert_eq!(client.respond(&to, &message).await, Ok(()));
    }
    assert_eq!(client.respond(&to, &message).await, Err(SlackError::Refused("used_url".into())));
    let to = url(&slack).await;
    slack.age_response_urls(chrono::TimeDelta::minutes(31));
    assert_eq!(client.respond(&to, &message).await, Err(SlackError::Refused("expired_url".into())));
}

#[tokio::test]
async fn nothing_is_sent_to_an_address_that_is_not_slacks() {
    let (world, slack, client) = world().await;
    let own = format!("http://user@{}/response/1", world.address());
    for url in ["http://169.254.169.254/", "https://hooks.slack.com.evil.example/x", "https://x@hooks.slack.com/", &own]
    {
        let error = client.respond(&ResponseUrl::from(url.to_string()), &json!({ "text": "x" })).await.unwrap_err();
        assert!(matches!(error, SlackError::Forbidden(_)), "{url}: {error}");
    }
    assert_eq!(slack.calls("response"), 0);
}

#[test]
fn secrets_do_not_show() {
    let address = super::Address { api_url: None, bot_token: "xoxb-secret".into(), response_hosts: vec![] };
    let url = ResponseUrl::from("https://hooks.slack.com/secret".to_string());
    let shown = format!("{address:?} {url:?}");
    assert!(!shown.contains("secret"), "{shown}");
}

/// Says that a method may be called, and then lets this process stand still.
struct Frozen;

#[async_trait::async_trait]
impl crate::Pace for Frozen {
    async fn rest(&self, _: &'static str) -> Option<Duration> {
        std::thread::sleep(Duration::from_millis(1_100));
        None
    }

    async fn hold(&self, _: &'static str, _: Duration) {}

    async fn turn(&self, _: &domain::pace::Quota) -> Option<Duration> {
        None
    }
}

#[tokio::test]
async fn who_stood_still_after_getting_leave_does_not_call() {
    let (_world, slack, client) = world().await;
    let late = client.paced(std::sync::Arc::new(Frozen));
    assert_eq!(late.team().await, Err(SlackError::Away("this process was too slow to call".into())));
    assert_eq!(slack.calls("auth.test"), 0);
}

#[tokio::test]
async fn a_request_leaves_in_time_or_not_at_all() {
    use crate::wire::{Missing, form_until, send};
    const LONGEST: usize = 1_000;
    let (_world, slack, _) = world().await;
    let http = reqwest::Client::builder().retry(reqwest::retry::never()).build().unwrap();
    let url = slack.api_url().join("auth.test").unwrap();
    let request = || http.post(url.clone()).bearer_auth(secrecy::ExposeSecret::expose_secret(&slack.bot_token()));
    let now = std::time::Instant::now();
    assert!(
        send(form_until(request(), &[], now + Duration::from_secs(60)), LONGEST).await.is_ok_and(|it| it.status == 200)
    );
    let late = send(form_until(request(), &[("token", "x")], now), LONGEST).await;
    assert!(matches!(late, Err(Missing::Broken { sent: false, again: false, .. })));
    assert_eq!(slack.calls("auth.test"), 1);
}
