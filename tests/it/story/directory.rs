//! A real directory of 9,000 people and 2,200 groups, read again and again while it changes, and asked about everywhere.

use cards::Card;
use integrations::fake::slack::SlackMember;
use secrecy::ExposeSecret;
use sqlx::PgPool;

use crate::common::{Ended, Office, Program, address, facts, get, said, scalar, squeezed, steady};
use crate::ldap::directory::{people_and_groups, person_id};
use crate::ldap::slapd::{SUFFIX, Slapd};

const PEOPLE: usize = 9_000;
const GROUPS: usize = 2_200;
const MEMBERSHIPS: usize = 60_000;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_directory_is_read_and_asked_about(db: PgPool) {
    let server = Slapd::start(&people_and_groups(PEOPLE, GROUPS, MEMBERSHIPS));
    let program = directory(&db, &server, &server.url());
    program.file("catalog/catalog-info.yaml", CATALOG);

    let dry = sync(&program, &["--dry-run"]).await;
    insta::assert_snapshot!(summary(&dry), @"
    People: 0 -> 9000: 9000 join, 0 change, 0 leave
    Groups: 0 -> 2200: 2200 new, 0 change, 0 gone
    Memberships: 0 -> 62199: 62199 begin, 0 end
    Read 9000 people, 2200 groups and 62199 memberships.
    ");
    assert_eq!(counts(&db).await, [0, 0, 0, 0, 0]);
    assert_eq!(sync(&program, &[]).await.out, dry.out, "what was planned is done");
    let (people, groups) = (PEOPLE as i64, GROUPS as i64);
    assert_eq!(counts(&db).await, [people, groups, MEMBERSHIPS as i64, groups - 1, 1]);
    let before = rows(&db).await;
    insta::assert_snapshot!(sync(&program, &[]).await, @"
    People: 9000 -> 9000: 0 join, 0 change, 0 leave
    Groups: 2200 -> 2200: 0 new, 0 change, 0 gone
    Memberships: 62199 -> 62199: 0 begin, 0 end
    Read 9000 people, 2200 groups and 62199 memberships.
    [0]
    ");
    assert_eq!(rows(&db).await, before, "the second reading writes nothing");

    let office = Office::open(&db).await;
    let slack = &office.slack;
    (1..5).for_each(|it| slack.member(SlackMember::new(format!("U{it}"), "x", format!("user{it}@pinconsole.example"))));
    assert_eq!(program.run(&["sync", "catalog"]).await.code, Some(0));
    everywhere(&office).await;
    a_change_is_followed(&db, &server, &program, &office).await;
    too_much_is_refused_until_it_is_accepted(&db, &server, &program, &office).await;
}

/// Asks each question in Slack, in a terminal and, where it needs no identity, on the web.
async fn everywhere(office: &Office) {
    let token = office.token("U1").await;
    let questions = [
        "catalog payments",
        "catalog user42",
        "owns group7",
        "owns user1",
        "person user42",
        "person user8999",
        "person Föröyar",
        "team group0",
        "team group2199",
        "help",
        "whoami",
    ];
    for question in questions {
        let words: Vec<&str> = question.split(' ').collect();
        let json = office.terminal(&token, &[&["--json"], &words[..]].concat()).await;
        assert_eq!(json.code, Some(0), "{question}: {json}");
        let card: Card = serde_json::from_str(&json.out).expect("a card");
        let mut seen = vec![said(&office.typed("U1", &format!("/pin {question}")).await)];
        if let Some(link) = &card.link {
            seen.push(get(&office.console.web, &String::from(link.clone())).await.text);
        }
        for fact in facts(&card) {
            assert!(seen.iter().all(|it| squeezed(it).contains(&fact)), "{question}: {fact} is not in {seen:?}");
        }
    }
}

/// People move, leave and are disabled, and a sync follows.
async fn a_change_is_followed(db: &PgPool, server: &Slapd, program: &Program, office: &Office) {
    let (leaver, disabled) = (office.token("U2").await, office.token("U3").await);
    server.modify(&format!(
        "dn: ou=remote,ou=people,{SUFFIX}\nchangetype: add\nobjectClass: organizationalUnit\n\n\
         dn: uid=user1,ou=people,{SUFFIX}\nchangetype: modrdn\nnewrdn: uid=moved\ndeleteoldrdn: 1\n\
         newsuperior: ou=remote,ou=people,{SUFFIX}\n\n\
         dn: uid=user2,ou=people,{SUFFIX}\nchangetype: delete\n\n\
         dn: uid=user3,ou=people,{SUFFIX}\nchangetype: modify\nadd: employeeType\nemployeeType: disabled\n\n"
    ));
    insta::assert_snapshot!(summary(&sync(program, &[]).await), @"
    People: 9000 -> 8999: 0 join, 2 change, 1 leave
    Groups: 2200 -> 2200: 0 new, 0 change, 0 gone
    Memberships: 62199 -> 62184: 0 begin, 15 end
      ! cn=group0,ou=groups,dc=pinconsole,dc=example: 2 of its members are neither people nor groups that were read, for example uid=user1,ou=people,dc=pinconsole,dc=example
      ! cn=group1383,ou=groups,dc=pinconsole,dc=example: 2 of its members are neither people nor groups that were read, for example uid=user1,ou=people,dc=pinconsole,dc=example
      ! cn=group1384,ou=groups,dc=pinconsole,dc=example: 2 of its members are neither people nor groups that were read, for example uid=user1,ou=people,dc=pinconsole,dc=example
      ! cn=group2075,ou=groups,dc=pinconsole,dc=example: 1 of its members are neither people nor groups that were read, for example uid=user1,ou=people,dc=pinconsole,dc=example
      ! cn=group2076,ou=groups,dc=pinconsole,dc=example: 2 of its members are neither people nor groups that were read, for example uid=user1,ou=people,dc=pinconsole,dc=example
      ! cn=group2077,ou=groups,dc=pinconsole,dc=example: 2 of its members are neither people nor groups that were read, for example uid=user1,ou=people,dc=pinconsole,dc=example
      ! cn=group691,ou=groups,dc=pinconsole,dc=example: 2 of its members are neither people nor groups that were read, for example uid=user1,ou=people,dc=pinconsole,dc=example
      ! cn=group692,ou=groups,dc=pinconsole,dc=example: 2 of its members are neither people nor groups that were read, for example uid=user1,ou=people,dc=pinconsole,dc=example
    Read 8999 people, 2200 groups and 62184 memberships.
    ");
    let name: String = scalar(db, "select name from org.person where dn like 'uid=moved,ou=remote,%'").await;
    let moved: uuid::Uuid = scalar(db, "select id from org.person where name = 'moved' and left_at is null").await;
    assert_eq!((name.as_str(), moved), ("moved", person_id(1)), "the same person under another name");
    assert!(office.told("U1", "/pin whoami").await.starts_with("You are Bo Brandt"), "and still proven by the address");
    let left = "select count(*) from org.person p where left_at is not null and name = 'user2'
        and not exists (select from org.membership where person_id = p.id)
        and not exists (select from auth.token where person_id = p.id)
        and not exists (select from auth.account where person_id = p.id)";
    assert_eq!(scalar::<i64>(db, left).await, 1);
    for (user, token) in [("U2", leaver), ("U3", disabled)] {
        assert_eq!(office.terminal(&token, &["whoami"]).await.code, Some(1), "{user}");
        assert!(office.told(user, "/pin whoami").await.starts_with("! You are not linked yet"), "{user}");
    }
    assert!(office.told("U4", "/pin person user3").await.contains("The directory has disabled this person"));
    assert!(office.told("U4", "/pin person user2").await.lines().next().is_some_and(|it| !it.starts_with("Chidi")));
}

/// More than a tenth is gone: nothing happens until somebody answers for it.
async fn too_much_is_refused_until_it_is_accepted(db: &PgPool, server: &Slapd, program: &Program, office: &Office) {
    let before = rows(db).await;
    let deletions = (2_000..3_000).map(|it| format!("dn: uid=user{it},ou=people,{SUFFIX}\nchangetype: delete\n\n"));
    server.modify(&deletions.collect::<String>());
    let refused = program.run(&["sync", "ldap"]).await;
    assert_eq!(refused.code, Some(1));
    insta::assert_snapshot!(refused.out.lines().last().unwrap_or_default(), @"Refused, nothing was written: 1000 of 8999 people would leave; 6308 of 62184 memberships would end. Look at the plan; if it is right, run `pinconsole sync ldap --accept`.");
    unchanged_and_told(db, program, office, &before, "1000 of 8999 people would leave").await;

    let empty = Slapd::start("");
    let emptied = directory(db, &empty, &empty.url());
    for arguments in [&["sync", "ldap"][..], &["sync", "ldap", "--accept"]] {
        let ended = emptied.run(arguments).await;
        assert_eq!(ended.code, Some(1), "{ended}");
        unchanged_and_told(db, &emptied, office, &before, "the directory has no people").await;
    }

    let accepted = sync(program, &["--accept"]).await;
    assert!(accepted.out.contains("1000 leave"), "{accepted}");
    let audited =
        "select string_agg(coalesce(outcome, kind), ' ' order by number) from audit.entry where action = 'accept-sync'";
    assert_eq!(scalar::<String>(db, audited).await, "intent failed intent done", "that of the empty directory, too");
    let status = get(&office.console.web, "status").await.text;
    assert!(status.contains("at the terminal") && status.contains("All sources are fresh"), "{status}");
    let before = rows(db).await;
    assert!(sync(program, &[]).await.out.contains("0 begin, 0 end"));
    assert_eq!(rows(db).await, before, "groups without members are stored as they are, too");
    assert_eq!(scalar::<i64>(db, "select count(*) from org.person where left_at is null").await, 7_999);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_directory_that_cannot_be_read_changes_nothing_and_is_seen(db: PgPool) {
    let ldif = people_and_groups(30, 2, 40);
    let server = Slapd::start(&ldif);
    let program = directory(&db, &server, &server.url());
    sync(&program, &[]).await;
    let before = rows(&db).await;
    let office = Office::open(&db).await;
    let short = Slapd::with_limits(&ldif, "limits users size.hard=20 size.prtotal=20");
    let failing = [
        (directory(&db, &server, "ldap://localhost:9"), "does not answer"),
        (directory(&db, &server, &server.url()).with("LDAP_BIND_PASSWORD", "not the password"), "refuses cn=reader"),
        (directory(&db, &short, &short.url()), "sent only a part"),
    ];
    for (program, words) in failing {
        for arguments in [&["sync", "ldap"][..], &["sync", "ldap", "--accept"]] {
            let ended = program.run(arguments).await;
            assert_eq!(ended.code, Some(1), "{ended}");
            unchanged_and_told(&db, &program, &office, &before, words).await;
        }
    }
    let told = office.told("U0ADA", "/pin person user1").await;
    assert!(told.starts_with("! You are not linked yet"), "this directory has no Ada: {told}");
    sync(&program, &[]).await;
    assert!(get(&office.console.web, "status").await.text.contains("nothing changed"));
    assert_eq!(rows(&db).await, before);
}

/// Nothing was written, and both the doctor and the page say why.
async fn unchanged_and_told(db: &PgPool, program: &Program, office: &Office, before: &str, words: &str) {
    assert_eq!(rows(db).await, before, "{words}");
    let doctor = program.run(&["doctor"]).await;
    let line = doctor.out.lines().find(|it| it.contains("Last sync of the directory")).expect("a line");
    assert!(doctor.code == Some(1) && line.starts_with("FAIL") && line.contains(words), "{doctor}");
    let status = get(&office.console.web, "status").await.text;
    assert!(status.contains("A source needs attention") && status.contains(words), "{words}: {status}");
}

const CATALOG: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: payments, title: Payments, description: Takes money }
spec: { type: service, lifecycle: production, owner: group7 }
";

/// The program with a directory.
fn directory(db: &PgPool, server: &Slapd, url: &str) -> Program {
    let reader = server.address();
    Program::new()
        .with("DATABASE_URL", address(db))
        .with("PINCONSOLE_PUBLIC_URL", "https://pin.example/")
        .with("LDAP_URL", url)
        .with("LDAP_BIND_DN", reader.bind_dn.expect("a name"))
        .with("LDAP_BIND_PASSWORD", reader.bind_password.expect("a password").expose_secret())
        .config(&format!(
            "[ldap.users]\nbases = [\"ou=people,{SUFFIX}\"]\n\
             disabled = [{{ attribute = \"employeeType\", when = {{ equals = \"disabled\" }} }}]\n\
             [ldap.groups]\nbases = [\"ou=groups,{SUFFIX}\"]\n[catalog]\npaths = [\"catalog\"]\n"
        ))
}

async fn sync(program: &Program, arguments: &[&str]) -> Ended {
    let ended = program.run(&[&["sync", "ldap"], arguments].concat()).await;
    assert_eq!(ended.code, Some(0), "{ended}");
    ended
}

/// The plan without its list of names.
fn summary(ended: &Ended) -> String {
    let lines = ended.out.lines().filter(|it| !it.starts_with("  ") || it.contains('!'));
    steady(&lines.collect::<Vec<_>>().join("\n"), &[])
}

/// People, groups, memberships, nestings and readings.
async fn counts(db: &PgPool) -> [i64; 5] {
    let tables = "select array[(select count(*) from org.person), (select count(*) from org.\"group\"),
        (select count(*) from org.membership), (select count(*) from org.nesting), (select count(*) from catalog.run)]";
    scalar::<Vec<i64>>(db, tables).await.try_into().expect("five")
}

/// Which versions of rows there are, as one number.
async fn rows(db: &PgPool) -> String {
    scalar(
        db,
        "select md5(string_agg(it, ',' order by it)) from (
            select 'p' || xmin || ctid::text as it from org.person
            union all select 'g' || xmin || ctid::text from org.\"group\"
            union all select 'm' || xmin || ctid::text from org.membership
            union all select 'n' || xmin || ctid::text from org.nesting
            union all select 'a' || xmin || ctid::text from auth.account where proof = 'directory attribute'
            union all select 't' || xmin || ctid::text from catalog.term
         ) rows",
    )
    .await
}
