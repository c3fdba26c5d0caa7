use std::fmt;

use serde::Serialize;

use super::figures::Figures;

/// What a benchmark found, with its goals.
#[derive(Debug, Serialize)]
pub struct Report {
    name: &'static str,
    what: String,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    what: String,
    unit: &'static str,
    #[serde(flatten)]
    figures: Figures,
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<Goal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    met: Option<bool>,
    #[serde(skip)]
    takes: Vec<f64>,
}

/// What the median of a figure should be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

impl Report {
    /// A report without figures yet.
    pub fn new(name: &'static str, what: impl Into<String>) -> Self {
        Self { name, what: what.into(), lines: Vec::new() }
    }

    /// Adds one take of a figure.
    pub fn note(&mut self, what: &str, unit: &'static str, take: f64) {
        self.add(what, unit, None, take);
    }

    /// Adds one take of a figure that has a goal.
    pub fn aim(&mut self, what: &str, unit: &'static str, goal: Goal, take: f64) {
        self.add(what, unit, Some(goal), take);
    }

    fn add(&mut self, what: &str, unit: &'static str, goal: Option<Goal>, take: f64) {
        let mut takes = match self.lines.iter().position(|it| it.what == what && it.unit == unit) {
            Some(place) => std::mem::take(&mut self.lines[place].takes),
            None => Vec::new(),
        };
        takes.push(take);
        let figures = Figures::of(&takes);
        let met = goal.map(|it| it.met(figures.median));
        let line = Line { what: what.into(), unit, figures, goal, met, takes };
        match self.lines.iter_mut().find(|it| it.what == what && it.unit == unit) {
            Some(it) => *it = line,
            None => self.lines.push(line),
        }
    }
}

impl Goal {
    fn met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.lines.iter().map(|it| it.what.chars().count()).max().unwrap_or_default();
        writeln!(f, "\n{}: {}", self.name, self.what)?;
        writeln!(f, "  {:width$}  {:>9} {:>9} {:>9}", "", "min", "median", "max")?;
        for Line { what, unit, figures, goal, met, .. } in &self.lines {
            let [min, median, max] = [figures.min, figures.median, figures.max].map(number);
            write!(f, "  {what:width$}  {min:>9} {median:>9} {max:>9} {unit}")?;
            match (goal, met) {
                (Some(goal), Some(true)) => writeln!(f, "   goal {goal}: met")?,
                (Some(goal), _) => writeln!(f, "   goal {goal}: MISSED")?,
                (None, _) => writeln!(f)?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "at least {least}"),
            Self::AtMost(most) => write!(f, "at most {most}"),
        }
    }
}

/// With as many digits as matter.
fn number(value: f64) -> String {
    match value.abs() {
        it if it >= 100.0 => format!("{value:.0}"),
        it if it >= 10.0 => format!("{value:.1}"),
        it if it >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_held_to_the_median() {
        let mut report = Report::new("lookup", "by name");
        for take in [0.9, 0.65, 0.5] {
            report.aim("of the limit", "times", Goal::AtLeast(0.7), take);
            report.note("a long description", "a second", take * 10_000.0);
        }
        insta::assert_snapshot!(report.to_string().trim_start(), @r"
        lookup: by name
                                    min    median       max
          of the limit            0.500     0.650     0.900 times   goal at least 0.7: MISSED
          a long description       5000      6500      9000 a second
        ");
    }
}
