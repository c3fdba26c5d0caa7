use std::fs;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::PgPool;
use tempfile::TempDir;
use tokio::sync::{Mutex, RwLock};
use url::Url;

use crate::common::{Console, Program, until};

/// A database of its own that keeps what it committed, and replicas on it. All of them may be killed.
pub(super) struct Ground {
    replicas: Vec<Mutex<Option<Console>>>,
    /// Where each replica listens; it changes with each start.
    addresses: RwLock<Vec<Url>>,
    programs: Vec<Program>,
    /// A pool of ours, for counting.
    pub(super) db: PgPool,
    server: postgres::Server,
    _folder: TempDir,
}

impl Ground {
    /// Starts the database and two replicas.
    pub(super) async fn open(furnish: impl Fn(Program) -> Program) -> Self {
        Self::with(2, async |_: &PgPool| {}, |_, program| furnish(program)).await
    }

    /// Starts the database with what is in it from the beginning, and so many replicas, each furnished by its number.
    pub(super) async fn with(
        count: usize,
        prepare: impl AsyncFnOnce(&PgPool),
        furnish: impl Fn(usize, Program) -> Program,
    ) -> Self {
        let folder = tempfile::Builder::new().prefix("faults").tempdir().expect("a folder");
        // The server runs as another user when the tests run as root.
        fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a mode");
        let options = postgres::Options {
            folder: folder.path().into(),
            settings: vec![("max_connections".into(), "100".into())],
            database: "pinconsole".into(),
        };
        let started = tokio::task::spawn_blocking(move || postgres::Server::start(&options, &mut |_| {})).await;
        let server = started.expect("no panic").expect("a server");
        let db = domain::pool::pool(server.url(), 2).expect("an address");
        domain::MIGRATOR.run(&db).await.expect("tables");
        prepare(&db).await;
        let program = |number: usize| {
            let program = Program::new()
                .with("PINCONSOLE_LISTEN", "127.0.0.1:0")
                .with("PINCONSOLE_WEB_LISTEN", "127.0.0.1:0")
                .with("DATABASE_URL", server.url());
            furnish(number, program)
        };
        let programs: Vec<Program> = (0..count).map(program).collect();
        let (mut replicas, mut addresses) = (Vec::new(), Vec::new());
        for program in &programs {
            let console = Console::start(program).await;
            addresses.push(console.public.clone());
            replicas.push(Mutex::new(Some(console)));
        }
        Self { replicas, addresses: RwLock::new(addresses), programs, db, server, _folder: folder }
    }

    /// Where one of the replicas listens, or listened.
    pub(super) async fn address(&self, number: usize) -> Url {
        self.addresses.read().await[number % self.replicas.len()].clone()
    }

    /// Kills a replica without a warning and starts another in its place.
    pub(super) async fn kill(&self, number: usize) {
        let number = number % self.replicas.len();
        let mut replica = self.replicas[number].lock().await;
        if let Some(running) = replica.take() {
            running.crash();
        }
        let next = Console::launch(&self.programs[number]).await;
        self.addresses.write().await[number] = next.public.clone();
        *replica = Some(next);
    }

    /// Lets a replica stand still for a while, as a machine that is too busy does.
    pub(super) async fn freeze(&self, number: usize, time: Duration) {
        self.freeze_while(number, tokio::time::sleep(time)).await;
    }

    /// Lets a replica stand still until something else is over.
    pub(super) async fn freeze_while(&self, number: usize, it: impl Future<Output = ()>) {
        let replica = self.replicas[number % self.replicas.len()].lock().await;
        if let Some(running) = &*replica {
            running.signal(Signal::SIGSTOP);
            it.await;
            running.signal(Signal::SIGCONT);
        }
    }

    /// Number of the replica that holds a job under this name, `host:pid`.
    pub(super) async fn named(&self, holder: &str) -> Option<usize> {
        let process: u32 = holder.rsplit(':').next()?.parse().ok()?;
        for (number, replica) in self.replicas.iter().enumerate() {
            // Locked, it is being killed or stands still.
            if replica.try_lock().is_ok_and(|it| it.as_ref().is_some_and(|it| it.process() == process)) {
                return Some(number);
            }
        }
        None
    }

    /// Crashes the database: a killed process of its own takes all others with it, and it recovers from its log.
    pub(super) async fn crash(&self) {
        let since = self.started().await;
        let victim: i32 = until("a connection to kill", async || {
            sqlx::query_scalar("select pg_backend_pid()").fetch_one(&self.db).await.ok()
        })
        .await;
        kill(Pid::from_raw(victim), Signal::SIGKILL).expect("a process of the database");
        until("a database that recovered", async || {
            let now = self.postmaster_children_since().await?;
            (Some(&now) != since.as_ref()).then_some(())
        })
        .await;
    }

    async fn started(&self) -> Option<String> {
        self.postmaster_children_since().await
    }

    /// When the processes that every server has were started last: a crash starts all of them anew.
    async fn postmaster_children_since(&self) -> Option<String> {
        let query = "select backend_start::text from pg_stat_activity where backend_type = 'checkpointer'";
        sqlx::query_scalar(query).fetch_one(&self.db).await.ok()
    }

    /// Ends all replicas in good order, so that all they took in is written and their logs are held to the rules.
    pub(super) async fn close(self) {
        for replica in &self.replicas {
            if let Some(mut running) = replica.lock().await.take() {
                running.signal(Signal::SIGTERM);
                running.ended().await;
            }
        }
        self.db.close().await;
        self.server.stop().expect("a server that stops");
    }
}
