//! Open pull requests in a list: yours, those of somebody, of a team, of repositories, or all.

use std::collections::HashMap;

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::delivery::{self, Source};
use domain::github::handing::Passed;
use domain::github::list::{self, Concerning};
use domain::github::{Aside, Notice, Repository, Whole};
use domain::person::Person;
use domain::working::WorkingHours;

use super::meant::{Meant, Whose, ask, meant};
use super::rows::{Group, Of, sorted};
use super::turn::{facts, worked};
use super::{Names, card, freshness, working};
use crate::{Asks, Ctx, Failure, PAGE, Reply, oncall, paging, words};

/// Of whose pull requests more are open, the liveliest are put in order.
const MOST: i64 = 500;

/// One page of open pull requests.
struct View {
    whose: Whose,
    of: Of,
    own: bool,
    /// Of the asker's own, what they put aside.
    aside: HashMap<i64, Aside>,
    /// Whether that is listed, too.
    all: bool,
    rows: Vec<(Group, Whole)>,
    names: Names,
    total: i64,
    page: u32,
    working: WorkingHours,
    now: DateTime<Utc>,
    told_at: Option<DateTime<Utc>>,
}

/// Which part of a list somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The page.
    pub page: u32,
    /// Whether those that the asker put aside are listed, too.
    pub all: bool,
}

/// The open pull requests that these words mean; without any, the asker's, or all where nobody asks. What the asker put aside is left out of
/// their own, and of nobody else's.
pub async fn answer(ctx: &Ctx, asker: Option<&Person>, words: &str, part: Part) -> Reply {
    match meant(ctx, asker, words).await? {
        Meant::One(whose) => {
            let own = asker.filter(|asker| matches!(&*whose, Whose::Person { person, .. } if person.id == asker.id));
            let working = working(ctx, asker).await?;
            Ok(drawn(&load(ctx, *whose, (part, own), working).await?))
        }
        Meant::Several(things) => Ok(oncall::choose(words, &things, ask)),
    }
}

async fn load(
    ctx: &Ctx,
    whose: Whose,
    (Part { page, all }, own): (Part, Option<&Person>),
    working: WorkingHours,
) -> Result<View, Failure> {
    let mut db = ctx.db.acquire().await?;
    let passed = Passed::to(&mut *db, whose.people()).await?;
    let pull_requests = passed.iter().map(|it| it.pull_request_id).collect();
    let (ids, total) = match &whose {
        Whose::All => list::all_open(&mut *db, PAGE, paging::offset(page)).await?,
        _ => list::open(&mut *db, &Concerning { pull_requests, ..whose.concerning() }, MOST).await?,
    };
    let of = Of::new(&whose, passed);
    let aside = match own {
        Some(asker) => Notice::put_aside(&mut *db, asker.id, &ids).await?,
        None => HashMap::new(),
    };
    let left_out = |id: &i64| !all && aside.contains_key(id);
    let shown: Vec<i64> = ids.iter().copied().filter(|it| !left_out(it)).collect();
    let total = total - i64::try_from(ids.len() - shown.len()).unwrap_or_default();
    let found = Whole::of(&mut db, &shown).await?;
    let (page, rows) = match &whose {
        // All of them are listed as they come: the liveliest first.
        Whose::All => (page, found.into_iter().map(|it| (Group::Elsewhere, it)).collect()),
        _ => turned(sorted(&of, found), page),
    };
    let shown: Vec<Whole> = rows.iter().map(|it: &(Group, Whole)| it.1.clone()).collect();
    let names = Names::of(&mut db, &shown, &[]).await?;
    let told_at = delivery::last(&mut *db, Source::Github).await?;
    let own = own.is_some();
    Ok(View { whose, of, own, aside, all, rows, names, total, page, working, now: Utc::now(), told_at })
}

/// One page of the rows; whoever turns beyond the last one gets the first.
fn turned(rows: Vec<(Group, Whole)>, page: u32) -> (u32, Vec<(Group, Whole)>) {
    let offset = usize::try_from(paging::offset(page)).unwrap_or(usize::MAX);
    let (page, offset) = if offset >= rows.len() { (1, 0) } else { (page, offset) };
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    (page, rows.into_iter().skip(offset).take(most).collect())
}

fn drawn(view: &View) -> Card {
    let View { whose, rows, total, page, .. } = view;
    let card = Card::new(title(view)).freshness(freshness(view.told_at));
    let card = card.results(usize::try_from(*total).unwrap_or_default());
    let card = empty(card, view);
    let mut above = None;
    let card = rows.iter().fold(card, |card, (group, whole)| {
        let card = match whose {
            Whose::All => card,
            _ if above == Some(*group) => card,
            _ => card.heading(group.heading(whose)),
        };
        above = Some(*group);
        card::row(card, (whole, &view.names), note(view, *group, whole))
    });
    let words = whose.words();
    let ask = |page| match (view.own && view.all, &words) {
        (true, Some(words)) => Asks::pulls_with_aside(words, page),
        _ => Asks::pulls(words.as_deref(), page),
    };
    let listed = (*total).min(if matches!(whose, Whose::All) { i64::MAX } else { MOST });
    let card = paging::turn(card, *page, rows.len(), listed, ask);
    let card = match listed < *total {
        true => card.text(format!("Only the {listed} in which something happened last are listed.")),
        false => card,
    };
    let card = put_aside(card, view);
    let card = match whose {
        Whose::Team { group, .. } => card.read("Who has how much to review", Asks::review_load(&group.name)),
        Whose::All | Whose::Person { .. } | Whose::Repositories { .. } => card,
    };
    match ask(*page).page {
        Some(page) => card.page(page),
        None => card,
    }
}

fn title(view: &View) -> String {
    let count = words::count(view.total, "open pull request", "open pull requests");
    let concern = if view.total == 1 { "concerns" } else { "concern" };
    match &view.whose {
        Whose::All => count,
        Whose::Person { .. } if view.own => format!("{count} {concern} you"),
        Whose::Person { person, .. } => format!("{count} {concern} {}", person.display_name),
        Whose::Team { group, .. } => format!("{count} {concern} {}", group.display_name),
        Whose::Repositories { label, repositories, .. } => match repositories.as_slice() {
            [Repository { name, .. }] if name != label => format!("{count} of {label} ({name})"),
            _ => format!("{count} of {label}"),
        },
    }
}

/// What is said where nothing is listed, and whose account is unknown.
fn empty(card: Card, view: &View) -> Card {
    match &view.whose {
        Whose::Person { actors, .. } if actors.is_empty() && view.own => card.tone(Tone::Warn).text(
            Text::plain("Nobody told PinConsole what you are called at GitHub. Type ")
                .then(Text::code("link github"))
                .then(" to say so, or have your login added in the directory."),
        ),
        Whose::Person { person, actors, .. } if actors.is_empty() => card
            .tone(Tone::Warn)
            .text(format!("Nobody told PinConsole what {} is called at GitHub.", person.display_name)),
        _ if view.total == 0 && view.aside.is_empty() => {
            card.tone(Tone::Good).text("Nothing is open, as far as GitHub told.")
        }
        _ => card,
    }
}

/// How many are left out since the asker put them aside, and how to see them.
fn put_aside(card: Card, view: &View) -> Card {
    let (true, false, Some(words)) = (view.own, view.all || view.aside.is_empty(), view.whose.words()) else {
        return card;
    };
    let count = i64::try_from(view.aside.len()).unwrap_or_default();
    let left_out = words::count(
        count,
        "pull request that you snoozed or passed on is",
        "pull requests that you snoozed or passed on are",
    );
    card.text(Text::plain(format!("{left_out} left out; ")).then(Text::code("prs me --all")).then(" lists them, too."))
        .read("List what I put aside, too", Asks::pulls_with_aside(&words, 1))
}

fn note(view: &View, group: Group, whole: &Whole) -> Text {
    let since = view.of.since(group, whole);
    let hours = worked(&view.working, since, view.now);
    let aside = match view.aside.get(&whole.pull_request.id) {
        Some(Aside::Snoozed) => "you snoozed it · ",
        Some(Aside::Passed) => "you passed it on · ",
        None => "",
    };
    Text::plain(format!("{aside}{hours}, since ")).then(Text::moment(since)).then(format!(" · {}", facts(whole)))
}
