use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::PgConnection;
use domain::github::notice::recent;
use domain::github::{Change, Crew, Happened, Notice, Reviewer, Whole, audience};
use domain::person::Person;
use domain::preference::Defaults;
use uuid::Uuid;

use super::buttons::Buttons;
use super::cast::{Cast, mentions};
use super::news::Scene;
use super::put::Putting;
use super::said::{Said, Topic};
use super::seat::{Reader, Seat, Whom};
use super::wanted::Wanted;
use super::{channel, crew, list};
use crate::{Ctx, Failure};

/// Puts what people should be told of an event, within the caller's transaction, which has written what GitHub told. After the
/// commit, [`crate::notify::wake`] makes all of it go at once.
pub async fn tell(ctx: &Ctx, db: &mut PgConnection, happened: &Happened) -> Result<(), Failure> {
    people(ctx, &mut *db, happened).await?;
    channel::tell(db, happened).await
}

/// Everybody who has to do with it.
async fn people(ctx: &Ctx, db: &mut PgConnection, happened: &Happened) -> Result<(), Failure> {
    let Some((whole, cast, mut seats)) = gather(db, &ctx.defaults, (happened, &[])).await? else { return Ok(()) };
    let scene = Scene { whole: &whole, happened, cast: &cast };
    let mut changed = HashSet::new();
    for seat in &mut seats {
        if wakes(seat, scene) {
            changed.insert(seat.notice.key.clone());
        }
        seat.news = news(seat, scene);
    }
    settle(db, (&whole, &cast, &ctx.defaults), seats, &changed).await?;
    Ok(())
}

/// Everybody who could be told, with their message as it is; nothing where nobody of ours has to do with it.
async fn gather(
    db: &mut PgConnection,
    defaults: &Defaults,
    (happened, extra): (&Happened, &[i64]),
) -> Result<Option<(Whole, Cast, Vec<Seat>)>, Failure> {
    let id = happened.pull_request_id;
    let cast = Cast::of(&mut *db, happened, extra).await?;
    let notices = Notice::of(&mut *db, id).await?;
    let people = cast.people();
    let crews = crew::of(&mut *db, defaults, (happened, &notices)).await?;
    if people.is_empty() && notices.is_empty() && crews.iter().all(|it| it.channel.is_none() && it.members.is_empty()) {
        return Ok(None);
    }
    let Some(whole) = Whole::of(&mut *db, &[id]).await?.pop() else { return Ok(None) };
    let mut readers: Vec<Reader> = people
        .into_iter()
        .map(|(somebody, actors, mentioned)| Reader { somebody, actors, mentioned, teams: Vec::new() })
        .collect();
    join(&mut readers, &whole, (happened, &crews));
    let known: HashSet<Uuid> = readers.iter().map(|it| it.somebody.id).collect();
    let others: Vec<Uuid> = notices.iter().filter_map(|it| it.person_id).filter(|it| !known.contains(it)).collect();
    if !others.is_empty() {
        let others = audience::somebody(&mut *db, &others).await?;
        let reader = |somebody| Reader { somebody, actors: Vec::new(), mentioned: false, teams: Vec::new() };
        readers.extend(others.into_values().map(reader));
    }
    Ok(Some((whole, cast, seats(id, readers, crews, notices))))
}

/// Adds those of teams that are asked or mentioned who want to be told.
fn join(readers: &mut Vec<Reader>, whole: &Whole, (happened, crews): (&Happened, &[Crew])) {
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
fn news(seat: &Seat, scene: Scene<'_>) -> Option<Said> {
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
async fn settle(
    db: &mut PgConnection,
    (whole, cast, defaults): (&Whole, &Cast, &Defaults),
    mut seats: Vec<Seat>,
    changed: &HashSet<String>,
) -> Result<Vec<String>, Failure> {
    let told: Vec<Uuid> = seats.iter().filter(|it| it.news.is_some()).filter_map(|it| it.notice.person_id).collect();
    if !told.is_empty() {
        let wanted = Wanted::of(&mut *db, defaults, (&told, whole)).await?;
        for seat in &mut seats {
            seat.news = seat.news.take().filter(|it| seat.notice.person_id.is_none_or(|person| wanted.has(person, it)));
        }
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

/// Something that somebody does here about a pull request, which GitHub does not tell of.
fn here(pull_request: i64, now: DateTime<Utc>) -> Happened {
    Happened { pull_request_id: pull_request, at: now, by: None, changes: Vec::new(), was_ready: true, told: true }
}

/// Reminds everybody who is asked to review a pull request; gives who was told.
pub(crate) async fn remind(
    (db, defaults): (&mut PgConnection, &Defaults),
    (pull_request, by): (i64, &Person),
    now: DateTime<Utc>,
) -> Result<Vec<String>, Failure> {
    let Some((whole, cast, mut seats)) = gather(&mut *db, defaults, (&here(pull_request, now), &[])).await? else {
        return Ok(Vec::new());
    };
    let stem = format!("{} reminds you: this waits for your review", by.display_name);
    for seat in &mut seats {
        let asked = seat.is_asked(&whole) && seat.notice.passed_at.is_none();
        if asked && seat.notice.person_id != Some(by.id) {
            let topic = match &seat.whom {
                Whom::Person(it) if it.is_asked(&whole) || seat.notice.passed_by.is_some() => Topic::Asked,
                Whom::Person(_) | Whom::Team(..) => Topic::TeamAsked,
            };
            seat.notice.snoozed_at = None;
            seat.news = Some(said(topic, &whole, stem.clone()));
        }
    }
    settle(db, (&whole, &cast, defaults), seats, &HashSet::new()).await
}

/// Asks somebody to review in the place of whoever passed it on; false where they take no such messages.
pub(crate) async fn invite(
    (db, defaults): (&mut PgConnection, &Defaults),
    (pull_request, by): (i64, &Person),
    (to, now): (i64, DateTime<Utc>),
) -> Result<bool, Failure> {
    let Some((whole, cast, mut seats)) = gather(&mut *db, defaults, (&here(pull_request, now), &[to])).await? else {
        return Ok(false);
    };
    let stem = format!("{} passed this review to you", by.display_name);
    let mut changed = HashSet::new();
    for seat in &mut seats {
        if matches!(&seat.whom, Whom::Person(it) if it.is(Some(to))) {
            (seat.notice.passed_by, seat.notice.snoozed_at) = (Some(by.id), None);
            changed.insert(seat.notice.key.clone());
            seat.news = Some(said(Topic::Asked, &whole, stem.clone()));
        }
    }
    Ok(!settle(db, (&whole, &cast, defaults), seats, &changed).await?.is_empty())
}

/// Notes what somebody chose about their message, and shows it.
pub(crate) async fn choose(
    (db, defaults): (&mut PgConnection, &Defaults),
    (pull_request, person): (i64, Uuid),
    choice: impl FnOnce(&mut Notice),
) -> Result<(), Failure> {
    let mut notice = Notice::of(&mut *db, pull_request).await?.into_iter().find(|it| it.person_id == Some(person));
    let notice = notice.get_or_insert_with(|| Notice::to(pull_request, person));
    choice(notice);
    Notice::write(&mut *db, std::slice::from_ref(notice), &[]).await?;
    let happened = Happened { told: false, ..here(pull_request, Utc::now()) };
    let Some((whole, cast, seats)) = gather(&mut *db, defaults, (&happened, &[])).await? else { return Ok(()) };
    settle(db, (&whole, &cast, defaults), seats, &HashSet::new()).await?;
    Ok(())
}

fn said(topic: Topic, whole: &Whole, stem: String) -> Said {
    let head = whole.pull_request.head_sha.clone();
    Said { topic, tone: cards::Tone::Warn, stem, lines: Vec::new(), by: None, head, comments: 0, first: Vec::new() }
}
