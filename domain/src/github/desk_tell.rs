//! What lies on the desk as events change it, each in the sight of those before it.

use chrono::{DateTime, Utc};

use super::activity::Of;
use super::desk::Desk;
use super::sheet::Sheet;
use super::{Activity, Asking, CheckResult, Deployment, Known, Names, Push, Reviewed, Reviewer, State, Target};

/// What is known of pull requests.
impl Desk {
    /// A pull request as it is known.
    pub fn known(&self, id: i64) -> Option<&Known> {
        self.sheets.get(&id).map(|it| &it.known)
    }

    /// The pull request with this number.
    pub fn numbered(&self, (repository, number): (i64, i32)) -> Option<&Known> {
        let mut all = self.sheets.values().map(|it| &it.known);
        all.find(|it| it.repository_id == repository && it.number == number)
    }

    /// Open pull requests whose newest commit this is.
    pub fn with_head(&self, (repository, sha): (i64, &str)) -> Vec<i64> {
        let open = self.open_in(repository);
        open.filter(|it| it.head_sha == sha).map(|it| it.id).collect()
    }

    /// Open pull requests of a repository.
    pub fn open_in(&self, repository: i64) -> impl Iterator<Item = &Known> {
        let all = self.sheets.values().map(|it| &it.known);
        all.filter(move |it| it.repository_id == repository && it.state == State::Open)
    }

    /// Takes up what is known of a pull request now; whoever looked at it `anew` sees something else.
    pub fn keep(&mut self, known: Known, anew: bool) {
        match self.sheets.get_mut(&known.id) {
            Some(it) => {
                let revision = it.known.revision + i64::from(anew);
                it.changed = true;
                it.known = Known { revision, ..known };
            }
            None => {
                let sheet = Sheet { new: true, changed: true, ..Sheet::of(known) };
                self.sheets.insert(sheet.known.id, sheet);
            }
        }
    }

    /// Says that GitHub must be asked again about what goes into this branch, since it moved at that moment.
    pub fn outdate(&mut self, (repository, base): (i64, &str), at: DateTime<Utc>) {
        let into = |it: &&mut Sheet| it.known.repository_id == repository && it.known.base_ref == base;
        let open = self.sheets.values_mut().filter(into).filter(|it| it.known.state == State::Open);
        for it in open.filter(|it| it.known.stale_at.is_none_or(|stale| stale < at)) {
            it.known.stale_at = Some(at);
            it.changed = true;
        }
    }
}

/// Who is asked to review, and what was said.
impl Desk {
    /// Notes who is asked now and was not.
    pub fn ask(&mut self, pull_request: i64, asked: &[Asking]) {
        if let Some(it) = self.sheets.get_mut(&pull_request) {
            asked.iter().for_each(|asking| it.ask(asking.clone()));
        }
    }

    /// Notes who is asked no longer, since then.
    pub fn release(&mut self, pull_request: i64, (gone, at): (&[Target], DateTime<Utc>)) {
        if let Some(it) = self.sheets.get_mut(&pull_request) {
            gone.iter().for_each(|of| it.release(*of, at));
        }
    }

    /// Corrects who asked somebody: another event of it had told of the whole list.
    pub fn attribute(&mut self, pull_request: i64, (of, by): (Target, i64)) {
        if let Some(it) = self.sheets.get_mut(&pull_request) {
            it.attribute(of, by);
        }
    }

    /// All reviews of a pull request, the oldest first.
    pub fn reviews(&self, pull_request: i64) -> &[Reviewed] {
        self.sheets.get(&pull_request).map_or(&[], |it| &it.reviews)
    }

    /// Notes a review. What was dismissed stays so, in whichever order it is told.
    pub fn review(&mut self, pull_request: i64, told: Reviewed) {
        if let Some(it) = self.sheets.get_mut(&pull_request) {
            it.review(told);
        }
    }

    /// Notes what was done or said; whether that was not known.
    pub fn act(&mut self, of: Of, told: Activity) -> bool {
        let new = !self.known_acts.contains(&told.id) && !self.acts.contains_key(&told.id);
        match self.acts.get_mut(&told.id) {
            Some((_, known)) => known.tell(told),
            None => {
                self.acts.insert(told.id.clone(), (of, told));
            }
        }
        new
    }
}

/// What was found out about commits, and what became of them.
impl Desk {
    /// What is known of a commit.
    pub fn checks(&self, (repository, sha): (i64, &str)) -> &[CheckResult] {
        self.checks.get(&(repository, sha.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// Notes what a check says, unless one that counts more is known.
    pub fn check(&mut self, (repository, sha): (i64, &str), told: CheckResult) {
        let commit = (repository, sha.to_owned());
        let key = (told.run, told.name.clone());
        let checks = self.checks.entry(commit.clone()).or_default();
        match checks.binary_search_by(|it| (it.run, &it.name).cmp(&(told.run, &told.name))) {
            Ok(place) if !told.newer_than(&checks[place]) => return,
            Ok(place) => checks[place] = told,
            Err(place) => checks.insert(place, told),
        }
        self.checked.insert((commit, key));
    }

    /// Takes a check away, as far as a commit has it.
    pub fn uncheck(&mut self, (repository, sha): (i64, &str), gone: &CheckResult) {
        let (commit, key) = ((repository, sha.to_owned()), (gone.run, gone.name.clone()));
        if let Some(checks) = self.checks.get_mut(&commit) {
            checks.retain(|it| (it.run, &it.name) != (key.0, &key.1));
        }
        self.checked.remove(&(commit.clone(), key.clone()));
        self.unchecked.insert((commit, key));
    }

    /// Notes what went into a branch.
    pub fn push(&mut self, push: Push) {
        self.pushes.push(push);
    }

    /// Notes a deployment, unless a later status is known.
    pub fn deploy(&mut self, told: Deployment) {
        match self.deployments.get_mut(&told.id) {
            Some(known) => known.tell(told),
            None => {
                self.deployments.insert(told.id, told);
            }
        }
    }

    /// Notes what everybody was called at that moment.
    pub fn name(&mut self, names: &Names, at: DateTime<Utc>) {
        self.book.tell(names, at);
    }

    /// Who that is, as far as GitHub told of it.
    pub fn reviewer(&self, target: Target) -> Option<Reviewer> {
        self.book.reviewer(target)
    }
}
