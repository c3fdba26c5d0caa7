use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// How far a request's clock may be from ours, in seconds.
/// <https://docs.slack.dev/authentication/verifying-requests-from-slack/>
const WINDOW: i64 = 300;

/// The signature that Slack puts on each request.
pub struct Signature;

/// Why a request is not believed to come from Slack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The time is not a number of seconds.
    #[error("the request's time is malformed")]
    Timestamp,
    /// The time is too far from ours.
    #[error("the request is older or newer than five minutes")]
    Stale,
    /// The signature is not `v0=` and 64 hexadecimal digits.
    #[error("the signature is malformed")]
    Malformed,
    /// The signature belongs to another body, time or secret.
    #[error("the signature is wrong")]
    Wrong,
}

impl Signature {
    /// Whether one of the active secrets signed this body at this time, which is close to now.
    pub fn verify(
        secrets: &[SecretString],
        now: DateTime<Utc>,
        timestamp: &str,
        signature: &str,
        body: &[u8],
    ) -> Result<(), Rejected> {
        let digits = (1..=15).contains(&timestamp.len()) && timestamp.bytes().all(|it| it.is_ascii_digit());
        let at: i64 = timestamp.parse().ok().filter(|_| digits).ok_or(Rejected::Timestamp)?;
        if now.timestamp().abs_diff(at) > WINDOW as u64 {
            return Err(Rejected::Stale);
        }
        let mut claimed = [0; 32];
        let hex = signature.strip_prefix("v0=").ok_or(Rejected::Malformed)?;
        hex::decode_to_slice(hex, &mut claimed).map_err(|_| Rejected::Malformed)?;
        // An empty secret would let anybody sign. All are tried, so that time does not tell which one matched.
        let matches = secrets
            .iter()
            .filter(|it| !it.expose_secret().is_empty())
            .filter(|it| mac(it, timestamp, body).is_some_and(|it| it.verify_slice(&claimed).is_ok()))
            .count();
        if matches > 0 { Ok(()) } else { Err(Rejected::Wrong) }
    }

    /// Signs as Slack does.
    #[cfg(feature = "fake")]
    pub fn sign(secret: &SecretString, timestamp: &str, body: &[u8]) -> String {
        let signed = mac(secret, timestamp, body).map(|it| hex::encode(it.finalize().into_bytes()));
        format!("v0={}", signed.unwrap_or_default())
    }
}

/// HMAC takes keys of any length, so there always is one.
fn mac(secret: &SecretString, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    for part in [b"v0:", timestamp.as_bytes(), b":", body] {
        mac.update(part);
    }
    Some(mac)
}
