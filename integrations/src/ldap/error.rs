use std::error::Error;

use ldap3::{LdapError, LdapResult};
use thiserror::Error as ThisError;

use super::tls;

/// Why a directory could not be read. Each says what was seen and what to do; nothing is applied after any of them.
#[derive(Debug, ThisError)]
pub enum ReadError {
    /// No answer.
    #[error("the directory at {url} does not answer ({seen}): check LDAP_URL, the network, and that the server runs")]
    Unreachable {
        /// Where it should be.
        url: String,
        /// What happened instead.
        seen: String,
    },
    /// No connection that can be trusted.
    #[error("no trusted connection to the directory at {url} ({seen}): {remedy}")]
    Tls {
        /// Where it should be.
        url: String,
        /// What happened.
        seen: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The server does not accept who asks.
    #[error(
        "the directory refuses {who} ({seen}): check LDAP_BIND_DN and LDAP_BIND_PASSWORD, and what that \
         account may read"
    )]
    Credentials {
        /// The account that asked.
        who: String,
        /// What the server said.
        seen: String,
    },
    /// A configured base is not there.
    #[error(
        "the directory has no base {0:?}, or the account may not see it: check `bases` under [ldap.users] and \
         [ldap.groups]"
    )]
    BaseMissing(String),
    /// Part of the answer only; using it would remove everyone who is not in it.
    #[error("the directory sent only a part (result {code}, {seen}): {}", whole(*code))]
    Truncated {
        /// The server's result code.
        code: u32,
        /// What the server said.
        seen: String,
    },
    /// Nothing at all, which is never believed.
    #[error(
        "the directory has no {what} for this configuration{}: check `bases`, `filter` and `attributes`, and what the \
         account may read",
        in_brackets(remark)
    )]
    Empty {
        /// People or groups.
        what: &'static str,
        /// An entry that was left out, where there were some.
        remark: Option<String>,
    },
    /// An answer that makes no sense.
    #[error("the directory's answer cannot be used: {0}")]
    Protocol(String),
}

/// Where and as whom a request was made, for the words of its failure.
pub(super) struct Asked<'a> {
    pub(super) url: &'a str,
    pub(super) who: &'a str,
}

impl Asked<'_> {
    /// What a failed request means.
    pub(super) fn failed(&self, error: LdapError) -> ReadError {
        match error {
            LdapError::LdapResult { result } => self.refused(&result, ""),
            LdapError::Io { source } => tls::failure(self.url, &source).unwrap_or_else(|| self.silent(&source)),
            LdapError::Rustls { source } => tls::refusal(self.url, &source),
            LdapError::Timeout { .. } => self.silent(&"no answer in time"),
            LdapError::EndOfStream | LdapError::ResultRecv { .. } | LdapError::OpSend { .. } => {
                self.silent(&"it closed the connection before it had answered")
            }
            other => ReadError::Protocol(chain(&other)),
        }
    }

    /// What a result code other than success means; `base` is what was searched.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc4511#appendix-A>
    pub(super) fn refused(&self, result: &LdapResult, base: &str) -> ReadError {
        let seen = said(result);
        match result.rc {
            3 | 4 | 10 | 11 => ReadError::Truncated { code: result.rc, seen },
            32 if !base.is_empty() => ReadError::BaseMissing(base.to_owned()),
            8 | 13 => ReadError::Tls {
                url: self.url.to_owned(),
                seen,
                remedy: "the server wants encryption: use ldaps:// in LDAP_URL, or set ldap.start_tls",
            },
            7 | 48 | 49 | 50 => ReadError::Credentials { who: self.who.to_owned(), seen },
            // Active Directory answers so to whoever has not signed in.
            1 if seen.contains("bind") => ReadError::Credentials { who: self.who.to_owned(), seen },
            51 | 52 => self.silent(&seen),
            12 => ReadError::Protocol(format!(
                "it does not support paging, without which no answer is surely whole ({seen})"
            )),
            _ => ReadError::Protocol(format!("result {} for {base:?}, {seen}", result.rc)),
        }
    }

    fn silent(&self, seen: &dyn std::fmt::Display) -> ReadError {
        ReadError::Unreachable { url: self.url.to_owned(), seen: seen.to_string() }
    }
}

/// What the server said beside the code, referrals included.
pub(super) fn said(result: &LdapResult) -> String {
    match (result.refs.first(), result.text.trim()) {
        (Some(elsewhere), _) => format!("it refers to {elsewhere}"),
        (None, "") => {
            // The crate writes a code as `rc=4 (sizeLimitExceeded), …`.
            let shown = result.to_string();
            shown.split(['(', ')']).nth(1).unwrap_or(&shown).to_owned()
        }
        (None, text) => text.to_owned(),
    }
}

fn in_brackets(remark: &Option<String>) -> String {
    remark.as_ref().map(|it| format!(" ({it})")).unwrap_or_default()
}

/// What to do about a partial answer.
fn whole(code: u32) -> &'static str {
    match code {
        10 => "name the server that holds the entries in LDAP_URL, since referrals are not followed",
        3 | 4 | 11 => "lift the server's limits for that account (OpenLDAP: `limits` with size.prtotal)",
        _ => "the server must support paged results (RFC 2696)",
    }
}

fn chain(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error} ({source})"))
}
