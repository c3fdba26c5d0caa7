//! From words to what can be subscribed to.

use cards::{Card, Text, Tone};
use domain::github::repositories;
use domain::github::subscription::Target;

use crate::oncall::{self, Thing};
use crate::{Ctx, Failure, UserError};

/// What these words mean: a repository, an entity, or a group. What could be several is the asker's to choose.
pub(crate) async fn target(ctx: &Ctx, words: &str) -> Result<Target, Failure> {
    let words = crate::words::typed(words);
    let bare = words.trim_start_matches(['@', '#']);
    let mut found = named(ctx, bare).await?;
    if !bare.contains('/') || found.is_empty() {
        let things = match oncall::find(ctx, bare.strip_prefix("team:").map_or(bare, |_| &words)).await {
            Ok(things) => things,
            // Its advice is about who is on call.
            Err(Failure::User(_)) => Vec::new(),
            Err(failure) => return Err(failure),
        };
        for thing in things {
            found.extend(of_thing(ctx, thing).await?);
        }
    }
    let mut kept: Vec<Found> = Vec::new();
    for it in found {
        if !kept.iter().any(|known| known.target == it.target) {
            kept.push(it);
        }
    }
    match kept.len() {
        0 => Err(nothing(&words).into()),
        1 => Ok(kept.remove(0).target),
        _ => Err(which(&words, &kept).into()),
    }
}

struct Found {
    target: Target,
    label: String,
    kind: &'static str,
    words: String,
}

async fn named(ctx: &Ctx, words: &str) -> Result<Vec<Found>, Failure> {
    if words.contains(':') {
        return Ok(Vec::new());
    }
    let found = repositories::named(&ctx.db, words).await?.into_iter();
    let found = found.map(|it| Found {
        target: Target::Repository(it.id),
        label: it.name.clone(),
        kind: "repository",
        words: it.name,
    });
    Ok(found.collect())
}

async fn of_thing(ctx: &Ctx, thing: Thing) -> Result<Vec<Found>, Failure> {
    let words = thing.words();
    Ok(match thing {
        Thing::Group(reference, label) => {
            let target = Target::Team(reference.to_string());
            vec![Found { target, label, kind: "team", words }]
        }
        Thing::Entity(reference, label) => {
            let target = Target::Entity(reference.to_string());
            vec![Found { target, label, kind: "service", words }]
        }
        Thing::Repository(name, _) => named(ctx, &name).await?,
        Thing::Path(..) | Thing::Person(_) | Thing::Service(_) | Thing::Policy(_) | Thing::Schedule(_) => Vec::new(),
    })
}

fn nothing(words: &str) -> UserError {
    let shown: String = words.chars().take(100).collect();
    let text = Text::plain("No repository, team or service that is known here is called ").then(Text::code(shown));
    UserError::new(
        "There is nothing to subscribe to under that name",
        text.then(
            ". A repository is known once GitHub sent its first event: install the GitHub App there, or push something, and \
             ask once more. Nothing was subscribed.",
        ),
    )
}

fn which(words: &str, found: &[Found]) -> UserError {
    let shown: String = words.chars().take(100).collect();
    let card = Card::new(format!("Which “{shown}” do you mean?")).tone(Tone::Warn);
    let card = card.text("Nothing was done. Name one of these like this:");
    let item = |card: Card, it: &Found| card.item(Text::code(&it.words), format!("{} ({})", it.label, it.kind));
    UserError::from(found.iter().fold(card, item).results(0))
}
