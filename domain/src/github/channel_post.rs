//! Which messages show which pull requests in which channels.

use serde_json::Value;
use sqlx::PgExecutor;

use crate::account::Platform;

/// The one message about a pull request in a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelPost {
    /// Key of the message.
    pub key: String,
    /// GitHub's id of the pull request.
    pub pull_request_id: i64,
    /// The platform's id of the channel.
    pub channel: String,
    /// How many answers it has.
    pub answers: i32,
    /// What the last one says, as whoever tells it keeps it.
    pub said: Option<Value>,
    /// How long ago that was, in seconds.
    pub age: f64,
    /// Whether the channel took no message since, so that it is left as it is.
    pub closed: bool,
}

impl ChannelPost {
    /// The one that is to be in a channel.
    pub fn to(pull_request_id: i64, channel: &str) -> Self {
        let key = format!("pull:{pull_request_id}:channel:{channel}");
        Self { key, pull_request_id, channel: channel.into(), answers: 0, said: None, age: 0.0, closed: false }
    }

    /// Those of a pull request, held until the transaction ends.
    pub async fn of(db: impl PgExecutor<'_>, platform: Platform, pull_request: i64) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select key, pull_request_id, channel, answers, said, extract(epoch from now() - told_at)::float8 as "age!", closed
             from github.channel_post where pull_request_id = $1 and platform = $2 order by key for update"#,
            pull_request,
            platform.as_str()
        )
        .fetch_all(db)
        .await
    }

    /// Keeps it, as one of which something is told now.
    pub async fn keep(&self, db: impl PgExecutor<'_>, platform: Platform) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into github.channel_post (key, pull_request_id, platform, channel, answers, said)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (key) do update set answers = excluded.answers, said = excluded.said, closed = false,
                told_at = now()",
            self.key,
            self.pull_request_id,
            platform.as_str(),
            self.channel,
            self.answers,
            self.said
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// Leaves those of a channel as they are, which takes no messages.
    pub async fn close(db: impl PgExecutor<'_>, platform: Platform, channel: &str) -> sqlx::Result<()> {
        let closed = sqlx::query!(
            "update github.channel_post set closed = true, said = null where platform = $1 and channel = $2 and not closed",
            platform.as_str(),
            channel
        );
        closed.execute(db).await.map(|_| ())
    }
}
