//! PagerDuty's side: an event is told again and again, to this replica or that, until it is acknowledged.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, StatusCode};
use sha2::Sha256;

use super::Ground;
use crate::common::Program;

const SECRET: &str = "a secret of the pager that is long enough";

/// The program that takes its events.
pub(super) fn furnish(program: Program) -> Program {
    program.with("PAGERDUTY_WEBHOOK_SECRET", SECRET)
}

/// Whoever tells.
pub(super) fn client() -> Client {
    Client::builder().timeout(Duration::from_secs(5)).build().expect("a client")
}

/// Tells an event, to the replica with this number first.
pub(super) async fn tell(client: &Client, ground: &Ground, (first, body): (usize, &[u8])) {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key").chain_update(body);
    let signature = format!("v1={}", hex::encode(mac.finalize().into_bytes()));
    for attempt in first.. {
        let address = ground.address(attempt).await.join("webhooks/pagerduty").expect("an address");
        let request = client.post(address).header("content-type", "application/json").body(body.to_vec());
        match request.header("x-pagerduty-signature", &signature).send().await.map(|it| it.status()) {
            Ok(StatusCode::ACCEPTED) => return,
            Ok(status) => assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "nothing else is ever answered"),
            Err(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
