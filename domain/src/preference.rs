//! What each person wants to be told directly.

use sqlx::PgExecutor;
use uuid::Uuid;

/// What kind of message it is that somebody gets directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Their pull request can be merged, or was.
    Merge,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Page,
        Self::Incident,
        Self::Shift,
        Self::ReviewRequest,
        Self::TeamReview,
        Self::Reviewed,
        Self::Comment,
        Self::Checks,
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
            Self::ReviewRequest | Self::TeamReview | Self::Reviewed | Self::Comment | Self::Checks | Self::Merge => {
                true
            }
        }
    }
}

/// How a kind of message reaches somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// By direct message.
    #[default]
    Direct,
    /// Not at all.
    Off,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Direct, Self::Off];

    /// The word that is typed and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Off => "off",
        }
    }

    /// The way of this word; nothing for one that a newer program stored.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// What a person said about every kind, in order; what must reach them does, whatever is stored.
pub async fn all(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Vec<(Kind, Way)>> {
    let rows = sqlx::query!("select kind, way from preferences.choice where person_id = $1", person);
    let stored = rows.fetch_all(db).await?;
    let said = |kind: Kind| stored.iter().find(|it| it.kind == kind.as_str()).and_then(|it| Way::from_word(&it.way));
    let way = |kind: Kind| said(kind).filter(|_| kind.may_be_off()).unwrap_or_default();
    Ok(Kind::ALL.map(|it| (it, way(it))).to_vec())
}

/// How a kind of message reaches a person.
pub async fn of(db: impl PgExecutor<'_>, person: Uuid, kind: Kind) -> sqlx::Result<Way> {
    if !kind.may_be_off() {
        return Ok(Way::Direct);
    }
    let word = sqlx::query_scalar!(
        "select way from preferences.choice where person_id = $1 and kind = $2",
        person,
        kind.as_str()
    );
    Ok(word.fetch_optional(db).await?.and_then(|it| Way::from_word(&it)).unwrap_or_default())
}

/// Notes how a person wants to get a kind of message.
pub async fn choose(db: impl PgExecutor<'_>, person: Uuid, kind: Kind, way: Way) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into preferences.choice (person_id, kind, way) values ($1, $2, $3)
         on conflict (person_id, kind) do update set way = excluded.way, chosen_at = now()
         where choice.way <> excluded.way",
        person,
        kind.as_str(),
        way.as_str()
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
        assert_eq!((Kind::from_word("digests"), Way::from_word("channel")), (None, None));
    }

    #[test]
    fn only_what_asks_and_what_answers_is_never_off() {
        let fixed: Vec<Kind> = Kind::ALL.into_iter().filter(|it| !it.may_be_off()).collect();
        assert_eq!(fixed, [Kind::Page, Kind::Answer]);
    }
}
