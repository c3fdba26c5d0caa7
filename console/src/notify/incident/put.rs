use std::collections::BTreeMap;

use cards::Card;
use domain::PgConnection;
use domain::incidents::ping::Opening;
use domain::incidents::{Incident, Urgency};

use super::direct;
use super::drawing::Drawing;
use super::open::{Draft, Grown, Opened};
use super::views::Views;
use crate::Failure;
use crate::incident::{self, View};
use crate::notify::{Destination, Kind, Lane, Message, message};

/// Puts what is new, with what is said in threads, and changes what is there.
pub(super) async fn put(
    db: &mut PgConnection,
    views: &Views,
    (opened, mut drawing): (Opened, Drawing),
    said: Vec<Message>,
) -> Result<(), Failure> {
    let mut new = Vec::new();
    for draft in opened.drafts {
        if let (Some(card), Some(view)) = (drawing.cards.remove(&draft.key), views.of(&draft.incident)) {
            new.push(letter(draft, view, card));
        }
    }
    let late = grow(&mut *db, opened.grown, &mut drawing.cards).await?;
    new.extend(apart(&mut *db, late, views).await?);
    new.extend(said);
    message::add(&mut *db, &new).await?;
    // Last, since whoever sends these waits for this transaction from here on.
    message::edit_all(db, drawing.cards.into_iter().collect()).await?;
    Ok(())
}

/// Changes answers that wait to be sent; gives back what those were to take up that were taken to be sent meanwhile, so that
/// nobody would notice what is added.
async fn grow(
    db: &mut PgConnection,
    grown: Vec<Grown>,
    cards: &mut BTreeMap<String, Card>,
) -> Result<Vec<Grown>, Failure> {
    let mut replies: BTreeMap<String, Vec<Grown>> = BTreeMap::new();
    for it in grown {
        replies.entry(it.reply.clone()).or_default().push(it);
    }
    let mut late = Vec::new();
    for (reply, grown) in replies {
        let Some(card) = cards.remove(&reply) else { continue };
        if !message::edit_unsent(&mut *db, &reply, &card).await? {
            late.extend(grown);
        }
    }
    Ok(late)
}

/// Answers of their own.
async fn apart(db: &mut PgConnection, late: Vec<Grown>, views: &Views) -> Result<Vec<Message>, Failure> {
    let late: Vec<(Grown, &View)> =
        late.into_iter().filter_map(|it| views.of(&it.draft.incident).map(|view| (it, view))).collect();
    let opening = Opening {
        new: late.iter().map(|(it, view)| (it.ping.clone(), view.incident.clone())).collect(),
        pinged: late.iter().map(|(it, _)| (it.draft.incident.clone(), it.ping.key.clone())).collect(),
        ..Opening::default()
    };
    opening.write(&mut *db).await?;
    let incidents: Vec<&Incident> = late.iter().map(|it| &it.1.incident).collect();
    let buttons = incident::all_buttons(db, &incidents).await?;
    let letters = late.into_iter().zip(buttons).map(|((it, view), buttons)| {
        let card = direct::one(view, &buttons, it.ping.member_id.as_deref().unwrap_or_default());
        letter(it.draft, view, card)
    });
    Ok(letters.collect())
}

fn letter(draft: Draft, view: &View, card: Card) -> Message {
    let (lane, kind) = match view.incident.urgency {
        Urgency::High => (Lane::Page, Kind::Page),
        Urgency::Low => (Lane::Update, Kind::Incident),
    };
    let mut ways = draft.ways.all.into_iter();
    let first = ways.next().unwrap_or(Destination::Administrators);
    let or_else = ways.collect();
    Message { or_else, thread_of: draft.thread_of, ..Message::new(draft.key, lane, first, card) }
        .of(kind)
        .because(draft.ways.why)
}
