//! A client that does as little as one can, so that the server is what is measured.

use std::io::{Read, Write};
use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A request that asks for a path.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n").into_bytes()
}

/// A request with a body.
pub fn post(path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-length: {length}\r\n\r\n{body}").into_bytes()
}

/// A kept connection, for one of many callers at once.
pub struct Connection {
    stream: tokio::net::TcpStream,
    answer: Answer,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = tokio::net::TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Answer::default() })
    }

    /// Asks, and gives the body of the answer, which must be a good one.
    pub async fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        while !self.answer.whole()? {
            if self.stream.read_buf(&mut self.answer.bytes).await? == 0 {
                bail!("the server hung up");
            }
        }
        self.answer.body()
    }
}

/// The same for a thread of its own, which wakes more exactly than a runtime's timer.
pub struct Blocking {
    stream: std::net::TcpStream,
    answer: Answer,
}

impl Blocking {
    /// Connects.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = std::net::TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Answer::default() })
    }

    /// Asks, and gives the body of the answer, which must be a good one.
    pub fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request)?;
        self.answer.clear();
        let mut part = [0; 16 * 1024];
        while !self.answer.whole()? {
            let length = self.stream.read(&mut part)?;
            if length == 0 {
                bail!("the server hung up");
            }
            self.answer.bytes.extend_from_slice(&part[..length]);
        }
        self.answer.body()
    }
}

/// An answer as far as it came. Ours always tell their length.
#[derive(Default)]
struct Answer {
    bytes: Vec<u8>,
    /// Where the body begins and ends.
    body: Option<(usize, usize)>,
}

impl Answer {
    fn clear(&mut self) {
        self.bytes.clear();
        self.body = None;
    }

    fn whole(&mut self) -> Result<bool> {
        if self.body.is_none()
            && let Some(end) = self.bytes.windows(4).position(|it| it == b"\r\n\r\n")
        {
            let head = std::str::from_utf8(&self.bytes[..end])?;
            let length = head.lines().find_map(|it| it.strip_prefix("content-length:"));
            let length: usize = length.context("an answer without its length")?.trim().parse()?;
            self.body = Some((end + 4, end + 4 + length));
        }
        Ok(self.body.is_some_and(|(_, end)| self.bytes.len() >= end))
    }

    fn body(&self) -> Result<&[u8]> {
        let (start, end) = self.body.context("no answer yet")?;
        let body = &self.bytes[start..end];
        if !self.bytes.starts_with(b"HTTP/1.1 2") {
            let line = self.bytes.split(|it| *it == b'\r').next().unwrap_or_default();
            bail!("{}: {}", String::from_utf8_lossy(line), String::from_utf8_lossy(body));
        }
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_may_come_in_parts() {
        let mut answer = Answer::default();
        answer.bytes.extend_from_slice(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel");
        assert!(!answer.whole().expect("well-formed"));
        answer.bytes.extend_from_slice(b"lo");
        assert!(answer.whole().expect("well-formed"));
        assert_eq!(answer.body().expect("good"), b"hello");
    }

    #[test]
    fn an_answer_that_is_no_success_is_an_error() {
        let mut answer = Answer::default();
        answer.bytes.extend_from_slice(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 3\r\n\r\nno\n");
        assert!(answer.whole().expect("well-formed"));
        assert!(answer.body().is_err());
    }
}
