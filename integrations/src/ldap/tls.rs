use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::ReadError;

const NOT_TLS: &str = "check that the port of LDAP_URL speaks TLS 1.2 or 1.3 (ldaps:// is usually port 636)";

/// What the system trusts and the configured authorities. It is built here because the LDAP crate's own trusts nobody
/// once a single system certificate cannot be read, and panics when the program holds two TLS providers.
pub(super) fn client(url: &str, ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, ReadError> {
    let mut roots = RootCertStore::empty();
    // Some stores hold certificates that nobody can read; the others still count.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let unusable = |seen: String| ReadError::Tls {
            url: url.to_owned(),
            seen: format!("{}: {seen}", path.display()),
            remedy: "ldap.ca_file must be a readable PEM file of certificates",
        };
        let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect)
            .map_err(|it: rustls_pki_types::pem::Error| unusable(it.to_string()))?;
        let (taken, ignored) = roots.add_parsable_certificates(certificates);
        if taken == 0 || ignored > 0 {
            return Err(unusable(format!("{taken} usable certificates and {ignored} others")));
        }
    }
    if url.starts_with("ldaps") && roots.is_empty() {
        return Err(ReadError::Tls {
            url: url.to_owned(),
            seen: "this machine trusts no authority".to_owned(),
            remedy: "install the ca-certificates package, or set ldap.ca_file",
        });
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let versions = versions.map_err(|it| refusal(url, &it))?;
    Ok(Arc::new(versions.with_root_certificates(roots).with_no_client_auth()))
}

/// The failure, when it is one of encryption and not of the network.
pub(super) fn failure(url: &str, error: &io::Error) -> Option<ReadError> {
    let inner = error.get_ref().and_then(|it| it.downcast_ref::<rustls::Error>());
    inner.map(|it| refusal(url, it))
}

/// What it means when the server closes the connection instead of shaking hands.
pub(super) fn hung_up(url: &str, error: &io::Error) -> ReadError {
    ReadError::Tls { url: url.to_owned(), seen: error.to_string(), remedy: NOT_TLS }
}

/// What a failed handshake means.
pub(super) fn refusal(url: &str, error: &rustls::Error) -> ReadError {
    let remedy = match error {
        rustls::Error::InvalidCertificate(reason) => match reason {
            // An authority that was made anew under its old name fails by its signature.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                "set ldap.ca_file to the PEM file of the authority that signed the server's certificate"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "use one of the names in the server's certificate in LDAP_URL"
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "renew the server's certificate, and check this machine's clock"
            }
            _ => "the server's certificate cannot be verified: replace it",
        },
        _ => NOT_TLS,
    };
    ReadError::Tls { url: url.to_owned(), seen: error.to_string(), remedy }
}
