use domain::intent::Intent;
use uuid::Uuid;

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
}

impl Deed {
    /// What needs leave.
    pub fn action(&self) -> Action {
        match self {
            Self::AcceptSync => Action::AcceptSync,
            Self::RetryMessage(_) => Action::RetryMessage,
            Self::ReplayDelivery(_) => Action::ReplayDelivery,
            Self::CorrectAccount(_) => Action::CorrectAccount,
        }
    }

    /// What it is done to, as an intent keeps it.
    pub fn target(&self) -> String {
        match self {
            Self::AcceptSync => "ldap".into(),
            Self::RetryMessage(id) | Self::ReplayDelivery(id) | Self::CorrectAccount(id) => id.to_string(),
        }
    }

    /// What a stored intent stands for; nothing where a newer program wrote it.
    pub fn of(intent: &Intent) -> Option<Self> {
        match Action::from_word(&intent.action)? {
            Action::AcceptSync => Some(Self::AcceptSync),
            Action::CorrectAccount => intent.target.parse().ok().map(Self::CorrectAccount),
            Action::RetryMessage => intent.target.parse().ok().map(Self::RetryMessage),
            Action::ReplayDelivery => intent.target.parse().ok().map(Self::ReplayDelivery),
            Action::ReadAudit => None,
        }
    }
}
