use cards::{Reader, terminal};
use chrono_tz::Tz;
use console::notify::Kind;
use console::{Ctx, usage, why};
use domain::outbox_list::State;
use domain::person::Person;
use domain::preference::{self, Way};
use integrations::fake::slack::SlackChannel;
use sqlx::PgPool;

use super::scene::PAYMENTS;
use super::{Event, Scene};

async fn person(db: &PgPool, name: &str) -> Person {
    Person::named(db, name).await.expect("people").expect("a person")
}

/// Why somebody got the last message, in words.
async fn explained(db: &PgPool, name: &str) -> String {
    let ctx = Ctx::new(db.clone(), usage::recorder().0);
    let card = why::answer(&ctx, &person(db, name).await, None).await.unwrap_or_else(|it| panic!("{it:?}"));
    let public = "https://pin.example/".parse().expect("an address");
    let reader = Reader { public: &public, mentions: &Default::default(), zone: Tz::UTC, now: None };
    let words = terminal::text(&card, &reader, terminal::Style { colour: false, width: 100 });
    // When it was put differs from run to run.
    words.lines().filter(|it| !it.trim_start().starts_with("Since:")).map(|it| format!("{it}\n")).collect()
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_wants_no_quiet_incidents_still_gets_every_page(db: PgPool) {
    let scene = Scene::open(&db).await;
    preference::choose(&db, person(&db, "ada").await.id, Kind::Incident, Way::Off).await.expect("a choice");
    let event = Event::triggered(7, "Disk fills", &["PADA", "PGRACE"]);
    scene.plays(&event.clone().quiet()).await;
    assert_eq!((scene.top("D0ADA"), scene.top("D0GRACE").len()), (vec![], 1));
    assert_eq!(scene.top(PAYMENTS).len(), 1, "the channel gets it as ever, and once");
    scene.plays(&event.then(60, "priority_updated", None)).await;
    assert_eq!(scene.top("D0ADA"), ["✗ #7 Disk fills"]);
    assert_eq!((scene.post.count(State::Declined).await, scene.post.count(State::Dead).await), (1, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn why_names_the_incident_and_the_turn_by_which_somebody_is_asked(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.plays(&Event::triggered(4711, "Payments fail", &["PADA"])).await;
    insta::assert_snapshot!(explained(&db, "ada").await, @r"
    Why you got this

    You get this because you are on call for Payments (level 1)

    Whoever PagerDuty asks to take an incident gets one message about it directly, which changes as the
    incident does.

      Message:    #4711 Payments fail
      Kind:       pages – incidents of high urgency
      Incident:   #4711 Payments fail
      It is now:  triggered
      Asked now:  ada
      On call:    Ada Lindqvist: Payments, level 1, until further notice

    What can be changed
    Whoever is asked to act now is told, whatever they chose. Who is asked is decided in PagerDuty: by
    the schedules, and by whoever reassigns the incident. oncall me shows your turns.

    Next
      Show the incident:  incident show 4711
      Your turns:         oncall me
      All kinds:          notifications
    ");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn why_names_the_group_where_a_channel_took_nothing(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.post.slack.channel(SlackChannel { joined: false, ..SlackChannel::new(PAYMENTS, "payments") });
    scene.plays(&Event::triggered(7, "Payments fail", &["PADA"])).await;
    let told = explained(&db, "grace").await;
    for part in ["another one failed", "everybody in the team gets its incidents", "Your group:", "#7 Payments fail"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}
