//! How people see what came in.

use serde_json::Value;
use sqlx::PgPool;

use super::sender::{program, settled};
use super::{Event, Hook};
use crate::common::{Program, address, get};

const HOSTILE: &str = "{\"action\":\"opened\",\"number\":7,\"repository\":{\"full_name\":\"mosaic/\\u001b[2Jpay\"},\"title\":\"\u{9b}31m\u{202e}gnp\"}";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn events_are_listed_and_shown_and_move_no_cursor(db: PgPool) {
    let hook = Hook::over(&db).await;
    assert_eq!(hook.status(&Event::named("first", "{}").header("x-github-event", "ping")).await, 202);
    assert_eq!(hook.status(&Event::named("second", HOSTILE)).await, 202);
    settled(&db).await;
    let run = async |arguments: &[&str]| {
        let ended = hook.program.run(arguments).await;
        assert!(!ended.out.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{ended}");
        ended
    };
    let listed = run(&["inbox", "list"]).await;
    assert!(listed.code == Some(0) && listed.out.contains("ping") && listed.out.contains("second"), "{listed}");
    let odd = run(&["inbox", "list", "--state", "unparsed", "--source", "github", "--limit", "5", "--json"]).await;
    let rows: Vec<Value> = odd.out.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    assert_eq!((rows.len(), &rows[0]["external_id"], &rows[0]["action"]), (1, &"second".into(), &"opened".into()));
    let shown = run(&["inbox", "show", "SECOND", "--body"]).await;
    assert!(shown.out.contains("pull_request from GitHub") && shown.out.contains("292430182"), "{shown}");
    assert!(shown.out.contains("  \"title\": \"\\u{9b}31m\\u{202e}gnp\"\n"), "{shown}");
    let ours = run(&["inbox", "show", rows[0]["id"].as_str().expect("an id")]).await;
    assert!(ours.code == Some(0) && !ours.out.contains("gnp"), "{ours}");
    let missing = run(&["inbox", "show", "third"]).await;
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.contains("there is no event with this id"), "{missing}");
    assert!(run(&["inbox", "list", "--state", "dead"]).await.out.contains("No such events"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_status_page_and_the_doctor_say_what_came_and_no_bodies(db: PgPool) {
    let hook = Hook::over(&db).await;
    let before = get(&hook.console.web, "status").await;
    assert!(!before.text.contains("Events received"), "{}", before.text);
    let doctor = hook.program.run(&["doctor"]).await;
    assert!(doctor.out.contains("ok    GitHub's events: none came yet"), "{doctor}");
    for _ in 0..3 {
        assert_eq!(hook.status(&Event::new(HOSTILE)).await, 202);
    }
    settled(&db).await;
    let page = get(&hook.console.web, "status").await;
    let words: Vec<&str> = page.text.split_whitespace().collect();
    assert!(words.windows(4).any(|it| it == ["GitHub", "not", "understood", "3"]), "{}", page.text);
    assert!(!page.text.contains("gnp") && !page.text.contains("mosaic"), "{}", page.text);
    let doctor = hook.program.run(&["doctor"]).await;
    assert!(doctor.out.contains("ok    GitHub's events: the last came 0 minutes ago"), "{doctor}");
    let off = Program::new().with("DATABASE_URL", address(&db)).run(&["doctor"]).await;
    assert!(off.out.contains("off   GitHub's events: set GITHUB_WEBHOOK_SECRET"), "{off}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn how_long_events_are_kept_is_a_number_of_months(db: PgPool) {
    for wrong in ["0", "121", "-1", "\"three\""] {
        let program = program(address(&db)).config(&format!("[inbox]\nkeep_months = {wrong}\n"));
        let ended = program.run(&["config", "check"]).await;
        assert!(ended.code == Some(1) && ended.err.contains("keep_months"), "{ended}");
    }
}
