use axum::Router;
use axum::routing::post;
use reqwest::StatusCode;
use tokio::net::TcpListener;

use super::*;
use crate::fake::pagerduty::{Level, PagerPolicy, PagerService, PagerUser};
use crate::fake::slack::{SlackChannel, SlackMember};
use crate::pagerduty::{Status, Urgency};

struct Page {
    world: World,
    slack: Slack,
    url: String,
    http: reqwest::Client,
}

/// What there is to play here.
fn stage() -> Stage {
    let broken = Staged { service: "PSHOP", name: "shop".into(), title: "Nobody can <buy>", urgency: Urgency::High };
    Stage { incidents: vec![broken], room: Some("shop".into()), players: Vec::new() }
}

impl Page {
    /// The page, with an app behind it that answers a command by echoing it beside a button.
    async fn open() -> Self {
        let world = World::start().await.unwrap();
        let slack = world.slack();
        slack.member(SlackMember::new("U1", "Ada <Byron>", "ada@pin.example"));
        slack.member(SlackMember { guest: true, ..SlackMember::new("U2", "Bo Guest", "bo@pin.example") });
        slack.member(SlackMember { deleted: true, ..SlackMember::new("U3", "Cy Gone", "cy@pin.example") });
        slack.channel(SlackChannel::new("CSHOP", "shop"));
        let pagerduty = world.pagerduty();
        pagerduty.user(PagerUser::new("PADA", "Ada Byron", "ada@pin.example"));
        pagerduty.user(PagerUser::new("PBO", "Bo Guest", "bo@pin.example"));
        pagerduty.policy(PagerPolicy::new("PPOLICY", "Shop", vec![Level::users(&["PADA"]), Level::users(&["PBO"])]));
        pagerduty.service(PagerService::new("PSHOP", "shop", "PPOLICY"));
        let app = Router::new()
            .route(
                "/slack/commands",
                post(async |body: axum::body::Bytes| {
                    let command = crate::slack::SlashCommand::parse(&body).unwrap();
                    axum::Json(serde_json::json!({ "blocks": [
                        { "type": "header", "text": { "type": "plain_text", "text": format!("You asked {}", command.text) } },
                        { "type": "actions", "elements": [
                            { "type": "button", "action_id": "read-0", "value": "x", "text": { "type": "plain_text", "text": "More" } }] },
                    ] }))
                }),
            )
            .route("/slack/interactions", post(async || StatusCode::OK))
            .merge(router(&world, stage()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        slack.app(url.parse().unwrap(), "a-signing-secret-of-tests".into());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { world, slack, url, http: reqwest::Client::new() }
    }

    async fn seen(&self, path: &str) -> String {
        self.http.get(format!("{}{path}", self.url)).send().await.unwrap().text().await.unwrap()
    }

    async fn post(&self, path: &str, origin: &str, form: &[(&str, &str)]) -> (StatusCode, String) {
        let request = self.http.post(format!("{}{path}", self.url)).header("origin", origin).form(form);
        let answer = request.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn typing_a_command_shows_its_answer_with_a_button() {
    let page = Page::open().await;
    assert!(page.seen("/demo/chat").await.contains("Nothing said yet"));
    let (status, html) = page.post("/demo/chat", &page.url, &[("as", "U1"), ("text", "/pin <b>help</b>")]).await;
    assert_eq!(status, StatusCode::OK);
    for part in [
        "You asked &lt;b&gt;help&lt;/b&gt;",
        "Only visible to you",
        "Ada &lt;Byron&gt;",
        "<button class=\"s-button\" name=\"action\" value=\"read-0\">More</button>",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert!(!page.seen("/demo/chat?as=U2").await.contains("You asked"), "another member sees none of it");
    assert!(page.seen("/demo/chat.css").await.contains("prefers-color-scheme: dark"));
}

#[tokio::test]
async fn words_without_a_slash_are_said_and_hint_at_help() {
    let page = Page::open().await;
    let (_, html) = page.post("/demo/chat", &page.url, &[("as", "U1"), ("text", "hello all")]).await;
    assert!(html.contains("hello all") && html.contains("<code>/pin help</code>"), "{html}");
    let other = page.seen("/demo/chat?as=U2").await;
    assert!(other.contains("hello all") && !other.contains("PinConsole answers commands only"), "{other}");
}

#[tokio::test]
async fn a_press_reaches_the_app_and_waits_for_its_answer() {
    let page = Page::open().await;
    page.post("/demo/chat", &page.url, &[("as", "U1"), ("text", "/pin x")]).await;
    let message = page.slack.transcript().last().unwrap().id.to_string();
    let press = [("as", "U1"), ("message", message.as_str()), ("action", "read-0")];
    let (status, html) = page.post("/demo/chat/press", &page.url, &press).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("PinConsole is on it") && html.contains("http-equiv=\"refresh\""), "{html}");
    assert_eq!(page.slack.transcript().last().unwrap().who, "U1");
}

#[tokio::test]
async fn a_view_is_a_form_that_can_be_sent_and_closed() {
    let page = Page::open().await;
    page.post("/demo/chat", &page.url, &[("as", "U1"), ("text", "/pin x")]).await;
    let message = page.slack.transcript().last().unwrap().id.to_string();
    let press = [("as", "U1"), ("message", message.as_str()), ("action", "read-0")];
    page.post("/demo/chat/press", &page.url, &press).await;
    let view = serde_json::json!({
        "type": "modal", "title": { "type": "plain_text", "text": "PinConsole" },
        "submit": { "type": "plain_text", "text": "Next" }, "close": { "type": "plain_text", "text": "Cancel" },
        "blocks": [{ "type": "input", "block_id": "why", "label": { "type": "plain_text", "text": "<Why>" }, "optional": false,
            "element": { "type": "plain_text_input", "action_id": "why", "multiline": true } }],
    });
    let client = crate::slack::Client::new(page.slack.address()).unwrap();
    let trigger = page.slack.trigger("U1");
    let open = client.open_view(&trigger, &view).await.unwrap();
    assert!(client.open_view(&trigger, &view).await.is_err(), "a trigger works once");
    let html = page.seen("/demo/chat?as=U1").await;
    for part in ["role=\"dialog\"", "&lt;Why&gt;", "<textarea", "name=\"why\"", "value=\"submit\">Next<"] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert!(!html.contains("http-equiv"), "what is being entered is not lost to a renewal");
    assert!(!page.seen("/demo/chat?as=U2").await.contains("role=\"dialog\""), "another member sees none of it");
    let sent = [("as", "U2"), ("view", open.id.as_str()), ("verb", "submit"), ("why", "x")];
    page.post("/demo/chat/view", &page.url, &sent).await;
    assert_eq!(page.slack.modals().len(), 1, "nor can they send it");
    let sent = [("as", "U1"), ("view", open.id.as_str()), ("verb", "submit"), ("why", "because")];
    let (_, html) = page.post("/demo/chat/view", &page.url, &sent).await;
    assert!(!html.contains("role=\"dialog\"") && page.slack.modals().is_empty(), "an empty answer closes it");
}

#[tokio::test]
async fn another_site_cannot_type_and_nobody_is_nobody() {
    let page = Page::open().await;
    let typed = [("as", "U1"), ("text", "/pin x")];
    for origin in ["http://evil.example", "null", ""] {
        let (status, _) = page.post("/demo/chat", origin, &typed).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{origin}");
    }
    for user in ["U3", "U9", ""] {
        let (status, _) = page.post("/demo/chat", &page.url, &[("as", user), ("text", "/pin x")]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{user}");
    }
    assert!(page.slack.transcript().is_empty());
}

#[tokio::test]
async fn what_is_played_happens_in_pagerduty_once_and_by_people_of_the_chat() {
    let page = Page::open().await;
    let pagerduty = page.world.pagerduty();
    let play = async |play: &str| {
        let pressed = [("as", "U1"), ("room", "CSHOP"), ("play", play)];
        page.post("/demo/chat/play", &page.url, &pressed).await.1
    };
    let html = play("trigger PSHOP").await;
    let id = pagerduty.incidents().remove(0);
    for part in
        ["Nobody can &lt;buy&gt;", "triggered, asks Ada Byron", "Ada acknowledges", "Bo resolves", "content=\"2\""]
    {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert!(play(&format!("escalate {id}")).await.contains("asks Bo Guest"));
    assert!(play(&format!("acknowledge {id}")).await.contains("acknowledged, asks Bo Guest"));
    for late in ["escalate", "resolve", "acknowledge", "recover", "nothing"] {
        play(&format!("{late} {id}")).await;
    }
    play("resolve Q0").await;
    play("trigger P0").await;
    assert_eq!(pagerduty.incident(&id).status, Status::Resolved);
    assert_eq!(
        (pagerduty.incidents().len(), pagerduty.reopened(&id)),
        (1, 0),
        "who presses too late begins nothing anew"
    );
    let still = page.seen("/demo/chat?as=U1&room=CSHOP&still=1").await;
    assert!(!still.contains("http-equiv") && still.contains("Renew it by itself"), "{still}");
    assert!(play("lose").await.contains("events get lost now"));
    assert!(!play("well").await.contains("events get lost now"));
}

#[tokio::test]
async fn a_room_shows_its_own_messages_and_threads_and_others_how_many_are_new() {
    let page = Page::open().await;
    let client = crate::slack::Client::new(page.slack.address()).unwrap();
    page.post("/demo/chat", &page.url, &[("as", "U1"), ("text", "hello all")]).await;
    let direct = client.open("U1").await.unwrap();
    let post = async |room: &str, thread: &str, text: &str| {
        let mut form = vec![("channel", room), ("text", text)];
        if !thread.is_empty() {
            form.push(("thread_ts", thread));
        }
        let request = page.http.post(page.slack.api_url().join("chat.postMessage").unwrap()).form(&form);
        let token = secrecy::ExposeSecret::expose_secret(&page.slack.bot_token()).to_string();
        request.bearer_auth(token).send().await.unwrap().json::<serde_json::Value>().await.unwrap()
    };
    let broken = post("CSHOP", "", "It is broken").await;
    post("CSHOP", broken["ts"].as_str().unwrap(), "Somebody looks").await;
    post(&direct, "", "You are asked").await;
    let home = page.seen("/demo/chat?as=U1").await;
    assert!(home.contains("hello all") && !home.contains("It is broken"), "{home}");
    assert!(home.contains("2<span class=\"unseen\"> new") && home.contains("1<span class=\"unseen\"> new"), "{home}");
    let shop = page.seen("/demo/chat?as=U1&room=CSHOP").await;
    let thread = shop.split_once("class=\"thread\"").expect("a thread").1;
    assert!(thread.contains("1 reply") && thread.contains("Somebody looks") && !shop.contains("hello all"), "{shop}");
    assert!(!page.seen("/demo/chat?as=U1").await.contains("2<span class=\"unseen\"> new"), "what was seen is not new");
    let other = page.seen(&format!("/demo/chat?as=U2&room={direct}")).await;
    assert!(!other.contains("You are asked"), "{other}");
}
