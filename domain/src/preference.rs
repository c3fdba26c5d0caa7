//! What each person wants to be told directly.

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::quiet::Quiet;
use crate::working::WorkingHours;

/// What kind of message it is that somebody gets directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An incident of high urgency: somebody must act now.
    Page,
    /// An incident that can wait, and news of others.
    Incident,
    /// Somebody's turn on call begins.
    Shift,
    /// Who came and who left.
    Directory,
    /// Something is wrong with PinConsole or with what it reads.
    Alarm,
    /// A message that nobody got.
    Undelivered,
    /// The answer to what they asked.
    Answer,
    /// Somebody asks them to review a pull request.
    ReviewRequest,
    /// Somebody asks a team of theirs to review a pull request.
    TeamReview,
    /// Somebody approved their pull request, or wants it changed.
    Reviewed,
    /// Somebody wrote about their pull request, or mentioned them.
    Comment,
    /// Their pull request cannot go on: checks failed, it conflicts, or the merge queue put it out.
    Checks,
    /// A draft of theirs fails its checks, or conflicts.
    Draft,
    /// Their pull request can be merged, or was.
    Merge,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Page,
        Self::Incident,
        Self::Shift,
        Self::ReviewRequest,
        Self::TeamReview,
        Self::Reviewed,
        Self::Comment,
        Self::Checks,
        Self::Draft,
        Self::Merge,
        Self::Directory,
        Self::Alarm,
        Self::Undelivered,
        Self::Answer,
    ];

    /// The word that is typed and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "pages",
            Self::Incident => "incidents",
            Self::Shift => "shifts",
            Self::Directory => "directory",
            Self::Alarm => "alarms",
            Self::Undelivered => "undelivered",
            Self::Answer => "answers",
            Self::ReviewRequest => "review-requests",
            Self::TeamReview => "team-reviews",
            Self::Reviewed => "reviews",
            Self::Comment => "comments",
            Self::Checks => "checks",
            Self::Draft => "drafts",
            Self::Merge => "merges",
        }
    }

    /// The kind of this word; nothing for one that a newer program stored.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Whether somebody may go without. Whoever is asked to act now is told, whatever they said; so is whoever asked something. A
    /// review can wait, and `prs` lists it all the same.
    pub fn may_be_off(self) -> bool {
        match self {
            Self::Page | Self::Answer => false,
            Self::Incident | Self::Shift | Self::Directory | Self::Alarm | Self::Undelivered => true,
            Self::ReviewRequest | Self::TeamReview | Self::Reviewed | Self::Comment => true,
            Self::Checks | Self::Draft | Self::Merge => true,
        }
    }
}

impl Kind {
    /// Whether it may come in the channel of a team instead: what a team works on together, never what only one person may see.
    pub fn may_be_in_channel(self) -> bool {
        match self {
            Self::ReviewRequest | Self::TeamReview | Self::Reviewed | Self::Comment => true,
            Self::Checks | Self::Draft | Self::Merge => true,
            Self::Page | Self::Incident | Self::Shift | Self::Answer => false,
            Self::Directory | Self::Alarm | Self::Undelivered => false,
        }
    }

    /// Whether it comes in quiet hours, too: what must be acted on at once, and what was just asked for.
    pub fn wakes(self) -> bool {
        match self {
            Self::Page | Self::Answer => true,
            Self::ReviewRequest | Self::TeamReview | Self::Reviewed | Self::Comment => false,
            Self::Checks | Self::Draft | Self::Merge => false,
            Self::Incident | Self::Shift | Self::Directory | Self::Alarm | Self::Undelivered => false,
        }
    }

    /// How it reaches whoever said nothing, where the organisation says nothing either. Who of a team reviews is the team's to settle, so
    /// that its people are told only where they want to be; and a draft may fail.
    pub fn usual(self) -> Way {
        match self {
            Self::TeamReview | Self::Draft => Way::Off,
            Self::ReviewRequest | Self::Reviewed | Self::Comment | Self::Checks | Self::Merge => Way::Direct,
            Self::Page | Self::Incident | Self::Shift | Self::Answer => Way::Direct,
            Self::Directory | Self::Alarm | Self::Undelivered => Way::Direct,
        }
    }

    /// The ways in which it may reach somebody.
    pub fn ways(self) -> Vec<Way> {
        let may = |way: &Way| match way {
            Way::Direct => true,
            Way::Channel => self.may_be_in_channel(),
            Way::Off => self.may_be_off(),
        };
        Way::ALL.into_iter().filter(may).collect()
    }
}

/// How a kind of message reaches somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// By direct message.
    #[default]
    Direct,
    /// In the channel of a team of theirs.
    Channel,
    /// Not at all.
    Off,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Direct, Self::Channel, Self::Off];

    /// The word that is typed and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Channel => "channel",
            Self::Off => "off",
        }
    }

    /// The way of this word; nothing for one that a newer program stored.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// What holds for whoever said nothing: the organisation's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// When and where people work.
    pub working: WorkingHours,
    /// When they are left alone.
    pub quiet: Quiet,
    /// How kinds of messages reach them; directly where nothing is said.
    pub ways: Vec<(Kind, Way)>,
}

impl Defaults {
    /// How a kind of message reaches whoever said nothing.
    pub fn way(&self, kind: Kind) -> Way {
        self.ways
            .iter()
            .find(|it| it.0 == kind)
            .map(|it| it.1)
            .filter(|it| kind.ways().contains(it))
            .unwrap_or_else(|| kind.usual())
    }
}

/// How a kind of message reaches somebody, and who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The kind.
    pub kind: Kind,
    /// How it reaches them.
    pub way: Way,
    /// Entity name, in lower case, of the team whose channel it is, where they named one.
    pub team: Option<String>,
    /// Whether they said so themselves.
    pub own: bool,
}

/// How every kind of message reaches a person, in order; what must reach them does, whatever is stored.
pub async fn all(db: impl PgExecutor<'_>, defaults: &Defaults, person: Uuid) -> sqlx::Result<Vec<Choice>> {
    let rows = sqlx::query!("select kind, way, team from preferences.choice where person_id = $1", person);
    let stored = rows.fetch_all(db).await?;
    let choice = |kind: Kind| {
        let said = stored.iter().find(|it| it.kind == kind.as_str());
        let said = said.and_then(|it| Some((Way::from_word(&it.way).filter(|way| kind.ways().contains(way))?, it)));
        match said {
            Some((way, it)) => Choice { kind, way, team: it.team.clone(), own: true },
            None => Choice { kind, way: defaults.way(kind), team: None, own: false },
        }
    };
    Ok(Kind::ALL.map(choice).to_vec())
}

/// How a kind of message reaches a person.
pub async fn of(db: impl PgExecutor<'_>, defaults: &Defaults, person: Uuid, kind: Kind) -> sqlx::Result<Choice> {
    let fixed = Choice { kind, way: Way::Direct, team: None, own: false };
    if !kind.may_be_off() {
        return Ok(fixed);
    }
    let all = all(db, defaults, person).await?;
    Ok(all.into_iter().find(|it| it.kind == kind).unwrap_or(fixed))
}

/// A number that is another one whenever a person chose anything since.
pub async fn version(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<i64> {
    let last = sqlx::query_scalar!(
        "select greatest(
            (select max(chosen_at) from preferences.choice where person_id = $1),
            (select chosen_at from preferences.rhythm where person_id = $1)
         )",
        person
    );
    Ok(last.fetch_one(db).await?.map_or(0, |it| it.timestamp_micros()))
}

/// Lets a kind of message reach a person as it does those who said nothing.
pub async fn forget(db: impl PgExecutor<'_>, person: Uuid, kind: Kind) -> sqlx::Result<()> {
    sqlx::query!("delete from preferences.choice where person_id = $1 and kind = $2", person, kind.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Notes how a person wants to get a kind of message.
pub async fn choose(db: impl PgExecutor<'_>, person: Uuid, kind: Kind, way: Way) -> sqlx::Result<()> {
    choose_with(db, person, kind, (way, None)).await
}

/// The same, with the entity name of the team whose channel is meant.
pub async fn choose_with(
    db: impl PgExecutor<'_>,
    person: Uuid,
    kind: Kind,
    (way, team): (Way, Option<&str>),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into preferences.choice (person_id, kind, way, team) values ($1, $2, $3, lower($4))
         on conflict (person_id, kind) do update set way = excluded.way, team = excluded.team, chosen_at = now()
         where (choice.way, choice.team) is distinct from (excluded.way, excluded.team)",
        person,
        kind.as_str(),
        way.as_str(),
        team
    )
    .execute(db)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_again_and_unknown_ones_mean_nothing() {
        assert!(Kind::ALL.into_iter().all(|it| Kind::from_word(it.as_str()) == Some(it)));
        assert!(Way::ALL.into_iter().all(|it| Way::from_word(it.as_str()) == Some(it)));
        assert_eq!((Kind::from_word("digests"), Way::from_word("carrier-pigeon")), (None, None));
    }

    #[test]
    fn only_what_asks_and_what_answers_is_never_off() {
        let fixed: Vec<Kind> = Kind::ALL.into_iter().filter(|it| !it.may_be_off()).collect();
        assert_eq!(fixed, [Kind::Page, Kind::Answer]);
        assert!(fixed.into_iter().all(|it| it.wakes() && it.ways() == [Way::Direct]));
    }

    #[test]
    fn what_the_organisation_says_of_a_kind_holds_only_where_it_may() {
        let ways = vec![(Kind::Page, Way::Off), (Kind::TeamReview, Way::Channel), (Kind::Shift, Way::Channel)];
        let defaults = Defaults { ways, ..Defaults::default() };
        let ways = [Kind::Page, Kind::TeamReview, Kind::Shift, Kind::Merge].map(|it| defaults.way(it));
        assert_eq!(ways, [Way::Direct, Way::Channel, Way::Direct, Way::Direct]);
    }
}
