//! What happens at GitHub by others than the app.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::GitHub;
use super::record::{Asked, CheckRecord, PullRecord, RepositoryRecord, ReviewRecord, Stage, TeamRecord};
use super::state::{ActorRecord, State};

/// The app as it acts.
const APP_LOGIN: &str = "pinconsole[bot]";

impl GitHub {
    /// An organization where the app is installed; the installation's id.
    pub fn organization(&self, login: &str) -> i64 {
        self.tell(|state| {
            let (actor, installation) =
                (state.actor_of_kind(login, "Organization"), state.id_of("installation", login));
            state.installations.insert(installation, actor);
            installation
        })
    }

    /// Somebody; their id.
    pub fn person(&self, login: &str) -> i64 {
        self.tell(|state| state.actor_of_kind(login, "User"))
    }

    /// A program, such as `dependabot[bot]`; its id.
    pub fn bot(&self, login: &str) -> i64 {
        self.tell(|state| state.actor_of_kind(login, "Bot"))
    }

    /// A team of an organization; its id.
    pub fn team(&self, organization: &str, slug: &str, members: &[&str]) -> i64 {
        self.tell(|state| {
            let members = members.iter().map(|it| state.actor(it)).collect();
            let same = state.teams.values().find(|it| it.organization == organization && it.slug == slug);
            let id = same.map_or_else(|| state.id_of("team", &format!("{organization}/{slug}")), |it| it.id);
            state.teams.insert(id, TeamRecord { id, organization: organization.into(), slug: slug.into(), members });
            id
        })
    }

    /// A repository of an organization, as owner/name, whose main branch asks for so many approvals; its id.
    pub fn repository(&self, name: &str, approvals: Option<i32>) -> i64 {
        self.tell(|state| {
            let owner = state.actor(name.split('/').next().unwrap_or_default());
            let installation = state.installations.iter().find(|it| *it.1 == owner).map(|it| *it.0);
            let installation = installation.expect("an organization where the app is installed");
            let id = state.id_of("repository", name);
            // Some have seen more than others.
            let fewer = i32::try_from(id % 9_000).unwrap_or_default();
            let numbers = if state.numbers_from > 9_000 { state.numbers_from - fewer } else { state.numbers_from };
            let it = RepositoryRecord { id, name: name.into(), installation, approvals, numbers };
            state.repositories.insert(id, it);
            id
        })
    }

    /// Logins of all people.
    pub fn people(&self) -> Vec<String> {
        self.state().actors.values().filter(|it| it.kind == "User").map(|it| it.login.clone()).collect()
    }

    /// Somebody opens a pull request; its id.
    pub fn open(&self, repository: &str, author: &str, title: &str) -> i64 {
        self.open_of(repository, (author, title), SIZE)
    }

    /// Somebody opens one that changes so many lines and files.
    pub(super) fn open_of(&self, repository: &str, (author, title): (&str, &str), size: (i32, i32, i32)) -> i64 {
        self.act(|state| {
            let (repository, author) = (state.repository(repository), state.actor(author));
            let (id, now, thinks) = (state.id(), state.now(), state.thinks);
            let record = state.repositories.get_mut(&repository).expect("a repository");
            record.numbers += 1;
            let pull = PullRecord {
                id,
                repository,
                number: record.numbers,
                title: title.into(),
                author,
                stage: Stage::Open,
                draft: false,
                sha: sha(id, 0),
                branch: format!("change-{}", record.numbers),
                merge_sha: None,
                merged_by: None,
                created_at: now,
                updated_at: now,
                closed_at: None,
                size,
                labels: vec![],
                queued_at: None,
                asked: vec![],
                reviews: vec![],
                checks: Default::default(),
                conflicts: false,
                thinks,
            };
            state.pulls.insert(id, pull);
            state.happened(id, author, json!({ "action": "opened" }));
            id
        })
    }

    /// The number of a pull request, as people read it.
    pub fn number(&self, pull: i64) -> i32 {
        self.tell(|state| state.pull(pull).number)
    }

    /// Its id in GraphQL.
    pub fn node_id(&self, pull: i64) -> String {
        self.tell(|state| state.pull(pull).node())
    }

    /// Lets a pull request be from so long before now, as if it had been opened then.
    pub fn backdate(&self, pull: i64, by: TimeDelta) {
        self.tell(|state| {
            let it = state.pull(pull);
            it.created_at -= by;
            it.updated_at -= by;
            it.closed_at = it.closed_at.map(|at| at - by);
            it.reviews.iter_mut().for_each(|it| it.at -= by);
        });
    }

    /// Somebody asks somebody to review.
    pub fn request(&self, pull: i64, by: &str, reviewer: &str) {
        self.act(|state| {
            let (by, reviewer) = (state.actor(by), state.actor(reviewer));
            state.ask(pull, Asked::Actor(reviewer), by);
        });
    }

    /// Somebody asks a team to review.
    pub fn request_team(&self, pull: i64, by: &str, team: i64) {
        self.act(|state| {
            let by = state.actor(by);
            state.ask(pull, Asked::Team(team), by);
        });
    }

    /// Logins, and slugs of teams, of those who are asked to review.
    pub fn requested(&self, pull: i64) -> Vec<String> {
        let state = self.state();
        let told = |it: &Asked| match it {
            Asked::Actor(id) => state.actors[id].login.clone(),
            Asked::Team(id) => state.teams[id].slug.clone(),
        };
        state.pulls[&pull].asked.iter().map(told).collect()
    }

    /// Somebody approves.
    pub fn approve(&self, pull: i64, by: &str) {
        self.review(pull, by, "APPROVED");
    }

    /// Somebody wants something changed.
    pub fn request_changes(&self, pull: i64, by: &str) {
        self.review(pull, by, "CHANGES_REQUESTED");
    }

    fn review(&self, pull: i64, by: &str, verdict: &'static str) {
        self.act(|state| {
            let (actor, id, now) = (state.actor(by), state.id(), state.now());
            let it = state.pull(pull);
            it.asked.retain(|it| *it != Asked::Actor(actor));
            it.reviews.push(ReviewRecord { id, actor, state: verdict, sha: it.sha.clone(), at: now });
            it.updated_at = now;
            let it = &state.pulls[&pull];
            let review = state.review_of_rest(it, it.reviews.last().expect("the review"));
            let about = json!({ "action": "submitted", "review": review, "pull_request": state.pull_of_rest(it) });
            state.send("pull_request_review", state.event(it.repository, actor, about));
        });
    }

    /// Somebody writes a comment.
    pub fn comment(&self, pull: i64, by: &str, text: &str) {
        self.act(|state| {
            let (actor, id, now) = (state.actor(by), state.id(), state.now());
            state.pull(pull).updated_at = now;
            let it = &state.pulls[&pull];
            let (url, at) = (state.url(it), super::told::time(now));
            let comment = json!({
                "id": id, "user": state.user(actor), "body": text, "created_at": at, "updated_at": at,
                "html_url": format!("{url}#issuecomment-{id}"),
            });
            let issue = json!({
                "id": it.id + 1_000_000_000, "number": it.number, "title": it.title, "state": "open", "user": state.user(it.author),
                "pull_request": { "html_url": url }, "created_at": super::told::time(it.created_at), "updated_at": at, "html_url": url,
            });
            let about = json!({ "action": "created", "comment": comment, "issue": issue });
            state.send("issue_comment", state.event(it.repository, actor, about));
        });
    }

    /// A check of its head begins.
    pub fn check_begins(&self, pull: i64, name: &str) {
        self.check(pull, name, None);
    }

    /// A check of its head ends well, or not.
    pub fn check_ends(&self, pull: i64, name: &str, well: bool) {
        self.check(pull, name, Some(if well { "SUCCESS" } else { "FAILURE" }));
    }

    fn check(&self, pull: i64, name: &str, conclusion: Option<&'static str>) {
        self.act(|state| {
            let (fresh, now, robot) = (state.id(), super::told::time(state.now()), state.app_actor());
            let it = state.pull(pull);
            let again = it.checks.get(name).filter(|it| it.conclusion.is_none()).map(|it| it.id);
            let id = again.unwrap_or(fresh);
            it.checks.insert(name.into(), CheckRecord { id, conclusion });
            let it = &state.pulls[&pull];
            let url = format!("{}/checks?check_run_id={id}", state.url(it));
            let run = json!({
                "id": id, "name": name, "head_sha": it.sha, "details_url": url, "html_url": url, "started_at": now,
                "status": if conclusion.is_some() { "completed" } else { "in_progress" },
                "conclusion": conclusion.map(str::to_lowercase), "completed_at": conclusion.map(|_| &now),
                "output": { "title": null, "summary": null }, "check_suite": { "id": 1, "head_sha": it.sha },
                "app": { "slug": "github-actions" },
                "pull_requests": [{ "id": it.id, "number": it.number, "head": { "sha": it.sha, "ref": it.branch } }],
            });
            let action = if conclusion.is_some() { "completed" } else { "created" };
            let about = json!({ "action": action, "check_run": run });
            state.send("check_run", state.event(it.repository, robot, about));
        });
    }

    /// Its author adds a commit: checks begin anew, and GitHub works out again whether it conflicts.
    pub fn push(&self, pull: i64, by: &str) {
        self.act(|state| {
            let (actor, now, thinks) = (state.actor(by), state.now(), state.thinks);
            let it = state.pull(pull);
            let before = std::mem::replace(&mut it.sha, sha(it.id, now.timestamp_micros()));
            it.checks.clear();
            (it.updated_at, it.thinks) = (now, thinks);
            let after = it.sha.clone();
            state.happened(pull, actor, json!({ "action": "synchronize", "before": before, "after": after }));
        });
    }

    /// Somebody pushes to a repository's main branch: what merges into it has to be worked out again.
    pub fn push_main(&self, repository: &str, by: &str) {
        self.act(|state| {
            let (repository, actor) = (state.repository(repository), state.actor(by));
            let now = state.now();
            state.main_moved(repository, actor, now);
        });
    }

    /// Says whether a pull request conflicts with its base; GitHub tells that only when it is asked.
    pub fn conflicts(&self, pull: i64, conflicts: bool) {
        self.tell(|state| state.pull(pull).conflicts = conflicts);
    }

    /// Its author makes it a draft, or says that it is one no longer.
    pub fn draft(&self, pull: i64, draft: bool) {
        self.act(|state| {
            let it = state.pull(pull);
            it.draft = draft;
            let author = it.author;
            let action = if draft { "converted_to_draft" } else { "ready_for_review" };
            state.happened(pull, author, json!({ "action": action }));
        });
    }

    /// Somebody gives it a label.
    pub fn label(&self, pull: i64, by: &str, label: &str) {
        self.act(|state| {
            let by = state.actor(by);
            state.pull(pull).labels.push(label.into());
            state.happened(pull, by, json!({ "action": "labeled", "label": { "name": label } }));
        });
    }

    /// Somebody merges it.
    pub fn merge(&self, pull: i64, by: &str) {
        self.act(|state| {
            let (actor, now) = (state.actor(by), state.now());
            let it = state.pull(pull);
            it.stage = Stage::Merged;
            (it.closed_at, it.merged_by, it.merge_sha) = (Some(now), Some(actor), Some(sha(it.id, 1)));
            let repository = it.repository;
            state.happened(pull, actor, json!({ "action": "closed" }));
            state.main_moved(repository, actor, now);
        });
    }

    /// Somebody has it wait in the merge queue.
    pub fn enqueue(&self, pull: i64, by: &str) {
        self.act(|state| {
            let by = state.actor(by);
            state.pull(pull).queued_at = Some(Utc::now());
            state.happened(pull, by, json!({ "action": "enqueued" }));
        });
    }

    /// The merge queue drops it, in GitHub's word for why.
    pub fn dequeue(&self, pull: i64, reason: &str) {
        self.act(|state| {
            let robot = state.app_actor();
            state.pull(pull).queued_at = None;
            state.happened(pull, robot, json!({ "action": "dequeued", "reason": reason }));
        });
    }

    /// Somebody gives it up.
    pub fn close(&self, pull: i64, by: &str) {
        self.act(|state| {
            let (actor, now) = (state.actor(by), state.now());
            let it = state.pull(pull);
            (it.stage, it.closed_at) = (Stage::Closed, Some(now));
            state.happened(pull, actor, json!({ "action": "closed" }));
        });
    }
}

impl State {
    fn actor_of_kind(&mut self, login: &str, kind: &'static str) -> i64 {
        if let Some(it) = self.actors.values().find(|it| it.login.eq_ignore_ascii_case(login)) {
            return it.id;
        }
        let id = self.id_of("actor", login);
        self.actors.insert(id, ActorRecord { id, login: login.into(), kind });
        id
    }

    /// Who acts where the app does.
    pub(super) fn app_actor(&mut self) -> i64 {
        self.actor_of_kind(APP_LOGIN, "Bot")
    }

    pub(super) fn ask(&mut self, pull: i64, who: Asked, by: i64) {
        let it = self.pull(pull);
        if it.asked.contains(&who) {
            return;
        }
        it.asked.push(who);
        self.happened(pull, by, self.asking("review_requested", who));
    }

    pub(super) fn ask_no_longer(&mut self, pull: i64, who: Asked, by: i64) {
        let it = self.pull(pull);
        if !it.asked.contains(&who) {
            return;
        }
        it.asked.retain(|it| *it != who);
        self.happened(pull, by, self.asking("review_request_removed", who));
    }

    fn asking(&self, action: &str, who: Asked) -> serde_json::Value {
        match who {
            Asked::Actor(id) => json!({ "action": action, "requested_reviewer": self.user(id) }),
            Asked::Team(id) => json!({ "action": action, "requested_team": self.team_of_rest(id) }),
        }
    }

    /// Tells of a pull request that somebody did something with it.
    fn happened(&mut self, pull: i64, by: i64, mut about: serde_json::Value) {
        self.pull(pull).updated_at = self.now();
        let it = &self.pulls[&pull];
        about["number"] = it.number.into();
        about["pull_request"] = self.pull_of_rest(it);
        let event = self.event(it.repository, by, about);
        self.send("pull_request", event);
    }

    fn main_moved(&mut self, repository: i64, by: i64, now: DateTime<Utc>) {
        let thinks = self.thinks;
        let open = self.pulls.values_mut().filter(|it| it.repository == repository && it.stage == Stage::Open);
        open.for_each(|it| it.thinks = thinks);
        let after = sha(repository, now.timestamp_micros());
        let about = json!({
            "ref": "refs/heads/main", "before": sha(repository, 0), "after": after, "created": false, "deleted": false,
            "forced": false, "base_ref": null, "compare": "", "commits": [], "pusher": { "name": "somebody" },
            "head_commit": { "id": after, "timestamp": super::told::time(now), "message": "" },
        });
        let event = self.event(repository, by, about);
        self.send("push", event);
    }
}

/// Lines added and deleted, and files, of what nobody says how large it is.
const SIZE: (i32, i32, i32) = (12, 3, 2);

/// What looks like a commit, and is that of nothing else.
fn sha(of: i64, at: i64) -> String {
    hex::encode(&Sha256::digest(format!("{of} {at}"))[..20])
}
