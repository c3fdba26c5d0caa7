//! What says that the app itself asks.
//!
//! <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app>

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use secrecy::SecretString;
use serde_json::Value;

use super::refusal::Refusal;
use super::state::{APP, CLIENT, KEY};
use crate::github::key::Key;

/// The longest that one may hold, in seconds.
const LONGEST: i64 = 600;

/// Whether the app made it, and lately.
pub(super) fn check(token: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    let said = |what: &str| Refusal::credentials(what);
    let undecodable = || said("A JSON web token could not be decoded");
    let (signed, signature) = token.rsplit_once('.').ok_or_else(undecodable)?;
    let (head, claims) = signed.split_once('.').ok_or_else(undecodable)?;
    let read = |it: &str| -> Option<Value> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(it).ok()?).ok() };
    let (head, claims) = read(head).zip(read(claims)).ok_or_else(undecodable)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| undecodable())?;
    let key = Key::parse(&SecretString::from(KEY)).map_err(said)?.public();
    let verified = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).verify(signed.as_bytes(), &signature);
    if head["alg"] != "RS256" || verified.is_err() {
        return Err(undecodable());
    }
    if ![APP, CLIENT.0].iter().any(|it| claims["iss"] == *it) {
        return Err(said("Integration not found"));
    }
    let time = |name: &str| claims[name].as_i64();
    match (time("iat"), time("exp")) {
        (Some(iat), _) if iat > now.timestamp() => Err(said(
            "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
        )),
        (Some(_), Some(exp)) if exp - now.timestamp() > LONGEST => {
            Err(said("'Expiration time' claim ('exp') is too far in the future"))
        }
        (Some(_), Some(exp)) if exp > now.timestamp() => Ok(()),
        _ => Err(said("'Expiration time' claim ('exp') must be a numeric value representing the future time")),
    }
}
