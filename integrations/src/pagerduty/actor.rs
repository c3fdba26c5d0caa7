/// Somebody who acts, as PagerDuty knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Their user's id.
    pub user_id: String,
    /// Their user's e-mail address, in whose name PagerDuty records what is done.
    pub email: String,
}

/// Who is asked to help, and with which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help<'a> {
    /// Users, by id.
    pub users: &'a [String],
    /// Escalation policies, by id.
    pub policies: &'a [String],
    /// What they are told.
    pub message: &'a str,
}
