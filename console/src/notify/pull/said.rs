//! What somebody was told last of a pull request.

use cards::{Text, Tone};
use domain::github::{Mergeable, Standing, State, Whole};
use domain::preference::Kind;
use serde::{Deserialize, Serialize};

/// So many excerpts are shown; the page at GitHub has all.
const LINES: usize = 3;

/// Comments of one person within so many seconds, with the verdict that they belong to, are one thing.
pub(super) const BREATH: f64 = 300.0;

/// A verdict that comes after the comments of its review comes at once.
const SUBMITTED: f64 = 30.0;

/// About what somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Topic {
    /// They are asked to review it.
    Asked,
    /// Their team is asked to.
    TeamAsked,
    /// Somebody approved it or wants changes.
    Verdict,
    /// Somebody wrote something.
    Comment,
    /// Checks failed.
    Failed,
    /// It conflicts with its base.
    Conflict,
    /// The merge queue put it out.
    Dequeued,
    /// It can be merged.
    Ready,
    /// It was merged or given up.
    Over,
}

/// What was said, of whose doing, about which head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    pub(super) topic: Topic,
    pub(super) tone: Tone,
    /// In one sentence, without how many comments there were.
    pub(super) stem: String,
    /// Excerpts, and what else is said of it.
    pub(super) lines: Vec<Text>,
    pub(super) by: Option<i64>,
    pub(super) head: String,
    pub(super) comments: usize,
    /// Whether it was about a draft.
    #[serde(default)]
    pub(super) draft: bool,
    /// What the message itself told first, where its thread has what came then.
    #[serde(default)]
    pub(super) first: Vec<Text>,
}

impl Topic {
    /// What a reader may choose to go without, where it is about no draft.
    fn kind(self) -> Kind {
        match self {
            Self::Asked => Kind::ReviewRequest,
            Self::TeamAsked => Kind::TeamReview,
            Self::Verdict => Kind::Reviewed,
            Self::Comment => Kind::Comment,
            Self::Failed | Self::Conflict | Self::Dequeued => Kind::Checks,
            Self::Ready | Self::Over => Kind::Merge,
        }
    }

    /// Whether nobody need be told of it any more; `asked` says whether its reader is asked to review.
    pub(super) fn is_over(self, whole: &Whole, asked: bool) -> bool {
        let open = whole.pull_request.state == State::Open;
        match self {
            Self::Verdict | Self::Comment | Self::Over => false,
            Self::Asked | Self::TeamAsked => !open || !asked,
            Self::Failed => !open || whole.checks.failed.is_empty(),
            Self::Conflict => !open || whole.pull_request.mergeable != Mergeable::Conflicting,
            Self::Dequeued => !open || whole.pull_request.queued_at.is_some(),
            Self::Ready => Standing::of(whole) != Standing::Ready,
        }
    }
}

impl Said {
    /// What a reader may choose to go without.
    pub(super) fn kind(&self) -> Kind {
        if self.is_of_draft() { Kind::Draft } else { self.topic.kind() }
    }

    /// Whether it is what drafts are quiet of: they may fail.
    pub(super) fn is_of_draft(&self) -> bool {
        self.draft && matches!(self.topic, Topic::Failed | Topic::Conflict)
    }

    /// In one sentence.
    pub(super) fn title(&self) -> String {
        let one = usize::from(self.topic == Topic::Comment);
        match self.comments > one {
            true => format!("{} ({} comments)", self.stem, self.comments),
            false => self.stem.clone(),
        }
    }

    /// What stays in the message that told this, when it comes to tell something else.
    pub(super) fn kept(&self) -> Vec<Text> {
        match (self.first.is_empty(), self.lines.is_empty()) {
            (true, false) => {
                std::iter::once(Text::plain(format!("First: {}.", self.title()))).chain(self.lines.clone()).collect()
            }
            (_, _) => self.first.clone(),
        }
    }

    /// Both as one, where what comes so many seconds later is the same thing going on: changing what was said is enough.
    pub(super) fn with(&self, next: &Self, age: f64) -> Option<Self> {
        let (same_head, same_one) = (self.head == next.head, self.by == next.by && self.by.is_some());
        let troubles = |it: &Self| it.topic == Topic::Failed;
        match (self.topic, next.topic) {
            // One check after another fails: whoever knows of the first looks at all of them.
            _ if troubles(self) && troubles(next) && same_head => Some(next.clone()),
            (Topic::Comment | Topic::Verdict, Topic::Comment) if same_one && age < BREATH => {
                Some(self.and(next, self.comments + next.comments))
            }
            (Topic::Comment, Topic::Verdict) if same_one && age < SUBMITTED => {
                Some(Self { lines: Vec::new(), ..next.clone() }.and(self, self.comments).and(next, self.comments))
            }
            (before, after) if before == after && self.stem == next.stem && age < BREATH => Some(next.clone()),
            _ => None,
        }
    }

    fn and(&self, other: &Self, comments: usize) -> Self {
        let lines = self.lines.iter().chain(&other.lines).take(LINES).cloned().collect();
        Self { lines, comments, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(topic: Topic, by: i64, stem: &str, line: &str) -> Said {
        let lines = if line.is_empty() { Vec::new() } else { vec![Text::plain(line)] };
        let comments = usize::from(topic == Topic::Comment);
        Said {
            topic,
            tone: Tone::Neutral,
            stem: stem.into(),
            lines,
            by: Some(by),
            head: "h1".into(),
            comments,
            draft: false,
            first: Vec::new(),
        }
    }

    #[test]
    fn a_review_with_many_comments_is_one_thing_in_whatever_order_it_comes() {
        let verdict = said(Topic::Verdict, 1, "Grace approved", "Fine");
        let comment = said(Topic::Comment, 1, "Grace commented", "A nit");
        let mut all = verdict.clone();
        for _ in 0..20 {
            all = all.with(&comment, 10.0).expect("one thing");
        }
        assert_eq!((all.title().as_str(), all.lines.len()), ("Grace approved (20 comments)", LINES));
        let late = comment.with(&comment, 5.0).and_then(|it| it.with(&verdict, 5.0)).expect("one thing");
        assert_eq!(late.title(), "Grace approved (2 comments)");
        assert_eq!(comment.with(&comment, 5.0).expect("one thing").title(), "Grace commented (2 comments)");
    }

    #[test]
    fn what_somebody_else_says_or_says_later_is_told_anew() {
        let comment = said(Topic::Comment, 1, "Grace commented", "A nit");
        assert_eq!(comment.with(&said(Topic::Comment, 2, "Lin commented", ""), 5.0), None);
        assert_eq!(comment.with(&comment, BREATH), None);
        assert_eq!(said(Topic::Asked, 1, "Asked", "").with(&comment, 5.0), None);
    }

    #[test]
    fn a_second_check_that_fails_says_no_more_until_the_head_moves() {
        let failed = said(Topic::Failed, 1, "1 of 2 checks failed", "");
        let more = said(Topic::Failed, 2, "2 of 2 checks failed", "");
        assert_eq!(failed.with(&more, 3_600.0).expect("one thing").title(), "2 of 2 checks failed");
        assert_eq!(failed.with(&Said { head: "h2".into(), ..more }, 1.0), None);
    }
}
