//! Two programs on one database.

use std::time::{Duration, Instant};

use domain::tick::Job;
use nix::sys::signal::Signal;
use sqlx::PgPool;

use super::ask;
use crate::common::{Console, Program, address, scalar, until};

/// A program with a catalog that is read at each minute.
pub(super) fn program(db: &PgPool) -> Program {
    let program = Program::new()
        .with("DATABASE_URL", address(db))
        .with("PINCONSOLE_LISTEN", "127.0.0.1:0")
        .with("PINCONSOLE_WEB_LISTEN", "127.0.0.1:0")
        .config("[catalog]\npaths = [\"catalog\"]\n[schedule]\ncatalog = \"* * * * *\"\n");
    program.file(
        "catalog/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: payments }\n\
         spec: { type: service, lifecycle: production, owner: group7 }\n",
    );
    program
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn one_run_of_the_schedule_and_one_of_a_person_are_one_run_each(db: PgPool) {
    let program = program(&db);
    ask(&db, Job::Housekeeping, 1).await;
    let consoles = [Console::start(&program).await, Console::start(&program).await];
    until("both runs of housekeeping, and a reading", async || {
        let ended =
            "select count(*) filter (where job = 'housekeeping') >= 2 and count(*) filter (where job = 'catalog') >= 1
            from schedule.tick where finished_at is not null";
        scalar::<bool>(&db, ended).await.then_some(())
    })
    .await;
    let asked = "select attempts from schedule.tick where asked_by = 'ada' and outcome = 'done'";
    assert_eq!(scalar::<i32>(&db, asked).await, 1);
    let scheduled = "select count(*) from schedule.tick where asked_by is null and job = 'housekeeping'";
    assert_eq!(scalar::<i64>(&db, scheduled).await, 1, "one tick, whatever the number of programs");
    let begun: usize = consoles.iter().map(|it| it.logged("a job begins").len()).sum();
    let attempts: i64 = scalar(&db, "select sum(attempts) from schedule.tick").await;
    assert!(begun as i64 <= attempts, "{begun} begun, {attempts} kept");
    assert_eq!(scalar::<i32>(&db, "select max(attempts) from schedule.tick").await, 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_is_told_to_end_gives_back_what_it_runs(db: PgPool) {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("ldap://{}", silent.local_addr().expect("an address"));
    let program = program(&db).with("LDAP_URL", url);
    let suffix = crate::ldap::slapd::SUFFIX;
    let program = program.config(&format!("[ldap]\ntimeout_seconds = 60\n[ldap.users]\nbases = [\"{suffix}\"]\n"));
    let mut console = Console::start(&program).await;
    until("a run under way", async || {
        let running = "select count(*) from schedule.tick where job = 'ldap' and leased_until > now()";
        (scalar::<i64>(&db, running).await == 1).then_some(())
    })
    .await;
    let begun = Instant::now();
    console.signal(Signal::SIGTERM);
    assert_eq!(console.ended().await.code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    let waiting =
        "select count(*) from schedule.tick where job = 'ldap' and finished_at is null and leased_until is null
        and attempts = 0";
    assert_eq!(
        scalar::<i64>(&db, waiting).await,
        1,
        "it begins anew elsewhere at once, and the attempt does not count"
    );
}
