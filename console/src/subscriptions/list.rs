//! What channels are told of.

use cards::{Card, Text, Tone};
use domain::account::Platform;
use domain::github::Subscription;
use domain::github::subscription::Target;

use super::{Room, also, ask, told};
use crate::{Asks, Ctx, Failure, Reply};

/// So many are listed.
const MOST: i64 = 50;

/// What a channel is told of: the one that is named, else the one where it was typed, else all.
pub async fn answer(ctx: &Ctx, place: Option<&Room>, channel: Option<&str>) -> Reply {
    let room = match (place, channel) {
        (None, None) => None,
        (place, channel) => Some(ask::room(place, channel)?),
    };
    let at = (Platform::Slack, room.as_ref().map(|it| it.id.as_str()));
    let all = Subscription::listed(&ctx.db, at, None, MOST).await?;
    Ok(card(room.as_ref(), &all))
}

fn card(room: Option<&Room>, all: &[Subscription]) -> Card {
    let named = room.map(|it| it.name.as_ref().map_or_else(|| it.id.clone(), |name| format!("#{name}")));
    let title = match &named {
        Some(name) => format!("Subscriptions of {name}"),
        None => "Subscriptions of all channels".into(),
    };
    let card = Card::new(title).results(all.len());
    if all.is_empty() {
        let example = Text::code("subscribe owner/name");
        let text = Text::plain("There are none. To be told of pull requests in a channel, type there, for example: ");
        return card.text(text.then(example)).read("Help", Asks::help_on("subscribe"));
    }
    let card = all.iter().fold(card, |card, it| {
        let card = card.item(of(it, named.is_none()), note(it));
        match &it.paused_why {
            Some(why) => {
                card.tone(Tone::Warn).item("", Text::plain(format!("Paused, since the channel took no message: {why}")))
            }
            None => card,
        }
    });
    card.read("Help", Asks::help_on("unsubscribe"))
}

fn of(it: &Subscription, everywhere: bool) -> Text {
    let label = it.label.clone().unwrap_or_else(|| "something that is gone".into());
    let words = it.words();
    let text = Text::plain(&label);
    let text = if words == label { text } else { text.then(" ").then(Text::code(words)) };
    match everywhere {
        true => Room::new(&it.channel, it.channel_name.clone()).text().then(": ").then(text),
        false => text,
    }
}

fn note(it: &Subscription) -> Text {
    let wanted = &it.wanted;
    let labels = wanted.labels.iter().map(|it| format!("label {it}"));
    let authors = wanted.authors.iter().map(|it| format!("by {}", it.name));
    let also = Some(also(wanted)).filter(|it| !it.is_empty()).map(|it| format!("also {it}"));
    let parts: Vec<String> = std::iter::once(told(wanted)).chain(labels).chain(authors).chain(also).collect();
    Text::plain(format!("{}; subscribed by {}, ", parts.join(", "), it.made_by_name)).then(Text::ago(it.made_at))
}

/// The one of a channel's subscriptions that these words name, whole or without the owner of a repository; also one whose target is gone.
pub(super) async fn meant(ctx: &Ctx, room: &Room, words: &str) -> Result<Option<Target>, Failure> {
    let words = crate::words::typed(words);
    let all = Subscription::listed(&ctx.db, (Platform::Slack, Some(&room.id)), None, MOST).await?;
    let names = |it: &Subscription| [Some(it.words()), it.label.clone()].into_iter().flatten().collect::<Vec<_>>();
    let whole = |it: &str| it.eq_ignore_ascii_case(&words);
    let part = |it: &str| it.rsplit(['/', ':']).next().is_some_and(whole);
    for same in [&whole as &dyn Fn(&str) -> bool, &part] {
        let mut found = all.iter().filter(|it| names(it).iter().any(|it| same(it)));
        match (found.next(), found.next()) {
            (Some(one), None) => return Ok(Some(one.target.clone())),
            (Some(_), Some(_)) => return Ok(None),
            (None, _) => {}
        }
    }
    Ok(None)
}
