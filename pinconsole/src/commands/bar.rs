use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use integrations::ldap::Progress;

/// How far a reading has come, drawn on standard error where that is a terminal, and nowhere else.
pub(super) struct Bar {
    drawn: ProgressBar,
    heard: Mutex<Heard>,
}

/// What was heard so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Heard {
    connected: bool,
    people: usize,
    groups: usize,
    large: Option<(usize, usize)>,
    /// How many entries there were the last time; none before the first reading.
    expected: Option<usize>,
}

impl Bar {
    pub(super) fn new() -> Self {
        let drawn = ProgressBar::new_spinner().with_message(Heard::default().words());
        drawn.set_style(style(SPINNER));
        drawn.enable_steady_tick(Duration::from_millis(100));
        Self { drawn, heard: Mutex::default() }
    }

    /// Draws what was heard.
    pub(super) fn hear(&self, progress: Progress) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = heard.expected.is_none();
        heard.hear(progress);
        if let Some((position, length)) = heard.share() {
            if begun {
                self.drawn.set_style(style(BAR));
            }
            self.drawn.set_length(length as u64);
            self.drawn.set_position(position as u64);
        }
        self.drawn.set_message(heard.words());
    }

    /// Wipes it away.
    pub(super) fn finish(&self) {
        self.drawn.finish_and_clear();
    }
}

const SPINNER: &str = "{spinner} {msg} {elapsed}";
const BAR: &str = "{bar:30} {percent:>3} % {msg} {elapsed}";

/// What cannot be read as a template is drawn in the usual way.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

impl Heard {
    fn hear(&mut self, progress: Progress) {
        match progress {
            Progress::Expected((people, groups)) => self.expected = Some(people + groups).filter(|it| *it > 0),
            Progress::Connected => self.connected = true,
            Progress::People(count) => self.people = count,
            Progress::Groups(count) => self.groups = count,
            Progress::LargeGroups { done, of } => self.large = Some((done, of)),
        }
    }

    /// How many of how many; the directory may have grown since.
    fn share(&self) -> Option<(usize, usize)> {
        let read = self.people + self.groups;
        self.expected.map(|it| (read, it.max(read)))
    }

    fn words(&self) -> String {
        match (self.connected, self.people, self.groups, self.large) {
            (_, _, _, Some((done, of))) => format!("{done} of {of} large groups"),
            (false, ..) => "connecting".into(),
            (true, 0, 0, None) => "connected".into(),
            (true, people, groups, None) => format!("{people} people, {groups} groups"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(progress: &[Progress]) -> (Option<(usize, usize)>, String) {
        let mut heard = Heard::default();
        progress.iter().for_each(|it| heard.hear(*it));
        (heard.share(), heard.words())
    }

    #[test]
    fn the_first_reading_counts_and_a_later_one_shows_its_share() {
        use Progress::{Connected, Expected, Groups, LargeGroups, People};
        assert_eq!(heard(&[]), (None, "connecting".into()));
        assert_eq!(heard(&[Expected((0, 0)), Connected, People(500)]), (None, "500 people, 0 groups".into()));
        assert_eq!(heard(&[Connected, Expected((9_000, 1_000))]), (Some((0, 10_000)), "connected".into()));
        let most = [Expected((900, 100)), Connected, People(900), Groups(50)];
        assert_eq!(heard(&most), (Some((950, 1_000)), "900 people, 50 groups".into()));
        assert_eq!(heard(&[Expected((10, 0)), Connected, People(15)]).0, Some((15, 15)));
        assert_eq!(heard(&[LargeGroups { done: 1, of: 3 }]).1, "1 of 3 large groups");
    }
}
