//! What reading GitHub told of a pull request. It repairs what events did not tell, and tells what no event does.

use chrono::{DateTime, TimeDelta, Utc};
use domain::github::{
    Answer, Change, CheckResult, Desk, End, Happened, Known, Moment, NamedActor, NamedRepository, NamedTeam, Names,
    Outcome, Reviewed, Target, Telling, Verdict, Weight,
};
use integrations::github::snapshot::{self, CheckKind, CheckState, Reviewer, Snapshot};

use super::apply::Said;
use super::check::news;
use super::read::Read;
use super::settle::{Act, finish, take};
use super::wire::Payload;

/// For so long a reading may lag behind what GitHub told before it.
const LAG: TimeDelta = TimeDelta::seconds(60);

/// Applies what was read.
pub(super) fn apply(desk: &mut Desk, it: &Snapshot, read: &Read<'_>, now: DateTime<Utc>) -> Said {
    let payload = Payload::default();
    let event = read.event(&payload, now);
    desk.name(&names(it), it.updated_at);
    let moment = moment(it, desk.known(it.id));
    let Some(taken) = take(desk, &telling(it, moment)) else { return Said::Nothing };
    let (known, checks) = (taken.before.is_some(), Checks::of(desk, it, &taken.after));
    let (reviews, reviewed) = reviews(desk, it);
    let act = Act {
        at: it.read_at,
        by: None,
        more: reviewed.into_iter().chain(checks.news()).collect(),
        asks: Vec::new(),
        done: None,
        reason: None,
        news: event.news(it.read_at),
    };
    let happened = finish(desk, taken, act);
    reviews.into_iter().for_each(|review| desk.review(it.id, review));
    checks.tell(desk, it);
    // What is new to us altogether is of the past: it is only seen now.
    let happened = happened.filter(|_| known).map(|happened| hush(happened, it));
    Said::Known(happened.into_iter().collect())
}

/// Of what people did long ago nobody is told; what machines found out is as new as the reading.
fn hush(happened: Happened, it: &Snapshot) -> Happened {
    let machine =
        |it: &Change| matches!(it, Change::Conflicts | Change::Clean | Change::Failed { .. } | Change::Passed);
    let recent = it.read_at - it.updated_at < TimeDelta::hours(24);
    Happened { told: happened.told && (recent || happened.changes.iter().all(machine)), ..happened }
}

/// What the reading holds for: the moment that it was made at, where it must know of what is known; else when it says that it changed.
fn moment(it: &Snapshot, known: Option<&Known>) -> Moment {
    let sure = known.is_none_or(|known| it.updated_at >= known.source_at || it.read_at > known.source_at + LAG);
    Moment { at: if sure { it.read_at } else { it.updated_at }, weight: Weight::Read, tie: it.read_at }
}

fn telling(it: &Snapshot, moment: Moment) -> Telling {
    let target = |it: &snapshot::Request| match &it.of {
        Reviewer::Actor(it) => Target::Actor(it.id),
        Reviewer::Team(it) => Target::Team(it.id),
    };
    Telling {
        node_id: Some(it.node_id.clone()),
        url: Some(it.url.clone()),
        author_id: it.author.as_ref().map(|it| it.id),
        created_at: Some(it.created_at),
        updated_at: it.updated_at,
        end: Some(End {
            state: it.state,
            at: it.closed_at,
            sha: it.merge_sha.clone(),
            by: it.merged_by.as_ref().map(|it| it.id),
        }),
        draft: Some(it.draft),
        head: Some((it.head_sha.clone(), it.head_ref.clone())),
        title: Some(it.title.clone()),
        base: Some(it.base_ref.clone()),
        size: Some((it.additions, it.deletions, it.files)),
        auto_merge: Some(it.auto_merge),
        queue: Some(it.queued_at),
        labels: Some(it.labels.clone()),
        requests: Some(it.requests.iter().map(target).collect()),
        answer: Some(Answer {
            head_sha: it.head_sha.clone(),
            mergeable: it.mergeable,
            merge_state: it.merge_state.clone(),
            decision: it.decision.clone(),
            approvals_needed: it.approvals_needed,
            asked_at: it.read_at,
        }),
        ..Telling::of((it.id, it.repository.id, it.number), moment)
    }
}

/// Everybody and everything that a reading names.
pub(super) fn names(it: &Snapshot) -> Names {
    let reviewers = it.requests.iter().filter_map(|it| match &it.of {
        Reviewer::Actor(it) => Some(it),
        Reviewer::Team(_) => None,
    });
    let teams = it.requests.iter().filter_map(|it| match &it.of {
        Reviewer::Team(it) => Some(it),
        Reviewer::Actor(_) => None,
    });
    let people =
        it.author.iter().chain(&it.merged_by).chain(reviewers).chain(it.reviews.iter().filter_map(|it| it.by.as_ref()));
    let of = &it.repository;
    Names {
        actors: people.map(|it| NamedActor { id: it.id, login: it.login.clone(), kind: it.kind.clone() }).collect(),
        repositories: vec![NamedRepository {
            id: of.id,
            name: of.name.clone(),
            node_id: Some(of.node_id.clone()),
            default_branch: of.default_branch.clone(),
            url: Some(of.url.clone()),
            private: Some(of.private),
            archived: Some(of.archived),
            installation_id: Some(of.installation_id),
        }],
        teams: teams
            .map(|it| NamedTeam {
                id: it.id,
                organization: it.organization.clone(),
                slug: it.slug.clone(),
                name: it.name.clone(),
            })
            .collect(),
    }
}

/// The reviews that were read, and those of them that nobody had told of.
fn reviews(desk: &Desk, it: &Snapshot) -> (Vec<Reviewed>, Vec<Change>) {
    let known = desk.reviews(it.id);
    let read = it.reviews.iter().map(|it| Reviewed {
        id: it.id,
        actor_id: it.by.as_ref().map(|it| it.id),
        verdict: it.verdict,
        sha: it.sha.clone(),
        url: Some(it.url.clone()),
        submitted_at: it.submitted_at,
        source_at: it.submitted_at,
    });
    let same = |known: &Reviewed, it: &Reviewed| {
        let verdict = known.verdict == it.verdict || known.verdict == Verdict::Dismissed;
        known.id == it.id && verdict && known.actor_id.is_some() == it.actor_id.is_some()
    };
    let new: Vec<Reviewed> = read.filter(|it| !known.iter().any(|known| same(known, it))).collect();
    let told = new.iter().filter(|it| it.verdict != Verdict::Commented);
    let told =
        told.map(|it| Change::Reviewed { verdict: it.verdict, text: String::new(), url: it.url.clone() }).collect();
    (new, told)
}

/// What was read of the checks of a commit, beside what was known.
struct Checks {
    before: Vec<CheckResult>,
    new: Vec<CheckResult>,
    gone: Vec<CheckResult>,
}

impl Checks {
    fn of(desk: &Desk, it: &Snapshot, after: &Known) -> Self {
        let before = desk.checks((it.repository.id, &it.head_sha)).to_vec();
        let of = |check: &snapshot::Check| {
            before.iter().find(|known| known.run == (check.kind == CheckKind::Run) && known.name == check.name)
        };
        let read = it.checks.iter().filter_map(|check| read(it, check, of(check)));
        let named = |known: &CheckResult| it.checks.iter().any(|check| of(check) == Some(known));
        let (new, late) = (read.collect::<Vec<_>>(), |known: &&CheckResult| known.source_at + LAG < it.read_at);
        let gone = before.iter().filter(late).filter(|known| it.checks_whole && !named(known)).cloned().collect();
        // Of another head than the newest they change nothing that is seen.
        let seen = after.head_sha == it.head_sha;
        Self { before: if seen { before } else { Vec::new() }, new, gone }
    }

    fn news(&self) -> Vec<Change> {
        let same = |it: &CheckResult, other: &CheckResult| it.run == other.run && it.name == other.name;
        let kept = self.before.iter().filter(|it| !self.new.iter().chain(&self.gone).any(|other| same(it, other)));
        let after: Vec<CheckResult> = kept.chain(&self.new).cloned().collect();
        news(&self.before, &after)
    }

    fn tell(self, desk: &mut Desk, it: &Snapshot) {
        let of = (it.repository.id, it.head_sha.as_str());
        // What a reading must know of it replaces, whatever its order among events.
        self.gone.iter().chain(&self.new).for_each(|check| desk.uncheck(of, check));
        self.new.into_iter().for_each(|check| desk.check(of, check));
    }
}

/// A check as it was read, where that is other than what is known, and the reading must know of that.
fn read(it: &Snapshot, check: &snapshot::Check, known: Option<&CheckResult>) -> Option<CheckResult> {
    let outcome = match check.state {
        CheckState::Pending => Outcome::Pending,
        CheckState::Success => Outcome::Success,
        CheckState::Failure => Outcome::Failure,
        CheckState::Neutral => Outcome::Neutral,
    };
    let id = known.map_or(check.id, |known| known.external_id.max(check.id));
    if let Some(known) = known {
        let later = check.id > known.external_id || known.source_at + LAG < it.read_at;
        let further = known.outcome == Outcome::Pending && known.source_at <= it.read_at;
        if known.outcome == outcome || !(later || further) {
            return None;
        }
    }
    let (run, name, url) = (check.kind == CheckKind::Run, check.name.clone(), check.url.clone());
    Some(CheckResult { run, name, outcome, url, external_id: id, source_at: it.read_at })
}
