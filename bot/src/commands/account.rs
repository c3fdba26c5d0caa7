use cards::{Card, Text, Tone};
use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser};
use console::act::{self, Asker, Deed, Entered, PLATFORMS, Seen, Wrong};
use console::{Asks, Ctx, Reply, UserError, can};

/// The arguments of `account`.
#[derive(clap::Args, Debug)]
pub struct AccountCommand {
    /// What to do
    #[arg(ignore_case = true)]
    what: AccountVerb,
    /// Whose account it is, by login
    person: String,
    /// On which platform
    #[arg(ignore_case = true, value_parser = platforms(), requires = "id")]
    platform: Option<String>,
    /// The id of the account there, such as the member id of a Slack profile
    id: Option<String>,
    /// Why, for whoever reads the audit
    #[arg(long)]
    reason: Option<String>,
    /// Take the account from whoever else has it
    #[arg(long)]
    take: bool,
}

/// What can be done about accounts.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountVerb {
    /// Say that an account is somebody's, where its proof is wrong or missing
    Correct,
}

fn platforms() -> PossibleValuesParser {
    PossibleValuesParser::new(PLATFORMS.map(|it| PossibleValue::new(it.as_str())))
}

impl AccountCommand {
    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        let AccountVerb::Correct = self.what;
        let person = can::other(ctx, &self.person).await?;
        let (Some(platform), Some(id)) = (&self.platform, &self.id) else {
            return act::account::offer(ctx, asker, &person).await;
        };
        let reason = self.reason.as_deref().unwrap_or_default();
        match Entered::typed(platform, id, reason, self.take) {
            Ok(entered) => {
                let deed = Deed::CorrectAccount(person.id);
                act::review(ctx, asker, &deed, (Seen::Now, &entered.input())).await
            }
            Err(wrong) => Err(mistakes(&wrong).into()),
        }
    }
}

fn mistakes(wrong: &[Wrong]) -> UserError {
    let card = Card::new("That is not complete").tone(Tone::Warn);
    let named = |field: &str| match field {
        "reason" | "take" => format!("--{field}"),
        "account" => "id".into(),
        other => other.into(),
    };
    let card = wrong.iter().fold(card, |card, (field, what)| card.item(Text::code(named(field)), what.as_str()));
    UserError::from(card.read("Help", Asks::help_on("account")).results(0))
}
