//! What people are told of jobs.

use domain::tick::{Job, Outcome, Tick};
use sqlx::PgPool;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::replicas::program;
use crate::common::{Console, PATIENCE, Program, address, get, scalar};

/// How three jobs fared, each in its own way.
async fn fared(db: &PgPool) {
    sqlx::raw_sql(
        "insert into schedule.timetable (job, expression, zone, next_at, announced_by) values
            ('ldap', '0 * * * *', 'Europe/Berlin', '2126-01-01 07:00+00', 'console-1:17'),
            ('catalog', 'off', 'UTC', null, 'console-1:17');
         insert into schedule.tick (id, job, scheduled_for, asked_by, holder, token, leased_until, attempts, started_at,
            finished_at, outcome, note) values
            (gen_random_uuid(), 'ldap', '2026-01-01 06:00+00', null, 'console-1:17', 1, null, 2, '2026-01-01 06:00+00',
             '2026-01-01 06:00:09+00', 'refused', 'Refused, nothing was written: 40 of 90 people would leave.'),
            (gen_random_uuid(), 'ldap', '2026-01-01 07:00+00', null, 'console-2:23', 2, '2126-01-01 00:00+00', 1,
             '2026-01-01 07:00+00', null, null, null),
            (gen_random_uuid(), 'catalog', '2026-01-01 06:00+00', 'ada', 'console-1:17', 1, null, 1, '2026-01-01 06:00+00',
             '2026-01-01 06:00+00', 'done', 'Read 3 entities, with 0 problems.')",
    )
    .execute(db)
    .await
    .expect("runs");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_terminal_and_the_page_say_how_each_job_fares(db: PgPool) {
    fared(&db).await;
    let program = Program::new().with("DATABASE_URL", address(&db)).with("TZ", "Europe/Berlin");
    insta::assert_snapshot!(program.run(&["jobs"]).await, @"
    ✗ 1 job needs attention

      Job             Runs            Next            Last run        When
      ──────────────  ──────────────  ──────────────  ──────────────  ──────────────
      Directory       0 * * * *       1 Jan 2126      refused in 9 s  1 Jan 2026
      (LDAP)          Europe/Berlin   08:00 CET                       07:00 CET
      Catalog files   off             not planned     done in < 1 s   1 Jan 2026
                                                                      07:00 CET
      Housekeeping    not planned     not planned     never           never
      PagerDuty       not planned     not planned     never           never
      PagerDuty's     not planned     not planned     never           never
      events
      Who comes on    not planned     not planned     never           never
      call
      GitHub's pull   not planned     not planned     never           never
      requests
      GitHub's        not planned     not planned     never           never
      conflicts
      GitHub's        not planned     not planned     never           never
      missing events
      GitHub's teams  not planned     not planned     never           never

      • Directory (LDAP): runs on console-2:23 since 1 Jan 2026 08:00 CET
      • Directory (LDAP): Refused, nothing was written: 40 of 90 people would leave.
        – begun 2 times
      • Catalog files: Read 3 entities, with 0 problems. – asked for by ada

    http://127.0.0.1:8081/status
    [0]
    ");
    let json = program.run(&["jobs", "--json"]).await;
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    let directory = &json["jobs"][0];
    assert_eq!(directory["last"]["seconds"], 9);
    assert_eq!(directory["running"]["process"], "console-2:23");
    assert_eq!(directory["next"], "2126-01-01T07:00:00Z");
    assert!(json["jobs"][2]["last"].is_null() && json["jobs"][2]["schedule"].is_null());
    // The replica keeps its own house from its start on, and what is old goes.
    let lately =
        "update schedule.tick set scheduled_for = now() - interval '1 hour', started_at = now() - interval '1 hour',
        finished_at = now() - interval '59 minutes' where finished_at is not null";
    sqlx::query(lately).execute(&db).await.expect("runs of today");
    let console = Console::start(&super::replicas::program(&db)).await;
    let page = get(&console.web, "status").await.text;
    for words in ["What happens by itself", "runs on console-2:23 since", "40 of 90 people would leave"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_sync_by_hand_waits_for_the_one_under_way_and_says_whose_it_is(db: PgPool) {
    let program = program(&db);
    let other = Tick::start(&db, Job::Catalog, None, "console-2:23").await.expect("an answer").expect("a free job");
    let command = program.command(&["sync", "catalog"]);
    let mut command = tokio::process::Command::from(command);
    let mut waiting = command.kill_on_drop(true).spawn().expect("the program runs");
    let mut lines = BufReader::new(waiting.stderr.take().expect("a pipe")).lines();
    let words = lines.next_line().await.expect("a text").expect("a line");
    assert!(words.contains("console-2:23 has been reading since"), "{words}");
    // A plan alone disturbs nobody, so it needs not wait.
    let dry = program.run(&["sync", "catalog", "--dry-run"]).await;
    assert_eq!(dry.code, Some(0), "{dry}");
    assert_eq!(scalar::<i64>(&db, "select count(*) from catalog.run").await, 0);
    assert!(other.finish(&db, Outcome::Done, "").await.expect("an answer"));
    assert!(tokio::time::timeout(PATIENCE, waiting.wait()).await.expect("an end in time").expect("an end").success());
    let by: String =
        scalar(&db, "select asked_by from schedule.tick where asked_by is not null and outcome = 'done'").await;
    assert!(by.ends_with(" at the terminal"), "{by}");
}

#[tokio::test]
async fn a_schedule_that_is_none_is_refused_with_what_is_wrong() {
    let check = async |toml: &str| Program::new().config(toml).run(&["config", "check"]).await;
    let zone = check("[schedule]\nzone = \"Europe/Belin\"\n").await;
    assert!(zone.code == Some(1) && zone.err.contains("did you mean `Europe/Berlin`?"), "{zone}");
    let never = check("[schedule]\nldap = \"0 0 31 2 *\"\n").await;
    assert!(never.code == Some(1) && never.err.contains("schedule.ldap: `0 0 31 2 *` never comes"), "{never}");
    let off = check("[schedule]\nldap = \"off\"\nzone = \"Europe/Berlin\"\n").await;
    assert!(off.code == Some(0) && off.out.contains("directory off, catalog */10 * * * *, in Europe/Berlin"), "{off}");
}
