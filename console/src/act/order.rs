//! In whose name PagerDuty does something, and the order for it.

use cards::{Card, Text, Tone};
use domain::PgConnection;
use domain::audit::Receipt;
use domain::incidents::Member;
use domain::incidents::errand::Order;
use domain::person::Person;
use serde_json::Value;

use super::{Asker, Deed};
use crate::{Failure, UserError};

/// Somebody's user of PagerDuty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Actor {
    pub(super) member: String,
    pub(super) email: String,
}

impl Actor {
    /// The user of PagerDuty whose account was proven to be this person's. Nothing is ever done in another name.
    pub(super) async fn of(db: &mut PgConnection, person: &Person) -> sqlx::Result<Option<Self>> {
        let ids = Member::of_person(&mut *db, person.id).await?;
        let members = Member::with_ids(&mut *db, &ids).await?;
        let known = ids.iter().filter_map(|id| members.iter().find(|it| it.id == *id));
        Ok(known.filter_map(|it| Some(Self { member: it.id.clone(), email: it.email.clone()? })).next())
    }
}

/// Orders what PagerDuty must do, in the asker's name.
pub(super) async fn place(
    db: &mut PgConnection,
    asker: &Asker<'_>,
    (deed, input): (&Deed, &Value),
    (actor, receipt): (Option<&Actor>, Receipt),
) -> Result<(), Failure> {
    let (action, target) = (deed.action().as_str(), deed.target());
    let order = Order {
        action,
        target: &target,
        input,
        person: asker.person.id,
        actor: actor.map(|it| (it.member.as_str(), it.email.as_str())),
        request: asker.request,
        receipt: receipt.number,
    };
    Ok(order.place(db).await?)
}

/// PagerDuty records who did it, and knows nobody for the asker: whom they can ask, and how they can call somebody.
pub(super) fn unknown(to_ask: &[Text], page: Option<&str>) -> UserError {
    let card = Card::new("PagerDuty does not know you").tone(Tone::Warn);
    let card = card.text(
        "What is done there is done in your own name, and no PagerDuty user has your e-mail address. Nothing was done.",
    );
    let card = match to_ask {
        [] => card,
        some => some.iter().fold(card.heading("Who can do it"), |card, it| card.item(it.clone(), Text::default())),
    };
    let call = page.map_or("page <service> <what is wrong>".to_string(), |it| format!("page {it} <what is wrong>"));
    let card = card.text(Text::plain("To call whoever is on call, type ").then(Text::code(call)).then("."));
    let mend = Text::plain("If you do have a user there, ask an administrator to link it with ");
    UserError::from(card.text(mend.then(Text::code("account correct")).then(".")).results(0))
}
