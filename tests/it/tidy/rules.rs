//! What only one crate may contain.

use super::none;
use super::rust::{Parsed, RUST, Rust, parse, shipped};

/// What begins a statement of SQL, and what must follow in it.
const STATEMENTS: [(&str, &str); 9] = [
    ("select ", " from "),
    ("insert into ", ""),
    ("update ", " set "),
    ("delete from ", ""),
    ("with ", " as ("),
    ("create ", " table "),
    ("alter table ", ""),
    ("truncate ", ""),
    ("listen ", ";"),
];

/// What runs a query.
const QUERIES: [&str; 6] = ["query!(", "query_as!(", "query_scalar!(", "sqlx::query", "raw_sql(", "QueryBuilder"];

/// Shapes of messages that only one of the platforms knows.
const SHAPES: [&str; 9] = [
    "\"type\": \"section\"",
    "\"type\": \"header\"",
    "\"type\": \"context\"",
    "\"type\": \"actions\"",
    "\"type\": \"rich_text",
    "\"type\": \"mrkdwn\"",
    "\"type\": \"button\"",
    "\"embeds\":",
    "allowed_mentions",
];

/// What begins a control sequence of a terminal.
const ESCAPES: [&str; 5] = ["\\x1b", "\\x1B", "\\u{1b}", "\\u{1B}", "\u{1b}"];

/// What reads the environment.
const READERS: [&str; 5] = ["env::var(", "env::var_os(", "env::vars", "dotenv", "env = \"\""];

/// What says that something is not done.
const UNFINISHED: [&str; 4] = ["todo!(", "unimplemented!(", "dbg!(", "#[ignore"];

#[test]
fn only_domain_contains_sql() {
    none(outside(&["domain/"], sql));
    let found = |source| sql(&parse(source)).len();
    assert_eq!(found("sqlx::query(\"x\"); query_scalar!(\"x\");"), 2);
    assert_eq!(found("f(\"\\n  Select name\\n  from org.person\"); f(r\"insert into x values (1)\");"), 2);
    assert_eq!(found("say(\"with a query, an update or a table\"); db.begin()"), 0);
}

#[test]
fn only_cards_knows_the_messages_of_platforms() {
    none(outside(&["cards/"], shapes));
    let found = |source| shapes(&parse(source)).len();
    assert_eq!(found("json!({ \"type\": \"section\", \"text\": text })"), 1);
    assert_eq!(found("json!({\"type\":\"header\"}); json!({ \"embeds\": [] })"), 2);
    assert_eq!(found("f(r#\"{\"type\": \"actions\"}\"#); f(\"\\x1b[1m\"); f('\\u{1b}')"), 3);
    assert_eq!(found("json!({ \"type\": \"object\", \"text\": \"a header\" })"), 0);
}

#[test]
fn only_the_program_reads_the_environment() {
    // The managed Postgres stands alone: it finds the server's programs by PATH, like any shell would.
    none(outside(&["pinconsole/", "postgres/"], |it| reads(&it.code)));
    assert_eq!(reads("let a = std::env::var(\"\"); #[arg(long, env = \"\")] x").len(), 2);
    assert_eq!(reads("env!(\"\"); env::temp_dir(); environment::read()").len(), 0);
}

#[test]
fn nothing_is_unfinished() {
    none(RUST.iter().flat_map(|it| named(it.path, unfinished(&it.whole.code))).collect());
    assert_eq!(unfinished("fn a() { todo!() }\n#[ignore = \"\"] fn b() { dbg!(c) }").len(), 3);
    assert_eq!(unfinished("let todo = a.ignore();").len(), 0);
}

fn outside(at_home: &[&str], rule: impl Fn(&Parsed) -> Vec<String>) -> Vec<String> {
    let others = shipped().filter(|it| !at_home.iter().any(|home| it.path.starts_with(home)));
    let rule = |it: &'static Rust| named(it.path, rule(&it.shipped));
    others.flat_map(rule).collect()
}

fn named(path: &str, found: Vec<String>) -> Vec<String> {
    found.into_iter().map(|it| format!("{path}: {it}")).collect()
}

fn sql(source: &Parsed) -> Vec<String> {
    let statements = source.literals.iter().filter(|(_, it)| {
        let words = it.replace("\\n", " ").to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ") + " ";
        STATEMENTS.iter().any(|(begin, then)| words.starts_with(begin) && words.contains(then))
    });
    let queries = QUERIES.iter().filter(|it| source.code.contains(**it)).map(|it| it.to_string());
    queries.chain(statements.map(|(line, it)| format!("line {line}: {it}"))).collect()
}

fn shapes(source: &Parsed) -> Vec<String> {
    let written = source.written.replace("\\\"", "\"").replace("\":\"", "\": \"").replace("\":[", "\": [");
    SHAPES.iter().chain(&ESCAPES).filter(|it| written.contains(**it)).map(|it| it.to_string()).collect()
}

fn reads(code: &str) -> Vec<String> {
    READERS.iter().filter(|it| code.contains(**it)).map(|it| it.to_string()).collect()
}

fn unfinished(code: &str) -> Vec<String> {
    UNFINISHED.iter().filter(|it| code.contains(**it)).map(|it| it.to_string()).collect()
}
