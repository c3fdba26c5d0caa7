//! Whether GitHub would answer a question at all, and what it costs: fields that it has, lists with an end, at most so many objects.
//!
//! <https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api>

use serde_json::Value;

use super::query::{Argument, Document, Selection, Wrong};
use super::schema::{Field, TYPES, kinds};

/// A list brings at most so many, and must say how many.
const MOST: u64 = 100;

/// So many objects may be asked for.
const MOST_NODES: u64 = 500_000;

/// What a question is measured by.
pub(super) struct Cost<'a> {
    document: &'a Document,
    variables: &'a Value,
    requests: u64,
    nodes: u64,
}

/// What a question costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Price {
    pub(super) points: u64,
    pub(super) nodes: u64,
}

impl<'a> Cost<'a> {
    pub(super) fn of(document: &'a Document, variables: &'a Value) -> Result<Price, Wrong> {
        let mut cost = Self { document, variables, requests: 0, nodes: 0 };
        cost.selections(&document.root, "Query", 1)?;
        if cost.nodes > MOST_NODES {
            return Err(format!(
                "This query requests up to {} possible nodes which exceeds the maximum limit of 500,000.",
                cost.nodes
            ));
        }
        Ok(Price { points: ((cost.requests + 50) / 100).max(1), nodes: cost.nodes })
    }

    fn selections(&mut self, all: &[Selection], on: &'static str, times: u64) -> Result<(), Wrong> {
        for it in all {
            match it {
                Selection::Field { name, arguments, fields, .. } => self.field((name, arguments, fields), on, times)?,
                Selection::Inline(it) => self.selections(&it.fields, narrowed(on, &it.on)?, times)?,
                Selection::Spread(name) => {
                    let of = self
                        .document
                        .fragments
                        .get(name)
                        .ok_or(format!("Fragment {name} was used, but not defined"))?;
                    self.selections(&of.fields, narrowed(on, &of.on)?, times)?;
                }
            }
        }
        Ok(())
    }

    fn field(
        &mut self,
        (name, arguments, fields): (&str, &[(String, Argument)], &[Selection]),
        on: &'static str,
        times: u64,
    ) -> Result<(), Wrong> {
        if name == "__typename" {
            return Ok(());
        }
        let of = TYPES.get(on).and_then(|it| it.fields.get(name)).copied();
        let of = of.ok_or_else(|| format!("Field '{name}' doesn't exist on type '{on}'"))?;
        let subject = match of {
            Field::Scalar if fields.is_empty() => return Ok(()),
            Field::Scalar => return Err(format!("Selections can't be made on scalars (field '{name}' of {on})")),
            _ if fields.is_empty() => return Err(format!("Field must have selections (field '{name}' of {on})")),
            Field::Object(subject) => subject,
            Field::Connection(subject) => {
                let first = argument(arguments, "first", self.variables).and_then(|it| it.as_u64());
                let Some(first) = first.filter(|it| (1..=MOST).contains(it)) else {
                    return Err(format!(
                        "You must provide a `first` or `last` value between 1 and 100 to properly paginate the `{name}` connection."
                    ));
                };
                self.requests += times;
                self.nodes += times * first;
                return self.connection(fields, (name, subject), times * first);
            }
        };
        let times = match argument(arguments, "ids", self.variables) {
            Some(Value::Array(ids)) if ids.len() as u64 > MOST => {
                return Err("You may not provide more than 100 node ids".into());
            }
            Some(Value::Array(ids)) => {
                self.nodes += ids.len() as u64;
                times * ids.len().max(1) as u64
            }
            _ => times,
        };
        self.selections(fields, subject, times)
    }

    fn connection(
        &mut self,
        fields: &[Selection],
        (name, subject): (&str, &'static str),
        times: u64,
    ) -> Result<(), Wrong> {
        for it in fields {
            match it {
                Selection::Field { name, fields, .. } if name == "nodes" => self.selections(fields, subject, times)?,
                Selection::Field { name, .. } if ["pageInfo", "totalCount"].contains(&name.as_str()) => {}
                _ => return Err(format!("Field doesn't exist on the connection '{name}'")),
            }
        }
        Ok(())
    }
}

/// The type of the objects to which a fragment applies.
fn narrowed(on: &'static str, wanted: &str) -> Result<&'static str, Wrong> {
    let (name, _) = TYPES.get_key_value(wanted).ok_or_else(|| format!("No such type {wanted}"))?;
    match kinds(name).iter().any(|it| kinds(on).contains(it)) {
        true => Ok(name),
        false => Err(format!("Fragment on {wanted} can't be spread inside {on}")),
    }
}

/// What a field is given.
pub(super) fn argument(all: &[(String, Argument)], name: &str, variables: &Value) -> Option<Value> {
    let (_, found) = all.iter().find(|it| it.0 == name)?;
    match found {
        Argument::Literal(it) => Some(it.clone()),
        Argument::Variable(it) => variables.get(it).cloned(),
    }
}
