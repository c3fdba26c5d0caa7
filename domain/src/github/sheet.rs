use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Asking, Known, Reviewed, Target};

/// A pull request on the desk, with who is asked to review it and what was said of it.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) known: Known,
    /// Those who are asked, and those who were and are no longer since it lies here.
    pub(super) asked: Vec<Asking>,
    /// The oldest first.
    pub(super) reviews: Vec<Reviewed>,
    /// Whether it is to be stored for the first time.
    pub(super) new: bool,
    /// What is to be written.
    pub(super) changed: bool,
    pub(super) asked_anew: BTreeSet<Target>,
    pub(super) reviewed_anew: BTreeSet<i64>,
}

impl Sheet {
    pub(super) fn of(known: Known) -> Self {
        Self {
            known,
            asked: Vec::new(),
            reviews: Vec::new(),
            new: false,
            changed: false,
            asked_anew: BTreeSet::new(),
            reviewed_anew: BTreeSet::new(),
        }
    }

    pub(super) fn ask(&mut self, asking: Asking) {
        self.asked_anew.insert(asking.of);
        self.asked.retain(|it| it.of != asking.of);
        self.asked.push(asking);
    }

    pub(super) fn release(&mut self, of: Target, at: DateTime<Utc>) {
        if let Some(it) = self.asked.iter_mut().find(|it| it.of == of && it.gone_at.is_none()) {
            it.gone_at = Some(at);
            self.asked_anew.insert(of);
        }
    }

    pub(super) fn attribute(&mut self, of: Target, by: i64) {
        let unknown = |it: &&mut Asking| it.of == of && it.gone_at.is_none() && it.by.is_none();
        if let Some(it) = self.asked.iter_mut().find(unknown) {
            it.by = Some(by);
            self.asked_anew.insert(of);
        }
    }

    pub(super) fn review(&mut self, told: Reviewed) {
        self.reviewed_anew.insert(told.id);
        match self.reviews.iter_mut().find(|it| it.id == told.id) {
            Some(known) => known.tell(told),
            None => {
                self.reviews.push(told);
                self.reviews.sort_by_key(|it| (it.submitted_at, it.id));
            }
        }
    }
}
