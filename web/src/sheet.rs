use cards::{Card, html};
use maud::{Markup, html};

use crate::layout::{Frame, plain};
use crate::linked::linked;
use crate::visit::Visit;

/// A card as the content of a page, with what stands around it.
pub(crate) struct Sheet<'a> {
    pub(crate) card: &'a Card,
    /// What kind of thing the card is about.
    kind: Option<(&'a str, Mark)>,
    /// What stands above the card.
    above: Option<Markup>,
    /// What ends the card.
    after: Option<Markup>,
    /// What follows the card.
    below: Option<Card>,
}

/// The shape of the mark beside the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// People and groups.
    Round,
    /// Things.
    Square,
}

impl<'a> Sheet<'a> {
    pub(crate) fn of(card: &'a Card) -> Self {
        Self { card, kind: None, above: None, after: None, below: None }
    }

    pub(crate) fn kind(self, kind: &'a str, mark: Mark) -> Self {
        Self { kind: Some((kind, mark)), ..self }
    }

    pub(crate) fn above(self, markup: Markup) -> Self {
        Self { above: Some(markup), ..self }
    }

    pub(crate) fn after(self, markup: Markup) -> Self {
        Self { after: Some(markup), ..self }
    }

    pub(crate) fn below(self, card: Card) -> Self {
        Self { below: Some(card), ..self }
    }

    pub(crate) fn draw(&self, visit: &Visit) -> Markup {
        let main = html! {
            @if let Some(above) = &self.above { (above) }
            div.sheet {
                @if let Some((kind, mark)) = self.kind { (crest(&self.card.title, kind, mark)) }
                (html::body(&linked(self.card), &visit.site.reader()))
                @if let Some(after) = &self.after { (after) }
            }
            @if let Some(below) = &self.below {
                div.sheet.below { (html::section(&linked(below), &visit.site.reader())) }
            }
        };
        Frame { title: &self.card.title, main, hero: false }.draw(visit)
    }
}

/// The kind as words, beside the initial, which says nothing that the title does not.
fn crest(title: &str, kind: &str, mark: Mark) -> Markup {
    let shape = match mark {
        Mark::Round => "mark round",
        Mark::Square => "mark",
    };
    let initial: String =
        plain(title).chars().find(|it| it.is_alphanumeric()).into_iter().flat_map(char::to_uppercase).collect();
    html! {
        p.crest { span class=(shape) aria-hidden="true" { (initial) } span.kind { (kind) } }
    }
}
