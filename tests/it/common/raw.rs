use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use super::PATIENCE;

/// Sends these bytes and tells the first line of the answer, while the connection stays open for more.
pub(crate) async fn raw(to: &Url, bytes: &[u8]) -> String {
    let address = format!("{}:{}", to.host_str().expect("a host"), to.port().expect("a port"));
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // A server that refuses early may close before all is sent.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = async {
        while !answer.contains(&b'\n') {
            match stream.read_buf(&mut answer).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE, read).await.expect("an answer in time");
    String::from_utf8_lossy(&answer).lines().next().unwrap_or("(closed)").to_string()
}
