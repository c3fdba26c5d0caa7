//! Reading the body of a request that came from outside: never more of it, never longer, than it deserves.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// All bodies in flight together.
const BUDGET_KIB: usize = 256 * 1024;

/// How long a body may wait for room in the budget.
const PATIENCE: Duration = Duration::from_secs(2);

/// One budget for all bodies of the process, so that many slow senders cannot fill the memory.
#[derive(Clone)]
pub struct Budget(Arc<Semaphore>);

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BUDGET_KIB)))
    }
}

impl Budget {
    async fn take(&self, kib: usize) -> Result<OwnedSemaphorePermit, StatusCode> {
        let kib = u32::try_from(kib).unwrap_or(u32::MAX);
        if let Ok(part) = self.0.clone().try_acquire_many_owned(kib) {
            return Ok(part);
        }
        let room = self.0.clone().acquire_many_owned(kib);
        match tokio::time::timeout(PATIENCE, room).await {
            Ok(Ok(part)) => Ok(part),
            Ok(Err(_)) | Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}

/// What a route takes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a body at the most.
    pub bytes: usize,
    /// How long a sender may take for it.
    pub time: Duration,
    /// The content types that are taken.
    pub types: &'static [&'static str],
}

/// A body with its part of the budget, which it gives back when it is dropped.
pub struct Whole {
    /// The bytes as they came.
    pub bytes: Bytes,
    _part: OwnedSemaphorePermit,
}

impl Limits {
    /// Refuses by the headers alone: an encoding, another type, too long.
    pub fn check(&self, headers: &HeaderMap) -> Result<(), StatusCode> {
        if headers.contains_key(CONTENT_ENCODING) {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let essence = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let essence = essence.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !self.types.contains(&essence.as_str()) {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        match length(headers) {
            Some(length) if length > self.bytes => Err(StatusCode::PAYLOAD_TOO_LARGE),
            _ => Ok(()),
        }
    }

    /// Reads the body whole, within the limits and the budget.
    pub async fn read(&self, headers: &HeaderMap, body: Body, budget: &Budget) -> Result<Whole, StatusCode> {
        self.check(headers)?;
        match tokio::time::timeout(self.time, self.gather(body, budget)).await {
            Ok(gathered) => gathered,
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        }
    }

    /// Takes room as bytes arrive: what a sender only promises costs nobody anything.
    async fn gather(&self, mut body: Body, budget: &Budget) -> Result<Whole, StatusCode> {
        let (mut bytes, mut part) = (Pieces::default(), budget.take(1).await?);
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| StatusCode::BAD_REQUEST)?.into_data() else { continue };
            if bytes.length + data.len() > self.bytes {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            let needed = (bytes.length + data.len()).div_ceil(1024).saturating_sub(part.num_permits());
            part.merge(budget.take(needed).await?);
            bytes.push(&data);
        }
        Ok(Whole { bytes: bytes.whole(), _part: part })
    }
}

/// Bytes of a piece of a body.
const PIECE: usize = 64 * 1024;

/// A body while it comes, in pieces: one buffer that grows would hold up to twice of what came, and leave its smaller
/// selves behind.
#[derive(Default)]
struct Pieces {
    full: Vec<BytesMut>,
    last: BytesMut,
    length: usize,
}

impl Pieces {
    fn push(&mut self, mut data: &[u8]) {
        self.length += data.len();
        while !data.is_empty() {
            if self.last.len() == PIECE {
                self.full.push(std::mem::replace(&mut self.last, BytesMut::with_capacity(PIECE)));
            }
            let (now, later) = data.split_at(data.len().min(PIECE - self.last.len()));
            self.last.extend_from_slice(now);
            data = later;
        }
    }

    /// All of it in one; each piece goes as soon as it is copied.
    fn whole(self) -> Bytes {
        if self.full.is_empty() {
            return self.last.freeze();
        }
        let mut whole = Vec::with_capacity(self.length);
        self.full.into_iter().chain([self.last]).for_each(|it| whole.extend_from_slice(&it));
        whole.into()
    }
}

fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A refusal that tells a stranger nothing.
pub fn refuse(status: StatusCode) -> Response {
    let body = format!("{{\"error\":\"{}\"}}", status.canonical_reason().unwrap_or("refused"));
    let mut response = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// The only value of a header; nothing where it is absent, repeated or not text.
pub fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { bytes: 1024 * 1024, time: Duration::from_secs(60), types: &["text/plain"] };

    fn headers(length: usize) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "text/plain; charset=utf-8".parse().expect("a value"));
        headers.insert(CONTENT_LENGTH, length.into());
        headers
    }

    #[tokio::test]
    async fn what_is_only_promised_takes_no_room() {
        let budget = Budget::default();
        let promise = headers(LIMITS.bytes);
        let silent = || Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        let mut waiting: Vec<_> = (0..1000).map(|_| Box::pin(LIMITS.read(&promise, silent(), &budget))).collect();
        for it in &mut waiting {
            assert!(futures::poll!(it).is_pending());
        }
        let whole = LIMITS.read(&headers(5), Body::from("hello"), &budget).await;
        assert!(whole.is_ok_and(|it| it.bytes == "hello"), "there is room");
    }

    #[test]
    fn a_body_in_pieces_is_the_body() {
        let bytes: Vec<u8> = (0..3 * PIECE + 5).map(|it| (it % 251) as u8).collect();
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, bytes.len()] {
            for step in [1000, PIECE, 5 * PIECE] {
                let mut pieces = Pieces::default();
                bytes[..length].chunks(step).for_each(|it| pieces.push(it));
                assert!(pieces.length == length && pieces.whole() == bytes[..length], "{length} by {step}");
            }
        }
    }

    #[tokio::test]
    async fn too_long_is_refused_by_its_head_or_when_it_comes() {
        let budget = Budget::default();
        let long = || Body::from(vec![b'x'; LIMITS.bytes + 1]);
        let status = |it: Result<Whole, StatusCode>| it.err();
        let told = LIMITS.read(&headers(LIMITS.bytes + 1), long(), &budget).await;
        assert_eq!(status(told), Some(StatusCode::PAYLOAD_TOO_LARGE));
        let mut untold = headers(0);
        untold.remove(CONTENT_LENGTH);
        assert_eq!(status(LIMITS.read(&untold, long(), &budget).await), Some(StatusCode::PAYLOAD_TOO_LARGE));
        assert_eq!(budget.0.available_permits(), BUDGET_KIB, "all room is given back");
    }
}
