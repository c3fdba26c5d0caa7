//! Who the asker is, on every platform, and how that is known.

use cards::{Card, Text};
use domain::account::{Account, Platform};
use domain::github::people;
use domain::person::Person;
use domain::subject::Subject;
use domain::token::Token;

use crate::{Asks, Ctx, Failure, freshness, person};

/// A person with all their accounts.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    person: Person,
    groups: Vec<(Subject, bool)>,
    accounts: Vec<Account>,
    /// What the catalog says they are called at GitHub, where nothing else does.
    annotated: Option<String>,
    tokens: Vec<Token>,
    freshness: Text,
}

/// Everything that is known of this person's identity.
pub async fn load(ctx: &Ctx, person: &Person) -> Result<View, Failure> {
    Ok(View {
        groups: person.groups(&ctx.db).await?,
        accounts: Account::of(&ctx.db, person.id).await?,
        annotated: people::annotated(&ctx.db, person.id).await?,
        tokens: Token::of(&ctx.db, person.id).await?,
        freshness: freshness::directory(ctx).await?,
        person: person.clone(),
    })
}

/// The card of the asker's identity.
pub fn card(View { person, groups, accounts, annotated, tokens, freshness }: &View) -> Card {
    let card = Card::new(format!("You are {}", person.display_name)).results(1);
    let card = card.fact("Name", Text::code(&person.name));
    let card = match &person.email {
        Some(email) => card.fact("E-mail", email.as_str()),
        None => card,
    };
    let direct: Vec<_> = groups.iter().filter(|it| it.1).collect();
    let card = card.fact("Teams", person::names(&direct)).heading("Accounts");
    let mut rows: Vec<Vec<Text>> = accounts.iter().map(account).collect();
    rows.extend(annotated.as_ref().map(|it| {
        vec![Platform::Github.to_string().into(), Text::code(it), "annotation in the catalog".into(), Text::default()]
    }));
    let card = match rows.is_empty() {
        true => card.text("None is linked yet."),
        false => card.table(["Where", "Id", "Proven by", "When"], rows),
    };
    let card = match tokens.is_empty() {
        true => card,
        false => tokens.iter().fold(card.heading("Tokens of a terminal"), token),
    };
    card.read("What you own", Asks::owns_named(&person.name)).freshness(freshness.clone())
}

pub(crate) fn account(account: &Account) -> Vec<Text> {
    let platform = Platform::from_word(&account.platform).map_or(account.platform.clone(), |it| it.to_string());
    let proof = match &account.email {
        Some(email) => format!("{} {email}", account.proof),
        None => account.proof.clone(),
    };
    vec![platform.into(), Text::code(account.shown()), proof.into(), Text::moment(account.proven_at)]
}

/// A token has no id that could be shown.
fn token(card: Card, token: &Token) -> Card {
    let used =
        token.last_used_at.map_or(Text::plain("not used yet"), |it| Text::plain("last used ").then(Text::ago(it)));
    let made = Text::plain("made ").then(Text::moment(token.created_at)).then(" · ");
    card.item(Text::plain("Works until ").then(Text::moment(token.expires_at)), made.then(used))
}
