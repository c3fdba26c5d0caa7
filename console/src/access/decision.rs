use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::person::Person;
use domain::standing::Standing;

use super::{Access, Action, Resource, Verdict, Who, who_can};
use crate::{Ctx, Failure, UserError};

/// Whether somebody may do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether they may.
    pub allowed: bool,
    /// The rule that says so, in words.
    pub rule: String,
    /// Who may, where they may not; nobody where the rule lies in the asker or in the age of the directory.
    pub who_can: Vec<Who>,
    /// Id of the policy that decided; none where none spoke.
    pub policy: Option<String>,
    /// What went wrong while policies were evaluated.
    pub errors: Vec<String>,
}

/// Whether this person may do this now, and by which rule. Where they stand is read anew: what the caller knows of them may
/// be old.
pub async fn decide(ctx: &Ctx, person: &Person, action: Action, resource: &Resource) -> Result<Decision, Failure> {
    let standing = Standing::of(&ctx.db, person.id).await?;
    let (verdict, whoever) = judge(&ctx.access, standing.as_ref(), (action, resource), Utc::now());
    if !verdict.errors.is_empty() {
        let errors = verdict.errors.join("; ");
        tracing::error!(action = action.as_str(), resource = resource.reference(), errors, "a policy failed");
    }
    let who_can = match whoever && !verdict.allowed {
        true => who_can(ctx, action, resource).await?,
        false => Vec::new(),
    };
    let Verdict { allowed, policy, rule, errors } = verdict;
    Ok(Decision { allowed, rule, who_can, policy, errors })
}

/// What holds for somebody who stands there, and whether others may do what they may not.
pub(super) fn judge(
    access: &Access,
    standing: Option<&Standing>,
    (action, resource): (Action, &Resource),
    now: DateTime<Utc>,
) -> (Verdict, bool) {
    let refused = |rule: String| Verdict { allowed: false, policy: None, rule, errors: Vec::new() };
    let Some(standing) = standing else {
        return (refused("Whoever is no longer in the directory may do nothing.".into()), true);
    };
    if standing.disabled {
        return (refused("Whoever the directory has disabled may do nothing.".into()), true);
    }
    let known = access.policies.weigh(&access.asker(standing), action, resource);
    if access.fresh(standing.read_at, now) {
        return (known, true);
    }
    // Only the brake keeps these groups old, and only its release makes them new again.
    if action == Action::AcceptSync && access.fresh(standing.held_at, now) {
        return (held(known, standing, now), true);
    }
    let alone = access.asker(&Standing { groups: Vec::new(), ..standing.clone() });
    match action.waits_for_groups() {
        true => {}
        // What groups forbid holds as they were; what they allow does not.
        false if !known.allowed && known.policy.is_some() => return (known, false),
        false => {
            let verdict = access.policies.weigh(&alone, action, resource);
            if verdict.allowed {
                return (verdict, true);
            }
        }
    }
    (refused(stale(access, standing, now)), false)
}

/// The same, said to be by groups that the brake holds back.
fn held(mut verdict: Verdict, standing: &Standing, now: DateTime<Utc>) -> Verdict {
    if let Some(read_at) = standing.read_at {
        verdict.rule += &format!(
            " Groups are those of {} hours ago, since the brake holds back what was read after that; for accepting it, \
             and for nothing else, they still count.",
            (now - read_at).num_hours()
        );
    }
    verdict
}

fn stale(access: &Access, standing: &Standing, now: DateTime<Utc>) -> String {
    let hours = access.fresh.num_hours();
    let since = match standing.read_at {
        Some(at) => format!("was last read whole {} hours ago", (now - at).num_hours()),
        None => "was never read whole".into(),
    };
    let way = match access.fresh(standing.held_at, now) {
        true => {
            "nobody may do anything but accept the sync that the brake holds back, as `sync accept` does; then it has been \
             read again"
        }
        false => {
            "nobody may act until it has been read again, as `pinconsole sync ldap` does at the terminal of the machine"
        }
    };
    format!("Groups count for {hours} hours, and the directory {since}: {way}.")
}

impl Decision {
    /// What somebody who may not is shown.
    pub fn refusal(&self, action: Action) -> UserError {
        let card = Card::new(format!("You may not {}", action.words())).tone(Tone::Warn);
        UserError::from(self.explained(card).results(0))
    }

    /// The card with the rule, and who can.
    pub(crate) fn explained(&self, card: Card) -> Card {
        let card = card.fact("Rule", self.rule.as_str());
        match self.who_can.as_slice() {
            [] if self.allowed => card,
            [] => card.text(self.nobody()),
            who => who.iter().fold(card.heading("Who can"), |card, it| it.shown(card)),
        }
    }

    fn nobody(&self) -> Text {
        match self.errors.is_empty() && self.policy.is_none() && self.rule == super::NO_RULE {
            true => {
                Text::plain("Nobody can yet. Whoever runs PinConsole names the administrators in its configuration: ")
                    .then(Text::code("[administrators] group"))
                    .then(".")
            }
            false => Text::plain("Tell whoever runs PinConsole."),
        }
    }
}
