//! What opens an installation: a token for an hour, asked for as the app.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::Client;
use super::client::{As, Call};
use crate::wire::Missing;

/// So long before a token ends another one is asked for: a call that begins now may take a while.
const BEFORE: TimeDelta = TimeDelta::minutes(5);

/// The tokens that this process has, by installation. Each replica has its own; GitHub sets no bound on how many there are.
#[derive(Default)]
pub(super) struct Tokens(Mutex<HashMap<i64, Token>>);

/// <https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app>
#[derive(Deserialize)]
struct Token {
    token: SecretString,
    expires_at: DateTime<Utc>,
}

impl Tokens {
    /// The token of an installation; those who ask at once wait for the same one.
    pub(super) async fn of(&self, client: &Client, installation: i64) -> Result<String, Missing> {
        let mut tokens = self.0.lock().await;
        let now = client.clock().map_or_else(Utc::now, |it| it.max(Utc::now()));
        let held = tokens.get(&installation).filter(|it| it.expires_at - BEFORE > now);
        if let Some(held) = held {
            return Ok(held.token.expose_secret().into());
        }
        let token = asked_for(client, installation).await?;
        let told = token.token.expose_secret().into();
        tokens.insert(installation, token);
        Ok(told)
    }

    /// GitHub no longer takes it.
    pub(super) async fn forget(&self, installation: i64) {
        self.0.lock().await.remove(&installation);
    }
}

async fn asked_for(client: &Client, installation: i64) -> Result<Token, Missing> {
    let id = installation.to_string();
    let path = ["app", "installations", &id, "access_tokens"];
    // Boxed, since a call as an installation asks for one as the app.
    let answer = Box::pin(client.once(&Call::act(As::App, Method::POST, &path))).await?;
    if answer.status != StatusCode::CREATED {
        let seen = match answer.status {
            StatusCode::UNAUTHORIZED => {
                "it does not know the app: check GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY".into()
            }
            StatusCode::FORBIDDEN => "the installation is suspended".into(),
            StatusCode::NOT_FOUND => "the app is no longer installed there".into(),
            status => format!("no token of an installation: status {}", status.as_u16()),
        };
        return Err(Missing::Broken { seen, again: false, sent: false });
    }
    serde_json::from_slice(&answer.body).map_err(|_| Missing::unsent("a token of an installation that is none"))
}
