use std::cell::RefCell;

use cards::{Card, Text, Tone};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser};
use console::act::Asker;
use console::{Asks, Ctx, Reply, UserError};

use crate::Request;
use crate::commands::{
    AccountCommand, AuditQuery, Can, Catalog, Code, Help, Inbox, InboxVerb, IncidentQuery, Link, Notifications, Oncall,
    Outbox, OverrideCommand, Owns, PageCommand, PersonQuery, Pr, Press, Prs, Subscribe, Subscriptions, Sync, Team,
    Unlink, Unsubscribe, Whoami, Why,
};
use crate::split::split;

/// Everything that can be asked. Grammar, help, Slack's manifest and `docs/commands.md` all come from here.
#[derive(Parser, Debug)]
#[command(name = "pin", no_binary_name = true, disable_help_flag = true, disable_help_subcommand = true)]
pub enum Command {
    /// Look up a service, API, database or team in the catalog
    Catalog(Catalog),
    /// See what a person or a team owns
    Owns(Owns),
    /// Find a person
    Person(PersonQuery),
    /// See who is in a team
    Team(Team),
    /// See who is on call, now or at another time
    Oncall(Oncall),
    /// See what is broken and what happened, and act on it
    Incident(IncidentQuery),
    /// See which pull requests wait, for whom and since when
    Prs(Prs),
    /// See one pull request: how it stands, and who must do what next
    Pr(Pr),
    /// Have this channel told of the pull requests of a repository, team or service
    Subscribe(Subscribe),
    /// Have this channel told of them no longer
    Unsubscribe(Unsubscribe),
    /// See of which pull requests a channel is told
    Subscriptions(Subscriptions),
    /// See who PinConsole thinks you are, and how it knows
    Whoami(Whoami),
    /// Call whoever is on call for a service or a team
    Page(PageCommand),
    /// Let somebody take over a turn on call
    Override(OverrideCommand),
    /// Choose what you are told by direct message
    Notifications(Notifications),
    /// See why you got a message, and what you can change
    Why(Why),
    /// See whether you may do something, by which rule, and who can
    Can(Can),
    /// Read what was done and by whom
    Audit(AuditQuery),
    /// See how the directory was last read, and accept what its brake stopped
    Sync(Sync),
    /// See which messages nobody got, and send them again
    Outbox(Outbox),
    /// See which events could not be applied, and apply them again
    Inbox(Inbox),
    /// Say which account of another platform is whose
    Account(AccountCommand),
    /// Do what you were asked to confirm
    Confirm(Code),
    /// Take back what you were asked to confirm
    Cancel(Code),
    /// Press a button that acts
    #[command(hide = true)]
    Press(Press),
    /// Link another place to you
    Link(Link),
    /// Take back that a place is linked to you
    Unlink(Unlink),
    /// See what can be asked
    Help(Help),
}

thread_local! {
    static GRAMMAR: RefCell<clap::Command> = RefCell::new(Command::command());
}

/// Longer questions are nobody's.
const MAX_CHARS: usize = 1_000;

impl Command {
    /// The command that a text means; nothing typed means help.
    pub fn parse(text: &str) -> Result<Self, UserError> {
        if text.chars().count() > MAX_CHARS {
            return Err(UserError::new("That is too long", format!("A command has at most {MAX_CHARS} characters.")));
        }
        let mut words = split(text);
        match words.first_mut() {
            // Keyboards of telephones begin with a capital.
            Some(first) => *first = first.to_lowercase().trim_start_matches('/').to_string(),
            None => words.push("help".into()),
        }
        // The grammar is made once a thread: making it takes longer than many an answer.
        let parsed = GRAMMAR.with_borrow_mut(|it| {
            let mut matches = it.try_get_matches_from_mut(&words)?;
            Self::from_arg_matches_mut(&mut matches)
        });
        parsed.map_err(|error| mistake(&words, &error))
    }

    /// The word of the command.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Catalog(_) => "catalog",
            Self::Owns(_) => "owns",
            Self::Person(_) => "person",
            Self::Team(_) => "team",
            Self::Oncall(_) => "oncall",
            Self::Incident(_) => "incident",
            Self::Prs(_) => "prs",
            Self::Pr(_) => "pr",
            Self::Subscribe(_) => "subscribe",
            Self::Unsubscribe(_) => "unsubscribe",
            Self::Subscriptions(_) => "subscriptions",
            Self::Whoami(_) => "whoami",
            Self::Page(_) => "page",
            Self::Override(_) => "override",
            Self::Notifications(_) => "notifications",
            Self::Why(_) => "why",
            Self::Can(_) => "can",
            Self::Audit(_) => "audit",
            Self::Sync(_) => "sync",
            Self::Outbox(_) => "outbox",
            Self::Inbox(_) => "inbox",
            Self::Account(_) => "account",
            Self::Confirm(_) => "confirm",
            Self::Cancel(_) => "cancel",
            Self::Press(_) => "press",
            Self::Link(_) => "link",
            Self::Unlink(_) => "unlink",
            Self::Help(_) => "help",
        }
    }

    /// Whether it changes something, so that it must be recorded before it is acknowledged and run only once.
    pub fn acts(&self) -> bool {
        match self {
            Self::Link(_)
            | Self::Unlink(_)
            | Self::Account(_)
            | Self::Confirm(_)
            | Self::Cancel(_)
            | Self::Press(_) => true,
            Self::Page(_) | Self::Override(_) | Self::Subscribe(_) | Self::Unsubscribe(_) => true,
            Self::Incident(it) => it.acts(),
            Self::Sync(it) => it.what.is_some(),
            Self::Notifications(it) => it.acts(),
            Self::Outbox(it) => it.what.is_some(),
            Self::Inbox(it) => it.what.is_some_and(InboxVerb::acts),
            Self::Catalog(_) | Self::Owns(_) | Self::Person(_) | Self::Team(_) | Self::Whoami(_) | Self::Help(_) => {
                false
            }
            Self::Can(_) | Self::Audit(_) | Self::Oncall(_) | Self::Why(_) | Self::Prs(_) => false,
            Self::Pr(it) => it.acts(),
            Self::Subscriptions(_) => false,
        }
    }

    /// Whether the answer may be shown to a whole channel.
    pub fn shareable(&self) -> bool {
        match self {
            Self::Catalog(_) | Self::Owns(_) | Self::Person(_) | Self::Team(_) | Self::Help(_) => true,
            Self::Oncall(_) | Self::Prs(_) => true,
            Self::Pr(it) => !it.acts(),
            Self::Incident(it) => !it.acts(),
            Self::Whoami(_) | Self::Link(_) | Self::Can(_) | Self::Audit(_) | Self::Sync(_) | Self::Outbox(_) => false,
            Self::Inbox(_) | Self::Account(_) | Self::Confirm(_) | Self::Cancel(_) | Self::Press(_) => false,
            Self::Page(_) | Self::Override(_) => false,
            Self::Subscribe(_) | Self::Unsubscribe(_) | Self::Subscriptions(_) => false,
            Self::Notifications(_) | Self::Why(_) | Self::Unlink(_) => false,
        }
    }

    /// Whether the answer is the same to whoever asks, and made of nothing whose changes [`console::State`] would miss, so
    /// that it may be told again.
    pub fn lasts(&self) -> bool {
        match self {
            Self::Catalog(_) | Self::Owns(_) | Self::Person(_) | Self::Team(_) | Self::Help(_) => true,
            // They tell of the moment.
            Self::Oncall(_) | Self::Incident(_) | Self::Prs(_) | Self::Pr(_) => false,
            Self::Whoami(_) | Self::Can(_) | Self::Audit(_) | Self::Link(_) | Self::Sync(_) | Self::Outbox(_) => false,
            Self::Inbox(_) | Self::Account(_) | Self::Confirm(_) | Self::Cancel(_) | Self::Press(_) => false,
            Self::Page(_) | Self::Override(_) => false,
            Self::Subscribe(_) | Self::Unsubscribe(_) | Self::Subscriptions(_) => false,
            Self::Notifications(_) | Self::Why(_) | Self::Unlink(_) => false,
        }
    }

    /// Whether the answer takes the place of the one before, as another page of it does, or what came of a question.
    pub fn replaces(&self) -> bool {
        match self {
            Self::Catalog(it) => it.page.is_some(),
            Self::Owns(it) => it.page.is_some(),
            Self::Person(it) => it.page.is_some(),
            Self::Team(it) => it.page.is_some(),
            Self::Audit(it) => it.page.is_some(),
            Self::Oncall(it) => it.turns(),
            Self::Incident(it) => it.turns(),
            Self::Prs(it) => it.page.is_some(),
            Self::Pr(it) => it.page.is_some(),
            Self::Notifications(it) => it.acts(),
            Self::Why(_) | Self::Unlink(_) => false,
            // What was asked is answered, so that nobody presses it again.
            Self::Confirm(_) | Self::Cancel(_) => true,
            Self::Whoami(_) | Self::Link(_) | Self::Can(_) | Self::Help(_) => false,
            Self::Sync(_) | Self::Outbox(_) | Self::Inbox(_) | Self::Account(_) | Self::Press(_) => false,
            Self::Page(_) | Self::Override(_) => false,
            Self::Subscribe(_) | Self::Unsubscribe(_) | Self::Subscriptions(_) => false,
        }
    }

    /// What to type to see it at work.
    pub fn examples(name: &str) -> &'static [&'static str] {
        match name {
            "catalog" => &["catalog payments", "catalog component:default/payments-api", "catalog paymnets ledger"],
            "owns" => &["owns payments", "owns ada", "owns group:payments"],
            "person" => &["person ada", "person lindqvist", "person ada@pinconsole.example"],
            "team" => &["team payments", "team data platform"],
            "oncall" => &[
                "oncall",
                "oncall payments",
                "oncall component:default/payments-api --at 2026-08-20 03:00",
                "oncall acme/payments",
                "oncall payments-api/src/main.rs",
                "oncall ada --at tomorrow 09:00",
                "oncall schedule payments",
                "oncall gaps",
            ],
            "incident" => &[
                "incident",
                "incident list payments",
                "incident 4711",
                "incident log 4711",
                "incident ack 4711",
                "incident note 4711 rolled back",
                "incident reassign 4711 grace",
            ],
            "prs" => &["prs", "prs ada", "prs payments", "prs acme/payments", "prs payments --load"],
            "pr" => &[
                "pr acme/payments#7",
                "pr payments#7",
                "pr https://github.com/acme/payments/pull/7",
                "pr snooze payments#7",
            ],
            "subscribe" => &[
                "subscribe acme/payments",
                "subscribe group:payments merged closed --label urgent",
                "subscribe acme/payments --failures-only",
            ],
            "unsubscribe" => &["unsubscribe acme/payments"],
            "subscriptions" => &["subscriptions", "subscriptions C0123ABCD"],
            "whoami" => &["whoami"],
            "notifications" => &[
                "notifications",
                "notifications shifts off",
                "notifications team-reviews channel",
                "notifications --quiet 22:00-08:00 --zone Europe/Berlin",
                "notifications --mute payments-api",
            ],
            "why" => &["why"],
            "page" => &["page payments-api \"Checkout fails\"", "page payments Cards are refused"],
            "override" => {
                &["override \"Payments primary\" 18:00 22:00", "override Payments now +4h grace --reason dentist"]
            }
            "can" => &["can i accept-sync", "can i acknowledge-incident 4711", "can grace read-audit"],
            "audit" => &["audit", "audit --who ada --since 7d", "audit --action accept-sync --kind denial"],
            "sync" => &["sync", "sync accept"],
            "outbox" => &["outbox", "outbox retry 0190c3a5-7e1b-7c4d-9f20-3b6a1d2e4f58"],
            "inbox" => &["inbox", "inbox show 01EXAMPLE0000000000000001", "inbox retry 01EXAMPLE0000000000000001"],
            "account" => &["account correct ada", "account correct ada github octocat --reason \"moved\" --take"],
            "confirm" => &["confirm k3v9-7qzd"],
            "cancel" => &["cancel k3v9-7qzd"],
            "link" => &["link terminal", "link terminal --revoke", "link github"],
            "unlink" => &["unlink github", "unlink terminal"],
            "help" => &["help", "help catalog"],
            _ => &[],
        }
    }

    pub(crate) async fn run(self, ctx: &Ctx, request: &Request, asker: &domain::person::Person) -> Reply {
        let acting = Asker { person: asker, request: request.id };
        match self {
            Self::Catalog(it) => it.run(ctx).await,
            Self::Owns(it) => it.run(ctx).await,
            Self::Person(it) => it.run(ctx).await,
            Self::Team(it) => it.run(ctx).await,
            Self::Oncall(it) => it.run(ctx, asker).await,
            Self::Incident(it) => it.run(ctx, acting).await,
            Self::Prs(it) => it.run(ctx, asker).await,
            Self::Pr(it) => it.run(ctx, acting).await,
            Self::Subscribe(it) => it.run(ctx, acting, request.place.as_ref()).await,
            Self::Unsubscribe(it) => it.run(ctx, acting, request.place.as_ref()).await,
            Self::Subscriptions(it) => it.run(ctx, request.place.as_ref()).await,
            Self::Whoami(_) => Whoami::run(ctx, asker).await,
            Self::Page(it) => it.run(ctx, acting).await,
            Self::Override(it) => it.run(ctx, acting).await,
            Self::Notifications(it) => it.run(ctx, acting).await,
            Self::Why(it) => it.run(ctx, asker).await,
            Self::Can(it) => it.run(ctx, asker, request).await,
            Self::Audit(it) => it.run(ctx, asker, request).await,
            Self::Sync(it) => it.run(ctx, acting).await,
            Self::Outbox(it) => it.run(ctx, acting).await,
            Self::Inbox(it) => it.run(ctx, acting).await,
            Self::Account(it) => it.run(ctx, acting).await,
            Self::Confirm(it) => it.confirm(ctx, acting).await,
            Self::Cancel(it) => it.cancel(ctx, acting).await,
            Self::Press(it) => it.run(ctx, acting).await,
            Self::Link(it) => it.run(ctx, asker, request).await,
            Self::Unlink(it) => it.run(ctx, asker, request).await,
            Self::Help(it) => it.run(),
        }
    }
}

/// What is wrong with a command, and what to type instead.
fn mistake(words: &[String], error: &clap::Error) -> UserError {
    let first = words.first().map(String::as_str).unwrap_or_default();
    let card = match error.kind() {
        ErrorKind::InvalidSubcommand => unknown(first, error),
        ErrorKind::MissingRequiredArgument => {
            Card::new(format!("What should “{first}” look for?")).text(examples(first))
        }
        ErrorKind::InvalidValue => invalid(first, error),
        _ => Card::new("That cannot be understood").text(reason(error)).text(examples(first)),
    };
    let ask = if Command::examples(first).is_empty() { Asks::help() } else { Asks::help_on(first) };
    UserError::from(card.tone(Tone::Warn).read("Help", ask).results(0))
}

fn unknown(first: &str, error: &clap::Error) -> Card {
    let card = Card::new("There is no such command");
    let card = card.text(Text::plain("No command is called ").then(Text::code(short(first))).then("."));
    match suggestion(error) {
        Some(it) => card.text(Text::plain("Did you mean ").then(Text::code(it)).then("?")),
        None => {
            let search =
                Text::plain("To search the catalog, type ").then(Text::code(format!("catalog {}", short(first))));
            card.text(search.then("."))
        }
    }
}

/// A value that is none of those that there are.
fn invalid(first: &str, error: &clap::Error) -> Card {
    let card = Card::new("That cannot be understood");
    let card = match (nearest(error, ContextKind::InvalidValue), error.get(ContextKind::ValidValue)) {
        (Some(value), Some(ContextValue::Strings(known))) if !known.is_empty() => {
            let known = Text::joined(known.iter().map(Text::code), ", ");
            card.text(Text::code(short(&value)).then(" is not among ").then(known).then("."))
        }
        _ => card.text(reason(error)),
    };
    let card = match nearest(error, ContextKind::SuggestedValue) {
        Some(it) => card.text(Text::plain("Did you mean ").then(Text::code(it)).then("?")),
        None => card,
    };
    card.text(examples(first))
}

fn suggestion(error: &clap::Error) -> Option<String> {
    nearest(error, ContextKind::SuggestedSubcommand)
}

fn nearest(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(it) => Some(it.clone()),
        ContextValue::Strings(them) => them.first().cloned(),
        _ => None,
    }
}

/// The first line of what the parser says, without its prefix.
fn reason(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    short(line.trim_start_matches("error: "))
}

fn examples(command: &str) -> Text {
    let examples = Command::examples(command).iter().map(|it| Text::code(*it));
    Text::plain("For example: ").then(Text::joined(examples, ", "))
}

fn short(text: &str) -> String {
    text.chars().take(100).collect()
}
