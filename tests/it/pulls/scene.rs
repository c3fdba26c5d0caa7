use chrono::{DateTime, TimeDelta, Utc};
use console::notify::Sender;
use console::notify::pull::tell;
use console::{Ctx, usage};
use domain::PgConnection;
use domain::account::{Account, Platform, Proof};
use domain::github::{Actor, Change, Happened, News, Reviewer, Team, Verdict, Whole};
use domain::person::Person;
use integrations::fake::slack::{Entry, SlackChannel, SlackMember};
use serde_json::json;
use sqlx::PgPool;

use crate::common::people;
use crate::outbox::Post;

pub(super) const ADA: i64 = 101;
pub(super) const GRACE: i64 = 102;
pub(super) const LIN: i64 = 103;
/// Somebody at GitHub who is nobody here.
pub(super) const STRANGER: i64 = 104;
pub(super) const BOT: i64 = 105;

/// The pull request that Ada opened.
pub(super) const PULL: i64 = 401;
pub(super) const TEAM: i64 = 301;
/// The channel of the team.
pub(super) const CHANNEL: &str = "C0PAYMENTS";
const PRIVATE: i64 = 202;

/// What happened, with the pull request as it is stored.
pub(super) async fn news(db: &mut PgConnection, happened: Happened) -> News {
    let whole = Whole::of(db, &[happened.pull_request_id]).await.expect("read").pop().expect("a pull request");
    News { happened, whole }
}

/// People with accounts at GitHub, a team, and a pull request that Ada opened in a public repository.
pub(super) struct Scene {
    pub(super) post: Post,
    pub(super) ctx: Ctx,
    sender: Sender,
}

impl Scene {
    pub(super) async fn open(db: &PgPool) -> Self {
        people(db, "ada\ngrace\nlin").await;
        let post = Post::open(db).await;
        post.slack.member(SlackMember::new("U0LIN", "Lin Wu", "lin@pinconsole.example"));
        post.slack.channel(SlackChannel::new(CHANNEL, "payments"));
        let (sender, ctx) = (post.sender(), Ctx::new(db.clone(), usage::recorder().0));
        let scene = Self { post, ctx, sender };
        scene.furnish().await;
        scene
    }

    async fn furnish(&self) {
        for (login, account) in [("ada", "ada-gh"), ("grace", "grace-gh"), ("lin", "lin-gh")] {
            let person = Person::named(&self.post.db, login).await.expect("people").expect("a person").id;
            let account = (Platform::Github, "", account);
            Account::prove(&self.post.db, person, account, Proof::Administrator, None).await.expect("an account");
        }
        self.sql(
            "insert into github.actor (id, login, kind, source_at) values (101, 'Ada-GH', 'User', now()),
                (102, 'grace-gh', 'User', now()), (103, 'lin-gh', 'User', now()), (104, 'stranger', 'User', now()),
                (105, 'helper', 'Bot', now())",
        )
        .await;
        self.sql(
            "insert into github.repository (id, name, private, source_at)
             values (201, 'mosaic-lane/payments', false, now()), (202, 'mosaic-lane/secret', true, now())",
        )
        .await;
        self.sql(
            "insert into github.team (id, organization, slug, name, source_at)
             values (301, 'mosaic-lane', 'payments', 'Payments', now())",
        )
        .await;
        self.sql(
            "insert into github.team_member (team_id, actor_id, source_at) values (301, 102, now()), (301, 103, now())",
        )
        .await;
        self.pull(PULL, 201, 7).await;
    }

    /// A pull request of Ada's.
    pub(super) async fn pull(&self, id: i64, repository: i64, number: i32) {
        sqlx::query(
            "insert into github.pull_request (id, repository_id, number, title, url, author_id, state, head_sha, base_ref,
                created_at, active_at, source_at, additions, deletions, files)
             values ($1, $2, $3, 'Retry <!channel> once', 'https://github.example/it/' || $3, 101, 'open', 'h1', 'main', now(), now(),
                now(), 120, 8, 5)",
        )
        .bind(id)
        .bind(repository)
        .bind(number)
        .execute(&self.post.db)
        .await
        .expect("a pull request");
    }

    /// One in a private repository.
    pub(super) async fn private(&self) -> i64 {
        self.pull(402, PRIVATE, 8).await;
        402
    }

    pub(super) async fn sql(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.post.db).await.expect("a statement");
    }

    /// Somebody does something about Ada's pull request, and everything is sent.
    pub(super) async fn plays(&self, by: Option<i64>, changes: Vec<Change>) {
        self.happens(PULL, by, changes).await;
        self.send().await;
    }

    /// The same about another one, without sending.
    pub(super) async fn happens(&self, pull: i64, by: Option<i64>, changes: Vec<Change>) {
        self.event(Happened { pull_request_id: pull, at: at(0), by, changes, was_ready: false, told: true }).await;
    }

    pub(super) async fn event(&self, happened: Happened) {
        let mut transaction = self.post.db.begin().await.expect("a transaction");
        let news = [news(&mut transaction, happened).await];
        tell(&self.ctx, &mut transaction, &news).await.unwrap_or_else(|error| panic!("{error:?}"));
        transaction.commit().await.expect("committed");
    }

    /// Somebody asks somebody to review Ada's pull request.
    pub(super) async fn asks(&self, by: i64, of: i64) {
        self.asking(PULL, by, of, false).await;
        self.send().await;
    }

    pub(super) async fn asking(&self, pull: i64, by: i64, of: i64, again: bool) {
        sqlx::query(
            "insert into github.review_request (pull_request_id, kind, target, requested_by, requested_at, again, source_at)
             values ($1, 'actor', $2, $3, now(), $4, now())
             on conflict (pull_request_id, kind, target) do update set gone_at = null, again = $4",
        )
        .bind(pull)
        .bind(of)
        .bind(by)
        .bind(again)
        .execute(&self.post.db)
        .await
        .expect("a request");
        self.happens(pull, Some(by), vec![Change::Requested { of: actor(of), again }]).await;
    }

    /// The team is asked.
    pub(super) async fn asks_team(&self, by: i64) {
        self.sql(
            "insert into github.review_request (pull_request_id, kind, target, requested_by, requested_at, source_at)
             values (401, 'team', 301, 101, now(), now())",
        )
        .await;
        self.plays(Some(by), vec![Change::Requested { of: team(), again: false }]).await;
    }

    /// Somebody reviews, and is asked no longer.
    pub(super) async fn reviews(&self, by: i64, verdict: Verdict, text: &str) {
        sqlx::query(
            "insert into github.review (id, pull_request_id, actor_id, state, submitted_at, source_at)
             values ((select coalesce(max(id), 0) + 1 from github.review), 401, $1, $2, now(), now())",
        )
        .bind(by)
        .bind(verdict.as_str())
        .execute(&self.post.db)
        .await
        .expect("a review");
        sqlx::query("update github.review_request set gone_at = now() where kind = 'actor' and target = $1")
            .bind(by)
            .execute(&self.post.db)
            .await
            .expect("a request");
        let url = Some("https://github.example/r".into());
        self.plays(Some(by), vec![Change::Reviewed { verdict, text: text.into(), url }]).await;
    }

    /// Somebody writes something.
    pub(super) async fn writes(&self, by: i64, text: &str, mentions: &[&str]) {
        self.plays(Some(by), vec![comment(text, mentions)]).await;
    }

    /// Checks of Ada's pull request end.
    pub(super) async fn checks(&self, pull: i64, name: &'static str, state: &'static str) {
        sqlx::query(
            "insert into github.check_result (repository_id, sha, kind, name, state, source_at)
             select repository_id, head_sha, 'run', $2, $3, now() from github.pull_request where id = $1
             on conflict (repository_id, sha, kind, name) do update set state = excluded.state",
        )
        .bind(pull)
        .bind(name)
        .bind(state)
        .execute(&self.post.db)
        .await
        .expect("a check");
    }

    pub(super) async fn fails(&self, name: &'static str) {
        self.checks(PULL, name, "failure").await;
        // GitHub names whoever pushed.
        self.plays(Some(ADA), vec![Change::Failed { checks: vec![name.into()] }]).await;
    }

    /// Lets everything be sent that waits.
    pub(super) async fn send(&self) {
        self.post.send(&self.sender).await;
    }

    /// Lets minutes pass for what is one thing going on.
    pub(super) async fn minutes(&self, minutes: i32) {
        sqlx::query("update github.notice set told_at = told_at - make_interval(mins => $1)")
            .bind(minutes)
            .execute(&self.post.db)
            .await
            .expect("time passes");
    }

    /// What somebody chose.
    pub(super) async fn chooses(&self, login: &'static str, kind: &'static str, way: &'static str) {
        sqlx::query(
            "insert into preferences.choice (person_id, kind, way) select id, $2, $3 from org.person where name = $1
             on conflict (person_id, kind) do update set way = excluded.way",
        )
        .bind(login)
        .bind(kind)
        .bind(way)
        .execute(&self.post.db)
        .await
        .expect("a choice");
    }

    /// The team says where it talks.
    pub(super) async fn team_talks(&self) {
        sqlx::query(
            "insert into catalog.entity (ref, kind, namespace, name, document, source, location, line, digest)
             values ('group:default/everybody', 'Group', 'default', 'everybody', $1, 'files', 'file:it.yaml', 1, 'x')
             on conflict (ref) do update set document = excluded.document",
        )
        .bind(json!({ "metadata": { "annotations": {
            "github.com/team-slug": "Mosaic-Lane/payments", "pinconsole.io/slack-channel": CHANNEL } } }))
        .execute(&self.post.db)
        .await
        .expect("an entity");
    }

    /// What was posted in a room by itself, as it reads now, on one line each.
    pub(super) fn messages(&self, room: &str) -> Vec<String> {
        let line = |it: &Entry| words(it).split_whitespace().collect::<Vec<_>>().join(" ");
        self.posted(room).0.iter().map(line).collect()
    }

    /// The first words of what was posted in threads there.
    pub(super) fn answers(&self, room: &str) -> Vec<String> {
        self.posted(room).1.iter().map(|it| words(it).lines().next().unwrap_or_default().to_string()).collect()
    }

    pub(super) fn posted(&self, room: &str) -> (Vec<Entry>, Vec<Entry>) {
        let all = self.post.slack.posted(room);
        all.into_iter().partition(|it| it.message().expect("a message").get("thread_ts").is_none())
    }
}

pub(super) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).expect("a moment") + TimeDelta::seconds(second)
}

pub(super) fn actor(id: i64) -> Reviewer {
    Reviewer::Actor(Actor { id, login: format!("u{id}"), bot: false })
}

pub(super) fn team() -> Reviewer {
    Reviewer::Team(Team { id: TEAM, slug: "mosaic-lane/payments".into(), name: "Payments".into() })
}

pub(super) fn comment(text: &str, mentions: &[&str]) -> Change {
    let mentions = mentions.iter().map(ToString::to_string).collect();
    Change::Commented { text: text.into(), url: Some("https://github.example/c".into()), mentions }
}

/// The plain words of a message.
pub(super) fn words(entry: &Entry) -> String {
    entry.message().expect("a message")["text"].as_str().expect("words").to_string()
}
