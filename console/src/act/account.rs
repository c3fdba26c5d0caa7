//! Saying which account is whose, where a proof is wrong or missing.

use cards::{Card, Field, FieldKind, Form, Text, Tone};
use domain::PgConnection;
use domain::account::{Account, Platform};
use domain::correction::{Correction, version};
use domain::github::people::{self, BY_ID};
use domain::home;
use domain::person::Person;
use serde_json::{Value, json};
use uuid::Uuid;

use super::entry::{Entered, PLATFORMS, TAKE};
use super::review::{permit, present};
use super::subject::Subject;
use super::{Asker, Deed, button};
use crate::access::{Action as Needed, Resource};
use crate::{Ctx, Failure, Reply, UserError, whoami};

/// Which accounts a person has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Accounts {
    person: Person,
    accounts: Vec<Account>,
}

/// Shows the accounts of a person to who may correct them, with the form for that.
pub async fn offer(ctx: &Ctx, asker: Asker<'_>, person: &Person) -> Reply {
    let deed = Deed::CorrectAccount(person.id);
    let subject = present(ctx, &deed).await?;
    permit(ctx, asker, &deed, (&subject, &Value::Null)).await?;
    let act = button(&mut *ctx.db.acquire().await?, &deed, subject.version()).await?;
    let card = subject.card().form("Correct", Form { act, fields: fields() });
    let typed = format!("account correct {} github octocat --reason \"…\"", person.name);
    Ok(card.text(
        Text::plain("To say whose an account is, press the button or type, for example: ").then(Text::code(typed)),
    ))
}

/// What the form asks.
pub(super) fn fields() -> Vec<Field> {
    let field = |name: &str, label: &str, kind| Field { name: name.into(), label: label.into(), kind, required: true };
    let platforms = PLATFORMS.iter().map(ToString::to_string).collect();
    vec![
        field("platform", "Platform", FieldKind::Choice(platforms)),
        field("account", "Id of the account there", FieldKind::Line),
        field("reason", "Reason, for the audit", FieldKind::Lines),
        Field {
            required: false,
            ..field("take", "If somebody else has it", FieldKind::Choice(TAKE.map(String::from).to_vec()))
        },
    ]
}

impl Accounts {
    pub(super) async fn of(db: &mut PgConnection, person: Uuid) -> sqlx::Result<Option<Self>> {
        let Some(person) = Person::with_id(&mut *db, person).await? else { return Ok(None) };
        let accounts = Account::of(&mut *db, person.id).await?;
        Ok(Some(Self { person, accounts }))
    }

    pub(super) fn resource(&self) -> Resource {
        Needed::CorrectAccount.resource(Some(&self.person.name))
    }

    /// Another one whenever the person has other accounts, or the same by another proof.
    pub(super) fn version(&self) -> i64 {
        version(&self.accounts)
    }

    pub(super) fn card(&self) -> Card {
        let card = Card::new(format!("Accounts of {}", self.person.display_name)).results(self.accounts.len());
        match self.accounts.is_empty() {
            true => card.text("None is linked yet."),
            false => {
                card.table(["Where", "Id", "Proven by", "When"], self.accounts.iter().map(whoami::account).collect())
            }
        }
    }

    pub(super) async fn proposal(&self, db: &mut PgConnection, input: &Value) -> Result<Card, Failure> {
        let entered = Entered::stored(input)?;
        let place = place_of(&mut *db, &entered).await?;
        let correction = self.correction(&entered, &place);
        let holder = holder(&mut *db, &correction, &entered).await?;
        let card = Card::new(format!("Correct an account of {}?", self.person.display_name)).tone(Tone::Warn);
        let card = card.fact("Platform", entered.platform.to_string()).fact("Before", self.before(entered.platform));
        let card = card.fact("After", Text::code(&entered.account)).fact("Reason", entered.reason.as_str());
        let card = match &holder {
            Some(holder) => card.fact("Taken from", Text::code(holder)),
            None => card,
        };
        let whose = holder.map_or(self.person.name.clone(), |it| format!("{} and {it}", self.person.name));
        Ok(card.text(format!("Terminal tokens of {whose} end, since the wrong person may have made them.")))
    }

    fn before(&self, platform: Platform) -> Text {
        let here = self.accounts.iter().filter(|it| it.platform == platform.as_str());
        let ids: Vec<Text> = here.map(|it| Text::code(it.shown())).collect();
        if ids.is_empty() { Text::plain("none") } else { Text::joined(ids, ", ") }
    }

    pub(super) async fn correct(
        &self,
        db: &mut PgConnection,
        input: &Value,
    ) -> Result<Result<Value, UserError>, Failure> {
        let entered = Entered::stored(input)?;
        let place = place_of(&mut *db, &entered).await?;
        let correction = self.correction(&entered, &place);
        let holder = match holder(&mut *db, &correction, &entered).await {
            Ok(holder) => holder,
            Err(Failure::User(card)) => return Ok(Err((*card).into())),
            Err(failure) => return Err(failure),
        };
        let corrected = correction.apply(&mut *db).await?;
        let detail = json!({ "taken_from": holder, "removed": corrected.removed, "tokens": corrected.tokens });
        Ok(Ok(detail))
    }

    fn correction<'a>(&self, entered: &'a Entered, place: &'a Place) -> Correction<'a> {
        let Entered { platform, account, .. } = entered;
        let label = (place.tenant == BY_ID).then_some(account.as_str());
        Correction {
            person: self.person.id,
            platform: *platform,
            tenant: &place.tenant,
            external_id: &place.external_id,
            label,
        }
    }
}

/// What is wrong with an entry beside its form: the field, and what to do.
pub(super) async fn trouble(
    db: &mut PgConnection,
    subject: &Subject,
    input: &Value,
) -> Result<Option<(&'static str, String)>, Failure> {
    let Subject::Account(accounts) = subject else { return Ok(None) };
    let entered = Entered::stored(input)?;
    let Some(place) = place_known(&mut *db, &entered).await? else {
        return Ok(Some(("platform", unknown_tenant(entered.platform))));
    };
    let holder = accounts.correction(&entered, &place).holder(&mut *db).await?;
    Ok(holder
        .filter(|_| !entered.take)
        .map(|it| ("account", format!("{} has it. Say below to take it over, if that is right.", it.1))))
}

/// Who has the account now, if they may lose it.
async fn holder(
    db: &mut PgConnection,
    correction: &Correction<'_>,
    entered: &Entered,
) -> Result<Option<String>, Failure> {
    match correction.holder(db).await? {
        Some((_, name)) if !entered.take => Err(held(&name, entered).into()),
        holder => Ok(holder.map(|it| it.1)),
    }
}

fn held(name: &str, entered: &Entered) -> UserError {
    let who = Text::code(&entered.account).then(" on ").then(entered.platform.to_string()).then(" is linked to ");
    let advice = who.then(Text::code(name)).then(". If that is wrong, add ").then(Text::code("--take"));
    UserError::new("Somebody else has that account", advice.then(" to take it over. Nothing was done."))
}

/// Where an account is found.
struct Place {
    tenant: String,
    external_id: String,
}

async fn place_of(db: &mut PgConnection, entered: &Entered) -> Result<Place, Failure> {
    let unknown = || UserError::new("No workspace is known yet", unknown_tenant(entered.platform)).into();
    place_known(db, entered).await?.ok_or_else(unknown)
}

/// Ids of Slack are ids only within a workspace; elsewhere there is one space of them. People name an account of GitHub by its login, which
/// can change: as soon as GitHub told whose it is, its id counts.
async fn place_known(db: &mut PgConnection, entered: &Entered) -> sqlx::Result<Option<Place>> {
    let external_id = entered.account.clone();
    Ok(match entered.platform {
        Platform::Slack => home::last(db, entered.platform).await?.map(|tenant| Place { tenant, external_id }),
        Platform::Github => Some(match people::id_of(db, &external_id).await? {
            Some(id) => Place { tenant: BY_ID.into(), external_id: id.to_string() },
            None => Place { tenant: String::new(), external_id },
        }),
        Platform::Discord | Platform::Pagerduty | Platform::Jira | Platform::Terminal => {
            Some(Place { tenant: String::new(), external_id })
        }
    })
}

fn unknown_tenant(platform: Platform) -> String {
    format!("Nobody has asked from {platform} yet, so its workspace is not known. Ask something there first.")
}
