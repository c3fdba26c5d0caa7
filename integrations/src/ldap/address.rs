use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::Config;

/// Where the directory is and who asks; it comes from the environment, never from a file.
#[derive(Clone)]
pub struct Address {
    /// `ldaps://host[:port]` or `ldap://host[:port]`.
    pub url: String,
    /// The account that asks; without one the directory is asked anonymously.
    pub bind_dn: Option<String>,
    /// Its password.
    pub bind_password: Option<SecretString>,
}

impl Address {
    /// What forbids using this address with this configuration.
    pub fn problems(&self, config: &Config) -> Vec<String> {
        let mut problems = self.url_problems(config);
        problems.extend(self.sign_in_problem());
        problems
    }

    /// Who asks, in words.
    pub(super) fn who(&self) -> &str {
        self.bind_dn.as_deref().unwrap_or("an anonymous reader")
    }

    fn url_problems(&self, config: &Config) -> Vec<String> {
        let Ok(url) = Url::parse(&self.url) else {
            return vec!["LDAP_URL is not a URL: write ldaps://host or ldap://host".to_owned()];
        };
        let mut problems = Vec::new();
        if !matches!(url.scheme(), "ldap" | "ldaps") || url.host_str().is_none_or(str::is_empty) {
            problems.push("LDAP_URL must be ldaps://host or ldap://host".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            problems.push("LDAP_URL must not hold a password: use LDAP_BIND_DN and LDAP_BIND_PASSWORD".to_owned());
        }
        if url.scheme() == "ldaps" && config.start_tls {
            problems.push("ldap.start_tls is for ldap:// addresses: LDAP_URL is ldaps:// already".to_owned());
        }
        let plain = url.scheme() == "ldap" && !config.start_tls && !config.allow_plaintext;
        if plain && self.bind_password.is_some() && !is_loopback(&url) {
            problems.push(
                "the password would cross the network in the clear: use ldaps:// in LDAP_URL, or set ldap.start_tls, \
                 or accept it with ldap.allow_plaintext"
                    .to_owned(),
            );
        }
        problems
    }

    /// A name with an empty password signs in anonymously, and servers call that a success.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc4513#section-5.1.2>
    fn sign_in_problem(&self) -> Option<String> {
        let dn = self.bind_dn.as_deref().unwrap_or_default().trim();
        let password = self.bind_password.as_ref().map(|it| it.expose_secret()).unwrap_or_default();
        match (dn, password) {
            ("", "") if self.bind_dn.is_none() && self.bind_password.is_none() => None,
            ("", _) => Some("LDAP_BIND_DN is missing or empty".to_owned()),
            (_, "") => Some("LDAP_BIND_PASSWORD is missing or empty".to_owned()),
            _ => None,
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|it: IpAddr| it.is_loopback())
        }
        Some(Host::Ipv4(it)) => it.is_loopback(),
        Some(Host::Ipv6(it)) => it.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(url: &str, dn: Option<&str>, password: Option<&str>, config: Config) -> usize {
        let address =
            Address { url: url.into(), bind_dn: dn.map(Into::into), bind_password: password.map(SecretString::from) };
        address.problems(&config).len()
    }

    #[test]
    fn a_name_without_a_password_is_refused() {
        let url = "ldaps://directory.example";
        assert_eq!(problems(url, Some("cn=reader"), Some(""), Config::default()), 1);
        assert_eq!(problems(url, Some("cn=reader"), None, Config::default()), 1);
        assert_eq!(problems(url, Some(" "), Some("secret"), Config::default()), 1);
        assert_eq!(problems(url, None, Some("secret"), Config::default()), 1);
        assert_eq!(problems(url, Some("cn=reader"), Some("secret"), Config::default()), 0);
        assert_eq!(problems(url, None, None, Config::default()), 0);
    }

    #[test]
    fn a_password_crosses_the_network_only_encrypted() {
        let signed = |url, config| problems(url, Some("cn=reader"), Some("secret"), config);
        assert_eq!(signed("ldap://directory.example", Config::default()), 1);
        assert_eq!(signed("ldap://directory.example", Config { start_tls: true, ..Config::default() }), 0);
        assert_eq!(signed("ldap://directory.example", Config { allow_plaintext: true, ..Config::default() }), 0);
        assert_eq!(signed("ldap://localhost:1389", Config::default()), 0);
        assert_eq!(signed("ldap://127.0.0.1", Config::default()), 0);
        assert_eq!(signed("ldap://[::1]", Config::default()), 0);
        assert_eq!(signed("ldap://127.0.0.1.evil.example", Config::default()), 1);
    }

    #[test]
    fn only_ldap_addresses_without_a_password_are_taken() {
        for url in ["", "directory", "https://directory.example", "ldaps://", "ldaps://cn:pw@directory.example"] {
            assert!(problems(url, None, None, Config::default()) > 0, "{url}");
        }
        assert_eq!(problems("ldaps://directory", None, None, Config { start_tls: true, ..Config::default() }), 1);
    }
}
