//! Incidents that whoever looks on may play: what breaks, what others do in PagerDuty, and what goes wrong there.

use std::time::Duration;

use maud::{Markup, html};

use crate::fake::pagerduty::{Ailing, PagerDuty, PagerUser, Scene};
use crate::fake::slack::SlackMember;
use crate::pagerduty::{Incident, Status, Urgency};

/// How slow a slow PagerDuty is.
const SLOW: Duration = Duration::from_secs(3);

/// How many calls are refused when fewer are wanted, and for how long.
const REFUSED: (usize, Duration) = (5, Duration::from_secs(10));

/// What there is to play.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// What can break.
    pub incidents: Vec<Staged>,
    /// Name of the channel in which the first one is told of; without one, nothing is played.
    pub room: Option<String>,
    /// E-mail addresses of those who act in PagerDuty; without any, whoever is in the chat.
    pub players: Vec<String>,
}

impl Stage {
    /// Those of the chat who act in PagerDuty.
    pub(super) fn players(&self, members: &[SlackMember]) -> Vec<SlackMember> {
        let plays = |it: &&SlackMember| {
            self.players.is_empty() || it.email.as_ref().is_some_and(|it| self.players.contains(it))
        };
        members.iter().filter(plays).cloned().collect()
    }
}

/// Something that can break.
#[derive(Clone, Debug)]
pub struct Staged {
    /// Id of its service.
    pub service: &'static str,
    /// Name of its service.
    pub name: String,
    /// What is wrong, in a sentence.
    pub title: &'static str,
    /// How loudly it is told.
    pub urgency: Urgency,
}

/// Does what a button says; one that is not there any more does nothing.
pub(super) fn play(pagerduty: &PagerDuty, staged: &[Staged], members: &[SlackMember], button: &str) {
    let (what, which) = button.split_once(' ').unwrap_or((button, ""));
    match what {
        "trigger" => {
            if let Some(it) = staged.iter().find(|it| it.service == which) {
                pagerduty.trigger(it.service, it.title, it.urgency.clone());
            }
        }
        "slow" => pagerduty.slow(SLOW),
        "limit" => pagerduty.limit(REFUSED.0, REFUSED.1),
        "lose" => pagerduty.lose_webhooks(true),
        "well" => {
            pagerduty.well_again();
            pagerduty.lose_webhooks(false);
        }
        _ => {
            let acts = |it: &Act| it.word() == what;
            if let (Some(act), true) =
                (Act::ALL.into_iter().find(acts), pagerduty.incidents().iter().any(|it| it == which))
            {
                let incident = pagerduty.incident(which);
                pagerduty.stage(which, act.scene(), &act.by(&incident, &present(pagerduty, members)).id);
            }
        }
    }
}

/// What is done in PagerDuty by somebody.
#[derive(Clone, Copy)]
enum Act {
    Acknowledge,
    Note,
    Escalate,
    Resolve,
    Recover,
}

impl Act {
    const ALL: [Self; 5] = [Self::Acknowledge, Self::Note, Self::Escalate, Self::Resolve, Self::Recover];

    fn word(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Note => "note",
            Self::Escalate => "escalate",
            Self::Resolve => "resolve",
            Self::Recover => "recover",
        }
    }

    fn scene(self) -> Scene {
        match self {
            Self::Acknowledge => Scene::Acknowledge,
            Self::Note => Scene::Note,
            Self::Escalate => Scene::Escalate,
            Self::Resolve => Scene::Resolve,
            Self::Recover => Scene::Recover,
        }
    }

    /// Who does it: whoever is asked takes it, somebody else does the rest.
    fn by(self, incident: &Incident, present: &[PagerUser]) -> PagerUser {
        let asked = |it: &&PagerUser| incident.assignments.iter().any(|one| one.assignee.id == it.id);
        let one = match self {
            Self::Acknowledge => present.iter().find(asked),
            Self::Note | Self::Escalate | Self::Resolve | Self::Recover => present.iter().find(|it| !asked(it)),
        };
        one.or(present.first()).cloned().unwrap_or_else(|| PagerUser::new("PNOBODY", "Nobody", "nobody@pin.example"))
    }

    fn label(self, by: &PagerUser) -> String {
        let name = by.name.split(' ').next().unwrap_or_default();
        match self {
            Self::Acknowledge => format!("{name} acknowledges"),
            Self::Note => format!("{name} writes a note"),
            Self::Escalate => "Nobody answers".into(),
            Self::Resolve => format!("{name} resolves"),
            Self::Recover => "It recovers".into(),
        }
    }
}

/// Users of PagerDuty who are in the chat, too, by name.
fn present(pagerduty: &PagerDuty, members: &[SlackMember]) -> Vec<PagerUser> {
    let here = |it: &PagerUser| members.iter().any(|member| member.email.as_deref() == Some(it.email.as_str()));
    let mut all: Vec<PagerUser> = pagerduty.users().into_iter().filter(here).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The buttons.
pub(super) fn panel(
    pagerduty: &PagerDuty,
    staged: &[Staged],
    members: &[SlackMember],
    (me, room): (&str, &str),
) -> Markup {
    let present = present(pagerduty, members);
    let open = pagerduty.incidents().into_iter().map(|id| pagerduty.incident(&id));
    let open: Vec<Incident> = open.filter(|it| it.status != Status::Resolved).collect();
    html! {
        form.play method="post" action="/demo/chat/play" aria-label="Play an incident" {
            input type="hidden" name="as" value=(me);
            input type="hidden" name="room" value=(room);
            h2 { "Play an incident" }
            (row("Breaks", staged.iter().map(|it| (format!("trigger {}", it.service), broken(it)))))
            @for it in &open {
                p.about { "#" (it.incident_number) " " (it.title) " · " (stands(it)) }
                (row("In PagerDuty", Act::ALL.into_iter().filter(|act| fits(*act, it)).map(|act| {
                    (format!("{} {}", act.word(), it.id), act.label(&act.by(it, &present)))
                })))
            }
            (faults(pagerduty.ailing()))
        }
    }
}

fn broken(staged: &Staged) -> String {
    match staged.urgency {
        Urgency::Low => format!("{}, low urgency", staged.name),
        Urgency::High | Urgency::Unknown(_) => staged.name.clone(),
    }
}

/// Whether this still means something.
fn fits(act: Act, incident: &Incident) -> bool {
    !matches!((act, &incident.status), (Act::Acknowledge, Status::Acknowledged))
}

fn stands(incident: &Incident) -> String {
    let asked: Vec<&str> = incident.assignments.iter().filter_map(|it| it.assignee.summary.as_deref()).collect();
    let status = match incident.status {
        Status::Triggered => "triggered",
        Status::Acknowledged => "acknowledged",
        Status::Resolved | Status::Unknown(_) => "over",
    };
    format!("{status}, asks {}", asked.join(", "))
}

fn faults(Ailing { delay, losing }: Ailing) -> Markup {
    let mut rows = Vec::new();
    if delay.is_zero() {
        rows.push(("slow", "PagerDuty is slow"));
    }
    if !losing {
        rows.push(("lose", "Its events get lost"));
    }
    rows.push(("limit", "It wants fewer calls"));
    if losing || !delay.is_zero() {
        rows.push(("well", "All is well again"));
    }
    let wrong = match (delay.is_zero(), losing) {
        (true, false) => None,
        (false, false) => Some("PagerDuty is slow now."),
        (true, true) => {
            Some("PagerDuty's events get lost now; the next reading, within five minutes, makes up for it.")
        }
        (false, true) => Some("PagerDuty is slow now, and its events get lost; the next reading makes up for it."),
    };
    html! {
        (row("Goes wrong", rows.into_iter().map(|(what, words)| (what.to_string(), words.to_string()))))
        @if let Some(it) = wrong { p.about { (it) } }
    }
}

fn row(name: &str, buttons: impl Iterator<Item = (String, String)>) -> Markup {
    html! {
        div.acts role="group" aria-label=(name) {
            span.lead aria-hidden="true" { (name) }
            @for (what, words) in buttons { button.plain name="play" value=(what) { (words) } }
        }
    }
}
