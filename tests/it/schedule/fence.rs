//! A process that hung past its lease must not write when it comes back.

use std::net::TcpListener;

use domain::brake::Brake;
use domain::tick::{Job, Tick};
use integrations::ldap::LdifDirectory;
use nix::sys::signal::Signal;
use scheduler::jobs::{Mode, ldap};
use secrecy::ExposeSecret;
use sqlx::PgPool;

use super::{ask, let_leases_end};
use crate::common::{Console, Program, address, scalar, until};
use crate::ldap::directory::people_and_groups;
use crate::ldap::slapd::{SUFFIX, Slapd};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_sync_that_was_overtaken_writes_nothing(db: PgPool) {
    ask(&db, Job::Ldap, 1).await;
    let config = crate::ldap::config();
    let bases = ["people", "groups"].map(|it| format!("dn: ou={it},{SUFFIX}\nobjectClass: organizationalUnit\n\n"));
    let ldif = bases.concat() + &people_and_groups(30, 2, 40);
    let directory = LdifDirectory::new(&config, &ldif).expect("a directory");
    let overtaken = Tick::claim(&db, Job::Ldap, "one:1").await.expect("an answer").expect("a run");
    let_leases_end(&db).await;
    let newest = Tick::claim(&db, Job::Ldap, "two:2").await.expect("an answer").expect("the same run");
    assert!(newest.id == overtaken.id && newest.token > overtaken.token && newest.attempt == 2);
    let sync = |tick| ldap::Sync { directory: &directory, config: &config, brake: Brake::default(), tick: Some(tick) };
    let refused = sync(&overtaken).run(&db, &Mode::Apply, &|_| {}).await.expect_err("no sync");
    assert!(refused.to_string().contains("another replica has taken over the run of ldap"), "{refused}");
    let counts = "select (select count(*) from org.person) + (select count(*) from catalog.run)";
    assert_eq!(scalar::<i64>(&db, counts).await, 0);
    assert!(!overtaken.renew(&db).await.expect("an answer"));
    let report = sync(&newest).run(&db, &Mode::Apply, &|_| {}).await.expect("a sync");
    assert!(report.outcome.good(), "{}", report.summary);
    assert_eq!(scalar::<i64>(&db, counts).await, 31);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_writes_cannot_be_overtaken_before_it_has_written(db: PgPool) {
    ask(&db, Job::Ldap, 1).await;
    let writer = Tick::claim(&db, Job::Ldap, "one:1").await.expect("an answer").expect("a run");
    let mut transaction = db.begin().await.expect("a transaction");
    writer.hold(&mut transaction).await.expect("the newest");
    let_leases_end(&db).await;
    assert_eq!(Tick::claim(&db, Job::Ldap, "two:2").await.expect("an answer"), None, "it writes just now");
    transaction.commit().await.expect("written");
    assert!(Tick::claim(&db, Job::Ldap, "two:2").await.expect("an answer").is_some());
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_frozen_process_is_taken_over_and_writes_nothing_when_it_thaws(db: PgPool) {
    let server = Slapd::start(&people_and_groups(30, 2, 40));
    // It takes the connection and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = silent.local_addr().expect("an address").port();
    let frozen = Console::start(&program(&db, &server, &format!("ldap://127.0.0.1:{port}"))).await;
    let holder: String = until("a run under way", async || {
        let holder = sqlx::query_scalar("select holder from schedule.tick where job = 'ldap' and leased_until > now()");
        holder.fetch_optional(&db).await.expect("an answer")
    })
    .await;
    frozen.signal(Signal::SIGSTOP);
    let_leases_end(&db).await;
    let other = Console::start(&program(&db, &server, &server.url())).await;
    let people = "select count(*) from org.person";
    until("the other's sync", async || (scalar::<i64>(&db, people).await == 30).then_some(())).await;
    let ended = "select count(*) from schedule.tick where job = 'ldap' and outcome = 'done' and attempts = 2";
    until("its end", async || (scalar::<i64>(&db, ended).await == 1).then_some(())).await;
    let by: String = scalar(&db, "select holder from schedule.tick where job = 'ldap'").await;
    assert_ne!(by, holder);
    drop(silent);
    frozen.signal(Signal::SIGCONT);
    let noticed = [
        "another replica has taken over a job that took too long here",
        "a job ended after another replica had taken it over",
    ];
    until("a word of it", async || noticed.iter().find(|it| !frozen.logged(it).is_empty())).await;
    let readings = "select count(*) from catalog.run";
    assert_eq!(scalar::<i64>(&db, readings).await, 1, "its reading failed, and not even that is kept");
    assert_eq!(other.logged("a job ended").iter().filter(|it| it["job"] == "ldap").count(), 1);
}

fn program(db: &PgPool, server: &Slapd, url: &str) -> Program {
    let reader = server.address();
    let program = Program::new().with("DATABASE_URL", address(db)).with("LDAP_URL", url);
    program
        .with("PINCONSOLE_LISTEN", "127.0.0.1:0")
        .with("PINCONSOLE_WEB_LISTEN", "127.0.0.1:0")
        .with("LDAP_BIND_DN", reader.bind_dn.expect("a name"))
        .with("LDAP_BIND_PASSWORD", reader.bind_password.expect("a password").expose_secret())
        .config(&format!(
            "[ldap.users]\nbases = [\"ou=people,{SUFFIX}\"]\n[ldap.groups]\nbases = [\"ou=groups,{SUFFIX}\"]\n"
        ))
}
