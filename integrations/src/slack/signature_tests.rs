use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use slack_morphism::prelude::SlackSigningSecret;
use slack_morphism::signature_verifier::SlackEventSignatureVerifier;

use super::{Rejected, Signature};

/// The example that Slack publishes. <https://docs.slack.dev/authentication/verifying-requests-from-slack/>
const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const TIMESTAMP: &str = "1531420618";
const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V\
    &channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=\
    &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN\
    &trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

fn at(offset: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(TIMESTAMP.parse::<i64>().unwrap() + offset, 0).unwrap()
}

fn verify(timestamp: &str, signature: &str, body: &str) -> Result<(), Rejected> {
    Signature::verify(&[SECRET.into()], at(0), timestamp, signature, body.as_bytes())
}

#[test]
fn the_published_example_is_genuine() {
    assert_eq!(verify(TIMESTAMP, SIGNATURE, BODY), Ok(()));
    assert_eq!(Signature::sign(&SECRET.into(), TIMESTAMP, BODY.as_bytes()), SIGNATURE);
}

#[test]
fn a_changed_body_time_or_signature_is_not() {
    assert_eq!(verify(TIMESTAMP, SIGNATURE, &BODY.replace("text=", "text=x")), Err(Rejected::Wrong));
    assert_eq!(verify("1531420619", SIGNATURE, BODY), Err(Rejected::Wrong));
    assert_eq!(verify(TIMESTAMP, &SIGNATURE.replace("b503", "b504"), BODY), Err(Rejected::Wrong));
}

#[test]
fn the_window_is_five_minutes_on_both_sides() {
    let verify = |offset| Signature::verify(&[SECRET.into()], at(offset), TIMESTAMP, SIGNATURE, BODY.as_bytes());
    assert_eq!(
        [verify(-301), verify(-300), verify(300), verify(301)],
        [Err(Rejected::Stale), Ok(()), Ok(()), Err(Rejected::Stale)]
    );
}

#[test]
fn a_time_has_digits_only() {
    let fifteen_too_many = "9".repeat(40);
    for timestamp in
        ["", "+1531420618", "-1531420618", " 1531420618", "1531420618.0", "0x5b4", "١٥٣", &fifteen_too_many]
    {
        assert_eq!(verify(timestamp, SIGNATURE, BODY), Err(Rejected::Timestamp), "{timestamp:?}");
    }
}

#[test]
fn only_version_zero_with_whole_hexadecimal_is_read() {
    let bare = &SIGNATURE[3..];
    let v1 = format!("v1={bare}");
    let (short, long, list) = (&SIGNATURE[..60], format!("{SIGNATURE}00"), format!("{SIGNATURE},{SIGNATURE}"));
    for signature in ["", "v0=", bare, &v1, short, &long, &list, "v0=zz"] {
        assert_eq!(verify(TIMESTAMP, signature, BODY), Err(Rejected::Malformed), "{signature:?}");
    }
}

#[test]
fn several_secrets_are_active_and_an_empty_one_never_is() {
    let verify = |secrets: &[SecretString], signature: &str| {
        Signature::verify(secrets, at(0), TIMESTAMP, signature, BODY.as_bytes())
    };
    assert_eq!(verify(&["other-secret-of-old".into(), SECRET.into()], SIGNATURE), Ok(()));
    assert_eq!(verify(&[], SIGNATURE), Err(Rejected::Wrong));
    let forged = Signature::sign(&"".into(), TIMESTAMP, BODY.as_bytes());
    assert_eq!(verify(&["".into()], &forged), Err(Rejected::Wrong));
}

#[test]
fn another_implementation_agrees() {
    let now = Utc::now();
    let timestamp = now.timestamp().to_string();
    let other = SlackEventSignatureVerifier::new(&SlackSigningSecret::new(SECRET.into()));
    for body in ["", BODY, "payload=%7B%7D", "täxt"] {
        let signature = Signature::sign(&SECRET.into(), &timestamp, body.as_bytes());
        assert!(other.verify(&signature, body, &timestamp).is_ok(), "{body}");
        let ours =
            Signature::verify(&[SECRET.into()], now + TimeDelta::seconds(1), &timestamp, &signature, body.as_bytes());
        assert_eq!(ours, Ok(()));
    }
}
