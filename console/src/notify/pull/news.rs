//! What of an event is news to somebody. Nobody is told what they did themselves; of what programs do, only what fails and what
//! they say of it as reviewers, unless they mention somebody.

use cards::{Text, Tone};
use domain::github::{Change, Happened, Reviewer, Standing, State, Verdict, Whole};

use super::cast::Cast;
use super::said::{Said, Topic};
use super::seat::Reader;
use super::words;
use crate::incident::one_line;

/// Letters of what somebody wrote.
const EXCERPT: usize = 300;

/// What happened, and to what.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) whole: &'a Whole,
    pub(super) happened: &'a Happened,
    pub(super) cast: &'a Cast,
}

impl Scene<'_> {
    /// What is news to somebody, if anything is.
    pub(super) fn news(self, reader: &Reader) -> Option<Said> {
        let mut news: Vec<Said> = self.happened.changes.iter().filter_map(|it| self.of(it, reader)).collect();
        news.extend(self.ready(reader));
        // What they must act on comes first; the rest is said with it.
        news.sort_by_key(rank);
        let mut news = news.into_iter();
        let first = news.next()?;
        Some(news.fold(first, |mut first, next| {
            if next.stem != first.stem {
                first.lines.push(Text::plain(format!("{}.", next.stem)));
            }
            first.lines.extend(next.lines);
            first
        }))
    }

    /// What is news to a team's channel.
    pub(super) fn team_news(self, team: i64, name: &str) -> Option<Said> {
        let pull = &self.whole.pull_request;
        let is = |of: &Reviewer| matches!(of, Reviewer::Team(it) if it.id == team);
        let asked = self.whole.requests.iter().any(|it| is(&it.of));
        let news = self.happened.changes.iter().any(|it| match it {
            Change::Requested { of, .. } => is(of),
            Change::Ready => asked,
            _ => false,
        });
        let told = news && asked && pull.state == State::Open && !pull.draft;
        told.then(|| self.said(Topic::TeamAsked, Tone::Warn, format!("{name} is asked to review this")))
    }

    fn of(self, change: &Change, reader: &Reader) -> Option<Said> {
        let (pull, by) = (&self.whole.pull_request, self.happened.by);
        let (own, bot, wrote) = (reader.is(by), self.cast.is_bot(by), reader.wrote(self.whole));
        let (open, who) = (pull.state == State::Open, self.cast.name(by));
        match change {
            Change::Requested { of: Reviewer::Actor(it), again } if reader.is(Some(it.id)) => {
                let asked = open && !own && reader.is_asked(self.whole);
                asked.then(|| self.said(Topic::Asked, Tone::Warn, self.asked(*again)))
            }
            Change::Requested { of: Reviewer::Team(it), .. } => {
                let told = open && !own && !wrote && !pull.draft && reader.teams.contains(&it.name);
                told.then(|| {
                    self.said(Topic::TeamAsked, Tone::Warn, format!("Your team {} is asked to review", it.name))
                })
            }
            Change::Ready if open && !own && !wrote => self.finished(reader),
            Change::Reviewed { verdict, text, url } if wrote && !own => self.reviewed(*verdict, (text, url.as_deref())),
            Change::Commented { text, url, .. } if !own => self.commented(reader, (text, url.as_deref())),
            Change::Mentioned { .. } if reader.mentioned && !own => {
                Some(self.said(Topic::Comment, Tone::Neutral, format!("{who} mentioned you")))
            }
            // Checks are nobody's act, though GitHub names whoever pushed.
            Change::Failed { .. } if wrote && open && !self.whole.checks.failed.is_empty() => {
                Some(self.said(Topic::Failed, Tone::Bad, format!("Checks: {}", words::checks(self.whole))))
            }
            Change::Conflicts if wrote && open => {
                let base = one_line(&pull.base_ref);
                Some(self.said(Topic::Conflict, Tone::Bad, format!("It conflicts with {base}")))
            }
            Change::Dequeued { reason } if wrote && open && !own => {
                let why = words::dequeued(reason);
                Some(self.said(Topic::Dequeued, Tone::Bad, format!("It left the merge queue: {why}")))
            }
            Change::Merged if wrote && !own => {
                let who = if bot || by.is_none() { "It was merged".into() } else { format!("{who} merged it") };
                Some(self.said(Topic::Over, Tone::Good, who))
            }
            Change::Closed if wrote && !own => {
                Some(self.said(Topic::Over, Tone::Warn, format!("{who} closed it without merging it")))
            }
            _ => None,
        }
    }

    /// That it can be merged, where it could not before; whoever did the last thing that it took knows.
    fn ready(self, reader: &Reader) -> Option<Said> {
        let pull = &self.whole.pull_request;
        let found = self.happened.changes.iter().any(|it| matches!(it, Change::Passed | Change::Clean));
        let news = reader.wrote(self.whole)
            && !self.happened.was_ready
            && !pull.auto_merge
            && Standing::of(self.whole) == Standing::Ready
            && (found || !reader.is(self.happened.by));
        news.then(|| self.said(Topic::Ready, Tone::Good, "It can be merged".into()))
    }

    fn asked(self, again: bool) -> String {
        let (by, bot) = (self.happened.by, self.cast.is_bot(self.happened.by));
        match (by.is_none() || bot, again) {
            (true, false) => "You are asked to review this".into(),
            (true, true) => "You are asked to review this again".into(),
            (false, false) => format!("{} asks you to review this", self.cast.name(by)),
            (false, true) => format!("{} asks you to review this again", self.cast.name(by)),
        }
    }

    /// A draft that became ready.
    fn finished(self, reader: &Reader) -> Option<Said> {
        let words = format!("{} finished the draft", self.cast.name(self.happened.by));
        match (reader.is_asked(self.whole), reader.teams.is_empty()) {
            (true, _) => Some(self.said(Topic::Asked, Tone::Warn, format!("{words}: it waits for your review"))),
            (false, false) => Some(self.said(Topic::TeamAsked, Tone::Warn, format!("{words}: it waits for your team"))),
            (false, true) => None,
        }
    }

    pub(super) fn reviewed(self, verdict: Verdict, words: (&str, Option<&str>)) -> Option<Said> {
        let (by, who) = (self.happened.by, self.cast.name(self.happened.by));
        let said = match verdict {
            Verdict::Approved => self.said(Topic::Verdict, Tone::Good, format!("{who} approved")),
            Verdict::ChangesRequested => self.said(Topic::Verdict, Tone::Warn, format!("{who} wants changes")),
            Verdict::Commented if self.cast.is_bot(by) => return None,
            // Its comments are told of one by one, and count then.
            Verdict::Commented if words.0.trim().is_empty() => return None,
            Verdict::Commented => {
                Said { comments: 1, ..self.said(Topic::Comment, Tone::Neutral, format!("{who} commented")) }
            }
            Verdict::Dismissed => return None,
        };
        Some(said.quoting(words))
    }

    fn commented(self, reader: &Reader, words: (&str, Option<&str>)) -> Option<Said> {
        let who = self.cast.name(self.happened.by);
        // Whoever wrote before waits for what its author says to that.
        let answered = self.whole.pull_request.author_id.is_some()
            && self.happened.by == self.whole.pull_request.author_id
            && self.whole.reviews.iter().any(|it| {
                let waits = matches!(it.verdict, Verdict::ChangesRequested | Verdict::Commented);
                waits && reader.is(it.by.as_ref().map(|it| it.id))
            });
        let stem = match () {
            () if reader.mentioned => format!("{who} mentioned you"),
            () if self.cast.is_bot(self.happened.by) => return None,
            () if reader.wrote(self.whole) => format!("{who} commented"),
            () if answered => format!("{who} answered"),
            () => return None,
        };
        Some(Said { comments: 1, ..self.said(Topic::Comment, Tone::Neutral, stem) }.quoting(words))
    }

    pub(super) fn said(self, topic: Topic, tone: Tone, stem: String) -> Said {
        let (head, draft) = (self.whole.pull_request.head_sha.clone(), self.whole.pull_request.draft);
        Said { topic, tone, stem, lines: Vec::new(), by: self.happened.by, head, comments: 0, draft, first: Vec::new() }
    }
}

impl Said {
    /// The same with the beginning of what was written.
    pub(super) fn quoting(mut self, (words, url): (&str, Option<&str>)) -> Self {
        let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            return self;
        }
        let line = match line.char_indices().nth(EXCERPT) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        };
        let quote = Text::plain(format!("“{line}”"));
        self.lines.push(match url {
            Some(url) => quote.then(" ").then(Text::site("at GitHub", url)),
            None => quote,
        });
        self
    }
}

/// What is said first where several things happened at once.
fn rank(said: &Said) -> u8 {
    match said.topic {
        // Few want to hear of it, and it must not keep the rest from them.
        _ if said.is_of_draft() => 7,
        Topic::Over => 0,
        Topic::Asked => 1,
        Topic::Verdict => 2,
        Topic::Failed | Topic::Conflict | Topic::Dequeued => 3,
        Topic::Comment => 4,
        Topic::TeamAsked => 5,
        Topic::Ready => 6,
    }
}
