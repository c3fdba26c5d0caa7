use std::collections::HashSet;

use secrecy::SecretString;
use url::Url;

use super::{ResponseUrl, SlackError};

/// Where response URLs lie. <https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses>
const RESPONSES: &str = "hooks.slack.com";

/// <https://docs.slack.dev/apis/web-api/>
const API: &str = "https://slack.com/api/";

/// Where Slack is and as whom we speak.
#[derive(Clone, Debug)]
pub struct Address {
    /// Base of the methods, when it is not Slack's own; its host may issue response URLs too.
    pub api_url: Option<Url>,
    /// The app's bot token.
    pub bot_token: SecretString,
    /// Further hosts that may issue response URLs, by https; they may have private addresses.
    pub response_hosts: Vec<String>,
}

impl Address {
    /// The base of the methods, which ends with a slash so that a method's name can follow.
    pub(super) fn api(&self) -> anyhow::Result<Url> {
        let mut url = match &self.api_url {
            Some(it) => it.clone(),
            None => Url::parse(API)?,
        };
        let usable = matches!(url.scheme(), "https" | "http") && url.has_host() && url.query().is_none();
        anyhow::ensure!(usable, "SLACK_API_URL must be an http or https address such as {API}");
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(url)
    }

    /// The address to answer to, if it is one of Slack's or of configuration's: it came with data.
    pub(super) fn allow(&self, to: &ResponseUrl) -> Result<Url, SlackError> {
        let url = Url::parse(to.expose()).map_err(|_| SlackError::Forbidden("(no address)".into()))?;
        let named =
            url.host_str().is_some_and(|host| host == RESPONSES || self.response_hosts.iter().any(|it| it == host));
        let public = url.scheme() == "https" && url.port().is_none() && named;
        let configured = self.api_url.as_ref().is_some_and(|it| it.origin() == url.origin());
        let bare = url.username().is_empty() && url.password().is_none();
        if bare && (public || configured) {
            return Ok(url);
        }
        Err(SlackError::Forbidden(url.host_str().unwrap_or("(no host)").chars().take(100).collect()))
    }

    /// Slack's hosts that configuration does not name, which therefore must have public addresses.
    pub(super) fn guarded(&self) -> HashSet<String> {
        let named = |host: &str| {
            let api = self.api_url.as_ref().and_then(|it| it.host_str());
            api == Some(host) || self.response_hosts.iter().any(|it| it == host)
        };
        [RESPONSES, "slack.com"].into_iter().filter(|it| !named(it)).map(String::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(api: Option<&str>, hosts: &[&str]) -> Address {
        Address {
            api_url: api.map(|it| it.parse().unwrap()),
            bot_token: "xoxb-1".into(),
            response_hosts: hosts.iter().map(|it| it.to_string()).collect(),
        }
    }

    fn verdicts(address: &Address, urls: &[&str]) -> String {
        let verdict = |url: &&str| match address.allow(&ResponseUrl::from(url.to_string())) {
            Ok(_) => format!("yes {url}\n"),
            Err(error) => format!("no  {url}: {error}\n"),
        };
        urls.iter().map(verdict).collect()
    }

    #[test]
    fn answers_go_to_slack_only() {
        let urls = [
            "https://hooks.slack.com/commands/T1/2/x",
            "https://hooks.slack.com:443/commands/T1/2/x",
            "http://hooks.slack.com/commands/T1/2/x",
            "https://hooks.slack.com:8443/x",
            "https://hooks.slack.com.evil.example/x",
            "https://hooks.slack.com./x",
            "https://hooks.slack.com@evil.example/x",
            "https://user@hooks.slack.com/x",
            "https://evil.example/hooks.slack.com",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]:8080/x",
            "file:///etc/passwd",
            "hooks.slack.com",
            "",
        ];
        insta::assert_snapshot!(verdicts(&address(None, &[]), &urls), @"
            yes https://hooks.slack.com/commands/T1/2/x
            yes https://hooks.slack.com:443/commands/T1/2/x
            no  http://hooks.slack.com/commands/T1/2/x: hooks.slack.com may not receive answers: only Slack's own hosts and configured ones do
            no  https://hooks.slack.com:8443/x: hooks.slack.com may not receive answers: only Slack's own hosts and configured ones do
            no  https://hooks.slack.com.evil.example/x: hooks.slack.com.evil.example may not receive answers: only Slack's own hosts and configured ones do
            no  https://hooks.slack.com./x: hooks.slack.com. may not receive answers: only Slack's own hosts and configured ones do
            no  https://hooks.slack.com@evil.example/x: evil.example may not receive answers: only Slack's own hosts and configured ones do
            no  https://user@hooks.slack.com/x: hooks.slack.com may not receive answers: only Slack's own hosts and configured ones do
            no  https://evil.example/hooks.slack.com: evil.example may not receive answers: only Slack's own hosts and configured ones do
            no  http://169.254.169.254/latest/meta-data: 169.254.169.254 may not receive answers: only Slack's own hosts and configured ones do
            no  http://[::1]:8080/x: [::1] may not receive answers: only Slack's own hosts and configured ones do
            no  file:///etc/passwd: (no host) may not receive answers: only Slack's own hosts and configured ones do
            no  hooks.slack.com: (no address) may not receive answers: only Slack's own hosts and configured ones do
            no  : (no address) may not receive answers: only Slack's own hosts and configured ones do
            ");
    }

    #[test]
    fn configuration_may_name_other_hosts() {
        let gov = address(Some("http://127.0.0.1:4000/api"), &["hooks.slack-gov.com"]);
        let urls = [
            "https://hooks.slack-gov.com/x",
            "http://hooks.slack-gov.com/x",
            "http://127.0.0.1:4000/response/1",
            "http://127.0.0.1:4001/response/1",
            "https://127.0.0.1:4000/response/1",
        ];
        insta::assert_snapshot!(verdicts(&gov, &urls), @"
            yes https://hooks.slack-gov.com/x
            no  http://hooks.slack-gov.com/x: hooks.slack-gov.com may not receive answers: only Slack's own hosts and configured ones do
            yes http://127.0.0.1:4000/response/1
            no  http://127.0.0.1:4001/response/1: 127.0.0.1 may not receive answers: only Slack's own hosts and configured ones do
            no  https://127.0.0.1:4000/response/1: 127.0.0.1 may not receive answers: only Slack's own hosts and configured ones do
            ");
    }

    #[test]
    fn methods_follow_the_base_with_or_without_its_slash() {
        let joined = |it| address(Some(it), &[]).api().unwrap().join("auth.test").unwrap().to_string();
        assert_eq!(joined("http://127.0.0.1:4000/api"), joined("http://127.0.0.1:4000/api/"));
    }
}
