use std::collections::HashMap;

use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::post;
use chrono::DateTime;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;
use crate::fake::World;
use crate::slack::{Client, Interaction, Signature, SlashCommand};

const SECRET: &str = "a-signing-secret-of-tests";

/// An app that answers a command with its own text, and a press by replacing the message.
async fn app(world: &World) -> Slack {
    let slack = world.slack();
    slack.member(SlackMember::new("U1", "Ada Byron", "ada@pin.example"));
    slack.member(SlackMember::new("U2", "Grace Hopper", "grace@pin.example"));
    let address = slack.address();
    let routes = Router::new().route("/slack/commands", post(command)).route(
        "/slack/interactions",
        post(async move |body: axum::body::Bytes| {
            let Ok(Interaction::BlockActions(press)) = Interaction::parse(&body) else {
                return StatusCode::BAD_REQUEST;
            };
            let message = match press.actions[0].action_id.as_str() {
                "drop" => json!({ "delete_original": true }),
                "share" => json!({ "text": "shared", "response_type": "in_channel" }),
                _ => json!({ "text": format!("{:?}", press.actions[0].value), "replace_original": true }),
            };
            let client = Client::new(address.clone()).unwrap();
            client.respond(&press.response_url.unwrap(), &message).await.unwrap();
            StatusCode::OK
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    slack.app(format!("http://{}", listener.local_addr().unwrap()).parse().unwrap(), SECRET.into());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    slack
}

async fn command(headers: axum::http::HeaderMap, body: axum::body::Bytes) -> axum::response::Response {
    let header = |name| headers.get(name).and_then(|it: &axum::http::HeaderValue| it.to_str().ok()).unwrap_or_default();
    let secrets: [SecretString; 1] = [SECRET.into()];
    let (timestamp, signature) = (header("x-slack-request-timestamp"), header("x-slack-signature"));
    if Signature::verify(&secrets, chrono::Utc::now(), timestamp, signature, &body).is_err() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let command = SlashCommand::parse(&body).unwrap();
    match command.text.as_str() {
        "" => ().into_response(),
        "bad" => axum::Json(json!({ "blocks": [{ "type": "marquee" }] })).into_response(),
        "bare" => "just words".into_response(),
        "public" => axum::Json(json!({ "text": "for all", "response_type": "in_channel" })).into_response(),
        text => axum::Json(json!({ "text": text, "blocks": buttons() })).into_response(),
    }
}

fn buttons() -> Value {
    let button = |id: &str| json!({ "type": "button", "action_id": id, "value": format!("{id} it"), "text": { "type": "plain_text", "text": id } });
    json!([{ "type": "actions", "elements": [button("more"), button("drop"), button("share")] }])
}

/// Who did what, seen by whom.
fn told(slack: &Slack) -> String {
    let line = |it: &Entry| {
        let seen = match &it.visibility {
            Visibility::Ephemeral { to } => format!("to {to}"),
            Visibility::Direct { to } => format!("directly to {to}"),
            Visibility::InChannel => "to all".into(),
        };
        let what = match &it.kind {
            Kind::Typed(words) => format!("types {words}"),
            Kind::Pressed { action_id, .. } => format!("presses {action_id}"),
            Kind::Message { json, replaced, deleted } => {
                format!("says {} (replaced {replaced}, deleted {deleted})", json["text"])
            }
        };
        format!("{} {seen} {what}", it.who)
    };
    slack.transcript().iter().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_command_and_its_buttons_make_a_transcript() {
    let world = World::start().await.unwrap();
    let slack = app(&world).await;
    let exchange = slack.command("U1", "/pin catalog payments").await;
    assert_eq!(exchange.status, Some(200));
    let message = slack.answer(&exchange).await.unwrap();
    assert!(message.seen_by("U1") && !message.seen_by("U2"));
    assert!(slack.press("U2", message.id, "more").await.is_none(), "who does not see it cannot press it");
    assert!(slack.press("U1", message.id, "none").await.is_none());
    let shared = slack.press("U1", message.id, "share").await.unwrap();
    assert!(slack.answer(&shared).await.unwrap().seen_by("U2"));
    let replaced = slack.press("U1", message.id, "more").await.unwrap();
    assert_eq!(slack.answer(&replaced).await.unwrap().id, message.id);
    insta::assert_snapshot!(told(&slack), @r#"
        U1 to U1 types /pin catalog payments
        U0PINBOT to U1 says "Some(\"more it\")" (replaced 1, deleted false)
        U1 to U1 presses share
        U0PINBOT to all says "shared" (replaced 0, deleted false)
        U1 to U1 presses more
        "#);
    world.finish();
}

#[tokio::test]
async fn a_message_may_be_taken_away() {
    let world = World::start().await.unwrap();
    let slack = app(&world).await;
    let exchange = slack.command("U1", "/pin x").await;
    let message = slack.answer(&exchange).await.unwrap();
    slack.press("U1", message.id, "drop").await.unwrap();
    assert!(slack.transcript().iter().all(|it| it.message().is_none()));
    assert!(slack.press("U1", message.id, "drop").await.is_none());
}

#[tokio::test]
async fn what_is_public_shows_what_was_typed() {
    let world = World::start().await.unwrap();
    let slack = app(&world).await;
    slack.command("U1", "/pin public").await;
    slack.command("U1", "/pin bare").await;
    slack.say("U2", "hello");
    insta::assert_snapshot!(told(&slack), @r#"
        U1 to all types /pin public
        U0PINBOT to all says "for all" (replaced 0, deleted false)
        U1 to U1 types /pin bare
        U0PINBOT to U1 says "just words" (replaced 0, deleted false)
        U2 to all types hello
        USLACKBOT to U2 says "PinConsole answers commands only: try `/pin help`." (replaced 0, deleted false)
        "#);
}

#[tokio::test]
async fn an_app_that_fails_is_reported_by_slackbot() {
    let world = World::start().await.unwrap();
    let slack = app(&world).await;
    let bad = slack.command("U1", "/pin bad").await;
    assert!(slack.answer(&bad).await.unwrap().is_failure());
    let mut forged = slack.typed("U1", "/pin x");
    forged.body.extend_from_slice(b"&text=y");
    assert_eq!(slack.deliver(&forged).await.status, Some(401));
    slack.app("http://127.0.0.1:9/".parse().unwrap(), SECRET.into());
    assert_eq!(slack.command("U1", "/pin x").await.status, None);
    insta::assert_snapshot!(told(&slack), @r#"
        U1 to U1 types /pin bad
        USLACKBOT to U1 says "PinConsole failed with the error \"invalid_blocks: /blocks/0: type \"marquee\"\"" (replaced 0, deleted false)
        U1 to U1 types /pin x
        USLACKBOT to U1 says "PinConsole failed with the error \"dispatch_failed\"" (replaced 0, deleted false)
        U1 to U1 types /pin x
        USLACKBOT to U1 says "PinConsole failed with the error \"operation_timeout\"" (replaced 0, deleted false)
        "#);
}

#[tokio::test]
async fn a_request_may_be_sent_again() {
    let world = World::start().await.unwrap();
    let slack = app(&world).await;
    let request = slack.typed("U1", "/pin x");
    let (first, second) = (slack.deliver(&request).await, slack.deliver(&request).await);
    assert_eq!((first.id, first.body), (second.id, second.body));
}

fn drawn(message: &Value) -> String {
    let names = HashMap::from([("U1".to_string(), "Ada <b>Byron</b>".to_string())]);
    let drawing = Drawing {
        press: "/demo/chat/press",
        message: 7,
        user: "U\"2",
        names: &names,
        channels: &[],
        zone: chrono_tz::America::New_York,
        now: DateTime::from_timestamp(1_700_000_000, 0).unwrap(),
    };
    draw(message, &drawing).0.replace("><", ">\n<")
}

#[test]
fn every_block_is_drawn() {
    let plain = |it: &str| json!({ "type": "plain_text", "text": it, "emoji": false });
    let message = json!({ "text": "fallback", "blocks": [
        { "type": "header", "text": plain("A &amp; B") },
        { "type": "section", "text": { "type": "mrkdwn", "text": "*bold* _it_ ~no~ `c<` snake_case_x" },
          "fields": [plain("f1")], "accessory": { "type": "button", "action_id": "acc", "text": plain("Go"), "value": "v" } },
        { "type": "divider" },
        { "type": "context", "elements": [{ "type": "mrkdwn",
          "text": "<https://pin.example/a?b=1&amp;c=2|words> <@U1> <#C1|general> <!here> <!date^1699999700^{ago}|then>" }] },
        { "type": "rich_text", "elements": [
            { "type": "rich_text_section", "elements": [
                { "type": "text", "text": "b", "style": { "bold": true, "code": true } },
                { "type": "link", "url": "https://pin.example/", "text": "site" },
                { "type": "user", "user_id": "U1" },
                { "type": "date", "timestamp": 1_700_000_000, "format": "{date_short_pretty} at {time}", "fallback": "then" },
            ] },
            { "type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [
                { "type": "rich_text_section", "elements": [{ "type": "text", "text": "one" }] }] },
            { "type": "rich_text_preformatted", "elements": [{ "type": "text", "text": "$ x\n  y" }] },
            { "type": "rich_text_quote", "elements": [{ "type": "text", "text": "q" }] },
        ] },
        { "type": "table", "column_settings": [{ "is_wrapped": true }], "rows": [
            [{ "type": "raw_text", "text": "Name" }],
            [{ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [{ "type": "text", "text": "cell" }] }] }] ] },
        { "type": "actions", "elements": [
            { "type": "button", "action_id": "read-0", "text": plain("More"), "value": "x", "accessibility_label": "More: x", "style": "primary" },
            { "type": "button", "action_id": "open", "text": plain("Open"), "url": "https://pin.example/" } ] },
    ] });
    assert_eq!(blocks::check(&message), Ok(()));
    insta::assert_snapshot!(drawn(&message), @r#"
        <form class="s-message" method="post" action="/demo/chat/press">
        <input type="hidden" name="as" value="U&quot;2">
        <input type="hidden" name="message" value="7">
        <h2 class="s-header">A &amp; B</h2>
        <div class="s-section">
        <div>
        <p class="s-text">
        <strong>bold</strong> <em>it</em> <s>no</s> <code>c&lt;</code> snake_case_x</p>
        <div class="s-fields">
        <p class="s-text">f1</p>
        </div>
        </div>
        <button class="s-button" name="action" value="acc">Go</button>
        </div>
        <hr class="s-divider">
        <div class="s-context">
        <span>
        <a href="https://pin.example/a?b=1&amp;c=2" rel="noreferrer">words</a> <span class="s-mention">@Ada &lt;b&gt;Byron&lt;/b&gt;</span> <span class="s-mention">#general</span> <span class="s-mention">@here</span> <time datetime="2023-11-14T22:08:20+00:00" title="Tuesday, 14 November 2023, 17:08:20 EST">5 minutes ago</time>
        </span>
        </div>
        <div class="s-text">
        <strong>
        <code>b</code>
        </strong>
        <a href="https://pin.example/" rel="noreferrer">site</a>
        <span class="s-mention">@Ada &lt;b&gt;Byron&lt;/b&gt;</span>
        <time datetime="2023-11-14T22:13:20+00:00" title="Tuesday, 14 November 2023, 17:13:20 EST">today at 5:13 PM</time>
        </div>
        <ol class="s-list s-indent-1">
        <li>one</li>
        </ol>
        <pre>$ x
          y</pre>
        <blockquote>q</blockquote>
        <div class="s-scroll" tabindex="0" role="region" aria-label="Table">
        <table class="s-table">
        <thead>
        <tr>
        <th scope="col">Name</th>
        </tr>
        </thead>
        <tbody>
        <tr>
        <td>
        <div class="s-text">cell</div>
        </td>
        </tr>
        </tbody>
        </table>
        </div>
        <div class="s-actions">
        <button class="s-button s-primary" name="action" value="read-0" aria-label="More: x">More</button>
        <a class="s-button" href="https://pin.example/" rel="noreferrer">Open</a>
        </div>
        </form>
        "#);
}

#[test]
fn hostile_text_is_only_text() {
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let escaped = evil.replace('<', "&lt;").replace('>', "&gt;");
    let section = |element: Value| json!({ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [element] }] });
    let blocks = json!([
        { "type": evil },
        { "type": "header", "text": { "type": "plain_text", "text": escaped } },
        { "type": "section", "text": { "type": "mrkdwn", "text": evil } },
        { "type": "context", "elements": [{ "type": "mrkdwn", "text": format!("<javascript:alert(1)|{escaped}> <@{escaped}> <!date^1^{{x}}|{escaped}> <!date^x^y|z> < *_~` <|> <>") }] },
        { "type": "context", "elements": [{ "type": "image", "alt_text": evil, "image_url": "javascript:alert(1)" }] },
        section(json!({ "type": "text", "text": evil })),
        section(json!({ "type": "link", "url": "javascript:alert(1)", "text": evil })),
        section(json!({ "type": "link", "url": "https://pin.example/\"onclick=\"alert(1)" })),
        section(json!({ "type": "user", "user_id": evil })),
        section(json!({ "type": "date", "timestamp": i64::MAX, "format": evil, "fallback": evil })),
        section(json!({ "type": "date", "timestamp": 1, "format": evil, "fallback": evil })),
        section(json!({ "type": evil })),
        { "type": "table", "rows": [[{ "type": "raw_text", "text": evil }]] },
        { "type": "actions", "elements": [
            { "type": "button", "action_id": evil, "text": { "text": escaped }, "accessibility_label": evil },
            { "type": "button", "url": "javascript:alert(1)", "text": { "text": escaped } } ] },
        { "type": "section", "text": 7 },
        7,
    ]);
    for message in [json!({ "blocks": blocks }), json!({ "text": evil }), json!({ "text": 7 }), json!([])] {
        let html = drawn(&message);
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"), "{html}");
        assert!(!html.contains("href=\"javascript") && !html.contains("\"onclick"), "{html}");
    }
}

proptest::proptest! {
    #[test]
    fn any_markup_is_drawn_without_tags_of_its_own(text in "[<>*_~`|!@#&;a:/^{} \n-]{0,60}") {
        let html = drawn(&json!({ "text": text }));
        let known = ["p class", "/p", "strong", "/strong", "em", "/em", "s>", "/s>", "code", "/code", "span", "/span", "a href", "/a", "time", "/time"];
        for tag in html.split('<').skip(1) {
            proptest::prop_assert!(known.iter().any(|it| tag.starts_with(it)), "{html}");
        }
    }
}
