use crate::{Action, Text};

/// What a chat message has beyond its card.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// The command that a "Share" button carries; without one there is no such button.
    pub share: Option<String>,
    /// One more small line, such as who shared it.
    pub context: Option<Text>,
    /// Buttons about the message itself rather than what it says, drawn after all others.
    pub asides: Vec<Action>,
}
