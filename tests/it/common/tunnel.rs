use std::sync::Arc;

use sqlx::PgPool;
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use url::Url;

/// A way to the database that can be cut and mended.
pub(crate) struct Tunnel {
    port: u16,
    whole: watch::Sender<bool>,
    task: AbortHandle,
}

impl Tunnel {
    /// A way to the server of this database.
    pub(crate) async fn to(db: &PgPool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (whole, watched) = watch::channel(true);
        let options = db.connect_options();
        let folder = options.get_socket().map(|it| it.display().to_string());
        let host = folder.unwrap_or_else(|| options.get_host().to_string());
        let server = Arc::new((host, options.get_port()));
        let task = tokio::spawn(async move {
            let mut ways = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                ways.spawn(carry(client, server.clone(), watched.clone()));
            }
        });
        Self { port, whole, task: task.abort_handle() }
    }

    /// The address of the database on this way.
    pub(crate) fn address(&self, db: &PgPool) -> String {
        let mut url = Url::parse(&super::address(db)).expect("an address");
        let named = |it: &String| it != "host" && it != "port";
        let rest: Vec<(String, String)> = url.query_pairs().into_owned().filter(|it| named(&it.0)).collect();
        url.query_pairs_mut().clear().extend_pairs(rest);
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(self.port)).expect("a port");
        url.into()
    }

    /// Ends all connections, and takes no more.
    pub(crate) fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Takes connections again.
    pub(crate) fn mend(&self) {
        self.whole.send_replace(true);
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(mut client: TcpStream, server: Arc<(String, u16)>, mut whole: watch::Receiver<bool>) {
    let (host, port) = &*server;
    let cut = async { whole.wait_for(|it| !it).await.map(|_| ()) };
    let carried = async {
        let mut server: Box<dyn Stream> = match host.starts_with('/') {
            true => Box::new(UnixStream::connect(format!("{host}/.s.PGSQL.{port}")).await?),
            false => Box::new(TcpStream::connect((host.as_str(), *port)).await?),
        };
        copy_bidirectional(&mut client, &mut server).await
    };
    // Whichever ends first, both sides hear of it by the end of their connections.
    tokio::select! { _ = cut => {}, _ = carried => {} }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}
