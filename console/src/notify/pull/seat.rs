//! Who could get a message about a pull request.

use cards::Text;
use domain::github::{Crew, Notice, Reviewer, Somebody, Whole};

use super::said::{Said, Topic};
use crate::notify::Destination;

/// Somebody who has to do with a pull request.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) somebody: Somebody,
    /// Their accounts on GitHub.
    pub(super) actors: Vec<i64>,
    /// Whether the event mentions them.
    pub(super) mentioned: bool,
    /// Names of their teams that are asked or mentioned, of which they want to be told.
    pub(super) teams: Vec<String>,
}

/// Whom a message is for.
#[derive(Clone, Debug)]
pub(super) enum Whom {
    Person(Reader),
    /// A team, and its channel.
    Team(Crew, Destination),
}

/// Somebody's message, as it is and as it should become.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    pub(super) whom: Whom,
    pub(super) notice: Notice,
    /// What is news to them.
    pub(super) news: Option<Said>,
}

impl Reader {
    pub(super) fn is(&self, actor: Option<i64>) -> bool {
        actor.is_some_and(|it| self.actors.contains(&it))
    }

    pub(super) fn wrote(&self, whole: &Whole) -> bool {
        self.is(whole.pull_request.author_id)
    }

    /// Whether they themselves are asked to review it.
    pub(super) fn is_asked(&self, whole: &Whole) -> bool {
        whole.requests.iter().any(|it| matches!(&it.of, Reviewer::Actor(actor) if self.is(Some(actor.id))))
    }
}

impl Seat {
    pub(super) fn destination(&self) -> Destination {
        match &self.whom {
            Whom::Person(it) => Destination::Person(it.somebody.id),
            Whom::Team(_, channel) => channel.clone(),
        }
    }

    /// Whether whoever it is for is asked to review.
    pub(super) fn is_asked(&self, whole: &Whole) -> bool {
        let team = |id: i64| whole.requests.iter().any(|it| matches!(&it.of, Reviewer::Team(team) if team.id == id));
        let passed = self.notice.passed_by.is_some();
        match &self.whom {
            Whom::Person(it) => passed || it.is_asked(whole) || !it.teams.is_empty(),
            Whom::Team(it, _) => team(it.team_id),
        }
    }

    /// What was said last.
    pub(super) fn said(&self) -> Option<Said> {
        self.notice.said.clone().and_then(|it| serde_json::from_value(it).ok())
    }

    /// Why whoever gets it gets it.
    pub(super) fn why(&self, whole: &Whole, topic: Topic) -> Text {
        let reader = match &self.whom {
            Whom::Team(it, _) => {
                return format!("Posted here because the team {} is asked to review this", it.name).into();
            }
            Whom::Person(it) => it,
        };
        let why = match topic {
            Topic::Asked if self.notice.passed_by.is_some() => "the review was passed to you",
            Topic::Asked => "you are asked to review this",
            Topic::TeamAsked => {
                let teams = reader.teams.join(", ");
                return format!("You get this because your team {teams} is asked, and you chose to be told").into();
            }
            _ if reader.wrote(whole) => "you opened this pull request",
            Topic::Comment if reader.mentioned => "you are mentioned in this",
            _ => "you reviewed this",
        };
        format!("You get this because {why}").into()
    }
}
