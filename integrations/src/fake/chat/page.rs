use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use maud::{DOCTYPE, Markup, html};

use super::room::{self, Looks};
use super::{Chat, Looking, address, dialog, entry, opens, play};
use crate::fake::slack::{CHANNEL, Drawing, Entry, Kind, Slack, SlackChannel, SlackMember};

/// How long the page goes on looking for an answer.
const PATIENCE: TimeDelta = TimeDelta::seconds(35);

/// Entries shown at the most.
const SHOWN: usize = 500;

/// How often a page in which nothing is typed renews itself, in seconds.
const RENEWAL: u32 = 2;

/// The page as one member sees it; without a name, as the first.
pub(super) fn page(chat: &Chat, looking: &Looking) -> Markup {
    let (slack, members) = (&chat.slack, chat.slack.members());
    let mut present = members.iter().filter(|it| !it.deleted && !it.bot);
    let first = present.clone().next();
    let Some(me) = present.find(|it| Some(it.id.as_str()) == looking.user.as_deref()).or(first) else { return empty() };
    let (transcript, channels, now) = (slack.transcript(), slack.channels(), Utc::now());
    let Some(open) = room::chosen(&channels, me, looking.room.as_deref()) else { return empty() };
    chat.seen.note(&me.id, &open.id, transcript.last().map_or(0, |it| it.id));
    let names: HashMap<String, String> = members.iter().map(|it| (it.id.clone(), it.name.clone())).collect();
    let drawing = Drawing {
        press: "/demo/chat/press",
        message: 0,
        user: &me.id,
        names: &names,
        channels: &channels,
        zone: me.zone.parse().unwrap_or_default(),
        now,
    };
    let modal = slack.modals().into_iter().rev().find(|it| it.user == me.id);
    // A page that renews itself would lose what is being entered.
    let waits = modal.as_ref().map_or_else(|| waits(&transcript, &me.id, now), dialog::waits);
    let (typing, still) = (open.id == CHANNEL, looking.still.is_some());
    let renewal = match (waits, typing || still || modal.is_some()) {
        (true, _) => Some(1),
        (false, true) => None,
        (false, false) => Some(RENEWAL),
    };
    let looks = Looks { me, open, always: chat.stage.room.as_deref() };
    let body = html! {
        (bar(&members, &looks))
        div.middle {
            (room::list(&channels, &looks, &transcript, &chat.seen))
            main.log tabindex="0" { (log(&transcript, &looks, (&drawing, waits))) }
        }
        @if let Some(it) = &modal { (dialog::dialog(it, &drawing, &open.id)) }
        footer.prompt {
            @if typing {
                (suggestions(slack, &looks, room::named(&channels, looks.always)))
                (prompt(me))
            } @else {
                (play::panel(&chat.pagerduty, &chat.stage.incidents, &chat.stage.players(&members), (&me.id, &open.id)))
                (renews(&looks, still))
            }
        }
    };
    frame(renewal, &body)
}

fn bar(members: &[SlackMember], looks: &Looks<'_>) -> Markup {
    html! {
        header.bar {
            div {
                h1 { (room::title(looks.open)) }
                p { "The demo's Slack: what you do here reaches PinConsole signed, as from Slack." }
            }
            (switch(members, looks))
        }
    }
}

fn log(transcript: &[Entry], looks: &Looks<'_>, (drawing, waits): (&Drawing<'_>, bool)) -> Markup {
    let here = |it: &&Entry| it.channel == looks.open.id && it.seen_by(&looks.me.id);
    let mut seen: Vec<&Entry> = transcript.iter().rev().filter(here).take(SHOWN).collect();
    seen.reverse();
    html! {
        ol.entries aria-label="Messages" {
            @if seen.is_empty() { li.hint { (nothing(looks.open)) } }
            @for it in seen.iter().filter(|it| entry::thread(it).is_none()) {
                (entry::threaded(it, &seen, drawing))
            }
            @if waits { li.hint role="status" { "PinConsole is on it…" } }
        }
    }
}

fn nothing(open: &SlackChannel) -> &'static str {
    match open.id == CHANNEL {
        true => "Nothing said yet. Type a command below, or try one of the suggestions.",
        false => "Nothing said yet. What PinConsole tells here appears by itself.",
    }
}

/// Says whether the page renews itself, and how to change that.
fn renews(looks: &Looks<'_>, still: bool) -> Markup {
    let here = address(&looks.me.id, &looks.open.id);
    html! {
        p.renews {
            @if still { "This page stays as it is. " a href=(here) { "Renew it by itself" } }
            @else { "This page renews itself. " a href={ (here) "&still=1" } { "Let it stay" } }
        }
    }
}

fn frame(renewal: Option<u32>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if let Some(it) = renewal { meta http-equiv="refresh" content=(it); }
                title { "Chat · PinConsole demo" }
                link rel="stylesheet" href="/demo/chat.css";
            }
            body.chat { (body) }
        }
    }
}

fn empty() -> Markup {
    frame(None, &html! { main.log { p.hint { "This workspace has no members yet." } } })
}

/// Another member sees the same room, unless it is a direct message, which is nobody else's.
fn switch(members: &[SlackMember], Looks { me, open, .. }: &Looks<'_>) -> Markup {
    html! {
        form.switch method="get" action="/demo/chat" {
            @if open.with.is_none() && open.id != CHANNEL { input type="hidden" name="room" value=(open.id); }
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

fn suggestions(slack: &Slack, Looks { me, .. }: &Looks<'_>, stage: Option<&SlackChannel>) -> Markup {
    html! {
        ul.suggestions aria-label="Suggestions" {
            @if let Some(it) = stage { li { a.chip href=(address(&me.id, &it.id)) { "Play an incident" } } }
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
