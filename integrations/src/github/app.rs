use secrecy::{ExposeSecret, SecretString};

use super::key::Key;

/// The GitHub App as which we speak.
#[derive(Clone, Debug)]
pub struct App {
    /// Its id, or its client id.
    pub id: String,
    /// Its private key, in PEM.
    pub private_key: SecretString,
}

impl App {
    /// What is wrong with it, in a sentence.
    pub fn check(&self) -> Result<(), String> {
        let word = !self.id.is_empty() && self.id.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'.');
        if !word {
            return Err("GITHUB_APP_ID must be the number on the app's page, or its client id".into());
        }
        if self.private_key.expose_secret().trim().is_empty() {
            return Err("GITHUB_APP_PRIVATE_KEY is empty".into());
        }
        Key::parse(&self.private_key).map(|_| ()).map_err(|it| format!("GITHUB_APP_PRIVATE_KEY {it}"))
    }
}
