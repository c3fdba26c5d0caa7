//! Choosing by a form what one is told, how and when.

use std::collections::BTreeMap;

use cards::{Card, Field, FieldKind};
use domain::PgConnection;
use domain::preference::{self, Kind, Way};
use domain::rhythm::Own;
use serde_json::{Value, json};

use super::Wrong;
use crate::access::{Action, Resource};
use crate::notifications::{self, Wanted, Wishes};
use crate::{Failure, UserError};

/// The kinds of which something can be chosen.
fn kinds() -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().filter(|it| it.ways().len() > 1)
}

/// What the form asks: when, and of each kind how. What is left empty is as everybody has it.
pub(crate) fn fields() -> Vec<Field> {
    let field = |name: &str, label: String, kind| Field { name: name.into(), label, kind, required: false };
    let line = |name, label: &str| field(name, label.into(), FieldKind::Line);
    let ways = |kind: Kind| kind.ways().into_iter().map(|it| it.as_str().to_owned()).collect();
    let when = [
        line("quiet", "Quiet hours: 22:00-08:00, outside-work or off"),
        line("zone", "Zone, such as Europe/Berlin"),
        line("hours", "Working hours, such as 09:00-17:30"),
        line("days", "Working days, such as mon-fri"),
    ];
    let how = kinds().map(|it| field(it.as_str(), label(it), FieldKind::Choice(ways(it))));
    when.into_iter().chain(how).collect()
}

fn label(kind: Kind) -> String {
    let name = notifications::name(kind);
    let mut letters = name.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What was answered, as it can be kept; or what is wrong with each answer.
pub(super) fn read(answers: &BTreeMap<String, String>) -> Result<Value, Vec<Wrong>> {
    let answer = |name: &str| answers.get(name).map(|it| it.trim()).unwrap_or_default().to_owned();
    let wanted = wanted(answer);
    if let Err(wrong) = wanted.read(Own::default()) {
        return Err(vec![wrong]);
    }
    let ways: BTreeMap<&str, String> =
        kinds().map(|it| (it.as_str(), answer(it.as_str()))).filter(|it| !it.1.is_empty()).collect();
    let [quiet, zone, hours, days] = ["quiet", "zone", "hours", "days"].map(answer);
    Ok(json!({ "quiet": quiet, "zone": zone, "hours": hours, "days": days, "ways": ways }))
}

fn wanted(answer: impl Fn(&str) -> String) -> Wanted {
    let part = |name| Some(answer(name));
    Wanted { quiet: part("quiet"), zone: part("zone"), hours: part("hours"), days: part("days") }
}

impl Wishes {
    /// What the form shows before anything is changed: what they said themselves.
    pub(super) fn filled(&self) -> BTreeMap<String, String> {
        let own = &self.rhythm.own;
        let when = [
            ("quiet", own.quiet.map(|it| it.to_string())),
            ("zone", own.zone.map(|it| it.name().to_owned())),
            ("hours", own.hours.map(|it| it.to_string())),
            ("days", own.days.map(|it| it.to_string())),
        ];
        let said = when.into_iter().filter_map(|(name, it)| Some((name.to_owned(), it?)));
        let chosen = self.choices.iter().filter(|it| it.kind.ways().len() > 1);
        let chosen = chosen.map(|it| (it.kind.as_str().to_owned(), it.way.as_str().to_owned()));
        said.chain(chosen).collect()
    }

    pub(super) fn resource(&self) -> Resource {
        Action::ChooseNotifications.of(&self.person)
    }

    pub(super) fn shown(&self) -> Card {
        self.brief()
    }

    /// Keeps it all, in the place of what was chosen before.
    pub(super) async fn change(
        &self,
        db: &mut PgConnection,
        input: &Value,
    ) -> Result<Result<Value, UserError>, Failure> {
        let said = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let own = match wanted(said).read(Own::default()) {
            Ok(own) => own,
            Err((_, wrong)) => return Ok(Err(UserError::new("That cannot be understood", wrong))),
        };
        if own != self.rhythm.own {
            notifications::keep(&mut *db, self.person.id, &own).await?;
        }
        for choice in &self.choices {
            let word = input.pointer(&format!("/ways/{}", choice.kind.as_str())).and_then(Value::as_str);
            let way = word.and_then(Way::from_word).filter(|it| choice.kind.ways().contains(it));
            match way {
                None if choice.own && choice.kind.may_be_off() => {
                    preference::forget(&mut *db, self.person.id, choice.kind).await?;
                }
                Some(way) if way != choice.way => {
                    preference::choose_with(&mut *db, self.person.id, choice.kind, (way, None)).await?;
                }
                Some(_) | None => {}
            }
        }
        Ok(Ok(input.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_stands_at_its_field_and_nothing_that_must_come_is_asked() {
        let answers = |name: &str, it: &str| BTreeMap::from([(name.to_owned(), it.to_owned())]);
        for (name, wrong) in [("quiet", "9-9"), ("zone", "Berlin"), ("hours", "late"), ("days", "some")] {
            assert_eq!(read(&answers(name, wrong)).expect_err("something is wrong")[0].0, name);
        }
        let names: Vec<String> = fields().into_iter().map(|it| it.name).collect();
        assert!(!names.contains(&"pages".into()) && !names.contains(&"answers".into()));
        assert!(names.len() <= 20, "a view has room for a hundred blocks, people for fewer");
    }
}
