//! Answers questions in GraphQL.

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::GitHub;
use super::cost::{Cost, Price, argument};
use super::limits::{Bucket, Left};
use super::query::{Document, Selection};
use super::refusal::Refusal;
use super::schema::kinds;
use super::state::State;

#[derive(Deserialize)]
struct Asked {
    query: String,
    #[serde(default)]
    variables: Map<String, Value>,
}

impl GitHub {
    /// What a question is answered; the call is counted.
    pub(super) fn graphql(
        &self,
        installation: i64,
        (headers, body): (&HeaderMap, &Bytes),
        now: DateTime<Utc>,
    ) -> Response {
        let json = headers.get("content-type").is_some_and(|it| it.as_bytes().starts_with(b"application/json"));
        let asked = serde_json::from_slice::<Asked>(body).ok().filter(|_| json);
        let Some(Asked { query, mut variables }) = asked else {
            return Refusal::bad("Problems parsing JSON").into_response();
        };
        let wrong = |message: String| axum::Json(json!({ "errors": [{ "message": message }] })).into_response();
        let document = match Document::parse(&query) {
            Ok(document) => document,
            Err(error) => return wrong(error),
        };
        if let Some(name) = variables.keys().find(|it| !document.variables.contains_key(*it)) {
            return wrong(format!("Variable ${name} is not declared"));
        }
        for (name, default) in &document.variables {
            if let (None, Some(default)) = (variables.get(name), default) {
                variables.insert(name.clone(), default.clone());
            }
        }
        let variables = Value::Object(variables);
        let price = match Cost::of(&document, &variables) {
            Ok(price) => price,
            Err(error) => return wrong(error),
        };
        self.tell(|state| state.price((&document, &variables), (installation, price), now))
    }
}

impl State {
    fn price(
        &mut self,
        asked: (&Document, &Value),
        (installation, price): (i64, Price),
        now: DateTime<Utc>,
    ) -> Response {
        let ids = asked.1.get("ids").and_then(Value::as_array).map_or(1, Vec::len);
        if self.faults.too_heavy.is_some_and(|most| ids > most) {
            return Refusal::broken().into_response();
        }
        let Some(left) = self.limits.take(Bucket::Graphql(installation), price.points, now) else {
            let left = self.limits.left(Bucket::Graphql(installation), now);
            let error = json!({ "type": "RATE_LIMITED", "message": "API rate limit exceeded for installation" });
            return left.on(axum::Json(json!({ "errors": [error] })).into_response());
        };
        self.calls.points += price.points;
        let mut answer = Answer { state: self, document: asked.0, variables: asked.1, errors: vec![], installation };
        let query = answer.query(price, left);
        let data = answer.object(&asked.0.root, &query);
        let mut told = json!({ "data": data });
        if !answer.errors.is_empty() {
            told["errors"] = Value::Array(answer.errors);
        }
        left.on(axum::Json(told).into_response())
    }
}

struct Answer<'a> {
    state: &'a mut State,
    document: &'a Document,
    variables: &'a Value,
    errors: Vec<Value>,
    installation: i64,
}

impl Answer<'_> {
    /// The object at which each question begins.
    fn query(&mut self, price: Price, left: Left) -> Value {
        let rate = json!({
            "__typename": "RateLimit", "cost": price.points, "limit": left.limit, "remaining": left.remaining,
            "used": left.limit - left.remaining, "nodeCount": price.nodes, "resetAt": left.resets_at,
        });
        let ids: Vec<String> = match self.variables.get("ids") {
            Some(Value::Array(ids)) => ids.iter().filter_map(|it| it.as_str().map(String::from)).collect(),
            _ => vec![],
        };
        let nodes: Vec<Value> = ids.iter().map(|it| self.node(it, "nodes")).collect();
        let node = match self.variables.get("id").and_then(Value::as_str).map(String::from) {
            Some(id) => self.node(&id, "node"),
            None => Value::Null,
        };
        json!({ "__typename": "Query", "rateLimit": rate, "nodes": nodes, "node": node })
    }

    fn node(&mut self, id: &str, path: &str) -> Value {
        let found = self.state.node(id, self.installation);
        if found.is_null() {
            let message = format!("Could not resolve to a node with the global id of '{id}'");
            self.errors.push(json!({ "type": "NOT_FOUND", "path": [path], "message": message }));
        }
        found
    }

    /// What is asked of an object.
    fn object(&self, all: &[Selection], of: &Value) -> Value {
        match of {
            Value::Array(items) => items.iter().map(|it| self.object(all, it)).collect(),
            Value::Object(_) => {
                let mut told = Map::new();
                self.fields(all, of, &mut told);
                told.into()
            }
            other => other.clone(),
        }
    }

    fn fields(&self, all: &[Selection], of: &Value, told: &mut Map<String, Value>) {
        let is = |on: &str| {
            let kind = of["__typename"].as_str().unwrap_or_default();
            super::schema::TYPES.get_key_value(on).is_some_and(|it| kinds(it.0).contains(&kind))
        };
        for it in all {
            match it {
                Selection::Inline(it) if is(&it.on) => self.fields(&it.fields, of, told),
                Selection::Inline(_) => {}
                Selection::Spread(name) => {
                    let it = &self.document.fragments[name];
                    if is(&it.on) {
                        self.fields(&it.fields, of, told);
                    }
                }
                Selection::Field { alias, name, arguments, fields } => {
                    let value = &of[name.as_str()];
                    let connection =
                        fields.iter().any(|it| matches!(it, Selection::Field { name, .. } if name == "nodes"));
                    let answer = match value {
                        Value::Array(items) if connection => {
                            let given = |name: &str| argument(arguments, name, self.variables);
                            self.connection(fields, items, &given)
                        }
                        Value::Null => Value::Null,
                        value if fields.is_empty() => value.clone(),
                        value => self.object(fields, value),
                    };
                    told.insert(alias.clone(), answer);
                }
            }
        }
    }

    /// A page of a list.
    fn connection(&self, fields: &[Selection], items: &[Value], given: &dyn Fn(&str) -> Option<Value>) -> Value {
        let states = given("states").and_then(|it| it.as_array().cloned());
        let mut items: Vec<&Value> =
            items.iter().filter(|it| states.as_ref().is_none_or(|states| states.contains(&it["state"]))).collect();
        if given("orderBy").is_some() {
            items.sort_by_key(|it| std::cmp::Reverse(it["updatedAt"].as_str().map(String::from)));
        }
        let after = given("after").and_then(|it| it.as_str()?.parse::<usize>().ok()).unwrap_or_default();
        let first = given("first").and_then(|it| it.as_u64()).unwrap_or_default();
        let first = usize::try_from(first).unwrap_or_default();
        let page: Vec<Value> = items.iter().skip(after).take(first).map(|it| (*it).clone()).collect();
        let end = after + page.len();
        let mut told = Map::new();
        for it in fields {
            let Selection::Field { alias, name, fields, .. } = it else { continue };
            let value = match name.as_str() {
                "nodes" => page.iter().map(|it| self.object(fields, it)).collect(),
                "totalCount" => json!(items.len()),
                _ => json!({ "hasNextPage": end < items.len(), "endCursor": end.to_string() }),
            };
            told.insert(alias.clone(), value);
        }
        told.into()
    }
}
