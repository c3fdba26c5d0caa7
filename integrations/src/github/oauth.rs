//! Whose GitHub account it is: somebody signs in at GitHub, which sends them back with a code that we exchange.
//!
//! What the code is exchanged for opens what they may see, which we want nothing of: it tells their name once, and is given back.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::ACCEPT;
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::http::{self, LONGEST_ANSWER, MEDIA, TIMEOUT, VERSION, words};
use super::{Address, GitHubError};
use crate::wire;

/// The app as people sign in with it.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The app's client id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
}

/// Signs people in at GitHub.
#[derive(Clone)]
pub struct OAuth {
    http: reqwest::Client,
    address: Address,
    credentials: Credentials,
}

/// One sign-in, as it began.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// What comes back with the code, so that nobody is sent here with another's.
    pub state: String,
    /// What only we know, and GitHub has a digest of: 43 to 128 letters, digits and `-._~`.
    pub verifier: SecretString,
    /// Where GitHub sends them back: a callback of the app.
    pub redirect: Url,
}

/// Whoever signed in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Account {
    /// GitHub's id, which stays.
    pub id: i64,
    /// The name by which GitHub knows them now.
    pub login: String,
    /// GitHub's word: User for people.
    #[serde(rename = "type", default)]
    pub kind: String,
}

/// What the code is exchanged for, or why not: GitHub says either with the status of success.
/// <https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors>
#[derive(Deserialize)]
struct Exchanged {
    access_token: Option<SecretString>,
    error: Option<String>,
}

impl OAuth {
    /// For the app of these credentials. The process has chosen its TLS provider before.
    pub fn new(address: Address, credentials: Credentials) -> anyhow::Result<Self> {
        Ok(Self { http: http::client(TIMEOUT)?, address, credentials })
    }

    /// Where somebody is sent to sign in.
    ///
    /// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app>
    pub fn authorize(&self, sign_in: &SignIn) -> Option<Url> {
        let mut url = page(&self.address.web, &["login", "oauth", "authorize"])?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.credentials.client_id)
            .append_pair("redirect_uri", sign_in.redirect.as_str())
            .append_pair("state", &sign_in.state)
            .append_pair("code_challenge", &challenge(&sign_in.verifier))
            .append_pair("code_challenge_method", "S256")
            .append_pair("allow_signup", "false");
        Some(url)
    }

    /// Who came back with this code. The token that it yields is given back before this returns, as far as GitHub takes it.
    pub async fn account(&self, sign_in: &SignIn, code: &str) -> Result<Account, GitHubError> {
        let token = self.exchange(sign_in, code).await?;
        let account = self.user(&token).await;
        if let Err(error) = self.give_back(&token).await {
            tracing::debug!(%error, "a token of somebody who was linked ends by itself");
        }
        account
    }

    async fn exchange(&self, sign_in: &SignIn, code: &str) -> Result<SecretString, GitHubError> {
        let url = page(&self.address.web, &["login", "oauth", "access_token"]).ok_or_else(no_address)?;
        let form = [
            ("client_id", self.credentials.client_id.as_str()),
            ("client_secret", self.credentials.client_secret.expose_secret()),
            ("code", code),
            ("redirect_uri", sign_in.redirect.as_str()),
            ("code_verifier", sign_in.verifier.expose_secret()),
        ];
        let answer = self.send(self.http.post(url).form(&form).header(ACCEPT, "application/json")).await?;
        let exchanged: Exchanged = serde_json::from_slice(&answer).map_err(|_| malformed())?;
        match (exchanged.access_token, exchanged.error) {
            (_, Some(error)) => Err(GitHubError::Code(error.chars().filter(|it| !it.is_control()).take(60).collect())),
            (Some(token), None) => Ok(token),
            (None, None) => Err(malformed()),
        }
    }

    async fn user(&self, token: &SecretString) -> Result<Account, GitHubError> {
        let url = page(&self.address.rest, &["user"]).ok_or_else(no_address)?;
        let request = self.http.get(url).bearer_auth(token.expose_secret()).header(ACCEPT, MEDIA);
        let answer = self.send(request.header(VERSION.0, VERSION.1)).await?;
        serde_json::from_slice(&answer).map_err(|_| malformed())
    }

    /// <https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-token>
    async fn give_back(&self, token: &SecretString) -> Result<(), GitHubError> {
        let Credentials { client_id, client_secret } = &self.credentials;
        let url = page(&self.address.rest, &["applications", client_id, "token"]).ok_or_else(no_address)?;
        let request = self.http.delete(url).basic_auth(client_id, Some(client_secret.expose_secret()));
        let request = request.header(ACCEPT, MEDIA).header(VERSION.0, VERSION.1);
        self.send(request.json(&json!({ "access_token": token.expose_secret() }))).await.map(|_| ())
    }

    async fn send(&self, request: RequestBuilder) -> Result<Vec<u8>, GitHubError> {
        let answer = wire::send(request, LONGEST_ANSWER).await.map_err(GitHubError::reading)?;
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        let message = words(&http::json(&answer).unwrap_or_default());
        Err(match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => GitHubError::Forbidden { message },
            // Wrong credentials of an app look like an app that is not there.
            StatusCode::NOT_FOUND => GitHubError::Code("GitHub knows no app of GITHUB_CLIENT_ID".into()),
            status => GitHubError::Refused { http: status.as_u16(), message },
        })
    }
}

/// What GitHub is told of a verifier. <https://www.rfc-editor.org/rfc/rfc7636#section-4.2>
fn challenge(verifier: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret().as_bytes()))
}

fn page(base: &Url, path: &[&str]) -> Option<Url> {
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    Some(url)
}

fn no_address() -> GitHubError {
    GitHubError::Malformed("no address".into())
}

fn malformed() -> GitHubError {
    GitHubError::Malformed("it does not say who signed in".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_binds_what_comes_back_to_whoever_began_it() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let credentials = Credentials { client_id: "Iv23li".into(), client_secret: "s3cret".into() };
        let oauth = OAuth::new(Address::of(None).unwrap(), credentials).unwrap();
        // The example of RFC 7636, appendix B.
        let verifier = SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        let redirect = "https://pin.example/link/github".parse().unwrap();
        let url = oauth.authorize(&SignIn { state: "a b".into(), verifier, redirect }).unwrap();
        insta::assert_snapshot!(url, @"https://github.com/login/oauth/authorize?client_id=Iv23li&redirect_uri=https%3A%2F%2Fpin.example%2Flink%2Fgithub&state=a+b&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&allow_signup=false");
    }
}
