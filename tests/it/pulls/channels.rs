//! What channels are told that subscribed to pull requests.

use bot::Request;
use console::subscriptions::Room;
use domain::account::Platform;
use domain::github::{Change, Happened, Verdict};
use domain::person::Person;
use sqlx::PgPool;
use uuid::Uuid;

use super::scene::{CHANNEL, PULL, at, comment};
use super::{ADA, BOT, GRACE, LIN, STRANGER, Scene};
use crate::common::scalar;

impl Scene {
    /// What somebody is answered who types this in a channel.
    pub(super) async fn types(&self, login: &str, (channel, name): (&str, &str), typed: &str) -> String {
        let asker = Person::named(&self.post.db, login).await.expect("people").expect("a person");
        let place = Some(Room::new(channel, Some(name.into())));
        let request = Request { id: Uuid::now_v7(), platform: Platform::Slack, text: typed.into(), place };
        let card = bot::answer(&self.ctx, &request, async { Ok(asker) }).await.card;
        self.send().await;
        super::acts::drawn(&card)
    }

    /// Grace types this in the channel of the team that owns the repository.
    async fn subscribes(&self, typed: &str) -> String {
        self.owned().await;
        let told = self.types("grace", (CHANNEL, "payments"), &format!("subscribe {typed}")).await;
        assert!(told.contains("This channel is subscribed"), "{told}");
        told
    }

    /// The repository belongs to an entity, and that to everybody.
    pub(super) async fn owned(&self) {
        self.sql(
            r#"insert into catalog.entity (ref, kind, namespace, name, owner, document, source, location, line, digest)
             values ('component:default/payments-api', 'Component', 'default', 'payments-api', 'group:default/everybody',
                '{"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "spec": {}, "metadata": {"name": "payments-api", "namespace": "default",
                    "annotations": {"github.com/project-slug": "Mosaic-Lane/payments"}}}', 'files', 'file:it.yaml', 1, 'x')
             on conflict (ref) do nothing"#,
        )
        .await;
        self.sql(
            "insert into catalog.term (ref, field, value, folded, weight)
             values ('component:default/payments-api', 'name', 'payments-api', 'payments-api', 1) on conflict do nothing",
        )
        .await;
    }

    /// What the channel was told beside that it is subscribed.
    fn cards(&self) -> Vec<String> {
        self.messages(CHANNEL).into_iter().filter(|it| !it.starts_with("This channel is told")).collect()
    }

    async fn minutes_in_channels(&self, minutes: i32) {
        sqlx::query("update github.channel_post set told_at = told_at - make_interval(mins => $1)")
            .bind(minutes)
            .execute(&self.post.db)
            .await
            .expect("time passes");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_channel_has_one_card_a_pull_request_and_what_happens_in_its_thread(db: PgPool) {
    let scene = Scene::open(&db).await;
    let told = scene.subscribes("mosaic-lane/payments opened reviews comments merged").await;
    assert!(told.contains("opened, reviews, comments, merged") && told.contains("/invite @PinConsole"), "{told}");
    assert!(told.contains("unsubscribe mosaic-lane/payments"), "{told}");
    let opening = scene.messages(CHANNEL).remove(0);
    assert!(opening.starts_with("This channel is told of pull requests of mosaic-lane/payments"), "{opening}");
    scene.plays(Some(ADA), vec![Change::Opened]).await;
    let cards = scene.cards();
    assert_eq!((cards.len(), scene.answers(CHANNEL).len()), (1, 0));
    assert!(
        cards[0].contains("mosaic-lane/payments#7 Retry") && cards[0].contains("waits for a review"),
        "{}",
        cards[0]
    );
    let why = "Posted here because this channel is subscribed to mosaic-lane/payments (opened, reviews, comments, merged) by grace";
    let blocks = |at: usize| scene.posted(CHANNEL).0[at].message().expect("a message")["blocks"].to_string();
    assert!(blocks(1).contains(why), "{}", blocks(1));
    scene.reviews(GRACE, Verdict::Approved, "Fine").await;
    scene.writes(LIN, "One nit", &[]).await;
    scene.writes(LIN, "And another", &[]).await;
    assert_eq!(scene.answers(CHANNEL), ["✓ grace approved", "lin commented (2 comments)"]);
    scene.sql("update github.pull_request set state = 'merged'").await;
    scene.plays(Some(ADA), vec![Change::Merged]).await;
    assert_eq!(scene.answers(CHANNEL)[2], "✓ ada merged it");
    assert!(scene.cards()[0].contains("merged") && scene.cards().len() == 1, "{:?}", scene.cards());
    for post in scene.post.slack.log("chat.postMessage") {
        assert_ne!(post.text("reply_broadcast"), "true");
    }
    assert!(!blocks(1).contains("<@"), "nobody is called by a card");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn only_what_was_asked_for_is_told_and_the_card_follows_all_the_same(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.subscribes("mosaic-lane/payments").await;
    scene.writes(GRACE, "Why?", &[]).await;
    scene.fails("build").await;
    assert!(scene.cards().is_empty(), "{:?}", scene.cards());
    scene.reviews(GRACE, Verdict::ChangesRequested, "No").await;
    scene.writes(GRACE, "Why?", &[]).await;
    assert_eq!(scene.answers(CHANNEL), ["! grace wants changes"]);
    scene.checks(PULL, "lint", "failure").await;
    scene.plays(None, vec![Change::Failed { checks: vec!["lint".into()] }]).await;
    assert!(scene.cards()[0].contains("2 of 2 failed"), "{:?}", scene.cards());
    assert_eq!(scene.answers(CHANNEL).len(), 1);
    // What is read of the past changes cards, and tells nobody.
    let past = vec![Change::Closed];
    scene
        .event(Happened { pull_request_id: PULL, at: at(0), by: None, changes: past, was_ready: false, told: false })
        .await;
    scene.send().await;
    assert_eq!(scene.answers(CHANNEL).len(), 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn drafts_and_programs_are_told_only_where_they_were_asked_for(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.subscribes("mosaic-lane/payments opened comments").await;
    scene.sql("update github.pull_request set draft = true").await;
    scene.plays(Some(ADA), vec![Change::Opened]).await;
    scene.sql("update github.pull_request set draft = false, author_id = 105").await;
    scene.plays(Some(BOT), vec![Change::Opened]).await;
    assert!(scene.cards().is_empty(), "{:?}", scene.cards());
    scene.subscribes("mosaic-lane/payments opened comments --bots --draft").await;
    scene.plays(Some(BOT), vec![comment("Coverage fell", &[])]).await;
    assert_eq!((scene.cards().len(), scene.answers(CHANNEL)), (1, vec!["helper commented".to_string()]));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn labels_and_authors_choose_pull_requests(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.subscribes("mosaic-lane/payments comments --label Urgent --label bug --author grace").await;
    scene.sql("update github.pull_request set labels = '{urgent}'").await;
    scene.writes(GRACE, "By Ada", &[]).await;
    scene.sql("update github.pull_request set author_id = 102, labels = '{}'").await;
    scene.writes(GRACE, "Without a label", &[]).await;
    assert!(scene.cards().is_empty());
    scene.sql("update github.pull_request set labels = '{other,URGENT}'").await;
    scene.writes(GRACE, "Both", &[]).await;
    assert_eq!(scene.cards().len(), 1);
    // An account that is nobody here is named by its login.
    scene.subscribes("mosaic-lane/payments comments --author @Stranger").await;
    scene.sql("insert into github.pull_request (id, repository_id, number, title, author_id, state, head_sha, base_ref, created_at,
        active_at, source_at) values (409, 201, 9, 'Other', 104, 'open', 'h9', 'main', now(), now(), now())").await;
    scene.happens(409, Some(STRANGER), vec![comment("Mine", &[])]).await;
    scene.send().await;
    assert_eq!(scene.cards().len(), 2);
    let unknown = scene.types("grace", (CHANNEL, "payments"), "subscribe mosaic-lane/payments --author nobody").await;
    assert!(unknown.contains("There is no such author"), "{unknown}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_label_that_comes_after_the_opening_opens(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.subscribes("mosaic-lane/payments --label urgent").await;
    scene.sql("update github.pull_request set created_at = now() + interval '1 minute'").await;
    scene.plays(Some(ADA), vec![Change::Opened]).await;
    assert!(scene.cards().is_empty());
    scene.sql("update github.pull_request set labels = '{urgent}'").await;
    scene.plays(Some(ADA), vec![Change::Edited]).await;
    scene.plays(Some(ADA), vec![Change::Edited]).await;
    assert_eq!((scene.cards().len(), scene.answers(CHANNEL).len()), (1, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn of_checks_only_failures_are_told_where_that_was_asked(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.subscribes("mosaic-lane/payments --failures-only").await;
    scene.plays(Some(ADA), vec![Change::Opened]).await;
    scene.fails("build").await;
    scene.checks(PULL, "build", "success").await;
    scene.plays(None, vec![Change::Passed]).await;
    assert_eq!(scene.answers(CHANNEL), ["✗ Checks: build failed"]);
    assert!(scene.cards()[0].contains("1 passed"), "{:?}", scene.cards());
    scene.subscribes("mosaic-lane/payments checks").await;
    scene.sql("update github.pull_request set head_sha = 'h2'").await;
    scene.minutes_in_channels(30).await;
    scene.fails("build").await;
    scene.checks(PULL, "build", "success").await;
    scene.plays(None, vec![Change::Passed]).await;
    assert_eq!(scene.answers(CHANNEL)[1..], ["✗ Checks: build failed", "✓ All checks pass"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_service_and_a_team_follow_the_catalog_and_a_repository_its_id(db: PgPool) {
    let scene = Scene::open(&db).await;
    let told = scene.subscribes("component:default/payments-api comments").await;
    assert!(told.contains("mosaic-lane/payments now; they follow the catalog"), "{told}");
    let told = scene.subscribes("group:everybody comments").await;
    assert!(told.contains("unsubscribe group:everybody"), "{told}");
    scene.writes(GRACE, "One", &[]).await;
    assert_eq!((scene.cards().len(), scene.answers(CHANNEL).len()), (1, 1), "two subscriptions, one card");
    // The entity lies elsewhere now.
    scene.sql("update github.repository set name = 'mosaic-lane/money' where id = 201").await;
    scene.minutes_in_channels(30).await;
    scene.writes(GRACE, "Two", &[]).await;
    assert_eq!(scene.answers(CHANNEL).len(), 1);
    scene.subscribes("group:everybody closed").await;
    scene.sql("update github.repository set name = 'mosaic-lane/payments' where id = 201").await;
    scene.types("grace", (CHANNEL, "payments"), "unsubscribe component:default/payments-api").await;
    scene.subscribes("mosaic-lane/payments comments").await;
    scene.sql("update github.repository set name = 'mosaic-lane/money' where id = 201").await;
    scene.writes(GRACE, "Three", &[]).await;
    assert_eq!(scene.answers(CHANNEL).len(), 2);
    let listed = scene.types("lin", (CHANNEL, "payments"), "subscriptions").await;
    assert!(listed.contains("mosaic-lane/money") && listed.contains("comments; subscribed by grace"), "{listed}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_team_is_told_of_what_the_groups_below_it_own(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene
        .sql(
            "insert into org.\"group\" (id, name, display_name, kind, dn, digest, members_digest)
             select gen_random_uuid(), it, 'The ' || it, 'team', 'cn=' || it, '', '' from unnest('{guild,tribe}'::text[]) it",
        )
        .await;
    // Groups may hold each other.
    scene
        .sql("insert into org.nesting (parent_id, child_id) select above.id, below.id from org.\"group\" above
                join (values ('guild', 'tribe'), ('tribe', 'everybody'), ('everybody', 'guild')) it (above, below) on it.above = above.name
                join org.\"group\" below on below.name = it.below")
        .await;
    let told = scene.subscribes("group:guild comments").await;
    assert!(told.contains("mosaic-lane/payments now; they follow the catalog"), "{told}");
    scene.writes(GRACE, "One", &[]).await;
    assert_eq!((scene.cards().len(), scene.answers(CHANNEL).len()), (1, 1));
    // A channel that asked for a group and for one above it has one card, and one answer to it.
    scene.subscribes("group:everybody comments").await;
    scene.minutes_in_channels(30).await;
    scene.writes(GRACE, "Two", &[]).await;
    assert_eq!((scene.cards().len(), scene.answers(CHANNEL).len()), (1, 2));
    scene.types("grace", (CHANNEL, "payments"), "unsubscribe group:everybody").await;
    scene.sql("delete from org.nesting").await;
    scene.sql("delete from github.channel_post").await;
    scene.writes(GRACE, "Three", &[]).await;
    assert_eq!(scene.answers(CHANNEL).len(), 2, "whoever is no longer below it is not told of");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_owns_nothing_subscribes_nothing_and_every_act_is_in_the_audit(db: PgPool) {
    let scene = Scene::open(&db).await;
    let refused = scene.types("lin", (CHANNEL, "payments"), "subscribe mosaic-lane/payments").await;
    assert!(refused.contains("You may not subscribe a channel"), "{refused}");
    let can = scene.types("lin", (CHANNEL, "payments"), "can i subscribe-channel mosaic-lane/payments").await;
    assert!(can.contains("No, you cannot subscribe a channel"), "{can}");
    // Lin is of the group whose channel it is, as Slack calls it.
    scene.team_talks().await;
    scene.sql("update catalog.entity set document = jsonb_set(document, '{metadata,annotations,pinconsole.io/slack-channel}', '\"#payments\"')").await;
    let told =
        scene.types("lin", ("C0OTHER", "other"), "subscribe mosaic-lane/payments --channel <#C0X|payments>").await;
    assert!(told.contains("You may not"), "{told}");
    let told = scene.types("lin", (CHANNEL, "payments"), "subscribe mosaic-lane/payments").await;
    assert!(told.contains("This channel is subscribed"), "{told}");
    let told = scene.types("lin", (CHANNEL, "payments"), "unsubscribe mosaic-lane/payments").await;
    assert!(told.contains("This channel is subscribed no longer"), "{told}");
    let told = scene.types("lin", (CHANNEL, "payments"), "unsubscribe mosaic-lane/payments").await;
    assert!(told.contains("That is not subscribed here"), "{told}");
    let denied = "select count(*) from audit.entry where action = 'subscribe-channel' and kind = 'denial'";
    let done = "select count(*) from audit.entry where action = 'subscribe-channel' and kind = 'outcome'";
    assert_eq!((scalar::<i64>(&db, denied).await, scalar::<i64>(&db, done).await), (2, 1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_cannot_be_subscribed_says_what_to_do(db: PgPool) {
    let scene = Scene::open(&db).await;
    let here = (CHANNEL, "payments");
    for (place, typed, said) in [
        (here, "subscribe mosaic-lane/unseen", "GitHub sent its first event"),
        (here, "subscribe mosaic-lane/payments reviews --failures-only", "name checks among the events"),
        (here, "subscribe mosaic-lane/payments sometimes", "is not among"),
        (("D0ADA", "directmessage"), "subscribe mosaic-lane/payments", "Only channels are subscribed"),
        (here, "subscribe mosaic-lane/payments --channel #payments", "That is no channel"),
        (here, "subscriptions", "There are none"),
    ] {
        let told = scene.types("ada", place, typed).await;
        assert!(told.contains(said), "{typed}: {told}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_channel_that_takes_no_messages_is_paused_and_its_subscriber_told_once(db: PgPool) {
    let scene = Scene::open(&db).await;
    let channel = |joined, archived| {
        let mut channel = integrations::fake::slack::SlackChannel::new(CHANNEL, "payments");
        (channel.joined, channel.archived) = (joined, archived);
        scene.post.slack.channel(channel);
    };
    channel(false, false);
    scene.subscribes("mosaic-lane/payments comments").await;
    let told = scene.messages("D0GRACE");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("/invite @PinConsole") && told[0].contains("subscribe mosaic-lane/payments"),
        "{}",
        told[0]
    );
    scene.writes(GRACE, "Nobody hears", &[]).await;
    assert!(scene.messages(CHANNEL).is_empty() && scene.messages("D0GRACE").len() == 1);
    let listed = scene.types("grace", (CHANNEL, "payments"), "subscriptions").await;
    assert!(listed.contains("Paused, since the channel took no message"), "{listed}");

    channel(true, false);
    scene.subscribes("mosaic-lane/payments comments").await;
    scene.writes(GRACE, "Heard", &[]).await;
    assert_eq!((scene.cards().len(), scene.answers(CHANNEL).len()), (1, 1));

    channel(true, true);
    scene.minutes_in_channels(30).await;
    scene.writes(LIN, "Archived", &[]).await;
    scene.writes(LIN, "Still", &[]).await;
    let told = scene.messages("D0GRACE");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains("It is archived"), "{}", told[1]);

    channel(true, false);
    scene.subscribes("mosaic-lane/payments comments").await;
    scene.minutes_in_channels(30).await;
    scene.writes(GRACE, "Back", &[]).await;
    assert_eq!(scene.cards().len(), 1, "the card that was there goes on");
    assert_eq!(scene.answers(CHANNEL).last().map(String::as_str), Some("grace commented"));
    assert_eq!(scalar::<i64>(&db, "select count(*) from notify.message where about_delivery").await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn of_all_that_waits_for_a_channel_that_takes_nothing_its_subscriber_hears_once(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.subscribes("mosaic-lane/payments comments").await;
    scene.sql("insert into github.pull_request (id, repository_id, number, title, author_id, state, head_sha, base_ref, created_at,
        active_at, source_at) values (409, 201, 9, 'Other', 101, 'open', 'h9', 'main', now(), now(), now())").await;
    let mut channel = integrations::fake::slack::SlackChannel::new(CHANNEL, "payments");
    channel.archived = true;
    scene.post.slack.channel(channel);
    for pull in [PULL, 409] {
        scene.happens(pull, Some(LIN), vec![comment("Waits", &[])]).await;
    }
    scene.minutes_in_channels(30).await;
    scene.send().await;
    let told = scene.messages("D0GRACE");
    assert!(told.len() == 1 && told[0].contains("It is archived"), "{told:?}");
    let dead = "select count(*) from notify.message where state = 'dead' and key like 'pull:%:channel:%'";
    assert_eq!(scalar::<i64>(&db, dead).await, 4, "two cards, and an answer to each");
    assert_eq!(scalar::<i64>(&db, "select count(*) from notify.message where about_delivery").await, 0);
}
