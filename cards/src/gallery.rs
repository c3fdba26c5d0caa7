use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{Act, Action, Ask, Card, Emphasis, Field, FieldKind, Form, Page, Text, Tone};

/// Cards that together use everything, by name: what renderers are shown, measured and compared with.
pub fn gallery() -> Vec<(&'static str, Card)> {
    vec![
        ("entity", entity()),
        ("search results", search()),
        ("nothing found", nothing()),
        ("person", person()),
        ("group", group()),
        ("incident", incident()),
        ("error", error()),
        ("not linked", not_linked()),
        ("overflow", overflow()),
        ("hostile", hostile()),
    ]
}

fn entity() -> Card {
    Card::new("payments-api")
        .text("Takes card payments and refunds for all shops.")
        .fact("Kind", "Component · service · production")
        .fact("Owner", Text::page("Payments", Page::at(["group", "payments"])))
        .fact("On call", Text::person("ada.lovelace", "Ada Lovelace").then(" until ").then(Text::moment(moment(600))))
        .fact("System", Text::page("checkout", Page::at(["catalog", "system", "checkout"])))
        .fact("Runbook", Text::site("Runbook", "https://wiki.example.com/runbooks/payments-api"))
        .fact("Repository", Text::site("shop/payments-api", "https://github.com/shop/payments-api"))
        .fact("Reference", Text::code("component:default/payments-api"))
        .heading("Depends on")
        .item(Text::page("ledger", Page::at(["catalog", "component", "ledger"])), "service, owned by Accounting")
        .item(
            Text::page("payments-db", Page::at(["catalog", "resource", "payments-db"])),
            "database, owned by Payments",
        )
        .heading("APIs")
        .item(Text::page("payments-v2", Page::at(["catalog", "api", "payments-v2"])), "OpenAPI")
        .read("Owner", ask("team payments"))
        .read("All of checkout", ask("catalog system:checkout"))
        .page(Page::at(["catalog", "component", "payments-api"]))
        .freshness(Text::plain("catalog folder, read ").then(Text::ago(moment(-4))))
        .results(1)
}

fn search() -> Card {
    let found = [
        ("payments-api", "service, owned by Payments"),
        ("payments-worker", "service, owned by Payments"),
        ("payments-db", "database, owned by Payments"),
        ("payment-methods", "website, owned by Checkout"),
    ];
    let card = Card::new("42 matches for “paymnts”").text("Nothing is called exactly that. The nearest first:");
    let card = found
        .iter()
        .fold(card, |card, (name, note)| card.item(Text::page(*name, Page::at(["catalog", "component", name])), *note));
    card.item(Text::page("Payments", Page::at(["group", "payments"])), "team of 12")
        .read(
            "Next page",
            Ask {
                command: "catalog paymnts --page 2".into(),
                page: Some(Page::at(["catalog"]).with("q", "paymnts").with("page", "2")),
            },
        )
        .page(Page::at(["catalog"]).with("q", "paymnts"))
        .results(42)
}

fn nothing() -> Card {
    Card::new("Nothing found for “zeppelin”")
        .text("No entity, person or group has that in its name, title, tags or description.")
        .read("Search people", ask("person zeppelin"))
        .results(0)
}

fn person() -> Card {
    Card::new("Grace Hopper")
        .fact("Title", "Rear admiral, compilers")
        .fact("Account", Text::person("grace.hopper", "Grace Hopper"))
        .fact("E-mail", Text::code("grace@example.com"))
        .fact("Manager", Text::person("howard.aiken", "Howard Aiken"))
        .fact("Teams", Text::joined(["Compilers", "Platform"].map(|it| Text::page(it, Page::at(["group", it]))), ", "))
        .fact("Local time", Text::moment(moment(0)))
        .read("What they own", ask("owns grace.hopper"))
        .page(Page::at(["person", "grace.hopper"]))
        .freshness(Text::plain("directory, synced ").then(Text::ago(moment(-12))))
        .results(1)
}

fn group() -> Card {
    let row = |name: &str, display: &str, role: &str, since: i64| {
        vec![Text::person(name, display), Text::plain(role), Text::moment(moment(-since * 1_440))]
    };
    let longer = "Site reliability engineer for checkout, ledger and everything that settles at night";
    Card::new("Payments")
        .text("Moves money, and says where it went.")
        .fact("Parent", Text::page("Commerce", Page::at(["group", "commerce"])))
        .fact("Channel", Text::code("#payments"))
        .heading("Members")
        .table(
            ["Name", "Role", "Since"],
            vec![
                row("ada.lovelace", "Ada Lovelace", "Lead", 900),
                row("grace.hopper", "Grace Hopper", "Engineer", 320),
                row("jose.munoz", "José Muñoz-Çelik", longer, 41),
                row("yukihiro", "まつもと ゆきひろ", "", 3),
            ],
        )
        .read("What they own", ask("owns payments"))
        .page(Page::at(["group", "payments"]))
        .freshness(Text::plain("directory, synced ").then(Text::ago(moment(-12))))
        .results(1)
}

fn incident() -> Card {
    let act = |number| Act { intent: Uuid::from_u128(number), version: 7 };
    let note = Field { name: "note".into(), label: "What happened?".into(), kind: FieldKind::Lines, required: true };
    let mut card = Card::new("Checkout answers slowly")
        .tone(Tone::Bad)
        .fact("Service", Text::page("payments-api", Page::at(["catalog", "component", "payments-api"])))
        .fact("Urgency", "high")
        .fact("Assigned to", Text::person("ada.lovelace", "Ada Lovelace"))
        .fact("Began", Text::ago(moment(-17)))
        .page(Page::at(["incident", "4711"]));
    card.actions = vec![
        Action::Act { label: "Acknowledge".into(), act: act(1), emphasis: Emphasis::Primary },
        Action::Act { label: "Resolve".into(), act: act(2), emphasis: Emphasis::Danger },
        Action::Form { label: "Add note".into(), form: Form { act: act(3), fields: vec![note] } },
    ];
    card.read("Log", ask("incident log 4711"))
}

fn error() -> Card {
    Card::new("That did not work")
        .tone(Tone::Bad)
        .text("The fault is ours and has been noted. If it stays, quote this to the administrators:")
        .fact("Reference", Text::code("0198c0de-7f3a"))
        .read("Try again", ask("catalog payments"))
}

fn not_linked() -> Card {
    Card::new("I don't know you yet")
        .tone(Tone::Warn)
        .text(
            Text::plain("Your Slack account's e-mail address is not in the directory. Ask an administrator to add ")
                .then(Text::code("ada@personal.example"))
                .then(" to your entry, then try again."),
        )
        .read("What I know", ask("whoami"))
}

fn overflow() -> Card {
    let card = (0..90).fold(Card::new("Everything that Platform owns").tone(Tone::Good), |card, at| {
        card.item(Text::page(format!("service-{at}"), Page::at(["catalog", &format!("service-{at}")])), "service")
    });
    let rows = (0..120).map(|at| vec![Text::plain(format!("host-{at}")), Text::code("10.0.0.1")]).collect();
    let card = card.table(["Host", "Address"], rows).page(Page::at(["owns", "platform"])).results(210);
    (0..40).fold(card, |card, at| card.read(format!("Page {at}"), ask(&format!("owns platform --page {at}"))))
}

fn hostile() -> Card {
    let words =
        "<!channel> @everyone <@U1> <@123456789012345678> *bold* _it_ ~no~ `code` :skull: [x](https://evil.example)";
    let sneaky = "\u{202e}gnp.exe\u{202c} \u{1b}[31mred\u{1b}[0m\u{7} &lt;script&gt; <script>alert(1)</script>";
    Card::new(words)
        .tone(Tone::Warn)
        .heading(words)
        .text(format!("{sneaky}\n# heading\n> quote\n- list\n1. first"))
        .fact(words, Text::code(format!("`{words}`")))
        .fact("Link", Text::site(words, "https://example.com/?a=1&b=2#c"))
        .fact("Not a link", Text::site("javascript", "javascript:alert(1)"))
        .fact("Somebody", Text::person("nobody", words))
        .item(words, sneaky)
        .table(["<b>*Head*</b>", "@here"], vec![vec![Text::plain(words), Text::code(sneaky)]])
        .read(words, Ask { command: format!("catalog '{words}'"), page: Some(Page::at(["search", words])) })
        .page(Page::at(["search", words]).with("q", words))
        .freshness(Text::plain(words).then(Text::code(words)).then(Text::ago(moment(-1))))
}

fn ask(command: &str) -> Ask {
    let segments = command.split(' ').filter(|it| !it.starts_with('-'));
    Ask { command: command.into(), page: Some(Page::at(segments)) }
}

/// So many minutes after noon of the gallery's day.
fn moment(minutes: i64) -> DateTime<Utc> {
    const NOON: i64 = 1_772_366_400;
    DateTime::from_timestamp(NOON, 0).unwrap_or_default() + TimeDelta::minutes(minutes)
}
