//! An office over a real directory that shrinks.

use integrations::fake::slack::{CHANNEL, Entry, Exchange, SlackMember};
use secrecy::ExposeSecret;
use serde_json::Value;
use sqlx::PgPool;

use crate::common::{Office, buttons, said};
use crate::ldap::directory::people_and_groups;
use crate::ldap::slapd::{SUFFIX, Slapd};

/// Whoever is in the first group runs PinConsole: Linus and Grace.
const GROUP: &str = "group0";

/// A company of forty people, read from its directory, with three of them in Slack.
pub(super) struct Company {
    pub(super) office: Office,
    pub(super) server: Slapd,
}

impl Company {
    pub(super) async fn open(db: &PgPool) -> Self {
        let server = Slapd::start(&people_and_groups(40, 2, 4));
        let reader = server.address();
        let office = Office::furnished(db, |program| {
            program
                .with("LDAP_URL", server.url())
                .with("LDAP_BIND_DN", reader.bind_dn.expect("a name"))
                .with("LDAP_BIND_PASSWORD", reader.bind_password.expect("a password").expose_secret())
                .config(&format!(
                    "[administrators]\ngroup = \"{GROUP}\"\nchannel = \"{CHANNEL}\"\n[schedule]\nldap = \"off\"\n\
                     [ldap.users]\nbases = [\"ou=people,{SUFFIX}\"]\n[ldap.groups]\nbases = [\"ou=groups,{SUFFIX}\"]\n"
                ))
        })
        .await;
        for (id, name, mail) in
            [("U0LINUS", "Linus", "user0"), ("U0GRACE", "Grace", "user1"), ("U0ADA", "Ada", "user9")]
        {
            office.slack.member(SlackMember::new(id, name, format!("{mail}@pinconsole.example")));
        }
        let company = Self { office, server };
        let first = company.office.program.run(&["sync", "ldap"]).await;
        assert_eq!(first.code, Some(0), "{first}");
        company
    }

    /// These people leave the directory, and a sync is stopped by its brake.
    pub(super) async fn shrink(&self, numbers: std::ops::Range<usize>) {
        let gone = numbers.map(|it| format!("dn: uid=user{it},ou=people,{SUFFIX}\nchangetype: delete\n\n"));
        self.server.modify(&gone.collect::<String>());
        let refused = self.office.program.run(&["sync", "ldap"]).await;
        assert_eq!(refused.code, Some(1), "{refused}");
    }

    /// What somebody who types this is answered, with its buttons.
    pub(super) async fn asked(&self, user: &str, typed: &str) -> Entry {
        let exchange = self.office.slack.command(user, typed).await;
        self.answer(&exchange).await
    }

    /// What somebody who presses the button with these words is answered.
    pub(super) async fn presses(&self, user: &str, entry: &Entry, label: &str) -> Entry {
        let action = action(entry.message().expect("a message"), label);
        let exchange = self.office.slack.press(user, entry.id, &action).await.expect("a button that they see");
        assert_eq!(exchange.status, Some(200));
        self.answer(&exchange).await
    }

    pub(super) async fn answer(&self, exchange: &Exchange) -> Entry {
        self.office.slack.answer(exchange).await.expect("an answer")
    }
}

/// The plain words of what was answered.
pub(super) fn words(entry: &Entry) -> String {
    said(entry.message().expect("a message"))
}

/// The name of the button with these words.
pub(super) fn action(message: &Value, label: &str) -> String {
    let blocks = message["blocks"].as_array().expect("blocks");
    let mut elements = blocks.iter().filter_map(|it| it["elements"].as_array()).flatten();
    let button = elements.find(|it| it["text"]["text"] == label);
    button.unwrap_or_else(|| panic!("no button {label}: {message}"))["action_id"].as_str().expect("a name").into()
}

/// The command on the button with these words.
pub(super) fn command(entry: &Entry, label: &str) -> String {
    let message = entry.message().expect("a message");
    let name = action(message, label);
    buttons(message).into_iter().find(|it| it.0 == name).expect("the button").1
}
