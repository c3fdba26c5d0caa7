//! Linking a GitHub account: somebody signs in there and comes back, once, within minutes.

use std::sync::Arc;

use cards::{Card, Page, Text, Tone};
use chrono::Utc;
use domain::account::Platform;
use domain::audit::{self, Outcome, Receipt};
use domain::github::people::{self, Contested};
use domain::linking::{Linking, MINUTES};
use domain::person::Person;
use integrations::github::{Account, OAuth, SignIn};
use secrecy::SecretString;
use serde_json::json;
use url::Url;
use uuid::Uuid;

use crate::access::{self, Action, Attempt};
use crate::notify::{self, Destination, Kind, Lane, Message};
use crate::{Asks, Ctx, Failure, Reply, UserError};

/// Where people sign in at GitHub, and where they come back to.
pub struct Door {
    oauth: OAuth,
    public: Url,
}

impl Door {
    /// For this app; readers find our pages below this address.
    pub fn new(oauth: OAuth, public: Url) -> Arc<Self> {
        Arc::new(Self { oauth, public })
    }

    fn sign_in(&self, state: &str, verifier: &str) -> SignIn {
        let mut redirect = self.public.clone();
        if let Ok(mut path) = redirect.path_segments_mut() {
            path.pop_if_empty().extend(["link", "github"]);
        }
        SignIn { state: state.into(), verifier: SecretString::from(verifier), redirect }
    }
}

/// Answers with a link that leads the asker, and whoever they show it to, to GitHub.
pub async fn begin(ctx: &Ctx, person: &Person, request: Uuid) -> Reply {
    door(ctx)?;
    let action = Action::LinkGithub;
    Attempt { person, action, resource: &action.of(person), request }.demand(ctx).await?;
    let (state, linking) = (secret(), Linking { person: person.id, verifier: secret(), request });
    linking.begin(&mut *ctx.db.acquire().await?, Platform::Github, &state).await?;
    let page = Page::at(["link", "github"]).with("state", &state);
    Ok(Card::new("Link your GitHub account")
        .text(Text::page("Sign in at GitHub", page.clone()).then(" as yourself; nobody else should get this link."))
        .text(format!(
            "It works once, within {MINUTES} minutes. GitHub tells PinConsole who you are, and nothing more."
        ))
        .read("Who you are", Asks::whoami())
        .page(page)
        .results(1))
}

/// What whoever opens the link is shown before anything happens: for whom it is, and where to go on. Looking uses nothing up, since chats
/// look at the links that are posted in them.
pub async fn ask(ctx: &Ctx, state: &str) -> Result<(Card, Url), Failure> {
    let door = door(ctx)?;
    let Some(linking) = Linking::of(&ctx.db, Platform::Github, state).await? else { return Err(over().into()) };
    let person = whoever(ctx, linking.person).await?;
    let url = door.oauth.authorize(&door.sign_in(state, &linking.verifier));
    let url = url.ok_or_else(|| anyhow::anyhow!("GITHUB_API_URL is no base of an address"))?;
    let card = Card::new(format!("Link your GitHub account to {}?", person.display_name))
        .text(format!("Go on only if you are {} ({}) and asked for this yourself.", person.display_name, person.name))
        .text("You sign in at GitHub; PinConsole learns which account is yours, and keeps nothing else.");
    Ok((card, url))
}

/// Takes back whoever signed in, with what GitHub gave them, and says whose account it is now.
pub async fn finish(ctx: &Ctx, state: &str, code: &str) -> Reply {
    let door = door(ctx)?;
    let Some(linking) = Linking::take(&ctx.db, Platform::Github, state).await? else { return Err(over().into()) };
    let person = whoever(ctx, linking.person).await?;
    let account = door.oauth.account(&door.sign_in(state, &linking.verifier), code).await.map_err(|error| {
        tracing::warn!(%error, person = person.name, "GitHub did not say who signed in");
        again("GitHub did not say who you are", "Nothing was linked. Ask for a new link and try again: ")
    })?;
    // Asked once more: minutes went by since they were given the link.
    let (action, request) = (Action::LinkGithub, linking.request);
    let attempt = Attempt { person: &person, action, resource: &action.of(&person), request };
    let receipt = attempt.begin(ctx, json!({ "id": account.id, "login": account.login })).await?;
    match keep(ctx, &person, &account, (receipt, request)).await {
        Ok(Ok(())) => {
            notify::wake();
            Ok(linked(&person, &account.login).text("You can close this page; the chat was told, too."))
        }
        Ok(Err(contested)) => Err(refused(&person, &account.login, &contested).into()),
        Err(error) => {
            access::note_failure(ctx, receipt).await;
            Err(error.into())
        }
    }
}

/// Takes a state back unused, since somebody did not want to go on.
pub async fn give_up(ctx: &Ctx, state: &str) -> Reply {
    Linking::take(&ctx.db, Platform::Github, state).await?;
    Err(again("You did not sign in at GitHub", "Nothing was linked. If you want to, ask for a new link: ").into())
}

async fn keep(
    ctx: &Ctx,
    person: &Person,
    account: &Account,
    (receipt, request): (Receipt, Uuid),
) -> sqlx::Result<Result<(), Contested>> {
    let mut transaction = ctx.db.begin().await?;
    let kept = people::link(&mut transaction, person.id, (account.id, &account.login), Utc::now()).await?;
    let (outcome, detail) = match &kept {
        Ok(()) => {
            let card =
                linked(person, &account.login).read("Undo", Asks::unlink_github()).read("Who you are", Asks::whoami());
            let message = Message::new(format!("link/{request}"), Lane::Update, Destination::Person(person.id), card);
            let message = message
                .of(Kind::Answer)
                .because("You get this because somebody who signed in at GitHub came from your link");
            notify::put(&mut *transaction, &message).await?;
            (Outcome::Done, json!({}))
        }
        Err(Contested::Held(by)) => (Outcome::Refused, json!({ "held_by": by })),
        Err(Contested::Corrected) => (Outcome::Refused, json!({ "corrected": true })),
    };
    audit::outcome(&mut transaction, receipt, outcome, detail).await?;
    transaction.commit().await?;
    Ok(kept)
}

/// Forgets the accounts with which somebody signed in.
pub async fn unlink(ctx: &Ctx, person: &Person, request: Uuid) -> Reply {
    let action = Action::UnlinkGithub;
    let receipt = Attempt { person, action, resource: &action.of(person), request }.begin(ctx, json!({})).await?;
    let unlinked = async {
        let mut transaction = ctx.db.begin().await?;
        let logins = people::unlink(&mut *transaction, person.id).await?;
        audit::outcome(&mut transaction, receipt, Outcome::Done, json!({ "logins": logins })).await?;
        transaction.commit().await?;
        Ok(logins)
    };
    let unlinked: sqlx::Result<Vec<String>> = unlinked.await;
    let logins = match unlinked {
        Ok(logins) => logins,
        Err(error) => {
            access::note_failure(ctx, receipt).await;
            return Err(error.into());
        }
    };
    let card = match logins.is_empty() {
        true => Card::new("You linked no GitHub account")
            .text("What the directory, the catalog or an administrator says stays: have it corrected there."),
        false => Card::new(format!("{} is no longer linked to you", logins.join(" and "))).tone(Tone::Good),
    };
    Ok(card.read("Who you are", Asks::whoami()).results(logins.len()))
}

fn door(ctx: &Ctx) -> Result<&Door, Failure> {
    ctx.github_door.as_deref().ok_or_else(|| {
        let advice = Text::plain("Whoever runs PinConsole connects it by setting ")
            .then(Text::code("GITHUB_CLIENT_ID"))
            .then(" and ")
            .then(Text::code("GITHUB_CLIENT_SECRET"))
            .then(". Until then, the directory or an administrator says which account is yours.");
        UserError::new("Nobody can sign in at GitHub here", advice).into()
    })
}

/// Who is on the way, as long as they may do anything.
async fn whoever(ctx: &Ctx, person: Uuid) -> Result<Person, Failure> {
    let person = Person::with_id(&ctx.db, person).await?;
    person.filter(|it| !it.disabled).ok_or_else(|| over().into())
}

fn over() -> UserError {
    let advice = format!(
        "It was used, it is older than {MINUTES} minutes, or it was never made. Nothing was linked. Ask for a new one: "
    );
    again("This link does nothing any more", &advice)
}

fn again(title: &str, advice: &str) -> UserError {
    UserError::new(title, Text::plain(advice).then(Text::code("/pin link github")).then("."))
}

fn linked(person: &Person, login: &str) -> Card {
    Card::new(format!("{login} on GitHub is linked to {}", person.display_name))
        .tone(Tone::Good)
        .fact("GitHub", Text::code(login))
        .fact("Person", format!("{} ({})", person.display_name, person.name))
        .fact("Proven by", "signing in at GitHub")
        .results(1)
}

fn refused(person: &Person, login: &str, contested: &Contested) -> UserError {
    let correct = Text::code(format!("account correct {} github {login} --reason \"…\" --take", person.name));
    let advice = match contested {
        Contested::Held(by) => Text::plain(format!("{login} on GitHub was proven to be {by}'s.")),
        Contested::Corrected => {
            Text::plain(format!("An administrator said that another GitHub account is {}'s.", person.name))
        }
    };
    UserError::new(
        "This account was not linked",
        advice
            .then(" Nothing was changed. If that is wrong, an administrator settles it with ")
            .then(correct)
            .then("."),
    )
}

/// 244 random bits, as addresses and RFC 7636 take them.
fn secret() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}
