//! Help, made from the grammar.

use std::sync::LazyLock;

use cards::{Card, Page, Text};
use clap::{Arg, CommandFactory};
use console::{Asks, UserError};

use crate::Command;

/// Every command with what it is for.
pub fn all() -> Card {
    let card = Card::new("What you can ask").page(Page::at(["help"]));
    let card =
        card.text("Ask here, in a terminal with `pinconsole ask`, or read the same on the web.".replace('`', ""));
    let card = commands().iter().fold(card, |card, it| card.item(Text::code(usage(it)), Text::plain(about(it))));
    let card = card.text("Answers are shown to you alone until you share them.");
    commands().iter().fold(card, |card, it| match it.get_name() {
        "help" => card,
        name => card.read(name.to_string(), Asks::help_on(name)),
    })
}

/// How one command is used.
pub fn on(name: &str) -> Result<Card, UserError> {
    let Some(command) = commands().into_iter().find(|it| it.get_name() == name) else {
        let advice = Text::plain("No command is called ").then(Text::code(name.chars().take(100).collect::<String>()));
        return Err(UserError::new(
            "There is no such command",
            advice.then(". Type ").then(Text::code("help")).then(" for all."),
        ));
    };
    let card = Card::new(name).text(about(&command)).fact("Usage", Text::code(usage(&command)));
    let card = command.get_arguments().fold(card, |card, it| card.fact(label(it), describe(it)));
    let card = verbs(&command).fold(card, |card, verb| {
        let card = card.heading(about(verb)).fact("Usage", Text::code(format!("{name} {}", usage(verb))));
        verb.get_arguments().fold(card, |card, it| card.fact(label(it), describe(it)))
    });
    let card = card.heading("Examples");
    let card = Command::examples(name).iter().fold(card, |card, it| card.item(Text::code(*it), Text::default()));
    Ok(card.page(Page::at(["help", name])).read("All commands", Asks::help()))
}

/// Whether a command has this name.
pub fn is_command(word: &str) -> bool {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| commands().iter().map(|it| it.get_name().to_string()).collect());
    NAMES.iter().any(|it| it == word)
}

/// Every command of the grammar that people type.
pub fn commands() -> Vec<clap::Command> {
    Command::command().get_subcommands().filter(|it| !it.is_hide_set()).cloned().collect()
}

/// How a command is typed, such as `team <words>`.
pub fn usage(command: &clap::Command) -> String {
    let arguments = command.get_positionals().map(|it| match it.is_required_set() {
        true => format!(" <{}>", it.get_id()),
        false => format!(" [{}]", it.get_id()),
    });
    format!("{}{}", command.get_name(), arguments.collect::<String>())
}

/// The commands within a command, such as `list` of `incident`.
pub fn verbs(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command.get_subcommands().filter(|it| !it.is_hide_set())
}

/// What a command is for, in a sentence.
pub fn about(command: &clap::Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn label(arg: &Arg) -> String {
    arg.get_long().map_or_else(|| arg.get_id().to_string(), |it| format!("--{it}"))
}

fn describe(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let values: Vec<String> = arg.get_possible_values().iter().map(|it| it.get_name().to_string()).collect();
    let choice = arg.get_long().is_none() && !values.is_empty();
    if choice { format!("{help}: {}", values.join(", ")) } else { help }
}
