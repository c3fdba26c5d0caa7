//! People ask why they got a message, and want less.

use console::notify::{self, Destination, Kind, Lane, Message};
use domain::person::Person;
use integrations::fake::slack::{CHANNEL, Entry, Visibility};
use secrecy::ExposeSecret;
use sqlx::PgPool;
use uuid::Uuid;

use crate::common::{Office, buttons, company, said, scalar, until};

/// Puts a message of this kind to somebody, and waits until Slack has it.
async fn gets(office: &Office, db: &PgPool, (name, kind): (&str, Kind), title: &str) -> Entry {
    let person = Person::named(db, name).await.expect("people").expect("a person").id;
    let message = Message::new(title, Lane::Update, Destination::Person(person), cards::Card::new(title)).of(kind);
    let message = message.because("You get this because the schedule Payments names you");
    put(office, db, &message, &format!("D0{}", name.to_uppercase())).await
}

async fn put(office: &Office, db: &PgPool, message: &Message, channel: &str) -> Entry {
    notify::put(db, message).await.expect("a message");
    let title = message.card.title.as_str();
    let begins = |it: &Entry| it.message().is_some_and(|it| said(it).starts_with(title));
    until(title, async || office.slack.posted(channel).into_iter().find(begins)).await
}

fn words(entry: &Entry) -> String {
    said(entry.message().expect("a message"))
}

/// The labels of a message's buttons.
fn labels(entry: &Entry) -> Vec<String> {
    let blocks = entry.message().expect("a message")["blocks"].as_array().expect("blocks").clone();
    let elements = blocks.iter().filter(|it| it["type"] == "actions").filter_map(|it| it["elements"].as_array());
    elements.flatten().map(|it| it["text"]["text"].as_str().expect("a label").to_string()).collect()
}

/// What whoever presses the button with this command is answered.
async fn presses(office: &Office, user: &str, entry: &Entry, command: &str) -> Entry {
    let all = buttons(entry.message().expect("a message"));
    let name =
        all.iter().find(|it| it.1.starts_with(command)).unwrap_or_else(|| panic!("no {command}: {all:?}")).0.clone();
    let exchange = office.slack.press(user, entry.id, &name).await.expect("a button that they see");
    office.slack.answer(&exchange).await.expect("an answer")
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn less_of_this_is_one_press_with_a_way_back(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let shift = gets(&office, &db, ("ada", Kind::Shift), "You are on call").await;
    assert_eq!(labels(&shift), ["Why did I get this?", "Less of this"]);

    let less = presses(&office, "U0ADA", &shift, "notifications shifts off").await;
    insta::assert_snapshot!(words(&less), @r"
    ✓ You get no more notices that your turn on call begins by direct message

    Next
      Undo:       notifications shifts direct
      All kinds:  notifications
    ");
    assert_eq!(less.visibility, Visibility::Ephemeral { to: "U0ADA".into() });
    let told = office.told("U0ADA", "/pin notifications shifts").await;
    assert!(told.contains("shifts – off") && told.contains("notifications shifts direct"), "{told}");
    assert!(office.told("U0GRACE", "/pin notifications shifts").await.contains("shifts – direct"));

    let undone = presses(&office, "U0ADA", &less, "notifications shifts direct").await;
    assert!(words(&undone).starts_with("✓ You get notices that your turn on call begins by direct message"));
    assert_eq!(undone.id, less.id, "it takes the place of the question");
    assert!(words(&shift).starts_with("You are on call"), "the message itself stays");
    let rows =
        "select string_agg(who || ' ' || kind || coalesce(' ' || outcome, ''), ', ' order by number) from audit.entry
        where action = 'choose-notifications'";
    assert_eq!(scalar::<String>(&db, rows).await, "ada intent, ada outcome done, ada intent, ada outcome done");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_presses_chooses_for_themselves_alone(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let told = office.told("U0GRACE", "/pin notifications incidents off").await;
    assert!(told.contains("Incidents of high urgency that ask you reach you as before."), "{told}");
    let rows = "select string_agg(p.name || ' ' || c.kind || ' ' || c.way, ', ') from preferences.choice c
        join org.person p on p.id = c.person_id";
    assert_eq!(scalar::<String>(&db, rows).await, "grace incidents off");
    assert!(office.told("U0ADA", "/pin notifications incidents").await.contains("incidents – direct"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn pages_are_never_turned_off_and_have_no_button_for_it(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let page = gets(&office, &db, ("ada", Kind::Page), "#7 Payments fail").await;
    assert_eq!(labels(&page), ["Why did I get this?"]);
    let told = office.told("U0ADA", "/pin notifications pages off").await;
    insta::assert_snapshot!(told, @r"
    ! Pages are never turned off

    Whoever is asked to act now is told, whatever they chose. Who is asked is decided in PagerDuty: by
    the schedules, and by whoever reassigns the incident. oncall me shows your turns.

    Next
      All kinds:   notifications
      Your turns:  oncall me
    ");
    assert_eq!(scalar::<i64>(&db, "select count(*) from preferences.choice").await, 0);
    let why = presses(&office, "U0ADA", &page, "why ").await;
    assert!(words(&why).contains("Whoever is asked to act now is told"), "{}", words(&why));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn why_tells_the_reason_the_rule_and_what_can_be_changed(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let none = office.told("U0ADA", "/pin why").await;
    assert!(none.starts_with("! PinConsole sent you no message"), "{none}");
    let shift = gets(&office, &db, ("ada", Kind::Shift), "You are on call").await;
    let drawn = shift.message().expect("a message")["blocks"].to_string();
    assert!(drawn.contains("You get this because the schedule Payments names you"), "{drawn}");
    let why = words(&presses(&office, "U0ADA", &shift, "why ").await);
    assert!(why.starts_with("Why you got this\n"), "{why}");
    for part in [
        "You get this because the schedule Payments names you",
        "Whoever comes on call is told so when their turn begins.",
        "shifts – notices that your turn on call begins",
        "You can go without notices that your turn on call begins",
        "notifications shifts off",
    ] {
        assert!(why.contains(part), "{part}: {why}");
    }
    assert_eq!(office.told("U0ADA", "/pin why").await, why, "the last one, where none is named");
    let token = office.token("U0ADA").await;
    let terminal = office.terminal(&token, &["why"]).await;
    assert_eq!(terminal.code, Some(0), "{terminal}");
    assert!(terminal.to_string().contains("the schedule Payments names you"), "{terminal}");
    assert!(!terminal.to_string().contains(token.expose_secret()));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_somebody_else_got_is_explained_to_nobody(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let shift = gets(&office, &db, ("ada", Kind::Shift), "You are on call").await;
    let command =
        buttons(shift.message().expect("a message")).into_iter().find(|it| it.1.starts_with("why ")).expect("why").1;
    let others = office.told("U0GRACE", &format!("/pin {command}")).await;
    let unknown = office.told("U0GRACE", &format!("/pin why {}", Uuid::new_v4())).await;
    assert_eq!(others, unknown);
    assert!(unknown.starts_with("! There is no such message to you"), "{unknown}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_channel_is_told_why_it_gets_a_message_and_where_to_change_that(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let to = Destination::SlackChannel(CHANNEL.into());
    let message = Message::new("one", Lane::Update, to, cards::Card::new("#7 Payments fail")).of(Kind::Incident);
    let posted =
        put(&office, &db, &message.because("Posted here because this is the channel of Payments"), CHANNEL).await;
    assert_eq!(labels(&posted), ["Why is this here?"]);
    let why = words(&presses(&office, "U0GRACE", &posted, "why ").await);
    assert!(why.starts_with("Why this is here\n") && why.contains("the channel of Payments"), "{why}");
    assert!(why.contains("pinconsole.io/slack-channel") && !why.contains("notifications "), "{why}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn when_and_where_somebody_is_told_is_chosen_by_command(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let told = office
        .told("U0ADA", "/pin notifications --quiet 22-8 --zone europe/berlin --hours 9-17:30 --days sun-thu")
        .await;
    for part in ["22:00-08:00", "Europe/Berlin – as you said", "sun-thu, 09:00-17:30"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let usual = office.told("U0ADA", "/pin notifications --quiet usual --zone usual").await;
    assert!(usual.contains("none – as everybody has it") && usual.contains("as Slack has it"), "{usual}");
    assert!(usual.contains("sun-thu, 09:00-17:30"), "the rest stays: {usual}");
    for (option, wrong) in [("--quiet", "9-9"), ("--zone", "Berlin"), ("--hours", "late"), ("--days", "some")] {
        let refused = office.told("U0ADA", &format!("/pin notifications {option} {wrong}")).await;
        assert!(refused.starts_with("! That cannot be understood"), "{refused}");
    }
    let none = office.told("U0ADA", "/pin notifications team-reviews channel --team nobody").await;
    assert!(none.contains("No team of yours has that channel"), "{none}");
    let kept = office.told("U0ADA", "/pin notifications shifts channel").await;
    assert!(kept.contains("come directly or not at all"), "{kept}");
    let rows = "select string_agg(coalesce(work_days, '') || coalesce(quiet, '') || coalesce(zone, ''), ',') from preferences.rhythm";
    assert_eq!(scalar::<String>(&db, rows).await, "sun-thu");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_repository_is_muted_and_the_last_week_weighed_anew(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    sqlx::query("insert into github.repository (id, name, source_at) values (1, 'mosaic-lane/payments-api', now())")
        .execute(&db)
        .await
        .expect("a repository");
    let muted = office.told("U0ADA", "/pin notifications --mute payments-api").await;
    assert!(
        muted.contains("You hear nothing more of mosaic-lane/payments-api") && muted.contains("--unmute"),
        "{muted}"
    );
    assert!(office.told("U0ADA", "/pin notifications").await.contains("mosaic-lane/payments-api"));
    assert!(office.told("U0ADA", "/pin notifications --mute nothing").await.contains("There is no such repository"));
    office.told("U0ADA", "/pin notifications --unmute mosaic-lane/payments-api").await;
    assert_eq!(scalar::<i64>(&db, "select count(*) from preferences.mute").await, 0);

    gets(&office, &db, ("ada", Kind::Merge), "Merged").await;
    gets(&office, &db, ("grace", Kind::Merge), "Merged, too").await;
    office.told("U0ADA", "/pin notifications merges off").await;
    let sent = office.slack.posted("D0ADA").len();
    let replayed = office.told("U0ADA", "/pin notifications --replay").await;
    insta::assert_snapshot!(replayed.split("\n\n").nth(1).unwrap_or_default(), @r"
    Kind    Sent  Now direct  Now in a channel  Now off
    ──────  ────  ──────────  ────────────────  ───────
    merges  1     0           0                 1
    ");
    let ended = office.program.run(&["notify", "replay", "--last-week"]).await;
    assert!(ended.to_string().contains("ada") && ended.to_string().contains("grace"), "{ended}");
    let ended = office.program.run(&["notify", "replay", "--last-week", "--person", "nobody-here"]).await;
    assert_eq!(ended.code, Some(1), "{ended}");
    assert_eq!(office.slack.posted("D0ADA").len(), sent, "nothing is sent");
}
