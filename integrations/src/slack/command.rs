use super::form::Fields;
use super::{Malformed, ResponseUrl};

/// A typed command. <https://docs.slack.dev/interactivity/implementing-slash-commands/>
#[derive(Clone, Debug)]
pub struct SlashCommand {
    /// Id of the workspace in which it was typed.
    pub team_id: String,
    /// Id of the organisation, where there is one.
    pub enterprise_id: Option<String>,
    /// Id of the channel.
    pub channel_id: String,
    /// Its name, or what sort of room it is where it has none.
    pub channel_name: Option<String>,
    /// Who typed.
    pub user_id: String,
    /// The command with its slash.
    pub command: String,
    /// What follows it.
    pub text: String,
    /// Where later answers go.
    pub response_url: ResponseUrl,
    /// Tells this request from every other; a repeated delivery has the same.
    pub trigger_id: String,
}

impl SlashCommand {
    /// Reads a verified body.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let mut form = Fields::parse(body)?;
        Ok(Self {
            team_id: form.need("team_id", "no team_id")?,
            enterprise_id: form.take("enterprise_id"),
            channel_id: form.need("channel_id", "no channel_id")?,
            channel_name: form.take("channel_name"),
            user_id: form.need("user_id", "no user_id")?,
            command: form.need("command", "no command")?,
            text: form.take("text").unwrap_or_default(),
            response_url: form.need("response_url", "no response_url")?.into(),
            trigger_id: form.need("trigger_id", "no trigger_id")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "team_id=T0PIN&channel_id=C1&user_id=U1&command=%2Fpin&text=catalog+%26+%E2%80%AEx&new_field=1\
        &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F1&trigger_id=1.2.3";

    #[test]
    fn fields_are_decoded_and_unknown_ones_ignored() {
        insta::assert_debug_snapshot!(SlashCommand::parse(BODY.as_bytes()).unwrap(), @r#"
            SlashCommand {
                team_id: "T0PIN",
                enterprise_id: None,
                channel_id: "C1",
                channel_name: None,
                user_id: "U1",
                command: "/pin",
                text: "catalog & \u{202e}x",
                response_url: ResponseUrl(…),
                trigger_id: "1.2.3",
            }
            "#);
    }

    #[test]
    fn a_missing_field_is_named() {
        let error = SlashCommand::parse(BODY.replace("&user_id=U1", "").as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "not a request as Slack sends it: no user_id");
    }

    #[test]
    fn text_that_is_not_utf_8_is_refused() {
        let body = |text: &str| BODY.replace("catalog+", text);
        assert!(SlashCommand::parse(body("%FF").as_bytes()).is_err());
        assert!(
            SlashCommand::parse(body("%EF%BF%BD").as_bytes()).is_ok(),
            "the replacement character itself may be typed"
        );
    }
}
