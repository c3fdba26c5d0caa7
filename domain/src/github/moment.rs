//! Which of two tellings counts. GitHub's moments have seconds, and several events share one; each of them shows everything, but is
//! sure only of what it is about.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How much a telling counts among those of its second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Weight {
    /// It tells of the beginning: whatever else is told is later.
    #[serde(rename = "f")]
    First,
    /// It tells of something else, and shows this beside it.
    #[serde(rename = "o")]
    Seen,
    /// It tells of just this.
    #[serde(rename = "s")]
    Set,
    /// It was read after that second was over.
    #[serde(rename = "r")]
    Read,
}

/// The moment that something is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// By GitHub's clock.
    #[serde(rename = "a", with = "chrono::serde::ts_microseconds")]
    pub at: DateTime<Utc>,
    /// How much it counts among others of that second.
    #[serde(rename = "w")]
    pub weight: Weight,
    /// When it was sent or read; of two that count the same, the later one does.
    #[serde(rename = "t", with = "chrono::serde::ts_microseconds")]
    pub tie: DateTime<Utc>,
}

/// A list, such as labels, that is told whole and by what came to it and went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed<K> {
    /// What is in it.
    #[serde(rename = "n")]
    pub now: Vec<K>,
    /// The moment that it was told whole.
    #[serde(rename = "m", default = "Option::default")]
    moment: Option<Moment>,
    /// What came (or went) in that second for certain, and when that was sent.
    #[serde(rename = "d", default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    certain: Vec<(K, bool, DateTime<Utc>)>,
}

impl<K> Default for Listed<K> {
    fn default() -> Self {
        Self { now: Vec::new(), moment: None, certain: Vec::new() }
    }
}

impl<K: Clone + Ord> Listed<K> {
    /// Takes up what was told at this moment: the whole list, where it was, and what came (or went) for certain.
    pub fn tell(&mut self, moment: Moment, whole: Option<&[K]>, certain: &[(K, bool)]) {
        match self.moment {
            Some(known) if known.at > moment.at => return,
            Some(known) if known.at == moment.at => {
                if known.weight == Weight::Read && moment < known {
                    return;
                }
                if moment > known && whole.is_some() {
                    self.become_whole(moment, whole);
                }
            }
            _ => {
                self.certain.clear();
                self.become_whole(moment, whole);
            }
        }
        for (item, there) in certain {
            match self.certain.iter_mut().find(|it| it.0 == *item) {
                Some(known) if known.2 <= moment.tie => *known = (item.clone(), *there, moment.tie),
                Some(_) => {}
                None => self.certain.push((item.clone(), *there, moment.tie)),
            }
        }
        let certain = &self.certain;
        self.now.retain(|it| !certain.iter().any(|told| told.0 == *it && !told.1));
        let came = certain.iter().filter(|it| it.1).map(|it| it.0.clone());
        let mut now: Vec<K> = self.now.iter().cloned().chain(came).collect();
        now.sort();
        now.dedup();
        self.now = now;
    }

    fn become_whole(&mut self, moment: Moment, whole: Option<&[K]>) {
        self.moment = Some(moment);
        if moment.weight == Weight::Read {
            self.certain.clear();
        }
        if let Some(whole) = whole {
            self.now = whole.to_vec();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64, weight: Weight, tie: i64) -> Moment {
        let moment = |it: i64| DateTime::from_timestamp_millis(it).expect("a moment");
        Moment { at: moment(second * 1000), weight, tie: moment(tie) }
    }

    /// What one event of a second tells: when it was sent, the list, and what came or went.
    type Event = (i64, &'static [&'static str], &'static str, bool);

    fn told(events: &[Event]) -> Vec<&'static str> {
        let mut list = Listed::default();
        list.tell(at(0, Weight::Seen, 0), Some(&["old"]), &[]);
        for (tie, whole, item, there) in events {
            list.tell(at(1, Weight::Seen, *tie), Some(whole), &[(*item, *there)]);
        }
        list.now
    }

    #[test]
    fn events_of_one_second_end_the_same_in_any_order() {
        let events: [Event; 3] =
            [(1, &["a", "old"], "a", true), (2, &["a", "b", "old"], "b", true), (3, &["a", "b"], "old", false)];
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            assert_eq!(told(&order.map(|it| events[it])), ["a", "b"], "{order:?}");
        }
        let there_and_back: [Event; 2] = [(1, &["a"], "a", true), (2, &[], "a", false)];
        assert!(told(&there_and_back).is_empty() && told(&[there_and_back[1], there_and_back[0]]).is_empty());
    }

    #[test]
    fn what_is_older_says_nothing_and_what_was_read_after_says_all() {
        let mut list = Listed::default();
        list.tell(at(2, Weight::Seen, 5), Some(&["b"]), &[("b", true)]);
        list.tell(at(1, Weight::Seen, 9), Some(&["a"]), &[("a", true)]);
        assert_eq!(list.now, ["b"], "older");
        list.tell(at(2, Weight::Read, 10), Some(&["c"]), &[]);
        list.tell(at(2, Weight::Seen, 11), Some(&["b"]), &[("b", true)]);
        assert_eq!(list.now, ["c"], "the reading knew of that second");
        list.tell(at(3, Weight::Seen, 12), None, &[("d", true)]);
        assert_eq!(list.now, ["c", "d"], "without the list, what came is added");
        let stored = serde_json::to_string(&list).expect("JSON");
        assert!(serde_json::from_str::<Listed<String>>(&stored).is_ok(), "{stored}");
    }

    #[test]
    fn of_one_second_what_is_about_it_counts_more_than_what_shows_it() {
        let order = [
            at(1, Weight::Read, 0),
            at(2, Weight::First, 9),
            at(2, Weight::Seen, 8),
            at(2, Weight::Set, 7),
            at(3, Weight::First, 1),
        ];
        assert!(order.is_sorted());
    }
}
