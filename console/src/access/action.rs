use std::collections::BTreeMap;

use domain::person::Person;
use domain::reference::EntityRef;
use uuid::Uuid;

/// What needs leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// To let a sync write although it removes more than the brake allows.
    AcceptSync,
    /// To send a message again that could not be delivered.
    RetryMessage,
    /// To apply an event once more that somebody sent us, and to see which there are.
    ReplayDelivery,
    /// To say which account of another platform is whose.
    CorrectAccount,
    /// To have a terminal answer as oneself.
    LinkTerminal,
    /// To have no terminal do so any more.
    RevokeTerminals,
    /// To say by signing in there which GitHub account is one's own.
    LinkGithub,
    /// To take that back.
    UnlinkGithub,
    /// To see who did what.
    ReadAudit,
    /// To say that one works on an incident.
    AcknowledgeIncident,
    /// To say that an incident is over.
    ResolveIncident,
    /// To ask the next level of its policy.
    EscalateIncident,
    /// To ask somebody else instead.
    ReassignIncident,
    /// To ask others to help.
    AddResponders,
    /// To write something to an incident.
    AnnotateIncident,
    /// To let an incident wait.
    SnoozeIncident,
    /// To call whoever is on call.
    Page,
    /// To let somebody take over a turn.
    OverrideShift,
    /// To remind those who are asked to review a pull request.
    NudgeReview,
    /// To hear nothing of a pull request until somebody does something.
    SnoozePullRequest,
    /// To pass a review on that one is asked for.
    PassReview,
    /// To choose what somebody is told.
    ChooseNotifications,
    /// To have a channel told of pull requests.
    SubscribeChannel,
    /// To have a channel told of them no longer.
    UnsubscribeChannel,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 24] = [
        Self::AcceptSync,
        Self::RetryMessage,
        Self::ReplayDelivery,
        Self::CorrectAccount,
        Self::LinkTerminal,
        Self::RevokeTerminals,
        Self::LinkGithub,
        Self::UnlinkGithub,
        Self::ReadAudit,
        Self::AcknowledgeIncident,
        Self::ResolveIncident,
        Self::EscalateIncident,
        Self::ReassignIncident,
        Self::AddResponders,
        Self::AnnotateIncident,
        Self::SnoozeIncident,
        Self::Page,
        Self::OverrideShift,
        Self::NudgeReview,
        Self::SnoozePullRequest,
        Self::PassReview,
        Self::ChooseNotifications,
        Self::SubscribeChannel,
        Self::UnsubscribeChannel,
    ];

    /// The word under which policies, commands and the audit know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AcceptSync => "accept-sync",
            Self::RetryMessage => "retry-message",
            Self::ReplayDelivery => "replay-delivery",
            Self::CorrectAccount => "correct-account",
            Self::LinkTerminal => "link-terminal",
            Self::RevokeTerminals => "revoke-terminals",
            Self::LinkGithub => "link-github",
            Self::UnlinkGithub => "unlink-github",
            Self::ReadAudit => "read-audit",
            Self::AcknowledgeIncident => "acknowledge-incident",
            Self::ResolveIncident => "resolve-incident",
            Self::EscalateIncident => "escalate-incident",
            Self::ReassignIncident => "reassign-incident",
            Self::AddResponders => "add-responders",
            Self::AnnotateIncident => "annotate-incident",
            Self::SnoozeIncident => "snooze-incident",
            Self::Page => "page",
            Self::OverrideShift => "override-shift",
            Self::NudgeReview => "nudge-review",
            Self::SnoozePullRequest => "snooze-pull-request",
            Self::PassReview => "pass-review",
            Self::ChooseNotifications => "choose-notifications",
            Self::SubscribeChannel => "subscribe-channel",
            Self::UnsubscribeChannel => "unsubscribe-channel",
        }
    }

    /// The action with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word))
    }

    /// What it is, after "may" or "can".
    pub fn words(self) -> &'static str {
        match self {
            Self::AcceptSync => "accept a sync",
            Self::RetryMessage => "retry a message",
            Self::ReplayDelivery => "replay an event",
            Self::CorrectAccount => "correct an account",
            Self::LinkTerminal => "link a terminal",
            Self::RevokeTerminals => "take back the tokens of terminals",
            Self::LinkGithub => "link a GitHub account",
            Self::UnlinkGithub => "unlink a GitHub account",
            Self::ReadAudit => "read the audit",
            Self::AcknowledgeIncident => "acknowledge an incident",
            Self::ResolveIncident => "resolve an incident",
            Self::EscalateIncident => "escalate an incident",
            Self::ReassignIncident => "reassign an incident",
            Self::AddResponders => "ask others to help with an incident",
            Self::AnnotateIncident => "write a note to an incident",
            Self::SnoozeIncident => "snooze an incident",
            Self::Page => "page whoever is on call",
            Self::OverrideShift => "change who is on call",
            Self::NudgeReview => "remind reviewers",
            Self::SnoozePullRequest => "snooze a pull request",
            Self::PassReview => "pass a review on",
            Self::ChooseNotifications => "choose what somebody is told",
            Self::SubscribeChannel => "subscribe a channel",
            Self::UnsubscribeChannel => "unsubscribe a channel",
        }
    }

    /// What it acts upon.
    pub fn kind(self) -> Kind {
        match self {
            Self::AcceptSync => Kind::Sync,
            Self::RetryMessage => Kind::Message,
            Self::ReplayDelivery => Kind::Delivery,
            Self::CorrectAccount
            | Self::LinkTerminal
            | Self::RevokeTerminals
            | Self::LinkGithub
            | Self::UnlinkGithub => Kind::Account,
            Self::ReadAudit => Kind::Audit,
            Self::AcknowledgeIncident
            | Self::ResolveIncident
            | Self::EscalateIncident
            | Self::ReassignIncident
            | Self::AddResponders
            | Self::AnnotateIncident
            | Self::SnoozeIncident => Kind::Incident,
            Self::Page => Kind::Service,
            Self::OverrideShift => Kind::Schedule,
            Self::NudgeReview | Self::SnoozePullRequest | Self::PassReview => Kind::PullRequest,
            Self::ChooseNotifications => Kind::Preferences,
            Self::SubscribeChannel | Self::UnsubscribeChannel => Kind::Subscription,
        }
    }

    /// Whether nothing of this may be done by groups that are old: what keeps a service alive must be possible while the
    /// directory is down, by rules that do not rest on groups.
    pub fn waits_for_groups(self) -> bool {
        match self.kind() {
            Kind::Account => self == Self::CorrectAccount,
            Kind::Sync | Kind::Message | Kind::Delivery | Kind::Audit | Kind::Subscription => true,
            Kind::Incident | Kind::Service | Kind::Schedule | Kind::PullRequest | Kind::Preferences => false,
        }
    }

    /// What it acts upon where that is this person's.
    pub fn of(self, person: &Person) -> Resource {
        self.resource(Some(&person.name)).with(WHOSE, vec![person.id])
    }

    /// What it acts upon, of this id; left out, it is the only one there is, or any.
    pub fn resource(self, id: Option<&str>) -> Resource {
        Resource::new(self.kind(), id.unwrap_or(self.kind().any()))
    }
}

/// Whoever PagerDuty asks about an incident now.
pub const ASKED: &str = "asked";
/// Whoever was asked to help with it.
pub const HELPING: &str = "helping";
/// Whoever takes turns on a schedule.
pub const MEMBERS: &str = "members";
/// Whose turn is taken over.
pub const GIVES: &str = "gives";
/// Who takes it over.
pub const TAKES: &str = "takes";
/// Who opened a pull request.
pub const AUTHORS: &str = "authors";
/// Whoever is asked to review it, by name or as one of a team.
pub const REVIEWERS: &str = "reviewers";
/// Whom accounts or preferences are of, or who made a subscription.
pub const WHOSE: &str = "whose";

/// What sort of thing is acted upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A reading of a source.
    Sync,
    /// A message of the outbox.
    Message,
    /// An event of the inbox.
    Delivery,
    /// The accounts of a person.
    Account,
    /// The audit.
    Audit,
    /// An incident.
    Incident,
    /// A service, by the reference of its entity.
    Service,
    /// A schedule of who is on call.
    Schedule,
    /// A pull request, as owner/name#number.
    PullRequest,
    /// What somebody chose of what they are told.
    Preferences,
    /// What a channel is told of.
    Subscription,
}

impl Kind {
    /// The word under which the audit knows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Message => "message",
            Self::Delivery => "delivery",
            Self::Account => "account",
            Self::Audit => "audit",
            Self::Incident => "incident",
            Self::Service => "service",
            Self::Schedule => "schedule",
            Self::PullRequest => "pull-request",
            Self::Preferences => "preferences",
            Self::Subscription => "subscription",
        }
    }

    /// The name of its type in the schema of policies.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Sync => "Sync",
            Self::Message => "Message",
            Self::Delivery => "Delivery",
            Self::Account => "Account",
            Self::Audit => "Audit",
            Self::Incident => "Incident",
            Self::Service => "Service",
            Self::Schedule => "Schedule",
            Self::PullRequest => "PullRequest",
            Self::Preferences => "Preferences",
            Self::Subscription => "Subscription",
        }
    }

    /// The people of whom policies are told, by the name of the attribute.
    pub(super) fn people(self) -> &'static [&'static str] {
        match self {
            Self::Sync | Self::Message | Self::Delivery | Self::Audit | Self::Service => &[],
            Self::Incident => &[ASKED, HELPING],
            Self::Schedule => &[MEMBERS, GIVES, TAKES],
            Self::PullRequest => &[AUTHORS, REVIEWERS],
            Self::Account | Self::Preferences | Self::Subscription => &[WHOSE],
        }
    }

    /// Whether policies are told of every group that owns it.
    pub(super) fn has_owners(self) -> bool {
        match self {
            Self::Sync | Self::Message | Self::Delivery | Self::Account | Self::Audit => false,
            Self::PullRequest | Self::Preferences => false,
            Self::Incident | Self::Service | Self::Schedule | Self::Subscription => true,
        }
    }

    fn any(self) -> &'static str {
        match self {
            Self::Sync => "ldap",
            Self::Message | Self::Delivery | Self::Account | Self::Incident | Self::Service | Self::Schedule => "any",
            Self::PullRequest | Self::Preferences | Self::Subscription => "any",
            Self::Audit => "log",
        }
    }
}

/// What is acted upon, as far as policies look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What sort of thing it is.
    pub kind: Kind,
    /// Its id within the sort.
    pub id: String,
    /// Entity name of the group that owns it, or `user:` and that of the person.
    pub owner: Option<String>,
    /// How much depends on it.
    pub tier: Option<String>,
    /// Where it runs.
    pub environment: Option<String>,
    /// Entity names of all groups that own it.
    pub owners: Vec<String>,
    /// People who have to do with it, by the name of the attribute.
    pub people: BTreeMap<&'static str, Vec<Uuid>>,
}

impl Resource {
    /// A thing that nobody in particular owns.
    pub fn new(kind: Kind, id: impl Into<String>) -> Self {
        Self {
            kind,
            id: id.into(),
            owner: None,
            tier: None,
            environment: None,
            owners: Vec::new(),
            people: BTreeMap::new(),
        }
    }

    /// The same where these people have to do with it.
    pub fn with(mut self, name: &'static str, people: Vec<Uuid>) -> Self {
        self.people.insert(name, people);
        self
    }

    /// The same owned by this entity, which is a group or a person of the directory; anything else owns nothing here.
    pub fn owned_by(self, owner: &EntityRef) -> Self {
        let owner = match (owner.kind(), owner.namespace()) {
            ("group", "default") => Some(owner.name().to_lowercase()),
            ("user", "default") => Some(super::alone(owner.name())),
            _ => None,
        };
        Self { owner, ..self }
    }

    /// How the audit names it, such as `sync:ldap`.
    pub fn reference(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.id)
    }
}
