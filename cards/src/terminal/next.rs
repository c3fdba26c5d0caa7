//! What a reader can do next: commands as typed, and the names of what only a button can do.

use super::indent;
use super::ink::{Ink, Piece};
use super::wrap::{Line, columns, wrap};
use crate::{Action, Card, limit};

/// The lines of a card's actions.
pub(super) fn lines(card: &Card, width: usize) -> Vec<Line> {
    let reads = card.actions.iter().filter_map(read);
    let column = reads.map(|(label, _)| columns(&label)).filter(|it| *it <= width / 3).max().unwrap_or(0);
    let mut lines: Vec<Line> =
        card.actions.iter().filter_map(read).flat_map(|(label, command)| line(label, command, column, width)).collect();
    let buttons: Vec<String> = card.actions.iter().filter_map(button).collect();
    if !buttons.is_empty() {
        let wrapped = wrap(&[Piece::new(buttons.join(" "), Ink::Bold)], width - 2);
        lines.extend(wrapped.into_iter().map(|it| indent(2, it)));
    }
    if !lines.is_empty() {
        lines.insert(0, vec![Piece::new("Next", Ink::Bold)]);
    }
    lines
}

fn line(label: String, command: String, column: usize, width: usize) -> Vec<Line> {
    let used = columns(&label);
    let command = Piece::solid(command, Ink::Code);
    if used <= column {
        let gap = Piece::new(" ".repeat(column - used + 2), Ink::Normal);
        return vec![indent(2, vec![Piece::new(label, Ink::Dim), gap, command])];
    }
    let label = wrap(&[Piece::new(label, Ink::Dim)], width - 2).into_iter().map(|it| indent(2, it));
    label.chain([indent(column + 4, vec![command])]).collect()
}

fn read(action: &Action) -> Option<(String, String)> {
    match action {
        Action::Read { label, ask, .. } => Some((format!("{}:", limit::line(label)), limit::line(&ask.command))),
        Action::Act { .. } | Action::Form { .. } => None,
    }
}

fn button(action: &Action) -> Option<String> {
    match action {
        Action::Read { .. } => None,
        Action::Act { label, .. } => Some(format!("[{}]", limit::line(label))),
        Action::Form { label, .. } => Some(format!("[{}…]", limit::line(label))),
    }
}
