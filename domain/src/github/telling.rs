use chrono::{DateTime, Utc};

use super::known::{Known, Target, Told};
use super::moment::{Moment, Weight};
use super::{Mergeable, State};

/// A part of a pull request that an event may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Whether it is open, closed or merged.
    State,
    /// Whether it is a draft.
    Draft,
    /// Its newest commit.
    Head,
    /// Its title.
    Title,
    /// The branch that it goes into.
    Base,
    /// Whether GitHub merges it by itself.
    AutoMerge,
    /// Whether it waits in the merge queue.
    Queue,
}

/// How a pull request ended, or that it has not.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// How far it has come.
    pub state: State,
    /// When it was merged or given up.
    pub at: Option<DateTime<Utc>>,
    /// The commit that it became.
    pub sha: Option<String>,
    /// Who merged it, where that was told.
    pub by: Option<i64>,
}

/// What GitHub answered to whether it could be merged.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The head that this is about.
    pub head_sha: String,
    /// Whether it conflicts.
    pub mergeable: Mergeable,
    /// GitHub's word for what keeps it from being merged.
    pub merge_state: Option<String>,
    /// GitHub's word for what reviewers decided.
    pub decision: Option<String>,
    /// How many approvals its base asks for, where that was told.
    pub approvals_needed: Option<i32>,
    /// When GitHub was asked, by its clock.
    pub asked_at: DateTime<Utc>,
}

/// What is told of a pull request; what is not, is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// GitHub's id.
    pub id: i64,
    /// Where it is.
    pub repository_id: i64,
    /// The number that people read.
    pub number: i32,
    /// GitHub's id in GraphQL.
    pub node_id: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// Who wrote it.
    pub author_id: Option<i64>,
    /// Since when.
    pub created_at: Option<DateTime<Utc>>,
    /// The moment that it is true for.
    pub moment: Moment,
    /// When it changed last, as GitHub says.
    pub updated_at: DateTime<Utc>,
    /// What it is about for certain.
    pub about: Vec<Part>,
    /// How far it has come.
    pub end: Option<End>,
    /// Whether it is a draft.
    pub draft: Option<bool>,
    /// Its newest commit, and the branch that it comes from.
    pub head: Option<(String, String)>,
    /// The head before this one.
    pub before: Option<String>,
    /// What it does.
    pub title: Option<String>,
    /// The branch that it goes into.
    pub base: Option<String>,
    /// Lines added and taken away, and files.
    pub size: Option<(i32, i32, i32)>,
    /// Whether GitHub merges it by itself.
    pub auto_merge: Option<bool>,
    /// Since when it waits in the merge queue, or that it does not.
    pub queue: Option<Option<DateTime<Utc>>>,
    /// All of its labels.
    pub labels: Option<Vec<String>>,
    /// Labels that came, or went.
    pub labelled: Vec<(String, bool)>,
    /// All who are asked to review it.
    pub requests: Option<Vec<Target>>,
    /// Who is asked to review it now, or no longer.
    pub asked: Vec<(Target, bool)>,
    /// Whether it conflicts, where an event happens to say.
    pub mergeable: Mergeable,
    /// Whether it could be merged, where GitHub was asked.
    pub answer: Option<Answer>,
}

impl Telling {
    /// What is known of the pull request once this was told; nothing where it is new and this is not enough.
    pub fn onto(&self, known: Option<&Known>) -> Option<Known> {
        let mut it = known.cloned().or_else(|| self.begin())?;
        self.end(&mut it);
        self.parts(&mut it);
        self.head(&mut it);
        it.told.labels.tell(self.moment, self.labels.as_deref(), &self.labelled);
        it.told.requests.tell(self.moment, self.requests.as_deref(), &self.asked);
        if self.updated_at >= it.source_at {
            it.node_id = self.node_id.clone().or(it.node_id);
            it.url = self.url.clone().or(it.url);
            it.author_id = self.author_id.or(it.author_id);
        }
        let open = it.state == State::Open;
        it.queued_at = it.told.queued_at.filter(|_| open);
        it.auto_merge = it.told.auto_merges && open;
        self.answer(&mut it);
        it.source_at = it.source_at.max(self.updated_at);
        it.active_at = it.active_at.max(self.updated_at);
        Some(it)
    }

    fn begin(&self) -> Option<Known> {
        let (head_sha, head_ref) = self.head.clone()?;
        Some(Known {
            id: self.id,
            repository_id: self.repository_id,
            number: self.number,
            node_id: None,
            title: self.title.clone()?,
            url: None,
            author_id: None,
            state: self.end.as_ref()?.state,
            draft: false,
            head_sha,
            head_ref,
            base_ref: self.base.clone()?,
            merge_sha: None,
            merged_by: None,
            created_at: self.created_at.unwrap_or(self.updated_at),
            closed_at: None,
            size: None,
            auto_merge: false,
            queued_at: None,
            mergeable: Mergeable::Unknown,
            merge_state: None,
            decision: None,
            approvals_needed: None,
            asked_for: None,
            stale_at: Some(self.moment.at),
            active_at: self.updated_at,
            source_at: self.updated_at,
            told: Told::default(),
            revision: 1,
        })
    }

    /// The moment of a part of this telling.
    fn moment(&self, part: Part) -> Moment {
        let certain = self.about.contains(&part) && self.moment.weight < Weight::Set;
        Moment { weight: if certain { Weight::Set } else { self.moment.weight }, ..self.moment }
    }

    /// Whether what this says of a part is newer than what is known of it; then it is what is known.
    fn newer(&self, told: &mut Option<Moment>, part: Part) -> bool {
        let moment = self.moment(part);
        let newer = told.is_none_or(|known| known < moment);
        if newer {
            *told = Some(moment);
        }
        newer
    }

    fn end(&self, it: &mut Known) {
        let Some(end) = &self.end else { return };
        if !self.newer(&mut it.told.state, Part::State) {
            // Not all that tell of the end say who made it.
            if it.state == State::Merged && end.state == State::Merged {
                it.merged_by = it.merged_by.or(end.by);
            }
            return;
        }
        let again = it.state != State::Open && end.state == State::Open;
        if again {
            self.outdate(it);
        }
        it.merge_sha = end.sha.clone().or(it.merge_sha.take()).filter(|_| end.state == State::Merged);
        it.merged_by = end.by.or(it.merged_by).filter(|_| end.state == State::Merged);
        let known = it.closed_at.filter(|_| it.state == end.state);
        it.closed_at = end.at.or(known).or(Some(self.updated_at)).filter(|_| end.state != State::Open);
        it.state = end.state;
        // What ended waits for nothing, nor did it when it is taken up again.
        if end.state != State::Open || again {
            let moment = Some(self.moment(Part::State));
            if it.told.queue < moment {
                (it.told.queue, it.told.queued_at) = (moment, None);
            }
            if it.told.auto_merge < moment {
                (it.told.auto_merge, it.told.auto_merges) = (moment, false);
            }
        }
    }

    fn parts(&self, it: &mut Known) {
        if let Some(draft) = self.draft
            && self.newer(&mut it.told.draft, Part::Draft)
        {
            if it.draft != draft {
                self.outdate(it);
            }
            it.draft = draft;
        }
        if let Some(title) = &self.title
            && self.newer(&mut it.told.title, Part::Title)
        {
            it.title.clone_from(title);
        }
        if let Some(base) = &self.base
            && self.newer(&mut it.told.base, Part::Base)
        {
            if it.base_ref != *base {
                self.forget(it);
            }
            it.base_ref.clone_from(base);
        }
        if let Some(size) = self.size
            && self.newer(&mut it.told.size, Part::Head)
        {
            it.size = Some(size);
        }
        if let Some(auto_merge) = self.auto_merge
            && self.newer(&mut it.told.auto_merge, Part::AutoMerge)
        {
            it.told.auto_merges = auto_merge;
        }
        if let Some(queue) = self.queue
            && self.newer(&mut it.told.queue, Part::Queue)
        {
            it.told.queued_at = queue;
        }
    }

    fn head(&self, it: &mut Known) {
        let Some((sha, name)) = &self.head else { return };
        let moment = self.moment(Part::Head);
        let pushed =
            |known: Moment| known.at == moment.at && known.weight == Weight::Set && moment.weight == Weight::Set;
        let newer = match it.told.head {
            // Of two pushes of one second each names the commit before it.
            Some(known) if pushed(known) && self.before.as_ref() == Some(&it.head_sha) => true,
            Some(known) if pushed(known) && it.told.before.as_ref() == Some(sha) => false,
            known => known.is_none_or(|it| it < moment),
        };
        if !newer {
            return;
        }
        it.told.head = Some(moment);
        it.told.before.clone_from(&self.before);
        if it.head_sha != *sha {
            it.head_sha.clone_from(sha);
            self.forget(it);
        }
        it.head_ref.clone_from(name);
    }

    fn answer(&self, it: &mut Known) {
        let told = self.head.as_ref().is_some_and(|head| head.0 == it.head_sha) && self.moment.weight < Weight::Read;
        if told && it.mergeable == Mergeable::Unknown {
            it.mergeable = self.mergeable;
        }
        let Some(answer) = &self.answer else { return };
        if answer.head_sha != it.head_sha || it.told.asked.is_some_and(|asked| asked >= answer.asked_at) {
            return;
        }
        it.told.asked = Some(answer.asked_at);
        it.asked_for = Some(answer.head_sha.clone());
        it.decision.clone_from(&answer.decision);
        it.approvals_needed = answer.approvals_needed.or(it.approvals_needed);
        // GitHub still works it out; until then the last answer is the best.
        if answer.mergeable != Mergeable::Unknown {
            it.mergeable = answer.mergeable;
            it.merge_state.clone_from(&answer.merge_state);
            it.stale_at = it.stale_at.filter(|stale| *stale > answer.asked_at);
        }
    }

    /// What GitHub worked out was about something else.
    fn forget(&self, it: &mut Known) {
        it.mergeable = Mergeable::Unknown;
        it.merge_state = None;
        self.outdate(it);
    }

    fn outdate(&self, it: &mut Known) {
        it.stale_at = it.stale_at.max(Some(self.moment.at));
    }
}

impl Telling {
    /// A telling that says nothing yet of a pull request.
    pub fn of((id, repository_id, number): (i64, i64, i32), moment: Moment) -> Self {
        Self {
            id,
            repository_id,
            number,
            node_id: None,
            url: None,
            author_id: None,
            created_at: None,
            moment,
            updated_at: moment.at,
            about: Vec::new(),
            end: None,
            draft: None,
            head: None,
            before: None,
            title: None,
            base: None,
            size: None,
            auto_merge: None,
            queue: None,
            labels: None,
            labelled: Vec::new(),
            requests: None,
            asked: Vec::new(),
            mergeable: Mergeable::Unknown,
            answer: None,
        }
    }
}
