//! Which person of the directory is behind an account of a chat platform.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::generation::Generation;
use domain::person::Person;
use domain::token::{Digested, Holder, Token};

use crate::{Ctx, Failure, UserError};

/// How long a token's holder is kept: its use is noted to the hour, by reading it again.
const UNNOTED: Duration = Duration::from_secs(10 * 60);

/// The state on which it depends who somebody is: of people, and of accounts and tokens.
pub(crate) type Rights = (i64, i64);

pub(crate) fn rights(generation: Generation) -> Rights {
    (generation.org, generation.auth)
}

/// A token that is held, as it was read.
#[derive(Clone)]
pub(crate) struct Holding {
    person: Arc<Person>,
    expires_at: DateTime<Utc>,
    read: Instant,
}

/// An account that was proven to be somebody's.
#[derive(Clone)]
pub(crate) struct Proven {
    pub(crate) person: Arc<Person>,
    pub(crate) proven_at: DateTime<Utc>,
}

/// Why somebody is nobody to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stranger {
    /// A guest of the workspace.
    Guest,
    /// A member of another workspace or organisation.
    Foreign,
    /// A bot or a deactivated account.
    Inactive,
    /// The platform tells no e-mail address, or has not verified it.
    NoEmail,
    /// Nobody in the directory has the address.
    Unmatched(String),
    /// Several people in the directory have the address.
    Ambiguous(String),
    /// An administrator said that another account is the person's.
    Corrected,
    /// The directory has disabled the person.
    Disabled,
}

/// Bytes of a person and what proves them, roughly.
pub(crate) const PERSON: usize = 600;

/// The person whose token this is; nobody's when it expired or they were disabled or left.
pub async fn of_token(ctx: &Ctx, generation: Generation, token: &str) -> Result<Option<Arc<Person>>, Failure> {
    let digest = Token::digest(token);
    let kept = ctx.shared.holders.find(&digest, &rights(generation));
    if let Some(Holding { person, expires_at, read }) = kept
        && read.elapsed() < UNNOTED
    {
        return Ok((Utc::now() < expires_at).then_some(person));
    }
    let read = |digests: Vec<Digested>| async move { Token::holders(&ctx.db, &digests).await };
    let Some(Holder { person, expires_at }) = ctx.shared.holders_read.ask(digest, read).await? else { return Ok(None) };
    let person = Arc::new(person);
    let holding = Holding { person: person.clone(), expires_at, read: Instant::now() };
    ctx.shared.holders.keep(digest, rights(generation), holding, PERSON);
    Ok(Some(person))
}

/// The person, unless the directory has disabled them.
pub(crate) fn enabled(person: Arc<Person>) -> Result<Arc<Person>, Failure> {
    if person.disabled { Err(refusal(&Stranger::Disabled).into()) } else { Ok(person) }
}

/// What a stranger is told: only how to be linked.
pub fn refusal(stranger: &Stranger) -> UserError {
    let advice = match stranger {
        Stranger::Guest => Text::plain(
            "PinConsole answers members of the company. Guests of this workspace are not linked; \
             ask the person who invited you.",
        ),
        Stranger::Foreign => Text::plain(
            "PinConsole answers members of its own workspace. Ask from there, with the account of your company.",
        ),
        Stranger::Inactive => Text::plain("This account is a bot or was deactivated. Ask from your own account."),
        Stranger::NoEmail => Text::plain(
            "Slack shows no verified e-mail address for you. Confirm the address in your Slack profile, then ask again.",
        ),
        Stranger::Unmatched(email) => Text::plain("Nobody in the company directory has the address ")
            .then(Text::code(email))
            .then(". Use your company address in your Slack profile, or have the directory corrected, then ask again."),
        Stranger::Ambiguous(email) => Text::plain("More than one person in the company directory has the address ")
            .then(Text::code(email))
            .then(". Have the directory corrected; after its next sync, ask again."),
        Stranger::Corrected => Text::plain(
            "An administrator has linked you to another account here. Ask from that one, or have it corrected.",
        ),
        Stranger::Disabled => {
            Text::plain("The company directory has disabled you. If that is wrong, have it corrected there.")
        }
    };
    UserError::from(Card::new("You are not linked yet").tone(Tone::Warn).text(advice).results(0))
}
