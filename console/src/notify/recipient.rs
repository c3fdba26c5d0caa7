use std::sync::PoisonError;

use domain::account::{Account, Platform, Proof};
use domain::outbox_claim::Claim;
use domain::person::Person;
use domain::rhythm;
use uuid::Uuid;

use super::Sender;
use super::send::Stop;

/// More direct messages are opened again.
const ROOMS: usize = 20_000;

impl Sender {
    /// The direct message with a person, who may never have spoken to us.
    pub(super) async fn room(&self, claim: &Claim, person: Uuid) -> Result<String, Stop> {
        let user = self.user(claim, person).await?;
        let known = self.rooms.lock().unwrap_or_else(PoisonError::into_inner).get(&user).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        self.may(claim, "conversations.open").await?;
        let room = self.parts.slack.open(&user).await.map_err(|it| Stop::Slack("conversations.open", it))?;
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.len() >= ROOMS {
            rooms.clear();
        }
        rooms.insert(user, room.clone());
        Ok(room)
    }

    /// The person's user in Slack: the account that was proven, else the one with the address that the directory has.
    pub(super) async fn user(&self, claim: &Claim, person: Uuid) -> Result<String, Stop> {
        let db = &self.parts.ctx.db;
        let refuse = |why: String| Err(Stop::ForGood(why));
        let person = match Person::with_id(db, person).await? {
            None => return refuse("the person is no longer in the directory".into()),
            Some(it) if it.disabled => return refuse(format!("the directory has disabled {}", it.name)),
            Some(it) => it,
        };
        let home = self.home(claim).await?;
        if let Some(user) = Account::id_of(db, Platform::Slack, home, person.id).await? {
            return Ok(user);
        }
        let Some(email) = &person.email else {
            return refuse(format!("the directory has no e-mail address of {}", person.name));
        };
        if Person::with_email(db, email).await?.len() != 1 {
            return refuse(format!("the directory has the address of {} more than once", person.name));
        }
        self.may(claim, "users.lookupByEmail").await?;
        let found = self.parts.slack.with_email(email, home).await;
        let found = found.map_err(|it| Stop::Slack("users.lookupByEmail", it))?;
        let same = |it: &str| it.eq_ignore_ascii_case(email);
        match found.filter(|it| !it.bot && !it.deleted && !it.stranger && !it.guest) {
            Some(user) if user.email_confirmed && user.email.as_deref().is_some_and(same) => {
                let key = (Platform::Slack, home, user.user_id.as_str());
                Account::prove(db, person.id, key, Proof::Email, Some(email)).await?;
                if let Some(zone) = &user.zone {
                    rhythm::seen(db, person.id, Platform::Slack, zone).await?;
                }
                match Account::with_id(db, key.0, key.1, key.2).await?.is_some_and(|it| it.person_id == person.id) {
                    true => Ok(user.user_id),
                    false => refuse(format!("an administrator linked the account of {} to somebody else", person.name)),
                }
            }
            _ => refuse(format!("no member of the workspace has proven the address of {}", person.name)),
        }
    }
}
