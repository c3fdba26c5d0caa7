use cards::{Card, Part, Span, Text};
use reqwest::StatusCode;
use url::Url;

/// A page as a reader without a browser gets it.
pub(crate) struct Page {
    /// The status.
    pub(crate) status: StatusCode,
    /// The words, without markup.
    pub(crate) text: String,
}

/// Fetches a page.
pub(crate) async fn get(base: &Url, path: &str) -> Page {
    let answer = reqwest::get(base.join(path).expect("an address")).await.expect("an answer");
    Page { status: answer.status(), text: words(&answer.text().await.expect("a text")) }
}

/// The words of a piece of HTML.
fn words(html: &str) -> String {
    let outside = html.split('<').map(|it| it.split_once('>').map_or(it, |(_, words)| words));
    unescaped(&outside.collect::<Vec<_>>().join(" "))
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_string(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// A text without spaces and escapes, so that it does not matter where lines are broken.
pub(crate) fn squeezed(text: &str) -> String {
    unescaped(text).chars().filter(|it| !it.is_whitespace()).collect()
}

/// Everything that a card states, squeezed: its title, labels with values, items, and cells. Moments are left out,
/// since each reader has them in another form.
pub(crate) fn facts(card: &Card) -> Vec<String> {
    let mut facts = vec![card.title.clone()];
    for part in &card.parts {
        match part {
            Part::Heading(it) => facts.push(it.clone()),
            Part::Text(it) => facts.extend(runs(it)),
            Part::Facts(them) => them.iter().for_each(|it| {
                facts.push(it.label.clone());
                facts.extend(runs(&it.value));
            }),
            Part::List(them) => them.iter().for_each(|it| facts.extend(runs(&it.text).chain(runs(&it.note)))),
            // A narrow column breaks what is in it, beside the lines of others.
            Part::Table(it) => {
                let cells = it.head.iter().cloned().chain(it.rows.iter().flatten().flat_map(runs));
                facts.extend(cells.flat_map(|it| it.split_whitespace().map(String::from).collect::<Vec<_>>()));
            }
        }
    }
    facts.iter().map(|it| squeezed(it)).filter(|it| !it.is_empty()).collect()
}

fn runs(text: &Text) -> impl Iterator<Item = String> {
    text.0.iter().filter_map(|span| match span {
        Span::Plain(it) | Span::Code(it) => Some(it.clone()),
        Span::Link { label, .. } => Some(label.clone()),
        Span::Person { display, .. } => Some(display.clone()),
        Span::Time { .. } => None,
    })
}
