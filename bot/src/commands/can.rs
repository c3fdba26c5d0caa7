use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use console::access::{Action, Attempt};
use console::{Ctx, Reply, can};
use domain::person::Person;

use crate::Request;

/// The arguments of `can`.
#[derive(clap::Args, Debug)]
pub struct Can {
    /// Whose leave: i for your own; whoever may read the audit can ask for anybody, by login
    who: String,
    /// What to do
    #[arg(ignore_case = true, value_parser = actions())]
    action: Action,
    /// To what, such as the number of a message or the login of whose account it is; left out, to any
    on: Vec<String>,
}

fn actions() -> impl TypedValueParser<Value = Action> {
    let values = Action::ALL.map(|it| PossibleValue::new(it.as_str()).help(it.words()));
    PossibleValuesParser::new(values).try_map(|it| Action::from_word(&it).ok_or("there is no such action"))
}

impl Can {
    pub(crate) async fn run(self, ctx: &Ctx, asker: &Person, request: &Request) -> Reply {
        let own = ["i", "me", "myself"].contains(&self.who.to_lowercase().as_str());
        let other = match own || self.who.eq_ignore_ascii_case(&asker.name) {
            true => None,
            false => {
                // What others may do is told to those who can see what they did.
                let audit = Action::ReadAudit.resource(None);
                let attempt =
                    Attempt { person: asker, action: Action::ReadAudit, resource: &audit, request: request.id };
                attempt.demand(ctx).await?;
                Some(can::other(ctx, &self.who).await?)
            }
        };
        let resource = can::resource(ctx, other.as_ref().unwrap_or(asker), self.action, &self.on.join(" ")).await?;
        Ok(can::card(&can::load(ctx, (asker, other), self.action, resource).await?))
    }
}
