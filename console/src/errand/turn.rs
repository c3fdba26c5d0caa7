use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::incidents::errand::{Errand, State};
use integrations::pagerduty::{Override, Window};
use serde_json::json;

use super::Pager;
use super::carry::{Ended, Step, missed};
use super::incident::{LOOKED_FOR, look_again, unread};
use super::settle::words;
use crate::Failure;

/// A turn that was taken over.
pub(super) struct Taken {
    pub(super) id: String,
    pub(super) member: String,
    pub(super) window: (DateTime<Utc>, DateTime<Utc>),
    pub(super) reason: String,
}

/// Lets somebody take over a turn.
pub(super) async fn carry(parts: &Pager, errand: &Errand) -> Result<Step, Failure> {
    let (client, input) = (&parts.pagerduty, &errand.input);
    let (from, until) = (words(input, "from").parse()?, words(input, "until").parse()?);
    let (window, member) = (Window { since: from, until }, words(input, "member"));
    if let Some(sent_at) = errand.sent_at {
        match client.overrides(&errand.target, window).await {
            Ok(all) => {
                let same =
                    |it: &Override| it.user.id == member && it.end == until && it.start <= from.max(errand.made_at);
                if let Some(made) = all.into_iter().find(same) {
                    return Ok(success(errand, made));
                }
                if Utc::now() - sent_at <= LOOKED_FOR {
                    return Ok(look_again());
                }
            }
            Err(error) => return Ok(unread(&error, errand)),
        }
    }
    if !errand.sending(&parts.db).await? {
        return Ok(Step::Lost);
    }
    match client.create_override(&errand.target, member, window).await {
        Ok(made) => Ok(success(errand, made)),
        Err(error) => Ok(missed(&error, errand)),
    }
}

fn success(errand: &Errand, made: Override) -> Step {
    let input = &errand.input;
    let (schedule, name, reason) = (words(input, "schedule"), words(input, "name"), words(input, "reason"));
    let card = Card::new(format!("{name} is on call for {schedule}")).tone(Tone::Good);
    let card = card.fact("Who", Text::person(words(input, "login"), name)).fact("From", Text::moment(made.start));
    let card = card.fact("Until", Text::moment(made.end)).fact("Why", reason).results(1);
    let window = (made.start, made.end);
    let taken = Taken { id: made.id.clone(), member: made.user.id, window, reason: reason.into() };
    let ended = Ended::new(State::Done, card, json!({ "override": made.id }));
    Ended { turn: Some(taken), ..ended }.into()
}
