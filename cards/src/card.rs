use serde::{Deserialize, Serialize};

use crate::{Act, Action, Ask, Emphasis, Form, Page, Span, Text};

/// Number of the serialised form; a stored card with a higher one is left to a newer replica.
pub const FORMAT: u16 = 1;

/// One answer or message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Number of the serialised form.
    pub format: u16,
    /// What it is about, in a few words.
    pub title: String,
    /// How good the news is.
    pub tone: Tone,
    /// The content, in reading order.
    pub parts: Vec<Part>,
    /// What a reader may press, the most useful first.
    pub actions: Vec<Action>,
    /// The page of the web view that shows the same.
    pub link: Option<Page>,
    /// How old the facts are and where they come from.
    pub freshness: Option<Text>,
    /// How many things were found, where the card answers a search or a list.
    pub results: Option<u32>,
    /// Whether it tells of this moment, so that it must not be told again later. Whoever sends it says how old it is.
    #[serde(skip)]
    pub passing: bool,
}

/// How good the news is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Neutral,
    /// As it should be.
    Good,
    /// Look at it some time.
    Warn,
    /// Look at it now.
    Bad,
}

/// One piece of content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The name of what follows.
    Heading(String),
    /// A paragraph.
    Text(Text),
    /// Labels with their values.
    Facts(Vec<Fact>),
    /// Items below each other.
    List(Vec<Item>),
    /// Rows and columns.
    Table(Table),
}

/// A label with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The label.
    pub label: String,
    /// The value.
    pub value: Text,
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The item itself.
    pub text: Text,
    /// A remark in smaller letters; may be empty.
    pub note: Text,
}

/// Rows and columns. A row shorter than the head is filled with nothing; what is beyond it is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Text>>,
}

impl Card {
    /// A neutral card with nothing in it but its title.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            format: FORMAT,
            title: title.into(),
            tone: Tone::Neutral,
            parts: Vec::new(),
            actions: Vec::new(),
            link: None,
            freshness: None,
            results: None,
            passing: false,
        }
    }

    /// The same card in another tone.
    pub fn tone(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }

    /// Adds the name of what follows.
    pub fn heading(self, words: impl Into<String>) -> Self {
        self.part(Part::Heading(words.into()))
    }

    /// Adds a paragraph.
    pub fn text(self, text: impl Into<Text>) -> Self {
        self.part(Part::Text(text.into()))
    }

    /// Adds a fact to the facts that came just before, or begins new ones; an empty value adds nothing.
    pub fn fact(mut self, label: impl Into<String>, value: impl Into<Text>) -> Self {
        let fact = Fact { label: label.into(), value: value.into() };
        if fact.value.is_empty() {
            return self;
        }
        match self.parts.last_mut() {
            Some(Part::Facts(facts)) => facts.push(fact),
            _ => self.parts.push(Part::Facts(vec![fact])),
        }
        self
    }

    /// Adds an item to the list that came just before, or begins a new one.
    pub fn item(mut self, text: impl Into<Text>, note: impl Into<Text>) -> Self {
        let item = Item { text: text.into(), note: note.into() };
        match self.parts.last_mut() {
            Some(Part::List(items)) => items.push(item),
            _ => self.parts.push(Part::List(vec![item])),
        }
        self
    }

    /// Adds a table.
    pub fn table(self, head: impl IntoIterator<Item = &'static str>, rows: Vec<Vec<Text>>) -> Self {
        let head = head.into_iter().map(String::from).collect();
        self.part(Part::Table(Table { head, rows }))
    }

    /// Adds a button that types a command.
    pub fn read(self, label: impl Into<String>, ask: Ask) -> Self {
        self.urge(label, ask, Emphasis::Normal)
    }

    /// The same with a button that stands out.
    pub fn urge(mut self, label: impl Into<String>, ask: Ask, emphasis: Emphasis) -> Self {
        self.actions.push(Action::Read { label: label.into(), ask, emphasis });
        self
    }

    /// Adds a button that acts on a stored intent.
    pub fn act(mut self, label: impl Into<String>, act: Act, emphasis: Emphasis) -> Self {
        self.actions.push(Action::Act { label: label.into(), act, emphasis });
        self
    }

    /// Adds a button that opens a form.
    pub fn form(mut self, label: impl Into<String>, form: Form) -> Self {
        self.actions.push(Action::Form { label: label.into(), form });
        self
    }

    /// Names the page that shows the same.
    pub fn page(self, page: Page) -> Self {
        Self { link: Some(page), ..self }
    }

    /// Says how old the facts are.
    pub fn freshness(self, text: impl Into<Text>) -> Self {
        Self { freshness: Some(text.into()), ..self }
    }

    /// Says how many things were found.
    pub fn results(self, count: usize) -> Self {
        Self { results: Some(u32::try_from(count).unwrap_or(u32::MAX)), ..self }
    }

    /// Says that it tells of this moment only.
    pub fn passing(self) -> Self {
        Self { passing: true, ..self }
    }

    /// Entity names of all people that the card names, for looking up their accounts before rendering.
    pub fn people(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.texts().flat_map(|it| &it.0).filter_map(person).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Every text of the card, in reading order.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.parts.iter().flat_map(part_texts).chain(&self.freshness)
    }

    fn part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}

fn person(span: &Span) -> Option<&str> {
    match span {
        Span::Person { name, .. } => Some(name),
        Span::Plain(_) | Span::Code(_) | Span::Link { .. } | Span::Time { .. } => None,
    }
}

fn part_texts(part: &Part) -> Vec<&Text> {
    match part {
        Part::Heading(_) => Vec::new(),
        Part::Text(text) => vec![text],
        Part::Facts(facts) => facts.iter().map(|it| &it.value).collect(),
        Part::List(items) => items.iter().flat_map(|it| [&it.text, &it.note]).collect(),
        Part::Table(table) => table.rows.iter().flatten().collect(),
    }
}
