//! Repositories that come and go, and what we may read. What they are called is stored with every event.

use domain::PgConnection;
use domain::github::{About, Desk, End, Names, News, Part, State, Telling, repository};

use super::apply::Said;
use super::event::Event;
use super::names;
use super::settle::{Act, finish, take};
use super::wire::Repository;

/// Applies what became of a repository.
pub(super) async fn apply(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said<News>> {
    let Some(it) = &event.payload.repository else { return Ok(Said::Unclear("it names no repository".into())) };
    match event.payload.action() {
        "deleted" if repository::gone(&mut *db, it.id, event.sent_at).await? => {
            let mut desk = Desk::lay(&mut *db, &About { gone: vec![it.id], ..About::default() }).await?;
            let open: Vec<i64> = desk.open_in(it.id).map(|it| it.id).collect();
            open.into_iter().for_each(|id| close(&mut desk, event, (id, it.id)));
            desk.write(db).await?;
        }
        _ => {}
    }
    Ok(Said::Known(Vec::new()))
}

/// A pull request goes with its repository; that is nobody's news.
fn close(desk: &mut Desk, event: &Event<'_>, (id, repository): (i64, i64)) {
    let at = event.sent_at;
    let end = End { state: State::Closed, at: Some(at), sha: None, by: None };
    let telling =
        Telling { end: Some(end), about: vec![Part::State], ..Telling::of((id, repository, 0), event.moment(at)) };
    if let Some(taken) = take(desk, &telling) {
        let act = Act { at, by: event.by(), more: Vec::new(), asks: Vec::new(), done: None, reason: None, news: false };
        finish(desk, taken, act);
    }
}

/// Applies what an installation may read.
pub(super) async fn readable(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said<News>> {
    let it = event.payload;
    let Some(installation) = it.installation.as_ref().map(|it| it.id) else {
        return Ok(Said::Unclear("it names no installation".into()));
    };
    let named = |all: &[Repository]| Names {
        repositories: all.iter().filter_map(|it| names::repository(it, Some(installation))).collect(),
        ..Names::default()
    };
    match it.action() {
        "created" | "unsuspend" | "new_permissions_accepted" => {
            named(&it.repositories).write(&mut *db, event.sent_at).await?
        }
        "added" => named(&it.repositories_added).write(&mut *db, event.sent_at).await?,
        "deleted" | "suspend" => repository::unreadable(db, installation, None).await.map(|_| ())?,
        "removed" => {
            let ids: Vec<i64> = it.repositories_removed.iter().map(|it| it.id).collect();
            repository::unreadable(db, installation, Some(&ids)).await?;
        }
        _ => return Ok(Said::Nothing),
    }
    Ok(Said::Known(Vec::new()))
}
