use domain::group::Group;
use domain::outbox_claim::Claim;

use super::send::Stop;
use super::{Destination, Sender};

/// What becomes of messages for administrators that nobody named.
const NOBODY: &str = "for administrators, and none are configured: set [administrators] channel or group";

impl Sender {
    /// To the administrators' channel, where one is configured, else to each of them.
    pub(super) async fn pass_on_to_administrators(&self, claim: &Claim) -> Result<(), Stop> {
        let administrators = &self.parts.administrators;
        match (&administrators.channel, &administrators.group) {
            (Some(channel), group) => {
                let members = group.iter().map(|it| Destination::Members(it.clone()));
                self.pass_on(claim, [Destination::SlackChannel(channel.clone())], members).await
            }
            (None, Some(group)) => self.pass_on_to_members(claim, group).await,
            (None, None) => {
                tracing::info!(message = %claim.id, "{NOBODY}");
                // Nobody was promised it, so nothing is wrong; where it changes once somebody is named, they get it.
                if claim.unaddressed(&self.parts.ctx.db, NOBODY).await? { Ok(()) } else { Err(Stop::Lost) }
            }
        }
    }

    /// To everybody in a group and below it.
    pub(super) async fn pass_on_to_members(&self, claim: &Claim, group: &str) -> Result<(), Stop> {
        let db = &self.parts.ctx.db;
        let Some(found) = Group::named(db, group).await? else {
            return Err(Stop::ForGood(format!("there is no group {group} in the directory")));
        };
        let members = found.enabled(db).await?;
        if members.is_empty() {
            return Err(Stop::ForGood(format!("the group {group} has nobody in it")));
        }
        self.pass_on(claim, members.into_iter().map(Destination::Person), []).await
    }

    async fn pass_on(
        &self,
        claim: &Claim,
        to: impl IntoIterator<Item = Destination>,
        or_else: impl IntoIterator<Item = Destination>,
    ) -> Result<(), Stop> {
        let words = |it: Destination| it.to_string();
        let to: Vec<String> = to.into_iter().map(words).collect();
        let or_else: Vec<String> = or_else.into_iter().map(words).collect();
        let mut transaction = self.parts.ctx.db.begin().await?;
        let passed = claim.pass_on(&mut transaction, &to, &or_else, i32::from(cards::FORMAT)).await?;
        transaction.commit().await?;
        super::wake();
        if passed { Ok(()) } else { Err(Stop::Lost) }
    }
}
