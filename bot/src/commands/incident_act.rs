use clap::Subcommand;
use console::act::{self, Asker, Deed, Work};
use console::{Ctx, Reply};

use super::typed::typed;

/// What can be done about an incident.
#[derive(Subcommand, Debug)]
pub enum IncidentAct {
    /// Say that you work on it
    #[command(visible_alias = "acknowledge")]
    Ack {
        /// Its number
        number: i64,
    },
    /// Say that it is over
    Resolve {
        /// Its number
        number: i64,
    },
    /// Ask the next level of its escalation policy
    Escalate {
        /// Its number
        number: i64,
        /// Which level, instead of the next
        #[arg(long)]
        level: Option<u16>,
    },
    /// Ask somebody else instead
    Reassign {
        /// Its number
        number: i64,
        /// Logins of people, or the name of an escalation policy, by commas
        #[arg(required = true)]
        who: Vec<String>,
    },
    /// Ask others to help
    Add {
        /// Its number
        number: i64,
        /// Logins of people, or names of escalation policies, by commas
        #[arg(required = true)]
        who: Vec<String>,
        /// What they are told
        #[arg(long)]
        message: Option<String>,
    },
    /// Write a note to it
    Note {
        /// Its number
        number: i64,
        /// What to write
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Let it wait, once somebody works on it
    Snooze {
        /// Its number
        number: i64,
        /// For how long, such as 30m, 4h or 2d
        time: String,
    },
}

impl IncidentAct {
    fn parts(self) -> (i64, Work, Vec<(&'static str, String)>) {
        match self {
            Self::Ack { number } => (number, Work::Acknowledge, Vec::new()),
            Self::Resolve { number } => (number, Work::Resolve, Vec::new()),
            Self::Escalate { number, level } => {
                (number, Work::Escalate, level.map(|it| ("level", it.to_string())).into_iter().collect())
            }
            Self::Reassign { number, who } => (number, Work::Reassign, vec![("who", who.join(" "))]),
            Self::Add { number, who, message } => {
                let message = message.map(|it| ("message", it));
                (number, Work::AddResponders, [("who", who.join(" "))].into_iter().chain(message).collect())
            }
            Self::Note { number, text } => (number, Work::Annotate, vec![("note", text.join(" "))]),
            Self::Snooze { number, time } => (number, Work::Snooze, vec![("for", time)]),
        }
    }

    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        let (number, work, answers) = self.parts();
        let incident = act::incident::numbered(&mut *ctx.db.acquire().await?, number).await?;
        typed(ctx, asker, &Deed::Incident(work, incident.id), (answers, "incident")).await
    }
}
