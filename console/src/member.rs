//! Which person of the directory is behind a member of our Slack workspace.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::account::{Account, Platform, Proof};
use domain::correction;
use domain::generation::Generation;
use domain::home;
use domain::person::Person;
use domain::rhythm;
use domain::stranger::{Sighting, Standing};
use integrations::slack::{self, SlackError};

use crate::identity::{PERSON, Proven, Stranger, enabled, refusal, rights};
use crate::{Ctx, Failure};

/// How long a proof is taken for granted before Slack is asked again, unless Slack says first that the user changed.
const TRUSTED: Duration = Duration::from_secs(60 * 60);

/// How long a proof holds when Slack cannot be asked: a responder must not be stopped by that.
const TOLERATED: Duration = Duration::from_secs(24 * 60 * 60);

/// How long what Slack said of somebody whom we do not know is taken for granted: who is refused must not be able to spend
/// the calls that Slack allows us.
const REFUSED: Duration = Duration::from_secs(5 * 60);

/// An account by its platform, workspace and id.
type Key<'a> = (Platform, &'a str, &'a str);

/// Id of our own workspace. Slack is asked once for each token, not by each replica.
pub async fn home(ctx: &Ctx, slack: &slack::Client) -> Result<String, Failure> {
    let digest = slack.token_digest();
    if let Some(home) = home::known(&ctx.db, Platform::Slack, &digest).await? {
        return Ok(home);
    }
    let team = slack.team().await.map_err(anyhow::Error::new)?;
    home::keep(&ctx.db, Platform::Slack, &digest, &team.team_id).await?;
    Ok(team.team_id)
}

/// The person behind an account of our workspace: whom the directory names for it, or who has the address that Slack
/// verified.
pub async fn person(
    (ctx, generation): (&Ctx, Generation),
    slack: &slack::Client,
    (home, user): (&str, &str),
) -> Result<Arc<Person>, Failure> {
    let key = (Platform::Slack, home, user);
    let known = known(ctx, generation, key).await?;
    match &known {
        Some((person, age)) if *age < TRUSTED => return enabled(person.clone()),
        Some(_) => {}
        None => {
            if let Some(lately) = Sighting::since(&ctx.db, key, before(REFUSED)).await? {
                return settled(ctx, key, &lately)
                    .await?
                    .map_or_else(|it| Err(refusal(&it).into()), |it| enabled(it.into()));
            }
        }
    }
    let mut zone = None;
    let seen = match slack.profile(user, home).await {
        Ok(profile) => {
            zone = profile.zone.clone();
            sighting(profile)
        }
        // That Slack does not know or show the user is an answer, too.
        Err(SlackError::Refused(code)) if matches!(code.as_str(), "user_not_found" | "user_not_visible") => {
            Sighting { standing: Standing::Foreign, email: None }
        }
        Err(error) => match known {
            Some((person, age)) if age < TOLERATED => {
                tracing::warn!(%error, user, "Slack did not say who asks; the last proof still holds");
                return enabled(person);
            }
            _ => return Err(anyhow::Error::new(error).context("Slack did not say who asks").into()),
        },
    };
    match settled(ctx, key, &seen).await? {
        Ok(person) => {
            if let Some(zone) = zone {
                rhythm::seen(&ctx.db, person.id, Platform::Slack, &zone).await?;
            }
            enabled(person.into())
        }
        Err(stranger) => {
            Account::forget(&ctx.db, Platform::Slack, home, user).await?;
            seen.keep(&ctx.db, key, before(TRUSTED)).await?;
            Err(refusal(&stranger).into())
        }
    }
}

/// Takes what Slack tells unasked of a user: what no longer holds is dropped, and what is unclear is asked again at the next
/// use. Nothing of it is kept.
pub async fn changed(ctx: &Ctx, home: &str, profile: slack::Profile) -> Result<(), Failure> {
    let user = profile.user_id.clone();
    let key = (Platform::Slack, home, user.as_str());
    let seen = sighting(profile);
    match (seen.standing, &seen.email) {
        (Standing::Guest | Standing::Foreign | Standing::Inactive, _) => {
            Account::forget(&ctx.db, Platform::Slack, home, &user).await?;
        }
        (Standing::Member, Some(email)) => Account::readdressed(&ctx.db, key, email).await?,
        (Standing::Member, None) => Account::doubt(&ctx.db, key, before(TRUSTED)).await?,
    }
    Ok(Sighting::forget(&ctx.db, key).await?)
}

/// The person whose account this was proven to be, and how long ago; nobody when either side has changed since.
async fn known(ctx: &Ctx, generation: Generation, key: Key<'_>) -> Result<Option<(Arc<Person>, Duration)>, Failure> {
    let id = (key.1.to_string(), key.2.to_string());
    let kept = ctx.shared.accounts.find(&id, &rights(generation));
    // An older proof may have been renewed, here or on another replica.
    if let Some(Proven { person, proven_at }) = kept.filter(|it| age(it.proven_at) < TRUSTED) {
        return Ok(Some((person, age(proven_at))));
    }
    let Some((account, person)) = account(ctx, key).await? else { return Ok(None) };
    // What the directory no longer says is dropped with its reading; an address may change on both sides.
    let holds = [Proof::Directory, Proof::Administrator].iter().any(|it| account.proof == it.as_str())
        || match (&account.email, &person.email) {
            (Some(proven), Some(now)) => proven.eq_ignore_ascii_case(now),
            _ => false,
        };
    if !holds {
        return Ok(None);
    }
    let person = Arc::new(person);
    let proven = Proven { person: person.clone(), proven_at: account.proven_at };
    ctx.shared.accounts.keep(id, rights(generation), proven, PERSON);
    Ok(Some((person, age(account.proven_at))))
}

async fn account(ctx: &Ctx, key: Key<'_>) -> Result<Option<(Account, Person)>, Failure> {
    let read = |keys: Vec<(String, String)>| async move { Account::with_people(&ctx.db, key.0, &keys).await };
    Ok(ctx.shared.accounts_read.ask((key.1.into(), key.2.into()), read).await?)
}

/// Keeps whom this proves, if it proves anybody.
async fn settled(ctx: &Ctx, key: Key<'_>, seen: &Sighting) -> Result<Result<Person, Stranger>, Failure> {
    let (person, proof, email) = match matched(ctx, key, seen).await? {
        Ok(proven) => proven,
        Err(stranger) => return Ok(Err(stranger)),
    };
    Account::prove(&ctx.db, person.id, key, proof, email.as_deref()).await?;
    Ok(Ok(person))
}

/// The person that a sighting proves, and by what.
async fn matched(
    ctx: &Ctx,
    key: Key<'_>,
    seen: &Sighting,
) -> Result<Result<(Person, Proof, Option<String>), Stranger>, Failure> {
    match seen.standing {
        Standing::Inactive => return Ok(Err(Stranger::Inactive)),
        Standing::Foreign => return Ok(Err(Stranger::Foreign)),
        Standing::Guest => return Ok(Err(Stranger::Guest)),
        Standing::Member => {}
    }
    // What an administrator said goes before what anything else proves.
    if let Some((_, person)) = account(ctx, key).await?.filter(|it| it.0.proof == Proof::Administrator.as_str()) {
        return Ok(Ok((person, Proof::Administrator, None)));
    }
    let proven = match proven(ctx, key, seen).await? {
        Ok(proven) => proven,
        Err(stranger) => return Ok(Err(stranger)),
    };
    let contradicted = correction::contradicts(&ctx.db, proven.0.id, key).await?;
    Ok(if contradicted { Err(Stranger::Corrected) } else { Ok(proven) })
}

/// The person whom the directory or the address proves.
async fn proven(
    ctx: &Ctx,
    (platform, _, user): Key<'_>,
    seen: &Sighting,
) -> Result<Result<(Person, Proof, Option<String>), Stranger>, Failure> {
    // The directory tells no workspace with an id; Slack has just said that this one is of ours.
    if let Some((_, person)) = account(ctx, (platform, "", user)).await? {
        return Ok(Ok((person, Proof::Directory, None)));
    }
    let Some(email) = seen.email.clone() else { return Ok(Err(Stranger::NoEmail)) };
    let mut people = Person::with_email(&ctx.db, &email).await?;
    Ok(match (people.pop(), people.is_empty()) {
        (Some(person), true) => Ok((person, Proof::Email, Some(email))),
        (Some(_), false) => Err(Stranger::Ambiguous(email)),
        (None, _) => Err(Stranger::Unmatched(email)),
    })
}

fn sighting(profile: slack::Profile) -> Sighting {
    let standing = match profile {
        _ if profile.bot || profile.deleted => Standing::Inactive,
        _ if profile.stranger => Standing::Foreign,
        _ if profile.guest => Standing::Guest,
        _ => Standing::Member,
    };
    Sighting { standing, email: profile.email.filter(|_| profile.email_confirmed) }
}

fn age(since: DateTime<Utc>) -> Duration {
    (Utc::now() - since).to_std().unwrap_or_default()
}

fn before(age: Duration) -> DateTime<Utc> {
    Utc::now() - age
}
