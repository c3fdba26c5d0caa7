use domain::reference::EntityRef;

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
    /// To see who did what.
    ReadAudit,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 5] =
        [Self::AcceptSync, Self::RetryMessage, Self::ReplayDelivery, Self::CorrectAccount, Self::ReadAudit];

    /// The word under which policies, commands and the audit know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AcceptSync => "accept-sync",
            Self::RetryMessage => "retry-message",
            Self::ReplayDelivery => "replay-delivery",
            Self::CorrectAccount => "correct-account",
            Self::ReadAudit => "read-audit",
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
            Self::ReadAudit => "read the audit",
        }
    }

    /// What it acts upon.
    pub fn kind(self) -> Kind {
        match self {
            Self::AcceptSync => Kind::Sync,
            Self::RetryMessage => Kind::Message,
            Self::ReplayDelivery => Kind::Delivery,
            Self::CorrectAccount => Kind::Account,
            Self::ReadAudit => Kind::Audit,
        }
    }

    /// What it acts upon, of this id; left out, it is the only one there is, or any.
    pub fn resource(self, id: Option<&str>) -> Resource {
        Resource::new(self.kind(), id.unwrap_or(self.kind().any()))
    }
}

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
        }
    }

    fn any(self) -> &'static str {
        match self {
            Self::Sync => "ldap",
            Self::Message | Self::Delivery | Self::Account => "any",
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
}

impl Resource {
    /// A thing that nobody in particular owns.
    pub fn new(kind: Kind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into(), owner: None, tier: None, environment: None }
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
