//! `docs/commands.md` is the grammar, written out.

use std::fmt::Write;
use std::fs;

use bot::{Command, help};
use clap::builder::StyledStr;

use super::repository::{read, root};

const PATH: &str = "docs/commands.md";

/// Writes the file where `UPDATE_DOCS` is set, else compares.
#[test]
fn the_commands_are_documented() {
    let written = document(&help::commands());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(PATH), &written).expect("the file can be written");
    }
    assert!(read(PATH) == written, "{PATH} is not what the grammar says: run `UPDATE_DOCS=1 make test` and commit it");
}

#[test]
fn a_change_of_the_grammar_changes_the_document() {
    let commands = help::commands();
    let other: Vec<clap::Command> = commands.iter().cloned().map(|it| it.about("Something else")).collect();
    assert_ne!(document(&commands), document(&other));
    assert_ne!(document(&commands), document(&commands[1..]));
}

#[test]
fn every_command_has_examples_that_parse() {
    let examples = help::commands().into_iter().map(|it| Command::examples(it.get_name()));
    let wrong = examples.flat_map(|them| match them {
        [] => vec!["a command has no examples".to_string()],
        them => them.iter().filter(|it| Command::parse(it).is_err()).map(|it| it.to_string()).collect(),
    });
    super::none(wrong.collect());
}

fn document(commands: &[clap::Command]) -> String {
    let mut text = String::from(
        "# Commands\n\n\
         In Slack each begins with `/pin`, in a terminal with `pinconsole ask`. Double quotes hold words together.\n\n\
         | command | what for |\n| --- | --- |\n",
    );
    for command in commands {
        let link = command.get_name();
        let _ = writeln!(text, "| [`{}`](#{link}) | {} |", help::usage(command), help::about(command));
    }
    commands.iter().for_each(|it| describe(it, &mut text));
    text
}

fn describe(command: &clap::Command, into: &mut String) {
    let _ = write!(into, "\n## {}\n\n{}.\n\n", command.get_name(), help::about(command));
    let arguments: Vec<String> = command.get_arguments().map(argument).collect();
    if !arguments.is_empty() {
        let _ = write!(into, "| argument | meaning |\n| --- | --- |\n{}\n", arguments.concat());
    }
    for verb in help::verbs(command) {
        let _ = write!(into, "\n### {} {}\n\n{}.\n\n", command.get_name(), help::usage(verb), help::about(verb));
        let arguments: Vec<String> = verb.get_arguments().map(argument).collect();
        if !arguments.is_empty() {
            let _ = write!(into, "| argument | meaning |\n| --- | --- |\n{}", arguments.concat());
        }
    }
    if help::verbs(command).next().is_some() {
        let _ = writeln!(into, "\n### {} examples\n", command.get_name());
    }
    for example in Command::examples(command.get_name()) {
        let _ = writeln!(into, "    /pin {example}");
    }
}

fn argument(it: &clap::Arg) -> String {
    let values = it.get_possible_values();
    let values: Vec<String> = values.iter().map(|it| format!("`{}`", it.get_name())).collect();
    let takes_one_of = !values.is_empty() && it.get_action().takes_values();
    let name = match it.get_long() {
        Some(long) if it.get_action().takes_values() => format!("--{long} <{}>", it.get_id()),
        Some(long) => format!("--{long}"),
        None if it.is_required_set() => format!("<{}>", it.get_id()),
        None => format!("[{}]", it.get_id()),
    };
    let meaning = it.get_help().map(StyledStr::to_string).unwrap_or_default();
    let values = if takes_one_of { format!(": {}", values.join(", ")) } else { String::new() };
    format!("| `{name}` | {meaning}{values} |\n")
}
