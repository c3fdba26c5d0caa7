use std::fs;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::PgPool;
use tempfile::TempDir;
use tokio::sync::{Mutex, RwLock};
use url::Url;

use crate::common::{Console, Program, until};

/// A database of its own that keeps what it committed, and two replicas on it. All of them may be killed.
pub(super) struct Ground {
    replicas: [Mutex<Option<Console>>; 2],
    /// Where each replica listens; it changes with each start.
    addresses: RwLock<[Url; 2]>,
    program: Program,
    /// A pool of ours, for counting.
    pub(super) db: PgPool,
    server: postgres::Server,
    _folder: TempDir,
}

impl Ground {
    /// Starts the database and both replicas.
    pub(super) async fn open(furnish: impl FnOnce(Program) -> Program) -> Self {
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
        let program = Program::new()
            .with("PINCONSOLE_LISTEN", "127.0.0.1:0")
            .with("PINCONSOLE_WEB_LISTEN", "127.0.0.1:0")
            .with("DATABASE_URL", server.url());
        let program = furnish(program);
        let (one, other) = (Console::start(&program).await, Console::start(&program).await);
        let addresses = RwLock::new([one.public.clone(), other.public.clone()]);
        let replicas = [Mutex::new(Some(one)), Mutex::new(Some(other))];
        Self { replicas, addresses, program, db, server, _folder: folder }
    }

    /// Where one of the replicas listens, or listened.
    pub(super) async fn address(&self, number: usize) -> Url {
        self.addresses.read().await[number % 2].clone()
    }

    /// Kills a replica without a warning and starts another in its place.
    pub(super) async fn kill(&self, number: usize) {
        let mut replica = self.replicas[number % 2].lock().await;
        if let Some(running) = replica.take() {
            running.crash();
        }
        let next = Console::launch(&self.program).await;
        self.addresses.write().await[number % 2] = next.public.clone();
        *replica = Some(next);
    }

    /// Lets a replica stand still for a while, as a machine that is too busy does.
    pub(super) async fn freeze(&self, number: usize, time: Duration) {
        let replica = self.replicas[number % 2].lock().await;
        if let Some(running) = &*replica {
            running.signal(Signal::SIGSTOP);
            tokio::time::sleep(time).await;
            running.signal(Signal::SIGCONT);
        }
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

    /// Ends both replicas in good order, so that all they took in is written and their logs are held to the rules.
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
