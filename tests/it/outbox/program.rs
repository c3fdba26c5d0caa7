use console::notify::Lane;
use serde_json::Value;
use sqlx::PgPool;

use super::Post;
use crate::common::{Office, Program, address, until};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn dead_letters_are_listed_and_sent_again_by_command(db: PgPool) {
    let post = Post::open(&db).await;
    post.put_to("one", Lane::Page, "C0NONE").await;
    post.sender().once(1).await.expect("the outbox");
    let program = Program::new().with("DATABASE_URL", address(&db));
    let listed = program.run(&["outbox", "list", "--state", "dead", "--json"]).await;
    let line: Value = serde_json::from_str(listed.out.trim()).expect("one line of JSON");
    assert_eq!((&line["key"], &line["lane"], &line["state"]), (&"one".into(), &"page".into(), &"dead".into()));
    let words = program.run(&["outbox", "list", "--state", "dead"]).await.out;
    assert!(words.contains("slack:C0NONE") && words.contains("channel_not_found"), "{words}");
    let id = line["id"].as_str().expect("an id");
    assert_eq!(program.run(&["outbox", "retry", id]).await.out, "1 message is sent again.\n");
    let again = program.run(&["outbox", "retry", id]).await;
    assert!(again.err.contains("there is no message") && again.code == Some(1), "{again}");
    assert_eq!(program.run(&["outbox", "retry"]).await.code, Some(2));
    assert_eq!(program.run(&["outbox", "retry", "--all-dead"]).await.out, "There is no message that nobody got.\n");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_server_sends_what_another_program_put_even_after_a_restart(db: PgPool) {
    let post = Post::open(&db).await;
    let mut office = Office::open(&db).await;
    post.put("one", Lane::Page).await;
    let said = |office: &Office| office.slack.posted(integrations::fake::slack::CHANNEL).len();
    until("the first", async || (said(&office) == 1).then_some(())).await;
    post.put("two", Lane::Page).await;
    office.console.signal(nix::sys::signal::Signal::SIGTERM);
    assert!(office.console.ended().await.success());
    let next = crate::common::Console::start(&office.program).await;
    post.put("three", Lane::Page).await;
    until("all", async || (said(&office) == 3).then_some(())).await;
    drop(next);
}
