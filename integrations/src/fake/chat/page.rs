use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use maud::{DOCTYPE, Markup, html};

use super::{dialog, entry, opens};
use crate::fake::slack::{Drawing, Entry, Kind, Slack, SlackMember};

/// How long the page goes on looking for an answer.
const PATIENCE: TimeDelta = TimeDelta::seconds(35);

/// Entries shown at the most.
const SHOWN: usize = 500;

/// The page as one member sees it; without a name, as the first.
pub(super) fn page(slack: &Slack, user: Option<&str>) -> Markup {
    let members = slack.members();
    let names: HashMap<String, String> = members.iter().map(|it| (it.id.clone(), it.name.clone())).collect();
    let mut present = members.iter().filter(|it| !it.deleted && !it.bot);
    let first = present.clone().next();
    let Some(me) = present.find(|it| Some(it.id.as_str()) == user).or(first) else { return empty() };
    let (transcript, channels, now) = (slack.transcript(), slack.channels(), Utc::now());
    let drawing = Drawing {
        press: "/demo/chat/press",
        message: 0,
        user: &me.id,
        names: &names,
        channels: &channels,
        zone: me.zone.parse().unwrap_or_default(),
        now,
    };
    let mut seen: Vec<&Entry> = transcript.iter().rev().filter(|it| it.seen_by(&me.id)).take(SHOWN).collect();
    seen.reverse();
    let modal = slack.modals().into_iter().rev().find(|it| it.user == me.id);
    // A page that renews itself would lose what is being entered.
    let waits = modal.as_ref().map_or_else(|| waits(&transcript, &me.id, now), dialog::waits);
    let body = html! {
        header.bar {
            div { h1 { "# pinconsole" } p { "The demo's Slack: what you type here reaches PinConsole signed, as from Slack." } }
            (switch(&members, me))
        }
        main.log tabindex="0" {
            ol.entries aria-label="Messages" {
                @if seen.is_empty() {
                    li.hint { "Nothing said yet. Type a command below, or try one of the suggestions." }
                }
                @for it in &seen { (entry::entry(it, &drawing)) }
                @if waits { li.hint role="status" { "PinConsole is on it…" } }
                li #latest aria-hidden="true" {}
            }
        }
        @if let Some(it) = &modal { (dialog::dialog(it, &drawing)) }
        footer.prompt { (suggestions(slack, me)) (prompt(me)) }
    };
    frame(waits, &body)
}

fn frame(waits: bool, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if waits { meta http-equiv="refresh" content="1"; }
                title { "Chat · PinConsole demo" }
                link rel="stylesheet" href="/demo/chat.css";
            }
            body.chat { (body) }
        }
    }
}

fn empty() -> Markup {
    frame(false, &html! { main.log { p.hint { "This workspace has no members yet." } } })
}

fn switch(members: &[SlackMember], me: &SlackMember) -> Markup {
    html! {
        form.switch method="get" action="/demo/chat" {
            label for="as" { "You are" }
            select #as name="as" {
                @for it in members.iter().filter(|it| !it.deleted && !it.bot) {
                    option value=(it.id) selected[it.id == me.id] { (it.name) (remark(it)) }
                }
            }
            button.plain { "Switch" }
        }
    }
}

fn remark(member: &SlackMember) -> &'static str {
    match (member.stranger, member.guest) {
        (true, _) => " (another workspace)",
        (_, true) => " (guest)",
        _ => "",
    }
}

fn suggestions(slack: &Slack, me: &SlackMember) -> Markup {
    html! {
        ul.suggestions aria-label="Suggestions" {
            @for it in slack.suggestions() {
                li {
                    form method="post" action="/demo/chat" {
                        input type="hidden" name="as" value=(me.id);
                        input type="hidden" name="text" value=(it);
                        button.chip { (it) }
                    }
                }
            }
        }
    }
}

fn prompt(me: &SlackMember) -> Markup {
    html! {
        form.compose method="post" action="/demo/chat" {
            input type="hidden" name="as" value=(me.id);
            label.unseen for="text" { "Message" }
            input #text name="text" autofocus autocomplete="off" spellcheck="false" placeholder="/pin help";
            button.send { "Send" }
        }
    }
}

/// Whether a command of this member waits for its answer.
fn waits(transcript: &[Entry], user: &str, now: DateTime<Utc>) -> bool {
    let last = transcript.iter().rev().find(|it| it.who == user);
    last.is_some_and(|it| {
        let asked = match &it.kind {
            Kind::Typed(_) => true,
            Kind::Pressed { action_id, .. } => !opens(action_id),
            Kind::Message { .. } => false,
        } && now - it.at < PATIENCE;
        let answers = |other: &Entry| other.exchange == it.exchange && matches!(other.kind, Kind::Message { .. });
        asked && !transcript.iter().any(answers)
    })
}
