use std::fs;

use chrono::{TimeDelta, Utc};
use domain::reference::EntityRef;
use domain::standing::Standing;
use uuid::Uuid;

use super::decision::judge;
use super::policies::shipped;
use super::*;

const OPEN: &str = "@id(\"open\") @rule(\"All may.\") permit (principal, action, resource);\n";

#[test]
fn the_shipped_policies_hold_their_tests() {
    let tried = trial::shipped(&Policies::shipped()).expect("tests");
    assert!(tried.len() >= 8, "only {} tests", tried.len());
    assert_eq!(tried.into_iter().filter_map(|it| it.wrong).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn every_action_can_be_weighed() {
    let asker = Asker { id: Uuid::nil(), groups: vec!["é \"quoted\"".into()], administrator: true };
    for action in Action::ALL {
        assert_eq!(Action::from_word(&action.as_str().to_uppercase()), Some(action));
        let resource =
            Resource { owner: Some("Payments".into()), tier: Some("1".into()), ..action.resource(Some("a \"b\"\\")) };
        let verdict = Policies::shipped().weigh(&asker, action, &resource);
        // Some things are nobody's but those who have to do with them.
        assert!(verdict.errors.is_empty(), "{action:?}: {:?}", verdict.errors);
    }
}

#[test]
fn an_action_on_a_thing_of_another_kind_is_refused() {
    let asker = Asker { id: Uuid::nil(), groups: Vec::new(), administrator: true };
    let verdict = Policies::shipped().weigh(&asker, Action::AcceptSync, &Action::ReadAudit.resource(None));
    assert!(!verdict.allowed && !verdict.errors.is_empty(), "{verdict:?}");
}

#[test]
fn a_forbid_that_fails_forbids() {
    let failing = "@id(\"night\") @rule(\"Nobody at night.\")
        forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };\n";
    let asker = Asker { id: Uuid::nil(), groups: Vec::new(), administrator: false };
    let weigh = |text: &str| policies(text).expect("valid").weigh(&asker, Action::AcceptSync, &sync());
    assert!(weigh(OPEN).allowed);
    let verdict = weigh(&format!("{OPEN}{failing}"));
    assert!(!verdict.allowed, "{verdict:?}");
    assert!(verdict.errors[0].contains("overflow"), "{verdict:?}");
}

#[test]
fn a_forbid_is_named_as_the_rule() {
    let forbid = "@id(\"freeze\") @rule(\"Nothing changes in production.\")
        forbid (principal, action, resource) when { resource has environment && resource.environment == \"production\" };";
    let policies = policies(&format!("{OPEN}{forbid}")).expect("valid");
    let asker = Asker { id: Uuid::nil(), groups: Vec::new(), administrator: false };
    let resource = Resource { environment: Some("production".into()), ..sync() };
    let verdict = policies.weigh(&asker, Action::AcceptSync, &resource);
    assert_eq!((verdict.allowed, verdict.rule.as_str()), (false, "Nothing changes in production."));
    assert_eq!(policies.weigh(&asker, Action::AcceptSync, &sync()).policy.as_deref(), Some("open"));
}

#[test]
fn owners_and_named_people_can_be_let_in() {
    let ada = Uuid::from_u128(7);
    let text = format!(
        "@id(\"owners\") @rule(\"Owners may.\")
         permit (principal, action, resource) when {{ resource has owner && principal in resource.owner }};
         @id(\"ada\") @rule(\"Ada may.\") permit (principal == Person::\"{ada}\", action, resource);
         @id(\"search\") @rule(\"Search may.\") permit (principal in Group::\"search\", action, resource);"
    );
    let policies = policies(&text).expect("valid");
    let resource = Resource { owner: Some("Payments".into()), ..sync() };
    let weigh = |id, groups: &[&str]| {
        let asker = Asker { id, groups: groups.iter().map(|it| it.to_string()).collect(), administrator: false };
        policies.weigh(&asker, Action::AcceptSync, &resource).policy
    };
    assert_eq!(weigh(Uuid::nil(), &["payments", "all"]).as_deref(), Some("owners"));
    assert_eq!(weigh(ada, &[]).as_deref(), Some("ada"));
    assert_eq!(weigh(Uuid::nil(), &["web"]), None);
    let mentioned = policies.mentioned();
    assert_eq!(mentioned.groups.into_iter().collect::<Vec<_>>(), ["search"]);
    assert_eq!(mentioned.people.into_iter().collect::<Vec<_>>(), [ada]);
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_reason() {
    let permit = "permit (principal, action, resource)";
    let named = "@id(\"a\") @rule(\"A.\")";
    let cases = [
        (format!("\n{named}\npermit (principal, action resource);"), "3: unexpected token"),
        (format!("// A comment.\n\n{permit};"), "3: a policy needs @id"),
        (format!("@id(\"a\")\n{permit};"), "1: a policy needs @id"),
        (format!("{named}\n{permit}\nwhen {{ resource.ownr == 1 }};"), "3: for policy `a`, attribute `ownr`"),
        (
            format!("{named}\n{permit}\nwhen {{ resource.owner == principal }};"),
            "3: for policy `a`, unable to guarantee safety of access to optional attribute",
        ),
        (
            format!("{named}\npermit (principal in Group::\"Payments\", action, resource);"),
            "1: write Group::\"payments\"",
        ),
        (
            format!("{named}\npermit (principal in Role::\"admin\", action, resource);"),
            "1: there is no Role::\"admin\"",
        ),
        (format!("{named}\npermit (principal == Person::\"ada\", action, resource);"), "1: Person::\"ada\" is no id"),
        (
            format!("{named}\npermit (principal in Team::\"a\", action, resource);"),
            "2: for policy `a`, unrecognized entity type",
        ),
        (
            format!("{named}\npermit (principal, action == Action::\"fly\", resource);"),
            "2: for policy `a`, unrecognized action",
        ),
        (format!("{named}\n{permit} when {{ 1 == 2 }};"), "1: for policy `a`, policy is impossible"),
        (format!("{named} {permit};\n{named} {permit};"), "duplicate"),
        (format!("{named} permit (principal in ?principal, action, resource);"), "a template says nothing"),
    ];
    for (text, expected) in cases {
        let faults = policies(&text).map(|_| ()).expect_err(expected);
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|it| it.starts_with("my.cedar") && it.contains(expected)), "{expected}: {told:?}");
    }
    assert!(Policies::parse(&[]).is_err(), "a folder without policies is a mistake");
}

#[test]
fn a_folder_takes_the_place_of_what_is_shipped() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config { policies: "rules".into(), ..Config::default() };
    let read = || Access::new(&config, Administrators::default(), folder.path()).map(|it| it.policies().rules().len());
    let faults = read().expect_err("no folder");
    assert!(faults[0].to_string().contains("rules: it cannot be read"), "{faults:?}");
    fs::create_dir_all(folder.path().join("rules/tests")).expect("a folder");
    fs::write(folder.path().join("rules/own.cedar"), OPEN).expect("a file");
    assert_eq!(read(), Ok(1));
    let wrong =
        "[[test]]\nsays = \"nobody may\"\naction = \"accept-sync\"\nresource = { id = \"ldap\" }\nallowed = false\n";
    fs::write(folder.path().join("rules/tests/own.toml"), wrong).expect("a file");
    let tried = trial::of_folder(&policies(OPEN).expect("valid"), &folder.path().join("rules")).expect("tests");
    assert_eq!(tried[0].wrong.as_deref(), Some("expected refused by no policy, but allowed by open"));
    fs::write(folder.path().join("rules/tests/own.toml"), format!("{wrong}rul = 1\n")).expect("a file");
    let faults = trial::of_folder(&policies(OPEN).expect("valid"), &folder.path().join("rules")).expect_err("a typo");
    assert!(faults[0].to_string().contains("own.toml:6: unknown field `rul`"), "{}", faults[0]);
}

#[test]
fn groups_count_for_as_long_as_configured() {
    let now = Utc::now();
    let access = Access { policies: policies(OPEN).map(Arc::new).expect("valid"), ..Access::default() };
    let hours = |hours| Some(now - TimeDelta::hours(hours) + TimeDelta::seconds(1));
    let at = |read_at| judge(&access, Some(&Standing { read_at, ..standing() }), (Action::AcceptSync, &sync()), now).0;
    assert!(at(hours(3)).allowed);
    assert!(!at(hours(4)).allowed);
    assert!(
        at(hours(6)).rule.starts_with("Groups count for 3 hours, and the directory was last read whole 5 hours ago")
    );
    assert!(at(None).rule.contains("was never read whole"));
    let patient = Access { fresh: TimeDelta::hours(24), ..access };
    let old = Standing { read_at: hours(20), ..standing() };
    assert!(judge(&patient, Some(&old), (Action::AcceptSync, &sync()), now).0.allowed);
}

#[test]
fn groups_that_the_brake_holds_back_still_count_for_accepting_the_sync() {
    let now = Utc::now();
    let access = Access { policies: policies(OPEN).map(Arc::new).expect("valid"), ..Access::default() };
    let hours = |hours| Some(now - TimeDelta::hours(hours) + TimeDelta::seconds(1));
    let judge = |read_at, held_at, action: Action| {
        judge(&access, Some(&Standing { read_at, held_at, ..standing() }), (action, &action.resource(None)), now).0
    };
    let told = judge(hours(30), hours(1), Action::AcceptSync);
    assert!(told.allowed && told.rule.contains("All may. Groups are those of 29 hours ago"), "{}", told.rule);
    let told = judge(hours(30), hours(1), Action::ReadAudit);
    assert!(!told.allowed && told.rule.contains("accept the sync that the brake holds back"), "{}", told.rule);
    assert!(!judge(hours(30), hours(5), Action::AcceptSync).allowed, "nor is the directory read any more");
    assert_eq!(judge(hours(1), hours(1), Action::AcceptSync).rule, "All may.");
}

#[test]
fn what_a_person_owns_is_theirs_alone() {
    let text = "@id(\"owners\") @rule(\"Owners may.\")
        permit (principal, action, resource) when { resource has owner && principal in resource.owner };";
    let access = Access { policies: policies(text).map(Arc::new).expect("valid"), ..Access::default() };
    let owner = EntityRef::parse("user:default/Ada", None, "default").expect("a reference");
    let may = |name: &str| {
        let standing = Standing { name: name.into(), groups: vec!["ada".into()], ..standing() };
        judge(&access, Some(&standing), (Action::AcceptSync, &sync().owned_by(&owner)), Utc::now()).0.allowed
    };
    assert!(may("ADA") && !may("grace"));
    let group = EntityRef::parse("group:default/ada", None, "default").expect("a reference");
    assert_eq!(sync().owned_by(&group).owner.as_deref(), Some("ada"));
}

#[test]
fn whoever_is_asked_may_act_while_the_directory_is_down() {
    let access = Access::default();
    let old = Standing { read_at: None, groups: vec!["payments".into()], ..standing() };
    let incident = |action: Action| action.resource(Some("4711"));
    let judge =
        |access: &Access, action, resource: &Resource| judge(access, Some(&old), (action, resource), Utc::now()).0;
    let asked = incident(Action::AcknowledgeIncident).with(ASKED, vec![old.id]);
    assert_eq!(judge(&access, Action::AcknowledgeIncident, &asked).policy.as_deref(), Some("asked"));
    let owned = Resource { owners: vec!["payments".into()], ..incident(Action::AcknowledgeIncident) };
    let refused = judge(&access, Action::AcknowledgeIncident, &owned);
    assert!(!refused.allowed && refused.rule.contains("was never read whole"), "{refused:?}");
    assert!(judge(&access, Action::Page, &Action::Page.resource(None)).allowed, "anybody may still page");
    let forbid = "@id(\"trial\") @rule(\"Not these.\") forbid (principal in Group::\"payments\", action, resource);";
    let strict = Access { policies: policies(&format!("{OPEN}{forbid}")).map(Arc::new).expect("valid"), ..access };
    assert_eq!(
        judge(&strict, Action::AcknowledgeIncident, &asked).rule,
        "Not these.",
        "what groups forbid still holds"
    );
}

#[test]
fn the_disabled_and_leavers_may_nothing() {
    let access = Access { policies: policies(OPEN).map(Arc::new).expect("valid"), ..Access::default() };
    let judge = |standing: Option<&Standing>| {
        judge(&access, standing, (Action::ReadAudit, &Action::ReadAudit.resource(None)), Utc::now()).0
    };
    assert!(judge(Some(&standing())).allowed);
    assert!(!judge(Some(&Standing { disabled: true, ..standing() })).allowed);
    assert!(!judge(None).allowed);
}

#[test]
fn the_configured_group_makes_administrators() {
    let group = Some("Platform-Admins".into());
    let access = Access { administrators: Administrators { group, channel: None }, ..Access::default() };
    let judge = |groups: &[&str]| {
        let groups = groups.iter().map(|it| it.to_string()).collect();
        judge(&access, Some(&Standing { groups, ..standing() }), (Action::AcceptSync, &sync()), Utc::now()).0
    };
    assert_eq!(judge(&["all", "platform-admins"]).policy.as_deref(), Some("administrators"));
    assert_eq!(judge(&["platform", "administrator"]).rule, NO_RULE);
}

fn policies(text: &str) -> Result<Policies, Vec<Fault>> {
    Policies::parse(&[("my.cedar".into(), text.into())])
}

fn sync() -> Resource {
    Action::AcceptSync.resource(None)
}

fn standing() -> Standing {
    Standing {
        id: Uuid::from_u128(1),
        name: "ada".into(),
        display_name: "Ada Lindqvist".into(),
        disabled: false,
        groups: Vec::new(),
        read_at: Some(Utc::now()),
        held_at: None,
    }
}

#[test]
fn only_what_is_shipped_is_embedded() {
    let names: Vec<String> = shipped().into_iter().map(|it| it.0).collect();
    let shipped = ["administrators", "incidents", "people", "reviews", "subscriptions"];
    assert_eq!(names, shipped.map(|it| format!("config/policies/{it}.cedar")));
}
