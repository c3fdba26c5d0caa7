use crate::Text;

/// What a chat message has beyond its card.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// The command that a "Share" button carries; without one there is no such button.
    pub share: Option<String>,
    /// One more small line, such as who shared it.
    pub context: Option<Text>,
}
