use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// GitHub's clock may be behind ours. It takes no token that ends more than ten minutes from now.
/// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app>
const BEFORE: TimeDelta = TimeDelta::seconds(60);
const LONG: TimeDelta = TimeDelta::minutes(8);

/// The app's private key, by which it says who it is.
pub(crate) struct Key(RsaKeyPair);

impl Key {
    /// Reads a key as GitHub hands it out (PKCS#1), or as other programs rewrite it (PKCS#8); in either the line ends may be
    /// written as `\n`, as variables of the environment often have them.
    pub(crate) fn parse(pem: &SecretString) -> Result<Self, &'static str> {
        let pem = pem.expose_secret().replace("\\n", "\n");
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| "is no private key in PEM")?;
        let key = match &der {
            PrivateKeyDer::Pkcs1(it) => RsaKeyPair::from_der(it.secret_pkcs1_der()),
            PrivateKeyDer::Pkcs8(it) => RsaKeyPair::from_pkcs8(it.secret_pkcs8_der()),
            _ => return Err("is not a key of the kind RSA, which GitHub's are"),
        };
        key.map(Self).map_err(|_| "is not a key of the kind RSA, which GitHub's are")
    }

    /// What says for some minutes that the app asks.
    pub(super) fn token(&self, app: &str, now: DateTime<Utc>) -> Result<String, &'static str> {
        let part = |it: serde_json::Value| URL_SAFE_NO_PAD.encode(it.to_string());
        let claims = json!({ "iat": (now - BEFORE).timestamp(), "exp": (now + LONG).timestamp(), "iss": app });
        let signed = format!("{}.{}", part(json!({ "alg": "RS256", "typ": "JWT" })), part(claims));
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| "the app's key signs nothing")?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The half of the key that everybody may know.
    #[cfg(any(test, feature = "fake"))]
    pub(crate) fn public(&self) -> Vec<u8> {
        self.0.public().as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    use super::*;

    /// The key of the GitHub that the tests play.
    const PKCS1: &str = include_str!("../fake/github/app_key.pem");

    /// The same key in the other form: a few bytes that say what it is, then the whole of it. <https://www.rfc-editor.org/rfc/rfc5208>
    fn pkcs8() -> String {
        let lines: String = PKCS1.lines().filter(|it| !it.starts_with('-')).collect();
        let key = STANDARD.decode(lines).unwrap();
        let long = |it: usize| u16::try_from(it).unwrap().to_be_bytes();
        let kind = hex::decode("020100300d06092a864886f70d010101050004").unwrap();
        let inner = [&kind[..], &[0x82], &long(key.len()), &key].concat();
        let der = [&[0x30, 0x82][..], &long(inner.len()), &inner].concat();
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der))
    }

    fn signs(pem: &str) -> serde_json::Value {
        let key = Key::parse(&pem.into()).unwrap();
        let token = key.token("4711", DateTime::from_timestamp(1_800_000_000, 0).unwrap()).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public());
        public.verify(signed.as_bytes(), &signature).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap()).unwrap()
    }

    #[test]
    fn either_form_of_a_key_signs_for_less_than_ten_minutes() {
        let told = json!({ "iat": 1_799_999_940, "exp": 1_800_000_480, "iss": "4711" });
        assert_eq!(signs(PKCS1), told);
        assert_eq!(signs(&pkcs8()), told);
        assert_eq!(signs(&PKCS1.replace('\n', "\\n")), told);
    }

    #[test]
    fn what_is_no_rsa_key_is_told() {
        let said = |pem: &str| Key::parse(&pem.into()).err();
        assert_eq!(said("ghp_token"), Some("is no private key in PEM"));
        let other = pkcs8().replace("MII", "AAA");
        assert!(said(&other).is_some());
    }
}
