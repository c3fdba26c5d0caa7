//! Whom somebody means who is to be asked.

use domain::PgConnection;
use domain::incidents::{Member, Policy};
use domain::person::Person;
use serde_json::{Value, json};

use super::Asker;
use crate::Failure;

/// Somebody of PagerDuty, or whoever a policy names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Whom {
    pub(super) is_policy: bool,
    pub(super) id: String,
    pub(super) name: String,
    /// The person of the directory.
    pub(super) person: Option<uuid::Uuid>,
}

impl Whom {
    /// As an order keeps it.
    pub(super) fn stored(&self) -> Value {
        let kind = if self.is_policy { "policy" } else { "member" };
        json!({ "kind": kind, "id": self.id, "name": self.name })
    }
}

/// Whom these words mean: a person by login, or a policy by name; else what is wrong with them.
pub(super) async fn whom(
    db: &mut PgConnection,
    asker: Asker<'_>,
    words: &str,
) -> Result<Result<Whom, String>, Failure> {
    if let Some(person) = person(&mut *db, asker, words).await? {
        return member(db, &person).await;
    }
    let policies = Policy::named(&mut *db, words, 3).await?;
    let exact = policies.iter().find(|it| it.name.eq_ignore_ascii_case(words));
    Ok(match (exact, policies.as_slice()) {
        (Some(it), _) | (None, [it]) => {
            Ok(Whom { is_policy: true, id: it.id.clone(), name: format!("{} (policy)", it.name), person: None })
        }
        (None, []) => Err(format!("Nobody has the login “{words}”, and no escalation policy is called so.")),
        (None, several) => {
            let names: Vec<&str> = several.iter().map(|it| it.name.as_str()).collect();
            Err(format!("“{words}” may mean several policies: {}. Write one in full.", names.join(", ")))
        }
    })
}

/// The person with this login; `me` is the asker.
pub(super) async fn person(db: &mut PgConnection, asker: Asker<'_>, words: &str) -> sqlx::Result<Option<Person>> {
    match words.to_lowercase().as_str() {
        "me" | "i" | "myself" => Ok(Some(asker.person.clone())),
        _ => Person::named(db, words.trim_start_matches('@').trim_start_matches("user:")).await,
    }
}

/// The user of PagerDuty whose account is this person's.
pub(super) async fn member(db: &mut PgConnection, person: &Person) -> Result<Result<Whom, String>, Failure> {
    let ids = Member::of_person(&mut *db, person.id).await?;
    let Some(id) = ids.into_iter().next() else {
        let name = &person.display_name;
        return Ok(Err(format!("PagerDuty has no user with the e-mail address of {name}, so it cannot ask them.")));
    };
    Ok(Ok(Whom { is_policy: false, id, name: person.display_name.clone(), person: Some(person.id) }))
}
