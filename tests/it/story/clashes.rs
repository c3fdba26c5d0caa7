//! Entries of a real directory that claim one name or one account: they hold up nothing else, and are seen until mended.

use secrecy::ExposeSecret;
use sqlx::PgPool;

use crate::common::{Ended, Office, Program, address, get, scalar};
use crate::ldap::slapd::{SUFFIX, Slapd};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn two_with_one_name_hold_up_nobody_else(db: PgPool) {
    let server = Slapd::start(&[person("a b", 9, ""), person("bob", 2, ""), person("cleo", 3, ""), team()].concat());
    let program = directory(&db, &server);
    assert_eq!(sync(&program, &[]).await.code, Some(0));
    assert_eq!(people(&db).await, "a-b bob cleo");

    // A second a-b with a lower id comes; Bob leaves, Cleo is disabled and loses her team.
    server.modify(&format!(
        "{}dn: uid=bob,ou=people,{SUFFIX}\nchangetype: delete\n\n\
         dn: uid=cleo,ou=people,{SUFFIX}\nchangetype: modify\nadd: employeeType\nemployeeType: disabled\n\n\
         dn: cn=team,ou=groups,{SUFFIX}\nchangetype: modify\ndelete: member\nmember: uid=cleo,ou=people,{SUFFIX}\n\n",
        added("A-B"),
    ));
    let clash = sync(&program, &[]).await;
    assert_eq!(clash.code, Some(0), "{clash}");
    assert!(clash.out.contains("has the same name (A-B) as uid=a b,ou=people"), "{clash}");
    let id: String = scalar(&db, "select right(id::text, 8) from org.person where dn like 'uid=A-B,%'").await;
    assert_eq!(people(&db).await, format!("A-B-{id} a-b cleo!"), "who had the name keeps it");
    assert_eq!(scalar::<i64>(&db, "select count(*) from org.membership").await, 1);

    let words = "has the same name (A-B)";
    assert!(told(&program).await.contains(words) && page(&db).await.contains("1 problem in the directory"));
    let again = sync(&program, &[]).await;
    assert!(again.out.contains("0 join, 0 change, 0 leave") && again.out.contains(words), "{again}");
    server.modify(&format!("dn: uid=a b,ou=people,{SUFFIX}\nchangetype: modrdn\nnewrdn: uid=ada\ndeleteoldrdn: 1\n\n"));
    let mended = sync(&program, &[]).await;
    assert!(!mended.out.contains("same name") && mended.out.contains("is now A-B"), "{mended}");
    assert_eq!(people(&db).await, "A-B ada cleo!");
    assert!(!page(&db).await.contains("in the directory"));
    assert!(told(&program).await.starts_with("ok"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_account_of_two_is_nobodys_until_one_gives_it_up(db: PgPool) {
    let account = |name: &str, number, login: &str| {
        person(name, number, &format!("objectClass: pinconsoleAccounts\ngithubLogin: {login}\n"))
    };
    let server = Slapd::start(&[account("ada", 1, "octo"), account("bob", 2, "bobby"), team()].concat());
    let program = directory(&db, &server);
    sync(&program, &[]).await;
    assert_eq!(accounts(&db).await, "bobby=bob octo=ada");

    let login = |name: &str, change: &str| {
        server.modify(&format!("dn: uid={name},ou=people,{SUFFIX}\nchangetype: modify\n{change}\n\n"));
    };
    login("bob", "replace: githubLogin\ngithubLogin: octo");
    let contested = sync(&program, &[]).await;
    assert_eq!(contested.code, Some(0), "{contested}");
    assert_eq!(accounts(&db).await, "");
    let words = "claims the GitHub account octo, as does uid=";
    assert!(contested.out.contains(words) && told(&program).await.contains(words), "{contested}");
    assert!(page(&db).await.contains("2 problems in the directory"));

    login("ada", "delete: githubLogin");
    let ended = sync(&program, &[]).await;
    assert!(ended.out.contains("Accounts of other people: 1 change") && !ended.out.contains("claims"), "{ended}");
    assert_eq!(accounts(&db).await, "octo=bob", "Bob's own entry did not change in this reading");
    assert!(told(&program).await.starts_with("ok"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_accepts_answers_for_lines_beyond_those_that_are_shown(db: PgPool) {
    let crowd: String = (0..60).map(|it| person(&format!("p{it:02}"), 100 + it, "")).collect();
    let server = Slapd::start(&(crowd + &person("cleo", 3, "") + &team()));
    let program = directory(&db, &server);
    sync(&program, &[]).await;
    let deletion = |it| format!("dn: uid=p{it:02},ou=people,{SUFFIX}\nchangetype: delete\n\n");
    server.modify(&(0..30).map(deletion).collect::<String>());
    let code = |ended: &Ended| {
        let line = ended.out.lines().find_map(|it| it.strip_prefix("Code of the whole plan: "));
        line.expect("a code").to_owned()
    };
    let title = |number: usize, title: &str| {
        server.modify(&format!(
            "dn: uid=p{number},ou=people,{SUFFIX}\nchangetype: modify\nreplace: title\ntitle: {title}\n\n"
        ));
    };
    (30..55).for_each(|it| title(it, "Engineer"));
    let shown = sync(&program, &[]).await;
    assert_eq!(shown.code, Some(1), "{shown}");
    // The same numbers and the same first twenty names.
    title(54, "Owner");
    let other = sync(&program, &["--accept"]).await;
    assert_eq!(other.code, Some(1), "{other}");
    assert_eq!(other.out.replace(&code(&other), ""), shown.out.replace(&code(&shown), ""));
    assert_ne!(code(&other), code(&shown));
    let gone = "select count(*) from org.person where left_at is not null";
    assert_eq!(scalar::<i64>(&db, gone).await, 0);
    let accepted = sync(&program, &["--accept"]).await;
    assert_eq!(accepted.code, Some(0), "{accepted}");
    assert_eq!(scalar::<i64>(&db, gone).await, 30);
}

fn person(name: &str, number: usize, more: &str) -> String {
    let class = "objectClass: inetOrgPerson\nobjectClass: top\n";
    let id = format!("10000000-0000-4000-8000-{number:012x}");
    format!("dn: uid={name},ou=people,{SUFFIX}\n{class}{more}uid: {name}\ncn: {name}\nsn: {name}\nentryUUID: {id}\n\n")
}

/// Somebody who comes while the server runs, and gets an id from it.
fn added(name: &str) -> String {
    let class = "changetype: add\nobjectClass: inetOrgPerson\n";
    format!("dn: uid={name},ou=people,{SUFFIX}\n{class}uid: {name}\ncn: {name}\nsn: {name}\n\n")
}

fn team() -> String {
    let members = ["bob", "cleo", "a b"].map(|it| format!("member: uid={it},ou=people,{SUFFIX}\n")).concat();
    let id = "20000000-0000-4000-8000-000000000001";
    format!("dn: cn=team,ou=groups,{SUFFIX}\nobjectClass: groupOfNames\ncn: team\nentryUUID: {id}\n{members}\n")
}

fn directory(db: &PgPool, server: &Slapd) -> Program {
    let reader = server.address();
    Program::new()
        .with("DATABASE_URL", address(db))
        .with("LDAP_URL", server.url())
        .with("LDAP_BIND_DN", reader.bind_dn.expect("a name"))
        .with("LDAP_BIND_PASSWORD", reader.bind_password.expect("a password").expose_secret())
        .config(&format!(
            "[ldap.users]\nbases = [\"ou=people,{SUFFIX}\"]\n\
             disabled = [{{ attribute = \"employeeType\", when = {{ equals = \"disabled\" }} }}]\n\
             [ldap.users.accounts]\ngithub = \"githubLogin\"\n[ldap.groups]\nbases = [\"ou=groups,{SUFFIX}\"]\n"
        ))
}

async fn sync(program: &Program, arguments: &[&str]) -> Ended {
    let ended = program.run(&[&["sync", "ldap"], arguments].concat()).await;
    assert!(ended.err.is_empty(), "nothing is drawn where there is no terminal: {}", ended.err);
    ended
}

/// Who is here, the disabled with a mark.
async fn people(db: &PgPool) -> String {
    let names = "select coalesce(string_agg(name || case when disabled then '!' else '' end, ' ' order by name collate \"C\"), '')
        from org.person where left_at is null";
    scalar(db, names).await
}

async fn accounts(db: &PgPool) -> String {
    let owners = "select coalesce(string_agg(external_id || '=' || p.name, ' ' order by external_id), '')
        from auth.account a join org.person p on p.id = a.person_id";
    scalar(db, owners).await
}

/// What the doctor says of the last sync.
async fn told(program: &Program) -> String {
    let doctor = program.run(&["doctor"]).await;
    let line = doctor.out.lines().find(|it| it.contains("Last sync of the directory"));
    line.expect("a line").to_owned()
}

async fn page(db: &PgPool) -> String {
    get(&Office::open(db).await.console.web, "status").await.text
}
