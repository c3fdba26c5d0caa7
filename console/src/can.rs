//! Whether somebody may do something, by which rule, and who can.

use cards::{Card, Text, Tone};
use domain::outbox_list::Letter;
use domain::person::Person;

use crate::access::{self, Action, Decision, Kind, Resource};
use crate::{Asks, Ctx, Failure, UserError, act};

/// Whether a person may do something.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Whose leave it is; nobody where it is the asker's own.
    other: Option<Person>,
    action: Action,
    resource: Resource,
    decision: Decision,
}

/// The person with this name, whose leave an administrator asks for.
pub async fn other(ctx: &Ctx, name: &str) -> Result<Person, Failure> {
    let name = name.trim_start_matches('@').trim_start_matches("user:");
    Person::named(&ctx.db, name).await?.ok_or_else(|| nobody(name).into())
}

/// What an action would act upon, from the words that were typed after it; none mean any.
pub async fn resource(ctx: &Ctx, asker: &Person, action: Action, words: &str) -> Result<Resource, Failure> {
    let kind = action.kind();
    let words = words.strip_prefix(kind.as_str()).and_then(|it| it.strip_prefix(':')).unwrap_or(words).trim();
    let id: String = words.chars().take(MAX_ID).collect();
    match kind {
        // What everybody does with what is theirs.
        Kind::Account | Kind::Preferences if id.is_empty() && action != Action::CorrectAccount => Ok(action.of(asker)),
        _ if id.is_empty() => Ok(action.resource(None)),
        Kind::Message => {
            let known = match id.parse() {
                Ok(number) => Letter::with_id(&ctx.db, number).await?,
                Err(_) => None,
            };
            let letter = known.ok_or_else(|| no_message(&id))?;
            Ok(action.resource(Some(&letter.listed.id.to_string())))
        }
        Kind::Delivery => Ok(action.resource(Some(&id))),
        Kind::Incident => match id.trim_start_matches('#').parse() {
            Ok(number) => {
                let known = act::incident::resource(&mut *ctx.db.acquire().await?, number).await?;
                Ok(Resource { kind, ..known })
            }
            Err(_) => Err(UserError::new("That is no incident", "Give its number, such as 4711.").into()),
        },
        Kind::PullRequest => act::pull::resource(ctx, &id).await,
        Kind::Service => act::page::resource(ctx, &id).await,
        Kind::Account | Kind::Preferences => {
            let other = other(ctx, &id).await?;
            Ok(action.of(&other))
        }
        Kind::Subscription => act::subscription::resource(ctx, action, &id).await,
        Kind::Schedule => act::turn::resource(ctx, asker.id, &id).await,
        // There is one of each.
        Kind::Sync | Kind::Audit => {
            let only = action.resource(None);
            match only.id == id.to_lowercase() {
                true => Ok(only),
                false => Err(no_such(action, &only, &id).into()),
            }
        }
    }
}

const MAX_ID: usize = 100;

/// Whether the person, by default the asker, may do this.
pub async fn load(
    ctx: &Ctx,
    (asker, other): (&Person, Option<Person>),
    action: Action,
    resource: Resource,
) -> Result<View, Failure> {
    let mut decision = access::decide(ctx, other.as_ref().unwrap_or(asker), action, &resource).await?;
    if decision.allowed {
        decision.who_can = access::who_can(ctx, action, &resource).await?;
    }
    Ok(View { other, action, resource, decision })
}

/// The card of whether somebody may.
pub fn card(View { other, action, resource, decision }: &View) -> Card {
    let who = other.as_ref().map_or("you", |it| it.display_name.as_str());
    let (title, tone) = match decision.allowed {
        true => (format!("Yes, {who} can {}", action.words()), Tone::Good),
        false => (format!("No, {who} cannot {}", action.words()), Tone::Warn),
    };
    let card = Card::new(title).tone(tone).results(1);
    let card = card.fact("Action", Text::code(action.as_str())).fact("On", Text::code(resource.reference()));
    let card = decision.explained(card);
    card.read("Other actions", Asks::help_on("can"))
}

fn nobody(name: &str) -> UserError {
    let name = Text::code(name.chars().take(MAX_ID).collect::<String>());
    let advice = Text::plain("No person is called ").then(name).then(". Look for one with ");
    UserError::new("Nobody by that name", advice.then(Text::code("person <words>")).then("."))
}

fn no_message(id: &str) -> UserError {
    let advice =
        Text::plain("There is no message ").then(Text::code(id)).then(". Those that nobody got are listed by ");
    UserError::new("There is no such message", advice.then(Text::code("outbox")).then("."))
}

fn no_such(action: Action, only: &Resource, id: &str) -> UserError {
    let advice = Text::plain("There is only ").then(Text::code(&only.id)).then(", not ").then(Text::code(id));
    let example = Text::code(format!("can i {} {}", action.as_str(), only.id));
    UserError::new("There is no such thing to act upon", advice.then(". For example: ").then(example))
}
