//! Acting from the message that was posted in the channel, where most people do.

use sqlx::PgPool;

use super::Watch;
use super::watch::CHANNEL;
use crate::common::until;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_posted_message_takes_a_press_and_leads_to_a_form(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let id = watch.breaks().await;
    let slack = &watch.office.slack;
    let ping = until("the message", async || slack.posted(CHANNEL).into_iter().next()).await;
    let refused = watch.presses("U0LINUS", &ping, "Acknowledge").await;
    assert!(refused.starts_with("! You may not acknowledge an incident"), "{refused}");
    let told = watch.presses("U0ADA", &ping, "Acknowledge").await;
    assert!(told.starts_with("✓ Acknowledged"), "{told}");
    assert_eq!(watch.callers("PUT /incidents/{id}"), [Some("ada.pd@pinconsole.example".into())]);
    watch.status(&id, "acknowledged").await;
    until("a message that moved", async || (watch.posted(CHANNEL)[0] == "! #1 Payments fail").then_some(())).await;

    let ping = slack.posted(CHANNEL).swap_remove(0);
    let more = watch.opens("U0ADA", &ping, "More…").await;
    watch.pressed("U0ADA", &more, "Note").await;
    let form = until("a form", async || slack.modals().into_iter().find(|it| it.changes > 0)).await;
    assert!(slack.submit("U0ADA", &form.id, &[]).await.is_none(), "Slack itself asks for the note");
    slack.submit("U0ADA", &form.id, &[("note", "rolled back the deploy")]).await.expect("a form that is sent");
    let notes = || watch.pagerduty.calls_of("POST /incidents/{id}/notes");
    let notes = until("a note", async || Some(notes()).filter(|it| !it.is_empty())).await;
    watch.ended().await;
    assert_eq!((notes.len(), notes[0].from.as_deref()), (1, Some("ada.pd@pinconsole.example")));
    assert_eq!(notes[0].body["note"]["content"], "rolled back the deploy");
    assert_eq!(watch.audit("annotate-incident").await, "ada intent, ada outcome done");
    let text = until("the end of the form", async || {
        let text = slack.modals().first()?.view.to_string();
        text.contains("Noted").then_some(text)
    });
    assert!(text.await.contains("rolled back the deploy"));
    let thread = |it: &String| it.starts_with("Note by Ada");
    until("the note in the thread", async || watch.posted(CHANNEL).iter().any(thread).then_some(())).await;
}
