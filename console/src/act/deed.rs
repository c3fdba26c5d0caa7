use domain::intent::Intent;
use uuid::Uuid;

use super::subscription::{Change, Spot};
use crate::access::Action;

/// Everything that can be done, with what it is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// To let a sync write that the brake stopped.
    AcceptSync,
    /// To send a message again that nobody got: its id.
    RetryMessage(Uuid),
    /// To apply an event once more: our id of it.
    ReplayDelivery(Uuid),
    /// To say which account is whose: the directory's id of the person.
    CorrectAccount(Uuid),
    /// To choose what one is told: the directory's id of the person.
    Notifications(Uuid),
    /// To do something about an incident: PagerDuty's id of it.
    Incident(Work, String),
    /// To call whoever is on call: the reference of what for.
    Page(String),
    /// To let somebody take over a turn: PagerDuty's id of the schedule.
    Override(String),
    /// To do something about a pull request: GitHub's id of it.
    Pull(PullWork, i64),
    /// To have a channel told of pull requests, from now on or no longer.
    Subscription(Change, Spot),
}

/// What can be done about an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// To say that one works on it.
    Acknowledge,
    /// To say that it is over.
    Resolve,
    /// To ask the next level.
    Escalate,
    /// To ask somebody else instead.
    Reassign,
    /// To ask others to help.
    AddResponders,
    /// To write something to it.
    Annotate,
    /// To let it wait.
    Snooze,
}

/// What can be done about a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullWork {
    /// To remind those who are asked to review it.
    Nudge,
    /// To hear nothing of it until somebody else does something.
    Snooze,
    /// To say that it is not one's own to review.
    Pass,
}

/// How much it takes to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// One press or one command, as long as what was drawn is still so: it calls nobody new, and can be taken back.
    AtOnce,
    /// What will happen is shown first, and done once it was confirmed.
    Confirmed,
}

impl PullWork {
    /// Everything.
    pub const ALL: [Self; 3] = [Self::Nudge, Self::Pass, Self::Snooze];

    /// What needs leave.
    pub fn action(self) -> Action {
        match self {
            Self::Nudge => Action::NudgeReview,
            Self::Snooze => Action::SnoozePullRequest,
            Self::Pass => Action::PassReview,
        }
    }

    /// What its button says.
    pub fn label(self) -> &'static str {
        match self {
            Self::Nudge => "Remind reviewers",
            Self::Snooze => "Snooze",
            Self::Pass => "Not mine",
        }
    }

    fn manner(self) -> Manner {
        match self {
            // Whoever is reminded was asked before.
            Self::Nudge | Self::Snooze => Manner::AtOnce,
            Self::Pass => Manner::Confirmed,
        }
    }
}

impl Work {
    /// Everything.
    pub const ALL: [Self; 7] = [
        Self::Acknowledge,
        Self::Resolve,
        Self::Escalate,
        Self::Reassign,
        Self::AddResponders,
        Self::Annotate,
        Self::Snooze,
    ];

    /// What needs leave.
    pub fn action(self) -> Action {
        match self {
            Self::Acknowledge => Action::AcknowledgeIncident,
            Self::Resolve => Action::ResolveIncident,
            Self::Escalate => Action::EscalateIncident,
            Self::Reassign => Action::ReassignIncident,
            Self::AddResponders => Action::AddResponders,
            Self::Annotate => Action::AnnotateIncident,
            Self::Snooze => Action::SnoozeIncident,
        }
    }

    fn manner(self) -> Manner {
        match self {
            Self::Acknowledge | Self::Resolve | Self::Annotate | Self::Snooze => Manner::AtOnce,
            Self::Escalate | Self::Reassign | Self::AddResponders => Manner::Confirmed,
        }
    }
}

impl Deed {
    /// What needs leave.
    pub fn action(&self) -> Action {
        match self {
            Self::AcceptSync => Action::AcceptSync,
            Self::RetryMessage(_) => Action::RetryMessage,
            Self::ReplayDelivery(_) => Action::ReplayDelivery,
            Self::CorrectAccount(_) => Action::CorrectAccount,
            Self::Notifications(_) => Action::ChooseNotifications,
            Self::Incident(work, _) => work.action(),
            Self::Page(_) => Action::Page,
            Self::Override(_) => Action::OverrideShift,
            Self::Pull(work, _) => work.action(),
            Self::Subscription(change, _) => change.action(),
        }
    }

    /// How much it takes.
    pub fn manner(&self) -> Manner {
        match self {
            Self::AcceptSync | Self::RetryMessage(_) | Self::ReplayDelivery(_) | Self::CorrectAccount(_) => {
                Manner::Confirmed
            }
            // It calls nobody, and can be taken back.
            Self::Notifications(_) | Self::Subscription(..) => Manner::AtOnce,
            Self::Incident(work, _) => work.manner(),
            Self::Page(_) | Self::Override(_) => Manner::Confirmed,
            Self::Pull(work, _) => work.manner(),
        }
    }

    /// Whether PagerDuty must do it.
    pub(super) fn reaches_pagerduty(&self) -> bool {
        match self {
            Self::AcceptSync | Self::RetryMessage(_) | Self::ReplayDelivery(_) | Self::CorrectAccount(_) => false,
            Self::Notifications(_) | Self::Subscription(..) => false,
            Self::Incident(..) | Self::Page(_) | Self::Override(_) => true,
            Self::Pull(..) => false,
        }
    }

    /// What it is done to, as an intent keeps it.
    pub fn target(&self) -> String {
        match self {
            Self::AcceptSync => "ldap".into(),
            Self::RetryMessage(id) | Self::ReplayDelivery(id) | Self::CorrectAccount(id) | Self::Notifications(id) => {
                id.to_string()
            }
            Self::Incident(_, id) | Self::Page(id) | Self::Override(id) => id.clone(),
            Self::Pull(_, id) => id.to_string(),
            Self::Subscription(_, spot) => spot.to_string(),
        }
    }

    /// What a stored intent stands for; nothing where a newer program wrote it.
    pub fn of(intent: &Intent) -> Option<Self> {
        let (action, target) = (Action::from_word(&intent.action)?, intent.target.clone());
        if let Some(work) = Work::ALL.into_iter().find(|it| it.action() == action) {
            return Some(Self::Incident(work, target));
        }
        if let Some(work) = PullWork::ALL.into_iter().find(|it| it.action() == action) {
            return target.parse().ok().map(|id| Self::Pull(work, id));
        }
        match action {
            Action::AcceptSync => Some(Self::AcceptSync),
            Action::CorrectAccount => target.parse().ok().map(Self::CorrectAccount),
            Action::ChooseNotifications => target.parse().ok().map(Self::Notifications),
            Action::RetryMessage => target.parse().ok().map(Self::RetryMessage),
            Action::ReplayDelivery => target.parse().ok().map(Self::ReplayDelivery),
            Action::Page => Some(Self::Page(target)),
            Action::OverrideShift => Some(Self::Override(target)),
            Action::SubscribeChannel => Spot::read(&target).map(|it| Self::Subscription(Change::Begin, it)),
            Action::UnsubscribeChannel => Spot::read(&target).map(|it| Self::Subscription(Change::End, it)),
            Action::LinkTerminal | Action::RevokeTerminals | Action::LinkGithub | Action::UnlinkGithub => None,
            Action::ReadAudit
            | Action::AcknowledgeIncident
            | Action::ResolveIncident
            | Action::EscalateIncident
            | Action::ReassignIncident
            | Action::AddResponders
            | Action::AnnotateIncident
            | Action::SnoozeIncident
            | Action::NudgeReview
            | Action::SnoozePullRequest
            | Action::PassReview => None,
        }
    }
}
