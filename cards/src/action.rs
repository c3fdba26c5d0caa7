use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Page;

/// Something a reader may press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Pressing is typing a command.
    Read {
        /// The words on the button.
        label: String,
        /// What is typed.
        ask: Ask,
        /// How much the button stands out.
        #[serde(default, skip_serializing_if = "Emphasis::is_normal")]
        emphasis: Emphasis,
    },
    /// Pressing acts on a stored intent.
    Act {
        /// The words on the button.
        label: String,
        /// The intent.
        act: Act,
        /// How much the button stands out.
        emphasis: Emphasis,
    },
    /// Pressing opens a form, whose answers then act.
    Form {
        /// The words on the button.
        label: String,
        /// The form.
        form: Form,
    },
}

/// A question: the command that asks it, and the page of the web view that answers it, where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The command as typed, without a leading slash; it parses with the command grammar.
    pub command: String,
    /// The page with the same answer.
    pub page: Option<Page>,
}

/// One stored intent and the version of its subject that was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Id of the stored intent.
    pub intent: Uuid,
    /// Version of the subject when the card was drawn.
    pub version: i64,
}

/// How much a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emphasis {
    /// One among others.
    #[default]
    Normal,
    /// What most readers want.
    Primary,
    /// Hard to undo.
    Danger,
}

impl Emphasis {
    fn is_normal(&self) -> bool {
        *self == Self::Normal
    }
}

/// A form: the intent that its answers complete, and what it asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The intent and version that the answers complete.
    pub act: Act,
    /// What is asked, in order.
    pub fields: Vec<Field>,
}

/// One question of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The name under which the answer comes back.
    pub name: String,
    /// The words beside the input.
    pub label: String,
    /// What kind of answer is asked.
    pub kind: FieldKind,
    /// Whether an answer is needed.
    pub required: bool,
}

/// What kind of answer a field asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    Line,
    /// Several lines of text.
    Lines,
    /// One of these.
    Choice(Vec<String>),
    /// A moment.
    Time,
}
