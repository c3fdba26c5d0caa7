use std::io::ErrorKind;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError};
use secrecy::ExposeSecret;
use tokio::task::JoinSet;

use super::error::{Asked, said};
use super::{Address, Config, ReadError, tls};

/// A connection that has signed in; dropping it closes it.
pub(super) struct Connection {
    pub(super) ldap: Ldap,
    pub(super) config: Config,
    address: Address,
    _driver: JoinSet<()>,
}

impl Connection {
    /// Connects, encrypts and signs in.
    pub(super) async fn open(config: &Config, address: &Address) -> Result<Self, ReadError> {
        let asked = Asked { url: &address.url, who: address.who() };
        let settings = LdapConnSettings::new().set_conn_timeout(config.timeout()).set_starttls(config.start_tls);
        // Reading whom the system trusts takes as long as reading hundreds of people.
        let settings = match config.start_tls || address.url.starts_with("ldaps") {
            true => settings.set_config(tls::client(&address.url, config.ca_file.as_deref())?),
            false => settings,
        };
        let opened = LdapConnAsync::with_settings(settings, &address.url).await;
        let (connection, ldap) = opened.map_err(|error| match error {
            // The only request before signing in.
            LdapError::LdapResult { result } => ReadError::Tls {
                url: address.url.clone(),
                seen: said(&result),
                remedy: "the server refuses StartTLS: use ldaps:// in LDAP_URL",
            },
            // Only encryption reads anything before the first request.
            LdapError::Io { source } if source.kind() == ErrorKind::UnexpectedEof => {
                tls::hung_up(&address.url, &source)
            }
            other => asked.failed(other),
        })?;
        let mut driver = JoinSet::new();
        driver.spawn(async move {
            // Whoever waits for an answer learns that the connection ended.
            let _ = connection.drive().await;
        });
        let mut connection = Self { ldap, config: config.clone(), address: address.clone(), _driver: driver };
        connection.sign_in().await?;
        Ok(connection)
    }

    /// Where and as whom this connection asks.
    pub(super) fn asked(&self) -> Asked<'_> {
        Asked { url: &self.address.url, who: self.address.who() }
    }

    /// Says goodbye; the answers are all there already, so how that ends does not matter.
    pub(super) async fn close(mut self) {
        let _ = self.ldap.unbind().await;
    }

    async fn sign_in(&mut self) -> Result<(), ReadError> {
        let (Some(dn), Some(password)) = (&self.address.bind_dn, &self.address.bind_password) else { return Ok(()) };
        let request = self.ldap.with_timeout(self.config.timeout()).simple_bind(dn, password.expose_secret()).await;
        let result = request.map_err(|it| self.asked().failed(it))?;
        match result.rc {
            0 => Ok(()),
            _ => Err(self.asked().refused(&result, "")),
        }
    }
}
