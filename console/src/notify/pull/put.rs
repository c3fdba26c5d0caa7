//! How what is news reaches somebody: by a message of its own, as an answer to it, in what was said a moment ago, or in a list.

use std::collections::BTreeSet;

use cards::Card;
use domain::PgConnection;
use domain::github::notice::{self, Recent};
use domain::github::{Notice, Whole};
use domain::outbox_many;
use uuid::Uuid;

use super::buttons::Buttons;
use super::cast::Cast;
use super::said::Said;
use super::seat::{Seat, Whom};
use super::{draw, list};
use crate::notify::{Kind, Lane, Message, message};

/// Everything that an event changes, until it is written.
pub(super) struct Putting<'a> {
    pub(super) whole: &'a Whole,
    pub(super) cast: &'a Cast,
    pub(super) buttons: Buttons,
    pub(super) recent: std::collections::HashMap<Uuid, Recent>,
    written: Vec<Notice>,
    told: Vec<String>,
    edits: Vec<(String, Card)>,
    over: Vec<(String, Notice)>,
    lists: BTreeSet<(String, Uuid, &'static str)>,
}

impl<'a> Putting<'a> {
    pub(super) fn new(whole: &'a Whole, cast: &'a Cast, buttons: Buttons) -> Self {
        let (written, told, edits, over) = Default::default();
        Self { whole, cast, buttons, recent: Default::default(), written, told, edits, over, lists: BTreeSet::new() }
    }

    fn draw(&self, seat: &Seat) -> Card {
        draw::message(self.whole, self.cast, seat, &self.buttons.on(self.whole, seat))
    }

    /// Changes what somebody's message says; what waits to be sent and is over is taken back.
    pub(super) fn follow(&mut self, seat: Seat) {
        if !seat.notice.opened {
            return;
        }
        let card = self.draw(&seat);
        self.edits.push((seat.notice.key.clone(), card));
        let over = seat.said().is_some_and(|it| it.topic.is_over(self.whole, seat.is_asked(self.whole)));
        if over {
            self.over.push((last(&seat.notice), seat.notice));
        }
    }

    /// Tells somebody what is news to them.
    pub(super) async fn tell(&mut self, db: &mut PgConnection, mut seat: Seat, news: Said) -> sqlx::Result<()> {
        let before = seat.said().filter(|_| seat.notice.opened || seat.notice.listed_in.is_some());
        let merged = before.as_ref().and_then(|it| it.with(&news, seat.notice.age));
        let going_on = merged.is_some();
        let mut said = merged.unwrap_or_else(|| news.clone());
        said.first = match before {
            Some(it) if going_on || seat.notice.answers > 0 => it.first,
            Some(it) => it.kept(),
            None => Vec::new(),
        };
        seat.notice.said = Some(message::stored(&said)?);
        if let Whom::Person(it) = &seat.whom {
            let id = it.somebody.id;
            let list = match (&seat.notice.listed_in, going_on) {
                (Some(list), true) => Some(list.clone()),
                _ => list::of(id, self.recent.get(&id)),
            };
            if let Some(list) = list {
                return self.list(seat, list, (id, said.kind()));
            }
        }
        seat.notice.listed_in = None;
        self.say(db, seat, (said, going_on)).await
    }

    fn list(&mut self, mut seat: Seat, list: String, (person, kind): (Uuid, Kind)) -> sqlx::Result<()> {
        seat.notice.listed_in = Some(list.clone());
        if seat.notice.opened {
            let card = self.draw(&seat);
            self.edits.push((seat.notice.key.clone(), card));
        }
        self.lists.insert((list, person, kind.as_str()));
        self.note(seat.notice);
        Ok(())
    }

    async fn say(&mut self, db: &mut PgConnection, mut seat: Seat, (said, going_on): (Said, bool)) -> sqlx::Result<()> {
        let key = seat.notice.key.clone();
        if !seat.notice.opened {
            seat.notice.opened = true;
            self.put(db, &seat, &said).await?;
        } else if going_on {
            let card = self.draw(&seat);
            self.edits.push((key, card));
            if seat.notice.answers > 0 {
                self.edits.push((last(&seat.notice), draw::answer(&said)));
            }
        } else if seat.notice.answers > 0 || !message::edit_unsent(&mut *db, &key, &self.draw(&seat)).await? {
            seat.notice.answers += 1;
            self.put(db, &seat, &said).await?;
            let answer = Message::new(last(&seat.notice), Lane::Update, seat.destination(), draw::answer(&said));
            let why = seat.why(self.whole, said.topic);
            message::add(&mut *db, &[answer.of(said.kind()).because(why).thread_of(&key)]).await?;
        }
        self.note(seat.notice);
        Ok(())
    }

    async fn put(&self, db: &mut PgConnection, seat: &Seat, said: &Said) -> sqlx::Result<()> {
        let message = Message::new(&seat.notice.key, Lane::Update, seat.destination(), self.draw(seat));
        let why = seat.why(self.whole, said.topic);
        crate::notify::put(db, &message.of(said.kind()).because(why)).await?;
        Ok(())
    }

    /// Keeps a notice whose reader is told something.
    fn note(&mut self, notice: Notice) {
        self.told.push(notice.key.clone());
        self.written.push(notice);
    }

    /// Keeps a notice of which something else changed.
    pub(super) fn keep(&mut self, notice: &Notice) {
        self.written.push(notice.clone());
    }

    /// Writes everything.
    pub(super) async fn finish(mut self, db: &mut PgConnection) -> sqlx::Result<()> {
        self.take_back(db).await?;
        message::edit_there(&mut *db, std::mem::take(&mut self.edits)).await?;
        if !self.written.is_empty() {
            Notice::write(&mut *db, &self.written, &self.told).await?;
        }
        for (list, person, kind) in &self.lists {
            let kind = Kind::from_word(kind).unwrap_or(Kind::Comment);
            list::draw(&mut *db, list, (*person, kind)).await?;
        }
        Ok(())
    }

    /// What is over before anybody took it to send is not sent.
    async fn take_back(&mut self, db: &mut PgConnection) -> sqlx::Result<()> {
        if self.over.is_empty() {
            return Ok(());
        }
        let keys: Vec<String> = self.over.iter().map(|it| it.0.clone()).collect();
        let gone = outbox_many::retract(&mut *db, &keys).await?;
        let (answers, messages): (Vec<_>, Vec<_>) =
            self.over.drain(..).filter(|it| gone.contains(&it.0)).map(|it| it.1).partition(|it| it.answers > 0);
        for mut notice in answers {
            notice.answers -= 1;
            notice.said = None;
            self.written.retain(|it| it.key != notice.key);
            self.written.push(notice);
        }
        // One that is snoozed or passed is remembered as that.
        let (kept, forgotten): (Vec<Notice>, Vec<Notice>) =
            messages.into_iter().partition(|it| it.snoozed_at.is_some() || it.passed_at.is_some());
        self.written.extend(kept.into_iter().map(|it| Notice { opened: false, said: None, ..it }));
        let forgotten: Vec<String> = forgotten.into_iter().map(|it| it.key).collect();
        if !forgotten.is_empty() {
            self.written.retain(|it| !forgotten.contains(&it.key));
            notice::Notice::forget(db, &forgotten).await?;
        }
        Ok(())
    }
}

/// Key of what was said last: the last answer, or the message itself.
fn last(notice: &Notice) -> String {
    match notice.answers {
        0 => notice.key.clone(),
        count => format!("{}/{count}", notice.key),
    }
}
