//! What people type to subscribe a channel, and to take that back.

use cards::Text;
use domain::github::people;
use domain::github::subscription::{Author, Event, Wanted};
use domain::person::Person;
use serde_json::Value;

use super::{Room, target};
use crate::act::subscription::{Change, Spot};
use crate::act::{self, Asker, Deed, Seen};
use crate::{Ctx, Failure, Reply, UserError};

/// More labels, or authors, are not kept.
const MAX: usize = 20;

/// What was typed to subscribe a channel.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Of what.
    pub words: String,
    /// Words of events; none means the usual ones.
    pub events: Vec<String>,
    /// Labels.
    pub labels: Vec<String>,
    /// People and logins.
    pub authors: Vec<String>,
    /// Whether drafts are wanted.
    pub drafts: bool,
    /// Whether programs are.
    pub bots: bool,
    /// Whether of checks only failures are.
    pub failures_only: bool,
    /// Another channel than the one where it was typed.
    pub channel: Option<String>,
}

/// Subscribes a channel.
pub async fn subscribe(ctx: &Ctx, asker: Asker<'_>, (place, typed): (Option<&Room>, Typed)) -> Reply {
    let room = room(place, typed.channel.as_deref())?;
    let target = target(ctx, &typed.words).await?;
    let wanted = serde_json::to_value(wanted(ctx, &typed).await?)?;
    let deed = Deed::Subscription(Change::Begin, Spot { room, target });
    act::review(ctx, asker, &deed, (Seen::Now, &wanted)).await
}

/// Takes that back.
pub async fn unsubscribe(
    ctx: &Ctx,
    asker: Asker<'_>,
    (place, words, channel): (Option<&Room>, &str, Option<&str>),
) -> Reply {
    let room = room(place, channel)?;
    let target = match super::list::meant(ctx, &room, words).await? {
        Some(target) => target,
        None => match target(ctx, words).await {
            Err(Failure::User(_)) => return Err(not_here(words).into()),
            found => found?,
        },
    };
    let deed = Deed::Subscription(Change::End, Spot { room, target });
    act::review(ctx, asker, &deed, (Seen::Now, &Value::Null)).await
}

/// The channel that is meant: the one that was named, else the one where it was typed.
pub(super) fn room(place: Option<&Room>, said: Option<&str>) -> Result<Room, UserError> {
    let room = match said {
        None => place.cloned().ok_or_else(nowhere)?,
        Some(said) => {
            let id = said.trim().trim_start_matches("<#").trim_end_matches('>').split('|').next().unwrap_or_default();
            match place.filter(|it| it.id == id) {
                Some(here) => here.clone(),
                // What somebody types is no proof of what a channel is called.
                None => Room::new(id, None),
            }
        }
    };
    let is_id = room.id.len() >= 3 && room.id.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    match (is_id, room.id.as_bytes().first()) {
        (true, Some(b'C' | b'G')) => Ok(room),
        (true, Some(b'D')) => Err(UserError::new(
            "Only channels are subscribed",
            Text::plain("Nothing was done. Type it in a channel. What you are told directly is chosen by ")
                .then(Text::code("notifications"))
                .then("."),
        )),
        _ => Err(UserError::new(
            "That is no channel",
            Text::plain("Nothing was done. Type it in the channel itself, or give the channel's id, such as ")
                .then(Text::code("--channel C0123ABCD"))
                .then(": Slack shows it at the end of what it tells about the channel."),
        )),
    }
}

fn not_here(words: &str) -> UserError {
    let shown: String = words.trim().chars().take(100).collect();
    let text = Text::plain("It is told of nothing, or of several things, called ").then(Text::code(shown));
    let text = text.then(". Nothing was done: ").then(Text::code("subscriptions"));
    UserError::new(
        "That is not subscribed here",
        text.then(" lists what the channel is told of, with the words to type."),
    )
}

fn nowhere() -> UserError {
    UserError::new(
        "Which channel?",
        Text::plain("Type it in the channel, or name the channel by its id, such as ")
            .then(Text::code("--channel C0123ABCD"))
            .then("."),
    )
}

async fn wanted(ctx: &Ctx, typed: &Typed) -> Result<Wanted, Failure> {
    let said: Vec<Event> = typed.events.iter().filter_map(|it| Event::from_word(it)).collect();
    let events = match (said.is_empty(), typed.failures_only) {
        (true, true) => vec![Event::Checks],
        (true, false) => Event::USUAL.to_vec(),
        (false, _) => Event::ALL.into_iter().filter(|it| said.contains(it)).collect(),
    };
    if typed.failures_only && !events.contains(&Event::Checks) {
        let advice =
            Text::plain("Of checks only what fails: name ").then(Text::code("checks")).then(" among the events, too.");
        return Err(UserError::new("There would be no checks to be told of", advice).into());
    }
    if typed.labels.len() > MAX || typed.authors.len() > MAX {
        return Err(UserError::new("That is too much", format!("At most {MAX} labels and {MAX} authors.")).into());
    }
    let mut authors = Vec::new();
    for it in &typed.authors {
        authors.push(author(ctx, it).await?);
    }
    let labels = typed.labels.iter().map(|it| it.trim().to_string()).filter(|it| !it.is_empty()).collect();
    let (drafts, bots, failures_only) = (typed.drafts, typed.bots, typed.failures_only);
    Ok(Wanted { events, labels, authors, drafts, bots, failures_only })
}

/// Somebody of the directory, whatever their account; else an account at GitHub.
async fn author(ctx: &Ctx, words: &str) -> Result<Author, Failure> {
    let name = words.trim().trim_start_matches('@');
    let person = Person::named(&ctx.db, name.strip_prefix("user:").unwrap_or(name)).await?;
    if let Some(it) = person {
        return Ok(Author { name: it.display_name, person: Some(it.id), actor: None });
    }
    match people::id_of(&ctx.db, name).await? {
        Some(id) => Ok(Author { name: name.into(), person: None, actor: Some(id) }),
        None => {
            let shown: String = name.chars().take(100).collect();
            let text =
                Text::plain("Neither the directory nor GitHub has told of anybody called ").then(Text::code(shown));
            Err(UserError::new("There is no such author", text.then(". Nothing was subscribed.")).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_where_it_is_typed_or_an_id_and_only_slack_says_how_it_is_called() {
        let here = Room::new("C0HERE", Some("payments".into()));
        let id = |said: Option<&str>| room(Some(&here), said).map(|it| (it.id, it.name)).ok();
        let known = |id: &str, name: Option<&str>| Some((id.to_string(), name.map(String::from)));
        assert_eq!(id(None), known("C0HERE", Some("payments")));
        assert_eq!(id(Some("<#C0HERE|other>")), known("C0HERE", Some("payments")));
        assert_eq!(id(Some("<#C0ELSE|payments>")), known("C0ELSE", None));
        for wrong in ["", "#payments", "payments", "D0ADA", "U0ADA", "C0 X", "c0here"] {
            assert_eq!(id(Some(wrong)), None, "{wrong}");
        }
        assert!(room(None, None).is_err() && room(Some(&Room::new("D0ADA", None)), None).is_err());
    }
}
