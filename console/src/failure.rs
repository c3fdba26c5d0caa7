use cards::{Card, Tone};

/// Why there is no answer: the asker can mend it, or we must.
#[derive(Debug)]
pub enum Failure {
    /// What the asker should know and do.
    User(Box<Card>),
    /// What goes to the log; the asker gets a reference.
    Internal(anyhow::Error),
}

/// What a command answers.
pub type Reply = Result<Card, Failure>;

/// A mistake of the asker, told to them. Deliberately no `std::error::Error`, so that `?` never makes it an internal one.
#[derive(Debug)]
pub struct UserError(Box<Card>);

impl UserError {
    /// A mistake with what to do about it.
    pub fn new(title: impl Into<String>, advice: impl Into<cards::Text>) -> Self {
        Self::from(Card::new(title).tone(Tone::Warn).text(advice).results(0))
    }
}

impl From<Card> for UserError {
    fn from(card: Card) -> Self {
        Self(Box::new(card))
    }
}

impl From<UserError> for Failure {
    fn from(error: UserError) -> Self {
        Self::User(error.0)
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Internal(error.into())
    }
}
