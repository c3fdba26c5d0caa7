//! How long a connection may wait for a request, and a request for its headers.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::rt::{Sleep, Timer};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_util::io::InspectReader;

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// From the first byte of a request to the last of its headers; also from a new connection to its first byte.
    pub headers: Duration,
    /// From one answer to the first byte of the next request.
    pub idle: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { headers: Duration::from_secs(10), idle: Duration::from_secs(75) }
    }
}

/// One connection's clock, in the place of hyper's own, which knows one deadline for silence and slowness alike: hyper asks
/// for a sleep when it begins to wait for headers, looks at it after each read, and drops it once they are whole.
pub struct Clock {
    deadlines: Deadlines,
    /// Whether bytes have come since the wait began. Those of a request that came together with the one before are not
    /// seen; such a connection counts as silent until its next byte.
    arrived: Arc<AtomicBool>,
    /// Whether a request was waited for before.
    kept: AtomicBool,
}

impl Clock {
    /// A clock for this connection, and the connection, which tells it of bytes that come.
    pub fn watch(
        stream: TcpStream,
        deadlines: Deadlines,
    ) -> (Self, InspectReader<TcpStream, impl FnMut(&[u8]) + use<>>) {
        let arrived = Arc::new(AtomicBool::new(false));
        let told = arrived.clone();
        let tell = move |bytes: &[u8]| {
            if !bytes.is_empty() {
                told.store(true, Ordering::Relaxed);
            }
        };
        (Self { deadlines, arrived, kept: AtomicBool::new(false) }, InspectReader::new(stream, tell))
    }
}

impl Timer for Clock {
    fn sleep(&self, _: Duration) -> Pin<Box<dyn Sleep>> {
        self.arrived.store(false, Ordering::Relaxed);
        let silence = match self.kept.swap(true, Ordering::Relaxed) {
            true => self.deadlines.idle,
            false => self.deadlines.headers,
        };
        Box::pin(Wait {
            end: Box::pin(tokio::time::sleep(silence)),
            arrived: self.arrived.clone(),
            headers: self.deadlines.headers,
            begun: false,
        })
    }

    fn sleep_until(&self, _: std::time::Instant) -> Pin<Box<dyn Sleep>> {
        self.sleep(Duration::ZERO)
    }
}

/// A wait for headers: for their first byte, then for all of them.
struct Wait {
    end: Pin<Box<tokio::time::Sleep>>,
    arrived: Arc<AtomicBool>,
    headers: Duration,
    begun: bool,
}

impl Sleep for Wait {}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if !self.begun && self.arrived.load(Ordering::Relaxed) {
            self.begun = true;
            let end = Instant::now() + self.headers;
            self.end.as_mut().reset(end);
        }
        self.end.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::Router;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::listen::Listener;

    const SHORT: Duration = Duration::from_millis(200);
    const LONG: Duration = Duration::from_secs(3600);
    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: pin.example\r\n\r\n";

    /// Nothing below takes so long unless a deadline is missing.
    const PATIENCE: Duration = Duration::from_secs(30);

    async fn connected(deadlines: Deadlines) -> TcpStream {
        let listener = Listener::bind("test", SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let listener = listener.with(deadlines);
        let address = listener.address().expect("an address");
        let router = Router::new().route("/", get(|| async { "hello" }));
        tokio::spawn(listener.serve(router, CancellationToken::new()));
        TcpStream::connect(address).await.expect("a connection")
    }

    async fn ask(stream: &mut TcpStream) {
        stream.write_all(REQUEST).await.expect("an open connection");
        let (mut answer, mut part) = (Vec::new(), [0; 1024]);
        while !answer.ends_with(b"hello") {
            let read = tokio::time::timeout(PATIENCE, stream.read(&mut part)).await.expect("an answer in time");
            let read = read.expect("an open connection");
            assert!(read > 0, "closed after {}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&part[..read]);
        }
    }

    /// How long the connection stays open while a byte of a header comes now and then.
    async fn dripped(stream: &mut TcpStream) -> Duration {
        let (begun, mut part) = (Instant::now(), [0; 1024]);
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nx: ").await;
        while begun.elapsed() < PATIENCE {
            if let Ok(end) = tokio::time::timeout(SHORT / 10, stream.read(&mut part)).await {
                assert!(matches!(end, Ok(0) | Err(_)), "nothing was answered");
                return begun.elapsed();
            }
            let _ = stream.write_all(b"x").await;
        }
        panic!("the connection is still open");
    }

    /// How long the connection stays open in silence.
    async fn silent(stream: &mut TcpStream) -> Duration {
        let begun = Instant::now();
        let end = tokio::time::timeout(PATIENCE, stream.read(&mut [0; 1024])).await.expect("an end in time");
        assert!(matches!(end, Ok(0) | Err(_)), "nothing was answered");
        begun.elapsed()
    }

    #[tokio::test]
    async fn headers_that_drip_are_cut_off_counted_from_their_first_byte() {
        let mut stream = connected(Deadlines { headers: SHORT, idle: LONG }).await;
        assert!(dripped(&mut stream).await < PATIENCE);
        let mut stream = connected(Deadlines { headers: SHORT, idle: LONG }).await;
        ask(&mut stream).await;
        let took = dripped(&mut stream).await;
        assert!(took >= SHORT - SHORT / 10, "a second request has its whole time, too: {took:?}");
    }

    #[tokio::test]
    async fn a_kept_connection_may_be_silent_for_longer_than_headers_may_take() {
        let mut stream = connected(Deadlines { headers: SHORT, idle: LONG }).await;
        for _ in 0..2 {
            ask(&mut stream).await;
            tokio::time::sleep(3 * SHORT).await;
        }
        ask(&mut stream).await;
    }

    #[tokio::test]
    async fn silence_ends_a_connection() {
        let mut new = connected(Deadlines { headers: SHORT, idle: LONG }).await;
        silent(&mut new).await;
        let mut kept = connected(Deadlines { headers: LONG, idle: SHORT }).await;
        ask(&mut kept).await;
        assert!(silent(&mut kept).await >= SHORT - SHORT / 10);
    }

    #[tokio::test]
    async fn a_handler_may_take_longer_than_headers_may() {
        let listener = Listener::bind("test", SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let listener = listener.with(Deadlines { headers: SHORT, idle: SHORT });
        let address = listener.address().expect("an address");
        let slow = || async {
            tokio::time::sleep(3 * SHORT).await;
            "hello"
        };
        tokio::spawn(listener.serve(Router::new().route("/", get(slow)), CancellationToken::new()));
        ask(&mut TcpStream::connect(address).await.expect("a connection")).await;
    }
}
