use cards::{Action, Card, Page, Part, Span, Target, Text};
use console::Asks;

/// A card as a page shows it: people lead to their pages, and no action repeats a link that stands in the card.
pub(crate) fn linked(card: &Card) -> Card {
    let mut card = card.clone();
    let own = card.link.clone();
    let mut linked = Vec::new();
    for text in card.parts.iter_mut().flat_map(texts).chain(&mut card.freshness) {
        text.0.iter_mut().for_each(|span| lead(span, own.as_ref()));
        linked.extend(text.0.iter().filter_map(page).cloned());
    }
    card.actions.retain(
        |it| !matches!(it, Action::Read { ask, .. } if ask.page.as_ref().is_some_and(|it| linked.contains(it))),
    );
    card
}

/// Makes a person a link to their page, unless that is where the reader is.
fn lead(span: &mut Span, own: Option<&Page>) {
    let Span::Person { name, display } = span else { return };
    match Asks::person(name).page {
        Some(page) if Some(&page) != own => {
            let label = if display.trim().is_empty() { name } else { display };
            *span = Span::Link { label: std::mem::take(label), target: Target::Page(page) };
        }
        _ => {}
    }
}

fn page(span: &Span) -> Option<&Page> {
    match span {
        Span::Link { target: Target::Page(page), .. } => Some(page),
        Span::Link { .. } | Span::Plain(_) | Span::Code(_) | Span::Person { .. } | Span::Time { .. } => None,
    }
}

fn texts(part: &mut Part) -> Vec<&mut Text> {
    match part {
        Part::Heading(_) => Vec::new(),
        Part::Text(text) => vec![text],
        Part::Facts(facts) => facts.iter_mut().map(|it| &mut it.value).collect(),
        Part::List(items) => items.iter_mut().flat_map(|it| [&mut it.text, &mut it.note]).collect(),
        Part::Table(table) => table.rows.iter_mut().flatten().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_lead_to_their_pages_but_not_to_the_page_one_is_on() {
        let ada = Text::person("ada", "Ada Lindqvist");
        let card = Card::new("Payments").item(ada.clone(), Text::person("grace", " "));
        let Part::List(items) = &linked(&card).parts[0] else { panic!("a list") };
        assert_eq!(items[0].text, Text::page("Ada Lindqvist", Page::at(["person", "ada"])));
        assert_eq!(items[0].note, Text::page("grace", Page::at(["person", "grace"])));
        let own = Card::new("Ada").fact("Name", ada).page(Page::at(["person", "ada"]));
        assert_eq!(linked(&own), own);
    }

    #[test]
    fn an_action_that_repeats_a_link_is_left_out() {
        let card = Card::new("payments-api")
            .fact("Owner", Text::page("Payments", Page::at(["team", "payments"])))
            .read("Owner: Payments", Asks::team("payments"))
            .read("Help", Asks::help());
        let labels: Vec<_> = linked(&card).actions.iter().map(|it| format!("{it:?}")).collect();
        assert_eq!(labels.len(), 1);
        assert!(labels[0].contains("Help"));
    }
}
