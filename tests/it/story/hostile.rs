//! Entries and files whose authors mean harm, or just have unusual names.

use secrecy::ExposeSecret;
use sqlx::PgPool;

use crate::common::{Office, Program, address, get, harmless, said, scalar};
use crate::ldap::slapd::{SUFFIX, Slapd};

/// A name with everything that means something in a DN, and the same DN written in another way as a member; Ada's name
/// holds an escape sequence and a mark that turns the direction of writing.
fn ldif() -> String {
    format!(
        r#"dn: cn=Mal\, \"Lory\" \+ \<x\> \#1\;,ou=people,{SUFFIX}
objectClass: inetOrgPerson
cn: Mal, "Lory" + <x> #1;
sn: x
uid: mallory
displayName: <!channel> *Mal* <script>alert(1)</script> <@U0ADA>
title: @everyone <https://evil.example|click>
mail: mallory@pinconsole.example
entryUUID: 00000000-0000-4000-8000-000000000001

dn: uid=ada,ou=people,{SUFFIX}
objectClass: inetOrgPerson
cn: Ada
sn: Ada
uid: ada
displayName:: QWRhG1szMW0g4oCuZXZpbA==
mail: ada@pinconsole.example
entryUUID: 00000000-0000-4000-8000-000000000002

dn: cn=crew,ou=groups,{SUFFIX}
objectClass: groupOfNames
cn: crew
description: <!here> & <b>everybody</b> {{7*7}}
member: CN=mal\2c \22LORY\22 \2b \3cX\3e #1\3b,OU=People,{SUFFIX}
member: cn=crew,ou=groups,{SUFFIX}
entryUUID: 00000000-0000-4000-8000-000000000003

"#
    )
}

const CATALOG: &str = r#"
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: trap
  title: <!channel> <script>alert(1)</script> "><img src=x onerror=alert(1)>
  description: "@everyone \u202eevil\u202c <@U0ADA> [click](javascript:alert(1))"
  annotations:
    pinconsole.io/runbook-url: javascript:alert(1)
    pinconsole.io/slack-channel: <!here>
    pinconsole.io/dashboards: https://user:password@evil.example/, http://evil.example/
  tags: [trap]
spec: { type: service, lifecycle: <!here>, owner: crew }
"#;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_sources_say_is_shown_as_words_and_nothing_else(db: PgPool) {
    let server = Slapd::start(&ldif());
    let reader = server.address();
    let program = Program::new()
        .with("DATABASE_URL", address(&db))
        .with("LDAP_URL", server.url())
        .with("LDAP_BIND_DN", reader.bind_dn.expect("a name"))
        .with("LDAP_BIND_PASSWORD", reader.bind_password.expect("a password").expose_secret());
    program.file("catalog/catalog-info.yaml", CATALOG);
    let bases =
        format!("[ldap.users]\nbases = [\"ou=people,{SUFFIX}\"]\n[ldap.groups]\nbases = [\"ou=groups,{SUFFIX}\"]\n");
    let program = program.config(&format!("{bases}[catalog]\npaths = [\"catalog\"]\n"));
    for source in ["ldap", "catalog"] {
        let ended = program.run(&["sync", source]).await;
        assert!(
            ended.code == Some(0) && !ended.out.contains(['\u{1b}', '\u{202e}']),
            "{source}: {}",
            ended.out.escape_debug()
        );
    }
    assert_eq!(scalar::<i64>(&db, "select count(*) from org.membership").await, 1, "a DN is a DN, however written");
    let office = Office::open(&db).await;
    for command in
        ["person mallory", "team crew", "catalog trap", "catalog crew", "owns crew", "person channel", "person ada"]
    {
        let message = office.typed("U0ADA", &format!("/pin {command}")).await;
        assert!(!said(&message).starts_with('✗') && !said(&message).starts_with('!'), "{command}: {}", said(&message));
        harmless(&message);
        assert!(!message.to_string().contains("\\u001b"), "{command}: {message}");
    }
    let token = office.token("U0ADA").await;
    for words in [["person", "ada"], ["catalog", "trap"], ["person", "mallory"]] {
        let asked = office.terminal(&token, &words).await;
        assert!(asked.code == Some(0) && !asked.out.contains(['\u{1b}', '\u{202e}']), "{}", asked.out.escape_debug());
    }
    let client = reqwest::Client::new();
    for path in [
        "person/mallory",
        "team/crew",
        "catalog/component/default/trap",
        "owns/group/crew",
        "search?q=channel",
        "status",
    ] {
        let page = client.get(office.console.web.join(path).expect("an address")).send().await.expect("an answer");
        let html = page.text().await.expect("a text");
        for raw in [
            "<script>alert",
            "<img src=x",
            "<b>everybody",
            "href=\"javascript:",
            "href=\"http://evil",
            "user:password@",
        ] {
            let shown_as_words = raw == "user:password@" && !html.contains("href=\"https://user");
            assert!(!html.contains(raw) || shown_as_words, "{path}: {raw}");
        }
    }
    assert_eq!(get(&office.console.web, "person/mallory").await.status, 200);
}
