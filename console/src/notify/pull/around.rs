//! Whom several events concern, found out for all of them at once. Most concern nobody of ours, and cost no more than that.

use std::collections::{BTreeSet, HashMap};

use domain::PgConnection;
use domain::account::Platform;
use domain::github::audience::{self, Followed};
use domain::github::{Change, Crew, News, Player, Reviewer, Standing};
use domain::preference::Defaults;

use super::cast::{Cast, mentions};

/// What is told of pull requests already, and who has to do with what happened.
pub(super) struct Around {
    followed: HashMap<i64, Followed>,
    players: HashMap<i64, Player>,
    /// Whom logins mean, by repository.
    mentioned: HashMap<(i64, String), Vec<i64>>,
    crews: Vec<Crew>,
}

impl Around {
    /// Of events that concern somebody, with these others.
    pub(super) async fn of(
        db: &mut PgConnection,
        defaults: &Defaults,
        (news, others): (&[&News], &[i64]),
        followed: HashMap<i64, Followed>,
    ) -> sqlx::Result<Self> {
        let (mut players, mut mentioned) = (HashMap::new(), HashMap::new());
        let logins: BTreeSet<(i64, String)> = news.iter().flat_map(|it| people_mentioned(it)).collect();
        if !logins.is_empty() {
            mentioned = audience::mentioned(&mut *db, &Vec::from_iter(logins)).await?;
        }
        let ids = news.iter().flat_map(|it| with(it)).chain(others.iter().copied());
        let ids: BTreeSet<i64> = ids.chain(mentioned.values().flatten().copied()).collect();
        if !ids.is_empty() {
            players = audience::players(&mut *db, &Vec::from_iter(ids)).await?;
        }
        let teams = news.iter().flat_map(|it| teams(it)).chain(followed.values().flat_map(|it| it.teams.clone()));
        let teams: BTreeSet<i64> = teams.collect();
        let slugs = news.iter().flat_map(|it| mentions(&it.happened)).filter(|it| it.contains('/'));
        let slugs: BTreeSet<String> = slugs.cloned().collect();
        let crews = match teams.is_empty() && slugs.is_empty() {
            true => Vec::new(),
            false => audience::crews(db, defaults, (&Vec::from_iter(teams), &Vec::from_iter(slugs))).await?,
        };
        Ok(Self { followed, players, mentioned, crews })
    }

    /// Whether a channel follows the pull request.
    pub(super) fn is_subscribed(&self, pull_request: i64) -> bool {
        self.followed.get(&pull_request).is_some_and(|it| it.subscribed)
    }

    /// Everybody whom an event could concern, with these others.
    pub(super) fn cast(&self, news: &News, others: &[i64]) -> Cast {
        let ids = with(news).chain(others.iter().copied());
        let mut cast: HashMap<i64, Player> = ids.filter_map(|it| Some((it, self.players.get(&it)?.clone()))).collect();
        for id in people_mentioned(news).filter_map(|it| self.mentioned.get(&it)).flatten() {
            if let Some(player) = self.players.get(id) {
                cast.insert(*id, Player { mentioned: true, ..player.clone() });
            }
        }
        Cast(cast)
    }

    /// These teams.
    pub(super) fn crews(&self, ids: &[i64], slugs: &[&String]) -> Vec<Crew> {
        let asked = |it: &&Crew| ids.contains(&it.team_id) || slugs.contains(&&it.slug);
        self.crews.iter().filter(asked).cloned().collect()
    }
}

/// Those that concern somebody, with what is told of their pull requests already: where nobody has a message yet, and nothing that
/// happened could be news, nobody is looked for.
pub(super) async fn concerning<'a>(
    db: &mut PgConnection,
    news: &'a [News],
) -> sqlx::Result<(Vec<&'a News>, HashMap<i64, Followed>)> {
    if news.is_empty() {
        return Ok((Vec::new(), HashMap::new()));
    }
    let place = |it: &News| (it.happened.pull_request_id, it.whole.repository.id);
    let pulls: BTreeSet<(i64, i64)> = news.iter().map(place).collect();
    let followed = audience::followed(db, Platform::Slack, &Vec::from_iter(pulls)).await?;
    let is_followed = |id: &i64| followed.get(id).is_some_and(|it| it.noticed || it.subscribed);
    let loud: BTreeSet<i64> = news.iter().filter(|it| is_loud(it)).map(|it| it.happened.pull_request_id).collect();
    let of = |it: &&News| is_followed(&it.happened.pull_request_id) || loud.contains(&it.happened.pull_request_id);
    Ok((news.iter().filter(of).collect(), followed))
}

/// Whether it could be news to somebody who has no message yet.
fn is_loud(News { happened, whole }: &News) -> bool {
    let ready = || !happened.was_ready && Standing::of(whole) == Standing::Ready;
    happened.told && (happened.changes.iter().any(may_be_news) || ready())
}

/// Whether this could be news to anybody by itself.
fn may_be_news(change: &Change) -> bool {
    match change {
        Change::Requested { .. } | Change::Ready | Change::Reviewed { .. } | Change::Commented { .. } => true,
        Change::Mentioned { .. } | Change::Failed { .. } | Change::Conflicts | Change::Dequeued { .. } => true,
        Change::Merged | Change::Closed => true,
        Change::Opened | Change::Drafted | Change::Reopened | Change::Pushed | Change::Edited => false,
        Change::Unrequested { .. } | Change::Passed | Change::Clean | Change::Queued => false,
    }
}

/// Everybody who has to do with a pull request, and with what happened to it, mentions aside.
fn with(News { happened, whole }: &News) -> impl Iterator<Item = i64> {
    let asked = whole.requests.iter().filter_map(|it| actor(&it.of));
    let reviewed = whole.reviews.iter().filter_map(|it| Some(it.by.as_ref()?.id));
    let named = happened.changes.iter().filter_map(|it| match it {
        Change::Requested { of, .. } | Change::Unrequested { of } => actor(of),
        _ => None,
    });
    whole.pull_request.author_id.into_iter().chain(happened.by).chain(asked).chain(reviewed).chain(named)
}

fn actor(of: &Reviewer) -> Option<i64> {
    match of {
        Reviewer::Actor(it) => Some(it.id),
        Reviewer::Team(_) => None,
    }
}

/// Teams that are asked, or were.
fn teams(News { happened, whole }: &News) -> impl Iterator<Item = i64> {
    let asked = happened.changes.iter().filter_map(|it| match it {
        Change::Requested { of, .. } => Some(of),
        _ => None,
    });
    asked.chain(whole.requests.iter().map(|it| &it.of)).filter_map(|it| match it {
        Reviewer::Team(it) => Some(it.id),
        Reviewer::Actor(_) => None,
    })
}

/// Logins of people whom an event mentions, each with the repository.
fn people_mentioned(News { happened, whole }: &News) -> impl Iterator<Item = (i64, String)> {
    let logins = mentions(happened).filter(|it| !it.contains('/'));
    logins.map(|it| (whole.repository.id, it.clone()))
}
