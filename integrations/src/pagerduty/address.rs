use secrecy::SecretString;
use url::Url;

/// <https://developer.pagerduty.com/docs/rest-api-overview>
const API: &str = "https://api.pagerduty.com";

/// <https://developer.pagerduty.com/docs/events-api-v2-overview>
const EVENTS: &str = "https://events.pagerduty.com";

/// Where PagerDuty is and by which key we speak.
#[derive(Clone, Debug)]
pub struct Address {
    /// Base of the REST API, when it is not that of the service region US.
    pub api_url: Option<Url>,
    /// Base of the Events API, when it is not that of the service region US.
    pub events_url: Option<Url>,
    /// A key of the account.
    pub api_token: SecretString,
}

impl Address {
    pub(super) fn api(&self) -> anyhow::Result<Url> {
        base("PAGERDUTY_API_URL", self.api_url.as_ref(), API)
    }

    pub(super) fn events(&self) -> anyhow::Result<Url> {
        base("PAGERDUTY_EVENTS_URL", self.events_url.as_ref(), EVENTS)
    }
}

fn base(name: &str, url: Option<&Url>, default: &str) -> anyhow::Result<Url> {
    let url = match url {
        Some(it) => it.clone(),
        None => Url::parse(default)?,
    };
    let usable = matches!(url.scheme(), "https" | "http") && url.has_host() && url.query().is_none();
    anyhow::ensure!(usable, "{name} must be an http or https address such as {default}");
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_web_addresses() {
        let api = |url: Option<&str>| {
            let api_url = url.map(|it| it.parse().unwrap());
            let address = Address { api_url, events_url: None, api_token: "k".into() };
            address.api().map(|it| it.to_string()).map_err(|it| it.to_string())
        };
        assert_eq!(api(None), Ok("https://api.pagerduty.com/".into()));
        assert_eq!(api(Some("https://api.eu.pagerduty.com")), Ok("https://api.eu.pagerduty.com/".into()));
        for wrong in ["ftp://a.example", "data:x", "https://a.example/?x=1"] {
            assert!(api(Some(wrong)).is_err_and(|it| it.contains("PAGERDUTY_API_URL")), "{wrong}");
        }
    }
}
