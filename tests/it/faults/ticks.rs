use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::tick::{Job, Tick};
use sqlx::PgPool;

use super::{Ground, Size};
use crate::common::{Clocks, Program, until};

const REPLICAS: usize = 3;

/// Components in the files, so that a reading takes a while.
const COMPONENTS: usize = 150;

/// How often somebody asks for a run besides those that are due.
const ASKED: Duration = Duration::from_millis(700);

/// By how much clocks are wrong.
const SKEW: [i32; 3] = [30, -30, 0];

/// A program that reads its catalog every second.
fn furnished(program: Program) -> Program {
    let one = |number| {
        format!(
            "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: component-{number} }}\n\
             spec: {{ type: service, lifecycle: production, owner: team }}\n"
        )
    };
    program.file("catalog/all.yaml", &(0..COMPONENTS).map(one).collect::<String>());
    program.config("[catalog]\npaths = [\"catalog\"]\n[schedule]\ncatalog = \"* * * * * *\"\n")
}

/// Lets the database keep each reading that was written.
async fn watch(db: &PgPool) {
    let trigger = "create table effect (started_at timestamptz);
        create function effect() returns trigger language plpgsql as $$ begin
            insert into effect values (new.started_at);
            return null;
        end $$;
        -- Housekeeping forgets all but the last thousand runs, and here each counts.
        create function kept() returns trigger language plpgsql as $$ begin return null; end $$;
        create trigger kept before delete on schedule.tick for each row execute function kept();
        create trigger effect after insert on catalog.run for each row execute function effect()";
    sqlx::raw_sql(trigger).execute(db).await.expect("a table");
}

/// Who is in the middle of a run for the first time.
async fn busy(ground: &Ground) -> (uuid::Uuid, usize) {
    let query = "select id, holder from schedule.tick where finished_at is null and leased_until > now()
        and attempts = 1 and job = 'catalog'";
    until("a run under way", async || {
        loop {
            let found: Option<(uuid::Uuid, String)> = sqlx::query_as(query).fetch_optional(&ground.db).await.ok()?;
            match found {
                Some((id, holder)) => return Some((id, ground.named(&holder).await?)),
                None => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        }
    })
    .await
}

/// As if the time of whoever holds this run had run out.
async fn lease_ends(ground: &Ground, id: uuid::Uuid) {
    until("a lease that ends", async || {
        let ends =
            sqlx::query("update schedule.tick set leased_until = now() where id = $1 and leased_until is not null");
        ends.bind(id).execute(&ground.db).await.ok()
    })
    .await;
}

/// Somebody else has done the run.
async fn done_by_another(ground: &Ground, id: uuid::Uuid) {
    until("another replica", async || {
        let done = sqlx::query_scalar("select finished_at is not null from schedule.tick where id = $1").bind(id);
        done.fetch_one(&ground.db).await.ok().filter(|it: &bool| *it).map(|_| ())
    })
    .await;
}

async fn havoc(ground: &Ground, clocks: &Clocks, size: Size, passed: &AtomicUsize, frozen: &AtomicUsize) {
    let blows = size.kills + size.crashes;
    for blow in 0..blows {
        while passed.load(Ordering::Relaxed) < size.ticks * (blow + 1) / (blows + 1) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        clocks.step(&name(blow), SKEW[blow % SKEW.len()]);
        match (blow + 1) * size.crashes / blows > blow * size.crashes / blows {
            true => ground.crash().await,
            false => {
                let (id, number) = busy(ground).await;
                match blow % 2 {
                    0 => {
                        tokio::join!(ground.kill(number), lease_ends(ground, id));
                    }
                    _ => {
                        frozen.fetch_add(1, Ordering::Relaxed);
                        ground
                            .freeze_while(number, async {
                                lease_ends(ground, id).await;
                                done_by_another(ground, id).await;
                            })
                            .await;
                    }
                }
            }
        }
    }
}

fn name(replica: usize) -> String {
    format!("clock{}", replica % REPLICAS)
}

async fn ask(db: &PgPool, stop: &AtomicBool) -> usize {
    let mut asked = 0;
    while !stop.load(Ordering::Relaxed) {
        if let Ok(mut connection) = db.acquire().await {
            let argument = serde_json::json!({ "number": asked });
            asked += usize::from(Tick::ask(&mut connection, Job::Catalog, &argument, "ada").await.is_ok());
        }
        tokio::time::sleep(ASKED).await;
    }
    asked
}

/// A run as it ended.
#[derive(sqlx::FromRow)]
struct Run {
    scheduled_for: DateTime<Utc>,
    asked: bool,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    outcome: Option<String>,
    note: Option<String>,
    attempts: i32,
}

impl Run {
    fn done(&self) -> bool {
        self.outcome.as_deref() == Some("done")
    }
}

/// Ends every schedule, and waits until all runs that are there have ended.
async fn settle(db: &PgPool, until_at: DateTime<Utc>) -> Vec<Run> {
    let query = "select scheduled_for, asked_by is not null as asked, started_at, finished_at, outcome, note, attempts
        from schedule.tick where job = 'catalog' and scheduled_for <= $1 order by scheduled_for";
    until("all runs", async || {
        let runs: Vec<Run> = sqlx::query_as(query).bind(until_at).fetch_all(db).await.ok()?;
        runs.iter().all(|it| it.finished_at.is_some()).then_some(runs)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_run_that_is_due_happens_once_on_three_replicas_with_wrong_clocks() {
    let (size, clocks) = (Size::chosen(), Clocks::new());
    let furnish = |number: usize, program| clocks.given(&name(number), furnished(program));
    let ground = Ground::with(REPLICAS, async |db: &PgPool| watch(db).await, furnish).await;
    let (passed, frozen, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let time = async {
        for _ in 0..size.ticks {
            tokio::time::sleep(Duration::from_secs(1)).await;
            passed.fetch_add(1, Ordering::Relaxed);
        }
    };
    let storm = async {
        tokio::join!(time, havoc(&ground, &clocks, size, &passed, &frozen));
        stop.store(true, Ordering::Relaxed);
    };
    let (asked, ()) = tokio::join!(ask(&ground.db, &stop), storm);
    let end = until("the time", async || domain::timetable::now(&ground.db).await.ok()).await;
    let runs = settle(&ground.db, end).await;

    let effects: Vec<DateTime<Utc>> = sqlx::query_scalar("select started_at from effect where started_at <= $1")
        .bind(end)
        .fetch_all(&ground.db)
        .await
        .expect("effects");
    let mut written: BTreeMap<DateTime<Utc>, usize> = BTreeMap::new();
    effects.iter().for_each(|it| *written.entry(*it).or_default() += 1);
    let begun = |it: &&Run| it.started_at.is_some_and(|it| it <= end);
    let mut wrong = Vec::new();
    for run in runs.iter().filter(begun) {
        let times = run.started_at.and_then(|it| written.remove(&it)).unwrap_or(0);
        if times != usize::from(run.done()) {
            wrong.push(format!("{} written {times} times, {:?} {:?}", run.scheduled_for, run.outcome, run.note));
        }
    }
    let (asked_for, due): (Vec<&Run>, Vec<&Run>) = runs.iter().partition(|it| it.asked);
    let seconds = due.windows(2).filter(|it| (it[1].scheduled_for - it[0].scheduled_for).num_seconds() != 1);
    let holes = seconds.count();
    let mut held: Vec<_> = runs.iter().filter_map(|it| it.started_at.zip(it.finished_at)).collect();
    held.sort();
    let overlaps = held.windows(2).filter(|it| it[1].0 < it[0].1).count();
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for run in due.iter().filter(|it| !it.done()) {
        *left_out.entry(run.note.as_deref().unwrap_or("?")).or_default() += 1;
    }
    let done = |all: &[&Run]| all.iter().filter(|it| it.done()).count();
    // The first run of a new job stands for the minute in which it came.
    let late = due.iter().skip(1).filter(|it| it.done()).filter_map(|it| Some(it.started_at? - it.scheduled_for)).max();
    println!(
        "{} replicas killed or frozen in the middle of a run ({} frozen past the lease), {} crashes of the database, clocks stepped\n\
         due          {:>6}\n  done once  {:>6}\n  left out   {:>6}  {left_out:?}\n  holes      {holes:>6}\n\
         asked for    {asked:>6}\n  done once  {:>6}\ntaken over   {:>6}\nnot as often written as done {:>3}\n\
         written by nobody's run      {:>3}\noverlaps     {overlaps:>6}\nlatest begin {late:?}",
        size.kills,
        frozen.load(Ordering::Relaxed),
        size.crashes,
        due.len(),
        done(&due),
        left_out.values().sum::<usize>(),
        done(&asked_for),
        runs.iter().filter(|it| it.attempts > 1).count(),
        wrong.len(),
        written.len(),
    );
    assert_eq!(wrong, Vec::<String>::new());
    assert!(written.is_empty(), "{:?}", written.first_key_value());
    assert_eq!((holes, overlaps), (0, 0));
    // One whose asking was not answered may be there as well.
    assert!(done(&asked_for) == asked_for.len() && asked_for.len() >= asked, "{} of {asked}", asked_for.len());
    assert!(
        left_out
            .keys()
            .all(|it| it.starts_with("missed") || it.starts_with("the run before") || it.starts_with("a newer run"))
    );
    assert!(done(&due) * 2 > size.ticks, "most of them could run: {left_out:?}");
    ground.close().await;
}
