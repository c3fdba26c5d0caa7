//! Which channels are told of which pull requests.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgExecutor;
use sqlx::types::Json;
use uuid::Uuid;

use super::Whole;
use crate::account::Platform;

mod target;

pub use target::{About, Target, about, whose};

/// What a channel can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// It was opened, became ready, or was opened again.
    Opened,
    /// Somebody approved it, wants changes, or took back what they said.
    Reviews,
    /// Somebody wrote something.
    Comments,
    /// Checks failed or pass again; it conflicts with its base.
    Checks,
    /// It was merged.
    Merged,
    /// It was given up.
    Closed,
    /// It entered or left the merge queue.
    Queue,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 7] =
        [Self::Opened, Self::Reviews, Self::Comments, Self::Checks, Self::Merged, Self::Closed, Self::Queue];

    /// Those that whoever names none is told of.
    pub const USUAL: [Self; 4] = [Self::Opened, Self::Reviews, Self::Merged, Self::Closed];

    /// The word that people type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Reviews => "reviews",
            Self::Comments => "comments",
            Self::Checks => "checks",
            Self::Merged => "merged",
            Self::Closed => "closed",
            Self::Queue => "queue",
        }
    }

    /// The event of this word, in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word))
    }
}

/// Whose pull requests are wanted: somebody's here, or an account at GitHub.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Author {
    /// What they were called.
    pub name: String,
    /// The person, whichever account they use.
    pub person: Option<Uuid>,
    /// GitHub's id of the account.
    pub actor: Option<i64>,
}

/// Which events of which pull requests are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Wanted {
    /// Of what.
    pub events: Vec<Event>,
    /// With any of these labels; none means all.
    pub labels: Vec<String>,
    /// By any of these authors; none means all.
    pub authors: Vec<Author>,
    /// Drafts, too.
    #[serde(default)]
    pub drafts: bool,
    /// What programs open and say, too.
    #[serde(default)]
    pub bots: bool,
    /// Of checks only what fails.
    #[serde(default)]
    pub failures_only: bool,
}

impl Wanted {
    /// Whether this is one of the pull requests that are wanted; `author` is who its author is here.
    pub fn has(&self, whole: &Whole, author: Option<Uuid>) -> bool {
        let pull = &whole.pull_request;
        let labelled = |it: &String| self.labels.iter().any(|wanted| wanted.to_lowercase() == it.to_lowercase());
        let is = |it: &Author| {
            (it.actor.is_some() && it.actor == pull.author_id) || (it.person.is_some() && it.person == author)
        };
        let named = self.authors.iter().any(is);
        let bot = whole.author.as_ref().is_some_and(|it| it.bot);
        (self.labels.is_empty() || pull.labels.iter().any(labelled))
            && (self.authors.is_empty() || named)
            && (self.drafts || !pull.draft)
            && (self.bots || named || !bot)
    }
}

/// What a channel is told of.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// Our id.
    pub id: Uuid,
    /// The platform's id of the channel.
    pub channel: String,
    /// What people called the channel.
    pub channel_name: Option<String>,
    /// What is subscribed to.
    pub target: Target,
    /// What people call that now; nothing where it is gone.
    pub label: Option<String>,
    /// Which events of which pull requests.
    pub wanted: Wanted,
    /// Who asked for it.
    pub made_by: Uuid,
    /// What people call them.
    pub made_by_name: String,
    /// Since when.
    pub made_at: DateTime<Utc>,
    /// Since when the channel takes no messages.
    pub paused_at: Option<DateTime<Utc>>,
    /// What it said.
    pub paused_why: Option<String>,
}

struct Row {
    id: Uuid,
    channel: String,
    channel_name: Option<String>,
    kind: String,
    target: String,
    label: Option<String>,
    wanted: Json<Wanted>,
    made_by: Uuid,
    made_by_name: String,
    made_at: DateTime<Utc>,
    paused_at: Option<DateTime<Utc>>,
    paused_why: Option<String>,
}

impl Row {
    fn read(self) -> Option<Subscription> {
        Some(Subscription {
            target: Target::read(&self.kind, &self.target)?,
            id: self.id,
            channel: self.channel,
            channel_name: self.channel_name,
            label: self.label,
            wanted: self.wanted.0,
            made_by: self.made_by,
            made_by_name: self.made_by_name,
            made_at: self.made_at,
            paused_at: self.paused_at,
            paused_why: self.paused_why,
        })
    }
}

impl Subscription {
    /// The words that mean what is subscribed to and nothing else.
    pub fn words(&self) -> String {
        match &self.target {
            Target::Repository(id) => self.label.clone().unwrap_or_else(|| format!("repository:{id}")),
            Target::Entity(reference) => reference.clone(),
            Target::Team(reference) => reference.replacen(":default/", ":", 1),
        }
    }

    /// Those that a pull request may concern: of its repository, of the entities that lie there, of who owns those, and of every
    /// group that such an owner is in.
    pub async fn around(db: impl PgExecutor<'_>, platform: Platform, pull_request: i64) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query_as!(
            Row,
            r#"with recursive place as (
                select p.repository_id as id, r.name from github.pull_request p
                left join github.repository r on r.id = p.repository_id where p.id = $1
             ), entity as (
                select e.ref, e.owner from place join catalog.entity e
                    on lower(e.document #>> '{metadata,annotations,github.com/project-slug}') = lower(place.name)
                    and e.document #>> '{metadata,annotations,github.com/project-slug}' is not null
                where e.orphaned_at is null
             ), within as (
                select g.id from entity join org."group" g on g.ref = entity.owner
                union select n.parent_id from org.nesting n join within on n.child_id = within.id
             ), target as (
                select 'repository' as kind, id::text as target from place
                union select 'entity', ref from entity union select 'team', owner from entity
                union select 'team', g.ref from within join org."group" g on g.id = within.id
             )
             select s.id, s.channel, s.channel_name, s.kind, s.target, s.wanted as "wanted: Json<Wanted>", s.made_by,
                m.display_name as made_by_name, s.made_at, s.paused_at, s.paused_why,
                case s.kind when 'repository' then place.name
                    when 'team' then (select g.display_name from org."group" g where g.ref = s.target)
                    else (select coalesce(e.title, e.name) from catalog.entity e where e.ref = s.target) end as label
             from target t cross join place
             join github.subscription s on s.kind = t.kind and s.target = t.target and s.platform = $2
             join org.person m on m.id = s.made_by
             where s.paused_at is null order by s.channel, s.made_at, s.id"#,
            pull_request,
            platform.as_str()
        );
        Ok(rows.fetch_all(db).await?.into_iter().filter_map(Row::read).collect())
    }

    /// Those of a channel, or of all; of one target, or of all. At most so many.
    pub async fn listed(
        db: impl PgExecutor<'_>,
        (platform, channel): (Platform, Option<&str>),
        target: Option<&Target>,
        most: i64,
    ) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query_as!(
            Row,
            r#"select s.id, s.channel, s.channel_name, s.kind, s.target, s.wanted as "wanted: Json<Wanted>", s.made_by,
                m.display_name as made_by_name, s.made_at, s.paused_at, s.paused_why,
                case s.kind when 'repository' then (select r.name from github.repository r where r.id = s.target::bigint)
                    when 'team' then (select g.display_name from org."group" g where g.ref = s.target)
                    else (select coalesce(e.title, e.name) from catalog.entity e where e.ref = s.target) end as label
             from github.subscription s join org.person m on m.id = s.made_by
             where s.platform = $1 and ($2::text is null or s.channel = $2)
                and ($3::text is null or (s.kind, s.target) = ($3, $4))
             order by s.channel_name, s.channel, s.made_at, s.id limit $5"#,
            platform.as_str(),
            channel,
            target.map(Target::kind),
            target.map(Target::id),
            most
        );
        Ok(rows.fetch_all(db).await?.into_iter().filter_map(Row::read).collect())
    }

    /// Ends it; false where it is gone already.
    pub async fn end(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<bool> {
        let gone = sqlx::query!("delete from github.subscription where id = $1", id).execute(db).await?;
        Ok(gone.rows_affected() == 1)
    }

    /// Pauses all of a channel, since it takes no messages; gives those that were not paused before.
    pub async fn pause(
        db: impl PgExecutor<'_>,
        (platform, channel): (Platform, &str),
        why: &str,
    ) -> sqlx::Result<Vec<Uuid>> {
        sqlx::query_scalar!(
            "update github.subscription set paused_at = now(), paused_why = $3
             where platform = $1 and channel = $2 and paused_at is null returning id",
            platform.as_str(),
            channel,
            why
        )
        .fetch_all(db)
        .await
    }
}

/// A subscription as somebody asks for it.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Where.
    pub channel: (Platform, &'a str),
    /// What people call the channel.
    pub channel_name: Option<&'a str>,
    /// To what.
    pub target: &'a Target,
    /// Which events of which pull requests.
    pub wanted: &'a Wanted,
    /// By whom.
    pub by: Uuid,
}

impl Asked<'_> {
    /// Keeps it, in the place of the one to the same in the same channel; gives our id of it.
    pub async fn keep(&self, db: impl PgExecutor<'_>) -> sqlx::Result<Uuid> {
        let (platform, channel) = self.channel;
        sqlx::query_scalar!(
            "insert into github.subscription (id, platform, channel, channel_name, kind, target, wanted, made_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict on constraint subscription_target_key do update set channel_name = excluded.channel_name,
                wanted = excluded.wanted, made_by = excluded.made_by, made_at = now(), paused_at = null, paused_why = null
             returning id",
            Uuid::now_v7(),
            platform.as_str(),
            channel,
            self.channel_name,
            self.target.kind(),
            self.target.id(),
            Json(self.wanted) as _,
            self.by
        )
        .fetch_one(db)
        .await
    }
}
