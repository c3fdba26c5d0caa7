//! Who may act, asked and tried in chat and in a terminal; and what is written down of it.

use std::io::Write;
use std::time::Instant;

use console::access::{Access, Action, decide};
use console::{Administrators, Ctx, notify, usage};
use domain::audit_chain::verify;
use domain::person::Person;
use integrations::fake::slack::SlackMember;
use sqlx::PgPool;

use crate::common::{Office, Program, company, scalar};

const ADMINISTRATORS: &str = "[administrators]\ngroup = \"platform-admins\"\n";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whether_one_may_is_told_with_the_rule_and_who_can(db: PgPool) {
    let office = office(&db, ADMINISTRATORS).await;
    insta::assert_snapshot!(office.told("U0ADA", "/pin can i accept-sync").await, @"
    ! No, you cannot accept a sync

      Action:  accept-sync
      On:      sync:ldap
      Rule:    No rule allows it.

    Who can
      • Platform Administrators – its members are on its page

    Next
      Platform Administrators:  team platform-admins
      Other actions:            help can
    ");
    insta::assert_snapshot!(office.told("U0LINUS", "/pin can I Accept-Sync ldap").await, @"
    ✓ Yes, you can accept a sync

      Action:  accept-sync
      On:      sync:ldap
      Rule:    Administrators may accept a sync, retry a message, replay an event, correct an account,
               read the audit and choose what others are told.

    Who can
      • Platform Administrators – its members are on its page

    Next
      Platform Administrators:  team platform-admins
      Other actions:            help can
    ");
    insta::assert_snapshot!(office.told("U0ADA", "/pin can i acept-sync").await, @"
    ! That cannot be understood

    acept-sync is not among accept-sync, retry-message, replay-delivery, correct-account, link-terminal,
    revoke-terminals, link-github, unlink-github, read-audit, acknowledge-incident, resolve-incident,
    escalate-incident, reassign-incident, add-responders, annotate-incident, snooze-incident, page,
    override-shift, nudge-review, snooze-pull-request, pass-review, choose-notifications,
    subscribe-channel, unsubscribe-channel.

    Did you mean accept-sync?

    For example: can i accept-sync, can i acknowledge-incident 4711, can grace read-audit

    Next
      Help:  help can
    ");
    let token = office.token("U0ADA").await;
    let card = cards::Card::new("A message");
    let to = notify::Destination::SlackChannel("C0NONE".into());
    notify::put(&db, &notify::Message::new("one", notify::Lane::Digest, to, card)).await.expect("a message");
    let id: String = scalar(&db, "select id::text from notify.message").await;
    let asked = office.terminal(&token, &["can", "i", "retry-message", &id]).await;
    assert_eq!(asked.code, Some(0), "{asked}");
    assert!(asked.out.starts_with("! No, you cannot retry a message\n"), "{asked}");
    assert!(asked.out.contains(&format!("message:{id}")) && asked.out.contains("Platform Administrators"), "{asked}");
    for unknown in ["42", "0190c3a5-7e1b-7c4d-9f20-3b6a1d2e4f58"] {
        let asked = office.terminal(&token, &["can", "i", "retry-message", unknown]).await;
        assert!(asked.out.starts_with("! There is no such message") && asked.out.contains(unknown), "{asked}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_others_may_is_for_who_may_read_the_audit(db: PgPool) {
    let office = office(&db, ADMINISTRATORS).await;
    let refused = office.told("U0ADA", "/pin can linus accept-sync").await;
    assert!(refused.starts_with("! You may not read the audit"), "{refused}");
    assert!(
        office
            .told("U0LINUS", "/pin can ada accept-sync")
            .await
            .starts_with("! No, Ada Lindqvist cannot accept a sync")
    );
    assert!(office.told("U0LINUS", "/pin can omowens read-audit").await.starts_with("✓ Yes, "));
    assert!(office.told("U0LINUS", "/pin can zeppelin read-audit").await.starts_with("! Nobody by that name"));
    assert!(office.told("U0LINUS", "/pin can i correct-account zeppelin").await.starts_with("! Nobody by that name"));
    assert!(office.told("U0LINUS", "/pin can i accept-sync zeppelin").await.starts_with("! There is no such thing"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_audit_is_read_by_administrators_and_a_denial_is_in_it(db: PgPool) {
    let office = office(&db, ADMINISTRATORS).await;
    let empty = office.told("U0LINUS", "/pin audit").await;
    assert!(empty.contains("Nothing was written down yet."), "{empty}");
    let token = office.token("U0ADA").await;
    let refused = office.terminal(&token, &["audit"]).await;
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.out.contains("No rule allows it.") && refused.out.contains("Who can"), "{refused}");
    assert!(!refused.out.contains("link-terminal"), "{refused}");
    insta::assert_snapshot!(moments(&office.told("U0LINUS", "/pin audit").await), @"
    Audit

      • 3 ada read-audit audit:log: was refused – <moment> · No rule allows it.
      • 2 ada link-terminal account:ada: done, as begun in 1 – <moment> · Everybody may
        link terminals and accounts of their own, and take that back.
      • 1 ada link-terminal account:ada: began – <moment> · Everybody may link terminals
        and accounts of their own, and take that back.
    ");
    assert!(office.told("U0LINUS", "/pin audit --kind denial --who grace").await.contains("Nothing like that"));
    let message = office.typed("U0LINUS", "/pin audit --since 1d --who ada").await;
    assert!(!message.to_string().contains("\"share\""), "not for a channel: {message}");
    assert_eq!(verify(&db, None).await.expect("rows").expect("a chain").number, 3);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_cannot_be_written_down_is_not_done(db: PgPool) {
    let office = office(&db, ADMINISTRATORS).await;
    let token = office.token("U0GRACE").await;
    sqlx::query("alter table audit.entry rename to lost").execute(&db).await.expect("no audit");
    assert!(office.told("U0ADA", "/pin link terminal").await.starts_with("✗ That did not work"));
    assert!(office.told("U0GRACE", "/pin link terminal --revoke").await.starts_with("✗ That did not work"));
    assert_eq!(scalar::<i64>(&db, "select count(*) from auth.token").await, 1);
    assert_eq!(office.terminal(&token, &["whoami"]).await.code, Some(0));
    sqlx::query("alter table audit.lost rename to entry").execute(&db).await.expect("an audit");
    assert!(office.told("U0GRACE", "/pin link terminal --revoke").await.starts_with("1 token taken back"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn groups_within_the_administrators_count_until_the_directory_is_too_old(db: PgPool) {
    let office = office(&db, ADMINISTRATORS).await;
    let can = async |user: &str| office.told(user, "/pin can i read-audit").await;
    assert!(can("U0ADA").await.starts_with("! No"));
    sqlx::query(
        "insert into org.nesting (parent_id, child_id) select parent.id, child.id from org.\"group\" parent, org.\"group\" child
         where (parent.name, child.name) in (('platform-admins', 'web-platform'), ('web-platform', 'payments'))",
    )
    .execute(&db)
    .await
    .expect("nested groups");
    assert!(can("U0ADA").await.starts_with("✓ Yes"), "two groups down");
    sqlx::query("update catalog.run set started_at = now() - interval '4 hours'").execute(&db).await.expect("hours");
    let stale = can("U0LINUS").await;
    assert!(stale.starts_with("! No") && stale.contains("the directory was last read whole 4 hours ago"), "{stale}");
    assert!(office.told("U0LINUS", "/pin audit").await.starts_with("! You may not read the audit"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_policy_that_fails_refuses_and_that_is_written_down(db: PgPool) {
    company(&db).await;
    let office = Office::furnished(&db, |program| {
        program.file(
            "rules/own.cedar",
            "@id(\"all\") @rule(\"All may.\") permit (principal, action, resource);\n\
             @id(\"never\") @rule(\"Never.\") forbid (principal, action == Action::\"read-audit\", resource)\n\
             when { 9223372036854775807 + 1 > 0 };\n",
        );
        program.config("[access]\npolicies = \"rules\"\n")
    })
    .await;
    assert!(office.told("U0ADA", "/pin can i accept-sync").await.starts_with("✓ Yes"));
    let refused = office.told("U0ADA", "/pin audit").await;
    assert!(refused.contains("A policy could not be evaluated"), "{refused}");
    let errors: String = scalar(&db, "select detail ->> 'errors' from audit.entry where kind = 'denial'").await;
    assert!(errors.contains("never") && errors.contains("overflow"), "{errors}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_somebody_types_of_what_they_are_told_asks_policies_as_the_form_does(db: PgPool) {
    company(&db).await;
    let office = Office::furnished(&db, |program| {
        program.file(
            "rules/own.cedar",
            "@id(\"none\") @rule(\"What people are told is settled.\")\n\
             forbid (principal, action == Action::\"choose-notifications\", resource);\n",
        );
        program.config("[access]\npolicies = \"rules\"\n")
    })
    .await;
    for typed in ["notifications shifts off", "notifications --quiet 22:00-08:00"] {
        let refused = office.told("U0ADA", &format!("/pin {typed}")).await;
        assert!(refused.contains("You may not choose what somebody is told"), "{typed}: {refused}");
        assert!(refused.contains("What people are told is settled."), "{typed}: {refused}");
    }
    let told = office.told("U0ADA", "/pin notifications").await;
    assert!(told.contains("shifts – direct") && told.contains("none – as everybody has it"), "{told}");
    let trail = "select string_agg(kind || ' ' || resource, ', ' order by number) from audit.entry";
    assert_eq!(scalar::<String>(&db, trail).await, "denial preferences:ada, denial preferences:ada");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn linking_is_what_rules_of_ones_own_may_settle(db: PgPool) {
    company(&db).await;
    let office = Office::furnished(&db, |program| {
        program.file(
            "rules/own.cedar",
            "@id(\"tokens\") @rule(\"Tokens may be taken back.\")\n\
             permit (principal, action == Action::\"revoke-terminals\", resource) when { resource.whose.contains(principal) };\n",
        );
        program.config("[access]\npolicies = \"rules\"\n")
    })
    .await;
    let refused = office.told("U0ADA", "/pin link terminal").await;
    assert!(refused.contains("You may not link a terminal") && !refused.contains("pin_"), "{refused}");
    let refused = office.told("U0ADA", "/pin unlink github").await;
    assert!(refused.contains("You may not unlink a GitHub account"), "{refused}");
    let told = office.told("U0ADA", "/pin unlink terminal").await;
    assert!(told.contains("0 tokens taken back"), "{told}");
    for typed in ["can i revoke-terminals ada", "can i revoke-terminals"] {
        let told = office.told("U0ADA", &format!("/pin {typed}")).await;
        assert!(told.starts_with("✓ Yes, you can take back the tokens of terminals"), "{typed}: {told}");
    }
    let trail = "select string_agg(kind || ' ' || action || ' ' || resource, ', ' order by number) from audit.entry";
    assert_eq!(
        scalar::<String>(&db, trail).await,
        "denial link-terminal account:ada, denial unlink-github account:ada, intent revoke-terminals account:ada, \
         outcome revoke-terminals account:ada"
    );
}

#[tokio::test]
async fn the_program_does_not_start_with_policies_that_are_wrong() {
    let program =
        Program::new().with("DATABASE_URL", "postgres://localhost:9/none").config("[access]\npolicies = \"rules\"\n");
    program.file(
        "rules/own.cedar",
        "\n\n@id(\"a\") @rule(\"A.\") permit (principal, action == Action::\"fly\", resource);\n",
    );
    for command in [&["serve"][..], &["config", "check"]] {
        let ended = program.run(command).await;
        assert_eq!(ended.code, Some(1), "{ended}");
        assert!(ended.err.contains("own.cedar:3: for policy `a`, unrecognized action"), "{ended}");
    }
    let checked = program.run(&["policy", "check"]).await;
    assert!(checked.code == Some(1) && checked.out.contains("own.cedar:3:"), "{checked}");
}

#[tokio::test]
async fn policies_and_their_tests_are_checked() {
    insta::assert_snapshot!(Program::new().run(&["policy", "check"]).await, @"
    Policies: 16
    ok    administrators                Administrators may accept a sync, retry a message, replay an event, correct an account, read the audit and choose what others are told.
    ok    administrators-on-call        Administrators may act on every incident and schedule.
    ok    asked                         Whoever PagerDuty asks about an incident may act on it.
    ok    helping                       Whoever was asked to help with an incident may act on it.
    ok    owners                        Members of the group that owns a service may act on its incidents.
    ok    page                          Anybody may page whoever is on call.
    ok    own-turn                      Whoever takes turns on a schedule may take one over, or hand on their own.
    ok    schedule-owners               Members of the group whose services a schedule answers for may change who is on call.
    ok    own-notifications             Everybody chooses what they are told themselves.
    ok    own-accounts                  Everybody may link terminals and accounts of their own, and take that back.
    ok    own-pull-request              Whoever opened a pull request may remind its reviewers.
    ok    own-review                    Whoever is asked for a review may pass it on.
    ok    own-quiet                     Anybody may hear nothing of a pull request for a while.
    ok    subscription-owners           Members of a group that owns what is subscribed to, or whose channel it is, may subscribe the channel and take that back.
    ok    own-subscription              Whoever subscribed a channel may take that back.
    ok    administrators-subscriptions  Administrators may subscribe every channel, and take every subscription back.
    Tests: 44
    ok    an administrator accepts a sync
    ok    an administrator retries a message, whosever it is
    ok    an administrator has an event applied once more
    ok    owning what an event is about does not let anybody replay it
    ok    an administrator corrects an account
    ok    an administrator reads the audit
    ok    a group's name alone makes nobody an administrator
    ok    owning what a message is about does not let anybody retry it
    ok    nobody corrects even their own accounts
    ok    whoever is in no group reads no audit
    ok    whoever is asked acknowledges, in whatever group
    ok    whoever is asked escalates
    ok    whoever helps writes notes
    ok    a member of the owning group resolves
    ok    a member of another group does not
    ok    where nobody owns and nobody is asked, nobody but administrators acts
    ok    an administrator reassigns any incident
    ok    an administrator snoozes any incident
    ok    an owner asks others to help
    ok    anybody pages
    ok    whoever takes turns takes one over
    ok    whoever takes turns hands on their own
    ok    whoever takes turns does not move those of others
    ok    whoever takes no turns takes none over
    ok    the owning group changes who is on call
    ok    everybody chooses what they are told
    ok    nobody chooses what others are told
    ok    everybody links a terminal of their own
    ok    everybody takes the tokens of their terminals back
    ok    everybody links a GitHub account of their own
    ok    everybody takes a GitHub account of their own back
    ok    nobody links a GitHub account to others
    ok    the author reminds reviewers
    ok    a reviewer does not remind the others
    ok    whoever is asked passes it on
    ok    nobody passes on what others are asked for, not even administrators
    ok    anybody wants to hear nothing for a while
    ok    the owners of a repository subscribe whichever channel they want
    ok    a team subscribes its own channel to what others own
    ok    others subscribe no channel to what is not theirs
    ok    whoever subscribed a channel takes that back, whatever groups they are in by now
    ok    but does not change it then
    ok    others take no subscription back
    ok    administrators subscribe every channel
    [0]
    ");
    let program = Program::new();
    program.file("rules/own.cedar", "@id(\"all\") @rule(\"All may.\") permit (principal, action, resource);\n");
    let test =
        "[[test]]\nsays = \"nobody may\"\naction = \"accept-sync\"\nresource = { id = \"ldap\" }\nallowed = false\n";
    program.file("rules/tests/own.toml", test);
    insta::assert_snapshot!(program.run(&["policy", "check", "rules"]).await, @"
    Policies: 1
    ok    all  All may.
    Tests: 1
    FAIL  nobody may: expected refused by no policy, but allowed by all (rules/tests/own.toml)
    [1]
    ");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_decision_takes_no_time_that_anybody_notices(db: PgPool) {
    company(&db).await;
    let administrators = Administrators { group: Some("platform-admins".into()), channel: None };
    let access = Access::new(&Default::default(), administrators, "".as_ref()).map_err(|_| ()).expect("policies");
    let ctx = Ctx::new(db.clone(), usage::recorder().0).governed(access);
    let linus = Person::named(&db, "linus").await.expect("people").expect("Linus");
    let resource = Action::AcceptSync.resource(None);
    let begun = Instant::now();
    for _ in 0..100 {
        assert!(decide(&ctx, &linus, Action::AcceptSync, &resource).await.expect("a decision").allowed);
    }
    let each = begun.elapsed() / 100;
    // For whoever looks at the log; how fast a machine is, is no rule.
    let _ = writeln!(std::io::stderr(), "a decision takes {each:?}");
}

async fn office(db: &PgPool, config: &str) -> Office {
    company(db).await;
    let office = Office::furnished(db, |it| it.config(config)).await;
    office.slack.member(SlackMember::new("U0LINUS", "Linus Meyer", "linus@pinconsole.example"));
    office
}

/// The text with each moment replaced by what it is.
fn moments(text: &str) -> String {
    let line = |it: &str| match (it.find(" – "), it.find(" · ")) {
        (Some(from), Some(to)) => format!("{} – <moment>{}", &it[..from], &it[to..]),
        _ => it.to_string(),
    };
    text.lines().map(|it| line(it) + "\n").collect()
}
