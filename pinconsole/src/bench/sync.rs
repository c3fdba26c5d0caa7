//! Reading a directory: for the first time, unchanged, and with 56 changes, by the real command in a process of its own.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::pool;
use domain::search::Query;
use url::Url;

use super::company;
use super::copy::Rows;
use super::ground::Ground;
use super::process;
use super::report::{Goal, Report};
use super::served::program;
use super::slapd::Slapd;

/// Rows of people, groups and search that were ever written.
const WRITTEN: &str = "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint from pg_stat_all_tables
    where schemaname in ('org', 'auth') or (schemaname = 'catalog' and relname <> 'run')";

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let what = format!("a directory of {} people, {} groups and 140,000 memberships", company::PEOPLE, company::GROUPS);
    let mut report = Report::new("sync", what);
    let slapd = Slapd::start(ground.folder())?;
    fs::write(ground.folder().join("sync.toml"), company::CONFIG)?;
    let mut rows = None;
    for round in 0..=rounds {
        let database = ground.database(&format!("sync_{round}")).await?;
        let first = sync(ground, &slapd, &database)?;
        let queryable = queryable(&database).await?;
        let rows = match &rows {
            Some(rows) => rows,
            None => rows.insert(Rows::of(&database).await?),
        };
        let dump = dump(&slapd)?;
        let copy = rows.write(&ground.database(&format!("copy_{round}")).await?).await?;
        let before = written(&database).await?;
        let again = sync(ground, &slapd, &database)?;
        let wrote = written(&database).await? - before;
        let dump_again = self::dump(&slapd)?;
        slapd.modify(company::changes(round as usize))?;
        let changed = sync(ground, &slapd, &database)?;
        let dump_changed = self::dump(&slapd)?;
        if round == 0 {
            continue;
        }
        report.aim(
            "first / (ldapsearch + COPY)",
            "times",
            Goal::AtMost(1.5),
            (first.seconds + queryable) / (dump + copy),
        );
        report.note("first, until found by a search", "s", first.seconds + queryable);
        report.note("ldapsearch", "s", dump);
        report.note("COPY of the same rows", "s", copy);
        report.aim("unchanged / ldapsearch", "times", Goal::AtMost(1.3), again.seconds / dump_again);
        report.note("unchanged", "s", again.seconds);
        report.aim("unchanged: rows written", "rows", Goal::AtMost(0.0), wrote as f64);
        report.aim("56 changes / ldapsearch", "times", Goal::AtMost(1.3), changed.seconds / dump_changed);
        report.note("56 changes", "s", changed.seconds);
        for (name, it) in [("first", &first), ("unchanged", &again), ("56 changes", &changed)] {
            report.note(&format!("{name}: CPU, ours"), "s", it.cpu);
            report.note(&format!("{name}: CPU, Postgres"), "s", it.postgres_cpu);
            report.note(&format!("{name}: memory at most"), "MB", it.memory);
        }
        report.note("one fdatasync", "ms", ground.fdatasync()?);
    }
    Ok(report)
}

struct Synced {
    seconds: f64,
    cpu: f64,
    postgres_cpu: f64,
    memory: f64,
}

/// Runs `pinconsole sync ldap`.
fn sync(ground: &Ground, slapd: &Slapd, database: &Url) -> Result<Synced> {
    let mut command = program(ground)?;
    command.args(["sync", "ldap"]).env("PINCONSOLE_CONFIG", "sync.toml").env("DATABASE_URL", database.as_str());
    command.stdout(Stdio::from(fs::File::create(ground.folder().join("sync.log"))?));
    slapd.introduce(&mut command);
    let before = (process::cpu(std::process::id())?, ground.postgres_cpu()?);
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let mut memory = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        memory = process::peak(child.id()).unwrap_or(memory);
        std::thread::sleep(Duration::from_millis(2));
    };
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(status.success(), "the sync failed: {}", fs::read_to_string(ground.folder().join("sync.log"))?);
    let (cpu, postgres_cpu) = (process::cpu(std::process::id())? - before.0, ground.postgres_cpu()? - before.1);
    Ok(Synced { seconds, cpu, postgres_cpu, memory })
}

/// Seconds that OpenLDAP's own tool takes to read the same.
fn dump(slapd: &Slapd) -> Result<f64> {
    let begun = Instant::now();
    for mut half in slapd.dump()? {
        let status = Command::status(&mut half)?;
        ensure!(status.success(), "ldapsearch failed: {status}");
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// Seconds until a search finds somebody.
async fn queryable(database: &Url) -> Result<f64> {
    let db = pool::pool(database.as_str(), 1)?;
    let begun = Instant::now();
    let hits = Query::new(&company::person(4_711)).context("words")?.run(&db, 10, 0).await?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(hits.total > 0, "nobody is found after the first sync");
    db.close().await;
    Ok(seconds)
}

async fn written(database: &Url) -> Result<i64> {
    let db = pool::pool(database.as_str(), 1)?;
    let rows = sqlx::query_scalar(WRITTEN).fetch_one(&db).await?;
    db.close().await;
    Ok(rows)
}
