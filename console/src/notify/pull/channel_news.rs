//! What of an event is news to a channel. Nobody there is called by name: they are named, and not mentioned.

use cards::{Text, Tone};
use domain::github::subscription::{Event, Wanted};
use domain::github::{Change, Verdict};

use super::news::Scene;
use super::said::{Said, Topic};
use super::words;

/// What a channel would have to ask for to be told of this.
pub(super) fn event(change: &Change) -> Option<Event> {
    match change {
        Change::Opened | Change::Ready | Change::Reopened => Some(Event::Opened),
        Change::Reviewed { verdict: Verdict::Commented, .. } | Change::Commented { .. } => Some(Event::Comments),
        Change::Reviewed { .. } => Some(Event::Reviews),
        Change::Failed { .. } | Change::Passed | Change::Conflicts => Some(Event::Checks),
        Change::Merged => Some(Event::Merged),
        Change::Closed => Some(Event::Closed),
        Change::Queued | Change::Dequeued { .. } => Some(Event::Queue),
        Change::Drafted | Change::Pushed | Change::Edited | Change::Clean => None,
        // That is between those who ask and those who are asked.
        Change::Requested { .. } | Change::Unrequested { .. } | Change::Mentioned { .. } => None,
    }
}

/// Whether a subscription asks for this; `failed` says whether the channel was told last that checks failed.
pub(super) fn wants(wanted: &Wanted, scene: Scene<'_>, (change, failed): (&Change, bool)) -> bool {
    let asked = event(change).is_some_and(|it| wanted.events.contains(&it));
    asked
        && match change {
            Change::Failed { .. } => true,
            Change::Conflicts => !wanted.failures_only,
            // That all is well is news to who heard that it is not.
            Change::Passed => failed && !wanted.failures_only,
            // What programs say is noise unless it was asked for.
            Change::Commented { .. } | Change::Reviewed { .. } => wanted.bots || !scene.cast.is_bot(scene.happened.by),
            _ => true,
        }
}

impl Scene<'_> {
    /// What happened, in one sentence and what was written with it.
    pub(super) fn in_channel(self, change: &Change) -> Option<Said> {
        let who = self.cast.name(self.happened.by);
        let by_whom = |words: &str, alone: &str| match self.happened.by {
            Some(_) => format!("{who} {words}"),
            None => alone.into(),
        };
        let over = |tone, words| Some(self.said(Topic::Over, tone, words));
        match change {
            Change::Opened => Some(self.opened()),
            Change::Ready => over(Tone::Warn, by_whom("finished the draft", "The draft is finished")),
            Change::Reopened => over(Tone::Warn, by_whom("opened it again", "It was opened again")),
            Change::Reviewed { verdict: Verdict::Dismissed, .. } => {
                Some(self.said(Topic::Verdict, Tone::Neutral, by_whom("dismissed a review", "A review was dismissed")))
            }
            Change::Reviewed { verdict, text, url } => self.reviewed(*verdict, (text, url.as_deref())),
            Change::Commented { text, url, .. } => {
                let said = self.said(Topic::Comment, Tone::Neutral, format!("{who} commented"));
                Some(Said { comments: 1, ..said }.quoting((text, url.as_deref())))
            }
            Change::Failed { checks } => {
                let found = words::checks(self.whole);
                let failed = !self.whole.checks.failed.is_empty();
                let names = words::names(checks.iter().map(String::as_str));
                let words = if failed { found } else { format!("{names} failed") };
                Some(self.said(Topic::Failed, Tone::Bad, format!("Checks: {words}")))
            }
            Change::Passed => Some(self.said(Topic::Ready, Tone::Good, "All checks pass".into())),
            Change::Conflicts => {
                let base = crate::incident::one_line(&self.whole.pull_request.base_ref);
                Some(self.said(Topic::Conflict, Tone::Bad, format!("It conflicts with {base}")))
            }
            Change::Merged => over(Tone::Good, by_whom("merged it", "It was merged")),
            Change::Closed => {
                over(Tone::Neutral, by_whom("closed it without merging it", "It was closed without being merged"))
            }
            Change::Queued => Some(self.said(Topic::Dequeued, Tone::Neutral, "It waits in the merge queue".into())),
            Change::Dequeued { reason } => {
                let why = words::dequeued(reason);
                Some(self.said(Topic::Dequeued, Tone::Bad, format!("It left the merge queue: {why}")))
            }
            Change::Drafted | Change::Pushed | Change::Edited | Change::Clean => None,
            Change::Requested { .. } | Change::Unrequested { .. } | Change::Mentioned { .. } => None,
        }
    }

    pub(super) fn opened(self) -> Said {
        let who = self.cast.name(self.whole.pull_request.author_id);
        self.said(Topic::Over, Tone::Warn, format!("{who} opened it"))
    }
}

impl Said {
    /// Both, where one event did several things.
    pub(super) fn joined(mut self, next: Self) -> Self {
        if next.stem != self.stem {
            self.lines.push(Text::plain(format!("{}.", next.stem)));
        }
        self.lines.extend(next.lines);
        self
    }
}
