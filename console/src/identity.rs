//! Which person of the directory is behind an account of a chat platform.

use std::time::{Duration, Instant};

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::account::{Account, Platform, Proof};
use domain::generation::Generation;
use domain::person::Person;
use domain::token::{Digested, Token};
use integrations::slack::{self, SlackError};

use crate::{Ctx, Failure, UserError};

/// How long a proof is taken for granted before the platform is asked again.
const TRUSTED: Duration = Duration::from_secs(60 * 60);

/// How long a proof holds when the platform cannot be asked: a responder must not be stopped by that.
const TOLERATED: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a token's holder is kept: its use is noted to the hour, by reading it again.
const UNNOTED: Duration = Duration::from_secs(10 * 60);

/// The state on which it depends who somebody is: of people, and of accounts and tokens.
pub(crate) type Rights = (i64, i64);

fn rights(generation: Generation) -> Rights {
    (generation.org, generation.auth)
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
    /// The directory has disabled the person.
    Disabled,
}

/// The person behind a Slack account, proven by the e-mail address that Slack verified and the directory has too.
pub async fn of_slack(
    (ctx, generation): (&Ctx, Generation),
    slack: &slack::Client,
    (team, user): (&str, &str),
) -> Result<Person, Failure> {
    let key = (Platform::Slack, team, user);
    let known = known(ctx, generation, key).await?;
    if let Some((person, age)) = &known
        && *age < TRUSTED
    {
        return enabled(person.clone());
    }
    let found = match slack.profile(user, team).await {
        Ok(profile) => matched(ctx, &profile).await?,
        // That Slack does not know or show the user is an answer, too.
        Err(SlackError::Refused(code)) if matches!(code.as_str(), "user_not_found" | "user_not_visible") => {
            Err(Stranger::Foreign)
        }
        Err(error) => match known {
            Some((person, age)) if age < TOLERATED => {
                tracing::warn!(%error, user, "Slack did not say who asks; the last proof still holds");
                return enabled(person);
            }
            _ => return Err(anyhow::Error::new(error).context("Slack did not say who asks").into()),
        },
    };
    match found {
        Ok((person, email)) => {
            Account::prove(&ctx.db, person.id, key, Proof::Email, Some(&email)).await?;
            enabled(person)
        }
        Err(stranger) => {
            Account::forget(&ctx.db, Platform::Slack, team, user).await?;
            Err(refusal(&stranger).into())
        }
    }
}

/// The person whose account this was proven to be, and how long ago; nobody when either side has changed since.
async fn known(
    ctx: &Ctx,
    generation: Generation,
    (platform, team, user): (Platform, &str, &str),
) -> Result<Option<(Person, Duration)>, Failure> {
    let key = (team.to_string(), user.to_string());
    let kept = ctx.shared.accounts.find(&key, &rights(generation));
    // An older proof may have been renewed, here or on another replica.
    if let Some((account, person)) = kept.filter(|it| age(it.0.proven_at) < TRUSTED) {
        return Ok(Some((person, age(account.proven_at))));
    }
    let read = |keys: Vec<(String, String)>| async move { Account::with_people(&ctx.db, platform, &keys).await };
    let Some(found) = ctx.shared.accounts_read.ask(key.clone(), read).await? else { return Ok(None) };
    let (account, person) = &found;
    let same = match (&account.email, &person.email) {
        (Some(proven), Some(now)) => proven.eq_ignore_ascii_case(now),
        _ => false,
    };
    if !same {
        return Ok(None);
    }
    ctx.shared.accounts.keep(key, rights(generation), found.clone(), PERSON);
    Ok(Some((found.1, age(found.0.proven_at))))
}

/// Bytes of a person and what proves them, roughly.
const PERSON: usize = 600;

/// The person whose token this is; nobody's when it expired or they were disabled or left.
pub async fn of_token(ctx: &Ctx, generation: Generation, token: &str) -> Result<Option<Person>, Failure> {
    let digest = Token::digest(token);
    let kept = ctx.shared.holders.find(&digest, &rights(generation));
    if let Some((holder, read)) = kept
        && read.elapsed() < UNNOTED
    {
        return Ok((Utc::now() < holder.expires_at).then_some(holder.person));
    }
    let read = |digests: Vec<Digested>| async move { Token::holders(&ctx.db, &digests).await };
    let Some(holder) = ctx.shared.holders_read.ask(digest, read).await? else { return Ok(None) };
    ctx.shared.holders.keep(digest, rights(generation), (holder.clone(), Instant::now()), PERSON);
    Ok(Some(holder.person))
}

fn age(since: DateTime<Utc>) -> Duration {
    (Utc::now() - since).to_std().unwrap_or_default()
}

fn enabled(person: Person) -> Result<Person, Failure> {
    if person.disabled { Err(refusal(&Stranger::Disabled).into()) } else { Ok(person) }
}

/// The person that a profile proves, with the address that proves it.
async fn matched(ctx: &Ctx, profile: &slack::Profile) -> Result<Result<(Person, String), Stranger>, Failure> {
    if profile.bot || profile.deleted {
        return Ok(Err(Stranger::Inactive));
    }
    if profile.stranger {
        return Ok(Err(Stranger::Foreign));
    }
    if profile.guest {
        return Ok(Err(Stranger::Guest));
    }
    let Some(email) = profile.email.clone().filter(|_| profile.email_confirmed) else {
        return Ok(Err(Stranger::NoEmail));
    };
    let mut people = Person::with_email(&ctx.db, &email).await?;
    Ok(match (people.pop(), people.is_empty()) {
        (Some(person), true) => Ok((person, email)),
        (Some(_), false) => Err(Stranger::Ambiguous(email)),
        (None, _) => Err(Stranger::Unmatched(email)),
    })
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
        Stranger::Disabled => {
            Text::plain("The company directory has disabled you. If that is wrong, have it corrected there.")
        }
    };
    UserError::from(Card::new("You are not linked yet").tone(Tone::Warn).text(advice).results(0))
}
