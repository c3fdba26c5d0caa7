//! Reads a question in GraphQL: as much of the language as a client needs. <https://spec.graphql.org/October2021/#sec-Language>

use std::collections::HashMap;

use serde_json::{Map, Value, json};

/// A question with its fragments.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) root: Vec<Selection>,
    pub(super) fragments: HashMap<String, Fragment>,
    /// Names of the variables that it declares, with what they are where nothing is given.
    pub(super) variables: HashMap<String, Option<Value>>,
}

/// Fields that belong to objects of a type.
#[derive(Debug)]
pub(super) struct Fragment {
    pub(super) on: String,
    pub(super) fields: Vec<Selection>,
}

/// What is asked of an object.
#[derive(Debug)]
pub(super) enum Selection {
    Field { alias: String, name: String, arguments: Vec<(String, Argument)>, fields: Vec<Selection> },
    Inline(Fragment),
    Spread(String),
}

/// What a field is given.
#[derive(Clone, Debug)]
pub(super) enum Argument {
    Variable(String),
    Literal(Value),
}

/// What is wrong with a question.
pub(super) type Wrong = String;

impl Document {
    pub(super) fn parse(text: &str) -> Result<Self, Wrong> {
        let mut tokens = Tokens { all: tokens(text)?, at: 0 };
        let (mut root, mut fragments, mut variables) = (None, HashMap::new(), HashMap::new());
        while let Some(word) = tokens.peek() {
            match word {
                "query" => {
                    tokens.next()?;
                    if tokens.peek().is_some_and(|it| it != "{" && it != "(") {
                        tokens.next()?;
                    }
                    variables = tokens.variables()?;
                    root = Some(tokens.selections()?);
                }
                "fragment" => {
                    tokens.next()?;
                    let name = tokens.next()?;
                    tokens.expect("on")?;
                    let on = tokens.next()?;
                    fragments.insert(name, Fragment { on, fields: tokens.selections()? });
                }
                "{" => root = Some(tokens.selections()?),
                other => return Err(format!("Parse error on \"{other}\"")),
            }
        }
        let root = root.ok_or("A query is missing")?;
        Ok(Self { root, fragments, variables })
    }
}

struct Tokens {
    all: Vec<String>,
    at: usize,
}

impl Tokens {
    fn peek(&self) -> Option<&str> {
        self.all.get(self.at).map(String::as_str)
    }

    fn next(&mut self) -> Result<String, Wrong> {
        let token = self.all.get(self.at).cloned().ok_or("Unexpected end of document")?;
        self.at += 1;
        Ok(token)
    }

    fn expect(&mut self, word: &str) -> Result<(), Wrong> {
        let found = self.next()?;
        if found == word { Ok(()) } else { Err(format!("Expected \"{word}\", found \"{found}\"")) }
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn variables(&mut self) -> Result<HashMap<String, Option<Value>>, Wrong> {
        let mut all = HashMap::new();
        if !self.takes("(") {
            return Ok(all);
        }
        while !self.takes(")") {
            self.expect("$")?;
            let name = self.next()?;
            self.expect(":")?;
            while self.peek().is_some_and(|it| !matches!(it, "$" | ")" | "=")) {
                self.next()?;
            }
            let default = if self.takes("=") { Some(self.literal()?) } else { None };
            all.insert(name, default);
        }
        Ok(all)
    }

    fn selections(&mut self) -> Result<Vec<Selection>, Wrong> {
        self.expect("{")?;
        let mut all = Vec::new();
        while !self.takes("}") {
            all.push(self.selection()?);
        }
        if all.is_empty() { Err("A selection set may not be empty".into()) } else { Ok(all) }
    }

    fn selection(&mut self) -> Result<Selection, Wrong> {
        if self.takes("...") {
            return match self.takes("on") {
                true => Ok(Selection::Inline(Fragment { on: self.next()?, fields: self.selections()? })),
                false => Ok(Selection::Spread(self.next()?)),
            };
        }
        let alias = self.next()?;
        let name = if self.takes(":") { self.next()? } else { alias.clone() };
        let mut arguments = Vec::new();
        if self.takes("(") {
            while !self.takes(")") {
                let name = self.next()?;
                self.expect(":")?;
                arguments.push((name, self.argument()?));
            }
        }
        let fields = if self.peek() == Some("{") { self.selections()? } else { Vec::new() };
        Ok(Selection::Field { alias, name, arguments, fields })
    }

    fn argument(&mut self) -> Result<Argument, Wrong> {
        if self.takes("$") { self.next().map(Argument::Variable) } else { self.literal().map(Argument::Literal) }
    }

    fn literal(&mut self) -> Result<Value, Wrong> {
        if self.takes("[") {
            let mut all = Vec::new();
            while !self.takes("]") {
                all.push(self.literal()?);
            }
            return Ok(all.into());
        }
        if self.takes("{") {
            let mut all = Map::new();
            while !self.takes("}") {
                let name = self.next()?;
                self.expect(":")?;
                all.insert(name, self.literal()?);
            }
            return Ok(all.into());
        }
        let word = self.next()?;
        Ok(serde_json::from_str(&word).unwrap_or_else(|_| json!(word)))
    }
}

/// Words, numbers, texts and signs; commas and comments mean nothing.
fn tokens(text: &str) -> Result<Vec<String>, Wrong> {
    let (mut all, mut chars) = (Vec::new(), text.char_indices().peekable());
    while let Some((at, it)) = chars.next() {
        let mut end = at + it.len_utf8();
        let mut on = |chars: &mut std::iter::Peekable<std::str::CharIndices>, wanted: fn(char) -> bool| {
            while let Some((_, it)) = chars.next_if(|it| wanted(it.1)) {
                end += it.len_utf8();
            }
            text[at..end].to_string()
        };
        match it {
            it if it.is_whitespace() || it == ',' => {}
            '#' => drop(on(&mut chars, |it| it != '\n')),
            '.' => all.push(on(&mut chars, |it| it == '.')),
            '"' => {
                on(&mut chars, |it| it != '"');
                let (last, _) = chars.next().ok_or("a text without its end")?;
                all.push(text[at..=last].into());
            }
            it if it.is_alphanumeric() || it == '_' || it == '-' => {
                all.push(on(&mut chars, |it| it.is_alphanumeric() || it == '_'));
            }
            it => all.push(it.into()),
        }
    }
    Ok(all)
}
