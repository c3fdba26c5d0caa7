use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// More signatures than this no sender puts on one request: each costs us a comparison.
const MAX_CLAIMS: usize = 16;

/// Signatures that a request claims, well-formed and not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims(Vec<[u8; 32]>);

impl Claims {
    /// Claims in hexadecimal; nothing where there is none, one is malformed, or there are too many.
    pub(crate) fn of<'a>(claims: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let claims: Vec<_> = claims.into_iter().take(MAX_CLAIMS + 1).map(decoded).collect::<Option<_>>()?;
        (1..=MAX_CLAIMS).contains(&claims.len()).then_some(Self(claims))
    }

    /// Those of these that are claims in hexadecimal; nothing where none is.
    pub(crate) fn any<'a>(claims: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let claims: Vec<[u8; 32]> = claims.into_iter().filter_map(decoded).take(MAX_CLAIMS).collect();
        (!claims.is_empty()).then_some(Self(claims))
    }
}

fn decoded(claim: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(claim, &mut bytes).ok().map(|()| bytes)
}

/// The active secrets of a sender, ready to verify.
#[derive(Clone)]
pub(crate) struct Secrets(Vec<Hmac<Sha256>>);

impl Secrets {
    /// Of these; an empty one would let anybody sign, so it verifies nothing.
    pub(crate) fn new(secrets: &[SecretString]) -> Self {
        let secrets = secrets.iter().map(|it| it.expose_secret().as_bytes()).filter(|it| !it.is_empty());
        Self(secrets.filter_map(|it| Hmac::new_from_slice(it).ok()).collect())
    }

    /// Whether one of the secrets made one of the claims for these bytes.
    pub(crate) fn verify(&self, claims: &Claims, bytes: &[u8]) -> bool {
        // All are tried, so that time does not tell which one matched.
        let made = |secret: &Hmac<Sha256>| {
            let signed = secret.clone().chain_update(bytes);
            claims.0.iter().filter(|it| signed.clone().verify_slice(&it[..]).is_ok()).count()
        };
        self.0.iter().map(made).sum::<usize>() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation>
    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello, World!";
    const SIGNATURE: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    fn secrets(of: &[&str]) -> Secrets {
        Secrets::new(&of.iter().map(|it| SecretString::from(*it)).collect::<Vec<_>>())
    }

    #[test]
    fn the_vendors_own_example_is_right() {
        let claims = Claims::of([SIGNATURE]).expect("a claim");
        assert!(secrets(&[SECRET]).verify(&claims, BODY));
        assert!(secrets(&["another secret", SECRET]).verify(&claims, BODY), "while it is changed, both are good");
        assert!(!secrets(&[SECRET]).verify(&claims, b"Hello, World?"));
        assert!(!secrets(&["another secret", ""]).verify(&claims, BODY));
        assert!(!secrets(&[]).verify(&claims, BODY));
        let other = "00".repeat(32);
        assert!(secrets(&[SECRET]).verify(&Claims::of([&other[..], SIGNATURE]).expect("claims"), BODY));
    }

    #[test]
    fn a_claim_is_64_hexadecimal_digits() {
        for wrong in ["", "75", &SIGNATURE[1..], &format!("{SIGNATURE}00"), &SIGNATURE.replace('7', "g")] {
            assert_eq!(Claims::of([wrong]), None, "{wrong}");
        }
        assert_eq!(Claims::of(std::iter::repeat_n(SIGNATURE, 17)), None);
        assert!(Claims::of([&SIGNATURE.to_uppercase()[..]]).is_some());
    }
}
