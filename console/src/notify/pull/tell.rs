use std::collections::HashSet;

use domain::PgConnection;
use domain::github::notice::recent;
use domain::github::{Change, Crew, News, Notice, Reviewer, Whole, audience};
use domain::preference::Defaults;
use uuid::Uuid;

use super::around::{Around, concerning};
use super::buttons::Buttons;
use super::cast::{Cast, mentions};
use super::news::Scene;
use super::put::Putting;
use super::said::{Said, Topic};
use super::seat::{Reader, Seat, Whom};
use super::wanted::{UNWANTED, Wanted, refrained};
use super::{channel, crew, list};
use crate::notify::message;
use crate::{Ctx, Failure};

/// Puts what people should be told of events, in this order and within the caller's transaction, which holds the pull requests and has
/// written what GitHub told. After the commit, [`crate::notify::wake`] makes all of it go at once.
pub async fn tell(ctx: &Ctx, db: &mut PgConnection, news: &[News]) -> Result<(), Failure> {
    let (news, followed) = concerning(&mut *db, news).await?;
    if news.is_empty() {
        return Ok(());
    }
    let around = Around::of(&mut *db, &ctx.defaults, (&news, &[]), followed).await?;
    for it in news {
        people(ctx, &mut *db, (it, &around)).await?;
        if around.is_subscribed(it.happened.pull_request_id) {
            channel::tell(&mut *db, it, &around.cast(it, &[])).await?;
        }
    }
    Ok(())
}

/// Everybody who has to do with it.
async fn people(ctx: &Ctx, db: &mut PgConnection, (news, around): (&News, &Around)) -> Result<(), Failure> {
    let Some((cast, mut seats)) = gather(db, (news, &[]), around).await? else { return Ok(()) };
    let scene = Scene { whole: &news.whole, happened: &news.happened, cast: &cast };
    let mut changed = HashSet::new();
    for seat in &mut seats {
        if wakes(seat, scene) {
            changed.insert(seat.notice.key.clone());
        }
        seat.news = is_news(seat, scene);
    }
    settle(db, (&news.whole, &cast, &ctx.defaults), seats, &changed).await?;
    Ok(())
}

/// Everybody who could be told, with their message as it is; nothing where nobody of ours has to do with it.
pub(super) async fn gather(
    db: &mut PgConnection,
    (news, others): (&News, &[i64]),
    around: &Around,
) -> Result<Option<(Cast, Vec<Seat>)>, Failure> {
    let id = news.happened.pull_request_id;
    let cast = around.cast(news, others);
    let people = cast.people();
    let notices = Notice::of(&mut *db, id).await?;
    let crews = crew::of(around, news, &notices);
    if people.is_empty() && notices.is_empty() && crews.iter().all(|it| it.channel.is_none() && it.members.is_empty()) {
        return Ok(None);
    }
    let mut readers: Vec<Reader> = people
        .into_iter()
        .map(|(somebody, actors, mentioned)| Reader { somebody, actors, mentioned, teams: Vec::new() })
        .collect();
    join(&mut readers, news, &crews);
    let known: HashSet<Uuid> = readers.iter().map(|it| it.somebody.id).collect();
    let others: Vec<Uuid> = notices.iter().filter_map(|it| it.person_id).filter(|it| !known.contains(it)).collect();
    if !others.is_empty() {
        let others = audience::somebody(&mut *db, &others).await?;
        let reader = |somebody| Reader { somebody, actors: Vec::new(), mentioned: false, teams: Vec::new() };
        readers.extend(others.into_values().map(reader));
    }
    Ok(Some((cast, seats(id, readers, crews, notices))))
}

/// Adds those of teams that are asked or mentioned who want to be told.
fn join(readers: &mut Vec<Reader>, News { happened, whole }: &News, crews: &[Crew]) {
    for crew in crews {
        let asked = whole.requests.iter().any(|it| matches!(&it.of, Reviewer::Team(team) if team.id == crew.team_id));
        let mentioned = mentions(happened).any(|it| *it == crew.slug);
        for (somebody, actor) in &crew.members {
            let place = readers.iter().position(|it| it.somebody.id == somebody.id);
            let place = place.unwrap_or_else(|| {
                let (somebody, actors) = (somebody.clone(), vec![*actor]);
                readers.push(Reader { somebody, actors, mentioned: false, teams: Vec::new() });
                readers.len() - 1
            });
            let reader = &mut readers[place];
            reader.mentioned |= mentioned;
            if asked {
                reader.teams.push(crew.name.clone());
            }
        }
    }
}

fn seats(id: i64, readers: Vec<Reader>, crews: Vec<Crew>, mut notices: Vec<Notice>) -> Vec<Seat> {
    let mut take = |is: &dyn Fn(&Notice) -> bool| {
        let place = notices.iter().position(is);
        place.map(|it| notices.swap_remove(it))
    };
    let mut seats = Vec::new();
    for it in readers {
        let person = it.somebody.id;
        let notice = take(&|it| it.person_id == Some(person)).unwrap_or_else(|| Notice::to(id, person));
        seats.push(Seat { whom: Whom::Person(it), notice, news: None });
    }
    for it in crews {
        let Some(channel) = crew::place(&it) else { continue };
        let team = it.team_id;
        let notice = take(&|it| it.team_id == Some(team)).unwrap_or_else(|| Notice::to_team(id, team));
        seats.push(Seat { whom: Whom::Team(it, channel), notice, news: None });
    }
    seats
}

/// Ends what somebody chose for a while: quiet ends when somebody else does something, and whoever passed a review on is asked
/// again by name. Says whether anything did.
fn wakes(seat: &mut Seat, Scene { happened, cast, .. }: Scene<'_>) -> bool {
    let Whom::Person(reader) = &seat.whom else { return false };
    let somebody = happened.by.is_some() && !reader.is(happened.by) && !cast.is_bot(happened.by);
    let checks = happened.changes.iter().all(|it| matches!(it, Change::Failed { .. } | Change::Passed));
    let named = happened
        .changes
        .iter()
        .any(|it| matches!(it, Change::Requested { of: Reviewer::Actor(it), .. } if reader.is(Some(it.id))));
    let (snoozed, passed) = (seat.notice.snoozed_at.is_some(), seat.notice.passed_at.is_some());
    if snoozed && somebody && !checks {
        seat.notice.snoozed_at = None;
    }
    if passed && named {
        (seat.notice.passed_at, seat.notice.passed_to) = (None, None);
    }
    (snoozed, passed) != (seat.notice.snoozed_at.is_some(), seat.notice.passed_at.is_some())
}

/// What is news to whoever a message is for.
fn is_news(seat: &Seat, scene: Scene<'_>) -> Option<Said> {
    if !scene.happened.told {
        return None;
    }
    match &seat.whom {
        Whom::Team(crew, _) => scene.team_news(crew.team_id, &crew.name),
        Whom::Person(_) if seat.notice.snoozed_at.is_some() => None,
        Whom::Person(it) => {
            let passed = seat.notice.passed_at.is_some();
            scene.news(it).filter(|it| !(passed && matches!(it.topic, Topic::Asked | Topic::TeamAsked)))
        }
    }
}

/// Puts and changes messages; gives how many were told something.
pub(super) async fn settle(
    db: &mut PgConnection,
    (whole, cast, defaults): (&Whole, &Cast, &Defaults),
    mut seats: Vec<Seat>,
    changed: &HashSet<String>,
) -> Result<Vec<String>, Failure> {
    let told: Vec<Uuid> = seats.iter().filter(|it| it.news.is_some()).filter_map(|it| it.notice.person_id).collect();
    if !told.is_empty() {
        let wanted = Wanted::of(&mut *db, defaults, (&told, whole)).await?;
        let mut unwanted = Vec::new();
        for seat in &mut seats {
            let Some(person) = seat.notice.person_id else { continue };
            if let Some(news) = seat.news.take_if(|it| !wanted.has(person, it)) {
                unwanted.push(refrained(whole, (&seat.notice, person), &news));
            }
        }
        message::refrain(&mut *db, &unwanted, UNWANTED).await?;
    }
    seats.retain(|it| it.news.is_some() || it.notice.opened || changed.contains(&it.notice.key));
    if seats.is_empty() {
        return Ok(Vec::new());
    }
    let mut putting = Putting::new(whole, cast, Buttons::of(&mut *db, whole).await?);
    if !told.is_empty() {
        putting.recent = recent(&mut *db, &told, list::MINUTES).await?;
    }
    let mut names = Vec::new();
    for mut seat in seats {
        match seat.news.take() {
            Some(news) => {
                names.push(match &seat.whom {
                    Whom::Person(it) => it.somebody.display.clone(),
                    Whom::Team(it, _) => it.name.clone(),
                });
                putting.tell(&mut *db, seat, news).await?;
            }
            None => {
                if changed.contains(&seat.notice.key) {
                    putting.keep(&seat.notice);
                }
                putting.follow(seat);
            }
        }
    }
    putting.finish(db).await?;
    Ok(names)
}
