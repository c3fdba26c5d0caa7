//! Calling whoever is on call, also for people whom PagerDuty does not know.

use std::collections::BTreeMap;

use cards::{Card, Field, FieldKind, Text, Tone};
use domain::PgConnection;
use domain::audit::Receipt;
use domain::incidents::{Bound, Policy, Service};
use domain::standing::Circle;
use serde_json::{Value, json};
use uuid::Uuid;

use super::incident_show::Ladder;
use super::subject::Acted;
use super::{Asker, Deed, Wrong, order};
use crate::access::{Action, Resource};
use crate::{Asks, Ctx, Failure, UserError};

/// What is said in a call, in characters; PagerDuty's summary takes 1,024, and names who pages besides.
const MAX_MESSAGE: usize = 800;

/// Entities of one owner that are offered where one must be chosen.
const OFFERED: i64 = 20;

/// What somebody is called about, and who that would be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Callee {
    bound: Bound,
    service: Option<Service>,
    ladder: Ladder,
    circle: Option<Circle>,
}

/// What a form asks.
pub(super) fn fields() -> Vec<Field> {
    vec![Field { name: "message".into(), label: "What is wrong".into(), kind: FieldKind::Lines, required: true }]
}

/// What was said, or what is wrong with it.
pub(super) fn read(answers: &BTreeMap<String, String>) -> Result<String, Vec<Wrong>> {
    let message = answers.get("message").map(|it| it.trim()).unwrap_or_default();
    let message = message.chars().map(|it| if it.is_control() { ' ' } else { it }).collect::<String>();
    match message.chars().count() {
        1..=MAX_MESSAGE => Ok(message),
        _ => Err(vec![("message", format!("Say what is wrong, in at most {MAX_MESSAGE} characters."))]),
    }
}

/// The one thing that a team or service is called about; where there are several, which.
pub async fn callee(ctx: &Ctx, words: &str) -> Result<Deed, Failure> {
    let words = words.trim();
    let words = words.strip_prefix("team:").or_else(|| words.strip_prefix("group:")).unwrap_or(words);
    let found = Bound::called(&ctx.db, words, OFFERED).await?;
    let same = |it: &&Bound| {
        let name = it.reference.rsplit('/').next().unwrap_or_default();
        [it.reference.as_str(), name, it.title.as_str()].iter().any(|it| it.eq_ignore_ascii_case(words))
    };
    let exact: Vec<&Bound> = found.iter().filter(same).collect();
    let pageable: Vec<&Bound> = found.iter().filter(|it| it.pageable).collect();
    match (exact.as_slice(), pageable.as_slice()) {
        ([only], _) if only.pageable || pageable.is_empty() => Ok(Deed::Page(only.reference.clone())),
        (_, [only]) => Ok(Deed::Page(only.reference.clone())),
        (_, []) => match found.first() {
            Some(first) => Ok(Deed::Page(first.reference.clone())),
            None => Err(unknown(words).into()),
        },
        (_, several) => Err(which(words, several).into()),
    }
}

fn unknown(words: &str) -> UserError {
    let card = Card::new("Nothing is called so").tone(Tone::Warn);
    let shown: String = words.chars().take(100).collect();
    let text = Text::plain("No team or service in the catalog is called ").then(Text::code(shown.as_str())).then(".");
    UserError::from(card.text(text).read("Search", Asks::search(&shown, 1)).results(0))
}

fn which(words: &str, several: &[&Bound]) -> UserError {
    let card = Card::new("Which of these is broken?")
        .tone(Tone::Warn)
        .text("Name the service, so that the right people are called.");
    let item = |card: Card, it: &&Bound| {
        let typed = format!("page {} <what is wrong>", it.reference);
        card.item(it.title.as_str(), Text::code(typed))
    };
    let shown: String = words.chars().take(100).collect();
    UserError::from(several.iter().fold(card.fact("Owned by", shown), item).results(0))
}

/// What policies look at, of what is named in words.
pub(crate) async fn resource(ctx: &Ctx, words: &str) -> Result<Resource, Failure> {
    let deed = callee(ctx, words).await?;
    let callee = Callee::of(&mut *ctx.db.acquire().await?, &deed.target()).await?;
    Ok(callee.map_or_else(|| Action::Page.resource(Some(words)), |it| it.resource()))
}

impl Callee {
    pub(super) async fn of(db: &mut PgConnection, reference: &str) -> sqlx::Result<Option<Self>> {
        let found = Bound::called(&mut *db, reference, 1).await?.pop();
        let Some(bound) = found.filter(|it| it.reference == reference) else { return Ok(None) };
        let service = match &bound.service {
            Some(id) => Service::with_ids(&mut *db, std::slice::from_ref(id)).await?.pop(),
            None => None,
        };
        let policy: Vec<String> = service.iter().filter_map(|it| it.policy_id.clone()).collect();
        let policy = Policy::with_ids(&mut *db, &policy).await?.pop();
        let ladder = Ladder::of(&mut *db, policy).await?;
        let names: Vec<String> = bound.owner.iter().cloned().collect();
        let circle = Circle::named(&mut *db, &names).await?.pop();
        Ok(Some(Self { bound, service, ladder, circle }))
    }

    pub(super) fn resource(&self) -> Resource {
        let resource = Action::Page.resource(Some(&self.bound.reference));
        let (owner, tier) = (self.bound.owner.clone(), self.bound.tier.clone());
        Resource { owners: owner.iter().cloned().collect(), owner, tier, ..resource }
    }

    /// Another one when somebody else would be called.
    pub(super) fn version(&self) -> i64 {
        let called = format!("{} {:?}", self.bound.pageable, self.ladder.at(1));
        let (high, _) = Uuid::new_v5(&Uuid::NAMESPACE_OID, called.as_bytes()).as_u64_pair();
        i64::try_from(high >> 1).unwrap_or_default()
    }

    pub(super) fn is_open(&self) -> bool {
        self.bound.pageable
    }

    pub(super) fn card(&self) -> Card {
        let card = self.facts(Card::new(format!("Paging {}", self.bound.title)));
        if self.is_open() {
            return card;
        }
        let annotation = Text::code(domain::document::annotation::PAGERDUTY_INTEGRATION_KEY);
        let card = card.tone(Tone::Warn).text(
            Text::plain("It cannot be paged from here, so nobody was called: its catalog file lacks the annotation ")
                .then(annotation)
                .then("."),
        );
        match &self.circle {
            Some(Circle { display_name, channel: Some(channel), .. }) => {
                card.text(format!("Ask {display_name} in {channel}."))
            }
            Some(Circle { display_name, .. }) => card.text(format!("Ask {display_name}, who own it.")),
            None => card,
        }
    }

    fn facts(&self, card: Card) -> Card {
        let service = self.service.as_ref().map(|it| it.name.clone()).unwrap_or_default();
        let policy = self.ladder.policy.as_ref().map(|it| it.name.clone()).unwrap_or_default();
        let first = self.ladder.at(1);
        let called = match (first.is_empty(), &self.service) {
            (false, _) => Text::joined(first, ", "),
            (true, Some(_)) => Text::plain("nobody that we know of is on call at level 1"),
            (true, None) => Text::plain("whoever the service behind its integration key asks"),
        };
        let card = card.fact("Owner", self.circle.as_ref().map(|it| it.display_name.clone()).unwrap_or_default());
        card.fact("Service", service).fact("Policy", policy).fact("Called now", called).results(1)
    }

    pub(super) fn proposal(&self, input: &Value) -> Card {
        let card = self.facts(Card::new(format!("Page for {}?", self.bound.title)).tone(Tone::Warn));
        let message = input.get("message").and_then(Value::as_str).unwrap_or_default();
        card.fact("Message", message).text("They are called at once, whatever the hour, and see who paged them.")
    }

    pub(super) async fn order(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        (input, receipt): (&Value, Receipt),
    ) -> Result<Result<Acted, UserError>, Failure> {
        let person = asker.person;
        let input = json!({
            "message": input.get("message"),
            "title": self.bound.title,
            "who": person.display_name,
            "login": person.name,
        });
        order::place(db, asker, (&Deed::Page(self.bound.reference.clone()), &input), (None, receipt)).await?;
        Ok(Ok(Acted::Ordered))
    }
}
