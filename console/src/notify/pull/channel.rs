//! What channels are told of pull requests that they subscribed to: one message each, which changes as the pull request does; what
//! happens goes into its thread.

use std::collections::BTreeMap;

use domain::PgConnection;
use domain::account::Platform;
use domain::github::subscription::Event;
use domain::github::{Change, ChannelPost, News, State, Subscription, Whole, people};
use uuid::Uuid;

use super::cast::Cast;
use super::channel_news::event;
use super::draw;
use super::news::Scene;
use super::said::{Said, Topic};
use super::{channel_draw, channel_news};
use crate::Failure;
use crate::notify::{Destination, Lane, Message, message, put};

/// Puts what channels should be told of an event, within the caller's transaction.
pub(super) async fn tell(db: &mut PgConnection, News { happened, whole }: &News, cast: &Cast) -> Result<(), Failure> {
    let id = happened.pull_request_id;
    let around = Subscription::around(&mut *db, Platform::Slack, id).await?;
    let posts = ChannelPost::of(&mut *db, Platform::Slack, id).await?;
    if around.is_empty() && posts.is_empty() {
        return Ok(());
    }
    let author = author(&mut *db, whole, &around).await?;
    let mut rooms: BTreeMap<String, (Option<ChannelPost>, Vec<Subscription>)> = BTreeMap::new();
    for it in posts {
        rooms.insert(it.channel.clone(), (Some(it), Vec::new()));
    }
    for it in around.into_iter().filter(|it| it.wanted.has(whole, author)) {
        rooms.entry(it.channel.clone()).or_default().1.push(it);
    }
    let scene = Scene { whole, happened, cast };
    for (channel, (post, subscriptions)) in rooms {
        Telling { scene, channel: &channel, subscriptions: &subscriptions }.tell(&mut *db, post).await?;
    }
    Ok(())
}

/// Who the author is here, where a subscription asks for people.
async fn author(db: &mut PgConnection, whole: &Whole, around: &[Subscription]) -> sqlx::Result<Option<Uuid>> {
    let asked = around.iter().any(|it| it.wanted.authors.iter().any(|it| it.person.is_some()));
    match whole.pull_request.author_id.filter(|_| asked) {
        Some(id) => Ok(people::of(db, &[id]).await?.remove(&id)),
        None => Ok(None),
    }
}

/// An event, for a channel and those of its subscriptions that want the pull request.
struct Telling<'a> {
    scene: Scene<'a>,
    channel: &'a str,
    subscriptions: &'a [Subscription],
}

impl Telling<'_> {
    async fn tell(&self, db: &mut PgConnection, post: Option<ChannelPost>) -> sqlx::Result<()> {
        let news = if self.scene.happened.told { self.news(post.as_ref()) } else { None };
        match (post, news) {
            (None, None) => Ok(()),
            (None, Some((news, by))) => {
                let post = ChannelPost::to(self.scene.happened.pull_request_id, self.channel);
                self.open(db, post, (news, by)).await
            }
            (Some(post), None) if post.closed => Ok(()),
            (Some(post), Some((news, by))) if post.closed => self.open(db, post, (news, by)).await,
            (Some(post), news) => {
                let card = channel_draw::card(self.scene.whole, self.scene.cast);
                message::edit_there(&mut *db, vec![(post.key.clone(), card)]).await?;
                match news {
                    Some((news, by)) => self.answer(db, post, (news, by)).await,
                    None => Ok(()),
                }
            }
        }
    }

    /// What is news to the channel, and the subscription by which it is.
    fn news(&self, post: Option<&ChannelPost>) -> Option<(Said, &Subscription)> {
        let failed = post.and_then(said).is_some_and(|it| it.topic == Topic::Failed);
        let wanting = |change: &Change| {
            let wants = |it: &&Subscription| channel_news::wants(&it.wanted, self.scene, (change, failed));
            self.subscriptions.iter().find(wants)
        };
        let wanted = self.scene.happened.changes.iter().filter_map(|it| Some((it, wanting(it)?)));
        let all = wanted.filter_map(|(change, by)| Some((self.scene.in_channel(change)?, by)));
        let told = all.reduce(|(said, by), (next, _)| (said.joined(next), by));
        told.or_else(|| self.labelled(post).map(|it| (self.scene.opened(), it)))
    }

    /// A pull request that got the label that is asked for only after it was opened.
    fn labelled(&self, post: Option<&ChannelPost>) -> Option<&Subscription> {
        let edited = post.is_none() && self.scene.happened.changes.contains(&Change::Edited);
        let opened = |it: &&Subscription| {
            let new = it.made_at < self.scene.whole.pull_request.created_at;
            let asked = !it.wanted.labels.is_empty() && it.wanted.events.contains(&Event::Opened);
            asked && new && self.scene.whole.pull_request.state == State::Open
        };
        self.subscriptions.iter().find(opened).filter(|_| edited)
    }

    /// The first message about a pull request, or the first after the channel took none; that it was opened is what the message
    /// itself says.
    async fn open(
        &self,
        db: &mut PgConnection,
        post: ChannelPost,
        (news, by): (Said, &Subscription),
    ) -> sqlx::Result<()> {
        let card = channel_draw::card(self.scene.whole, self.scene.cast);
        let message = Message::new(&post.key, Lane::Update, self.destination(), card);
        put(&mut *db, &message.because(channel_draw::why(by))).await?;
        let mut events = self.scene.happened.changes.iter().filter_map(event);
        match events.all(|it| it == Event::Opened) {
            true => post.keep(db, Platform::Slack).await,
            false => self.answer(db, post, (news, by)).await,
        }
    }

    /// What happened, in the thread; what goes on from what was said last changes that.
    async fn answer(
        &self,
        db: &mut PgConnection,
        mut post: ChannelPost,
        (news, by): (Said, &Subscription),
    ) -> sqlx::Result<()> {
        let merged = said(&post).filter(|_| post.answers > 0).and_then(|it| it.with(&news, post.age));
        let goes_on = merged.is_some();
        let said = merged.unwrap_or(news);
        post.said = Some(message::stored(&said)?);
        if goes_on {
            let key = format!("{}/{}", post.key, post.answers);
            message::edit_there(&mut *db, vec![(key, draw::answer(&said))]).await?;
        } else {
            post.answers += 1;
            let key = format!("{}/{}", post.key, post.answers);
            let answer = Message::new(key, Lane::Update, self.destination(), draw::answer(&said)).thread_of(&post.key);
            message::add(&mut *db, &[answer.because(channel_draw::why(by))]).await?;
        }
        post.keep(db, Platform::Slack).await
    }

    fn destination(&self) -> Destination {
        Destination::SlackChannel(self.channel.into())
    }
}

/// What was said last.
fn said(post: &ChannelPost) -> Option<Said> {
    post.said.clone().and_then(|it| serde_json::from_value(it).ok())
}
