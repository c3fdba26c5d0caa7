use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::{TimeDelta, Utc};
use domain::github::{Mergeable, State, Verdict};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::GitHub;
use super::cost::Cost;
use super::query::Document;
use crate::fake::World;
use crate::github::snapshot::{CheckState, Reviewer};
use crate::github::{App, Client, GitHubError, Listed, OAuth, PullReference, Reviewers, SignIn};

const REPOSITORY: &str = "mosaic-lane/payments";

/// An organization with two people, a team and a repository.
async fn world() -> (World, GitHub, i64, Client) {
    let world = World::start().await.unwrap();
    let github = world.github();
    let installation = github.organization("mosaic-lane");
    for login in ["ada", "grace", "linus"] {
        github.person(login);
    }
    github.team("mosaic-lane", "payments", &["ada", "grace"]);
    github.repository(REPOSITORY, Some(2));
    let client = Client::new(github.address(), &github.app()).unwrap();
    (world, github, installation, client)
}

fn whole<T>(listed: Listed<T>) -> (Vec<T>, Vec<String>) {
    match listed {
        Listed::Whole { items, etags } => (items, etags),
        Listed::Same => panic!("nothing was told"),
    }
}

#[tokio::test]
async fn a_pull_request_is_read_with_all_that_says_who_must_act() {
    let (_world, github, installation, client) = world().await;
    let team = github.team("mosaic-lane", "core", &["linus"]);
    let pull = github.open(REPOSITORY, "ada", "Retry settlements");
    github.request(pull, "ada", "linus");
    github.request_team(pull, "ada", team);
    github.approve(pull, "grace");
    github.check_ends(pull, "build", false);
    github.check_begins(pull, "lint");
    github.label(pull, "ada", "urgent");
    client.itself().await.unwrap();
    let read = client.pulls(installation, &[github.node_id(pull), "PR_1".into()]).await.unwrap();
    assert_eq!((read.gone, read.unread), (vec!["PR_1".to_string()], vec![]));
    let [it] = &read.found[..] else { panic!("{:?}", read.found) };
    assert_eq!((it.id, it.number, it.title.as_str(), it.state), (pull, 1, "Retry settlements", State::Open));
    assert_eq!(it.repository.name, REPOSITORY);
    assert_eq!(it.author.as_ref().map(|it| it.login.as_str()), Some("ada"));
    let asked = it.requests.iter().map(|it| match &it.of {
        Reviewer::Actor(it) => it.login.clone(),
        Reviewer::Team(it) => format!("{}/{}", it.organization, it.slug),
    });
    assert_eq!(asked.collect::<Vec<_>>(), ["linus", "mosaic-lane/core"]);
    let said = it.reviews.iter().map(|it| (it.by.as_ref().map(|it| it.login.as_str()), it.verdict));
    assert_eq!(said.collect::<Vec<_>>(), [(Some("grace"), Verdict::Approved)]);
    let checks = it.checks.iter().map(|it| (it.name.as_str(), it.state)).collect::<Vec<_>>();
    assert_eq!(checks, [("build", CheckState::Failure), ("lint", CheckState::Pending)]);
    assert_eq!((it.approvals_needed, it.decision.as_deref()), (Some(2), Some("REVIEW_REQUIRED")));
    assert_eq!((it.mergeable, it.labels.clone(), it.checks_whole), (Mergeable::Mergeable, vec!["urgent".into()], true));
    assert!(it.read_at < Utc::now() && it.read_at > Utc::now() - TimeDelta::seconds(5), "{}", it.read_at);
}

#[tokio::test]
async fn lists_that_did_not_change_cost_no_call() {
    let (_world, github, installation, client) = world().await;
    for it in 0..130 {
        github.repository(&format!("mosaic-lane/r{it}"), None);
    }
    let (all, etags) = whole(client.repositories(installation, &[]).await.unwrap());
    assert_eq!((all.len(), etags.len()), (131, 2));
    assert_eq!(client.repositories(installation, &etags).await.unwrap(), Listed::Same);
    assert_eq!(github.unchanged(), 2);
    github.repository("mosaic-lane/new", None);
    let (all, _) = whole(client.repositories(installation, &etags).await.unwrap());
    assert_eq!(all.len(), 132);
    let (teams, _) = whole(client.teams(installation, "mosaic-lane", &[]).await.unwrap());
    let (members, _) = whole(client.members(installation, ("mosaic-lane", &teams[0].slug), &[]).await.unwrap());
    assert_eq!(members.iter().map(|it| it.login.as_str()).collect::<Vec<_>>(), ["ada", "grace"]);
}

#[tokio::test]
async fn one_token_serves_until_github_no_longer_takes_it() {
    let (_world, github, installation, client) = world().await;
    let tokens = || github.count("POST /app/installations/{}/access_tokens");
    let both = tokio::join!(client.repositories(installation, &[]), client.teams(installation, "mosaic-lane", &[]));
    assert!(both.0.is_ok() && both.1.is_ok());
    assert_eq!(tokens(), 1);
    github.end_tokens();
    assert!(client.repositories(installation, &[]).await.is_ok());
    assert_eq!(tokens(), 2);
    let stranger = Client::new(github.address(), &App { id: "1".into(), ..github.app() }).unwrap();
    let error = stranger.itself().await.unwrap_err();
    assert_eq!(error, GitHubError::Credentials { message: "Integration not found".into() });
}

#[tokio::test]
async fn what_takes_too_long_is_asked_for_in_parts() {
    let (_world, github, installation, client) = world().await;
    let pulls: Vec<i64> = (0..7).map(|it| github.open(REPOSITORY, "ada", &format!("Change {it}"))).collect();
    let ids: Vec<String> = pulls.iter().map(|it| github.node_id(*it)).collect();
    github.too_heavy(2);
    let read = client.pulls(installation, &ids).await.unwrap();
    assert_eq!(read.found.iter().map(|it| it.id).collect::<Vec<_>>(), pulls);
    assert_eq!(github.asked("Pulls"), 7, "seven, three, one, two, four, and twice two");
}

#[tokio::test]
async fn what_is_left_to_ask_is_obeyed_by_all_who_share_it() {
    let (_world, github, installation, client) = world().await;
    client.repositories(installation, &[]).await.unwrap();
    github.allow(1);
    client.repositories(installation, &[]).await.unwrap();
    let before = github.calls().len();
    let error = client.repositories(installation, &[]).await.unwrap_err();
    assert!(
        matches!(error, GitHubError::Limited { retry_after } if retry_after > Duration::from_secs(3000)),
        "{error}"
    );
    assert_eq!(github.calls().len(), before, "GitHub is not even asked");
    let (_world, github, installation, client) = self::world().await;
    github.too_fast(1, Duration::from_secs(40));
    let error = client.briefly(installation, (&["R_1".into()], Utc::now())).await.unwrap_err();
    assert!(matches!(error, GitHubError::Limited { retry_after } if retry_after.as_secs() > 30), "{error}");
}

#[tokio::test]
async fn a_repository_is_told_with_what_is_open_and_what_ended_since() {
    let (_world, github, installation, client) = world().await;
    let repository = github.repository("mosaic-lane/orders", None);
    let open: Vec<i64> = (0..90).map(|it| github.open("mosaic-lane/orders", "ada", &format!("Change {it}"))).collect();
    let old = github.open("mosaic-lane/orders", "ada", "Old");
    github.close(old, "ada");
    github.backdate(old, TimeDelta::days(2));
    let merged = github.open("mosaic-lane/orders", "ada", "New");
    github.merge(merged, "grace");
    let since = Utc::now() - TimeDelta::hours(1);
    let found = client.briefly(installation, (&[format!("R_{repository}"), "R_7".into()], since)).await.unwrap();
    let [it] = &found[..] else { panic!("{found:?}") };
    assert_eq!((it.open.len(), it.over.iter().map(|it| it.id).collect::<Vec<_>>()), (open.len(), vec![merged]));
    assert_eq!((github.asked("Brief"), github.asked("More")), (1, 1), "ten of them did not fit");
}

#[tokio::test]
async fn reviewers_are_asked_and_asked_no_longer() {
    let (_world, github, installation, client) = world().await;
    let pull = github.open(REPOSITORY, "ada", "Change");
    github.request(pull, "ada", "linus");
    let of = PullReference { installation, repository: REPOSITORY, number: github.number(pull) };
    client.request_reviewers(of, Reviewers { logins: &["grace"], teams: &["payments"] }).await.unwrap();
    client.remove_reviewers(of, Reviewers { logins: &["linus"], teams: &[] }).await.unwrap();
    assert_eq!(github.requested(pull), ["grace", "payments"]);
    let author = client.request_reviewers(of, Reviewers { logins: &["ada"], teams: &[] }).await;
    assert!(matches!(author, Err(GitHubError::Refused { http: 422, .. })), "{author:?}");
    let nowhere = PullReference { number: 99, ..of };
    assert_eq!(client.remove_reviewers(nowhere, Reviewers::default()).await, Err(GitHubError::Gone));
}

#[tokio::test]
async fn whoever_signs_in_is_known_by_name_and_leaves_no_token() {
    let (_world, github, ..) = world().await;
    let oauth = OAuth::new(github.address(), github.credentials()).unwrap();
    let verifier: SecretString = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into();
    let redirect = "https://pin.example/link/github".parse().unwrap();
    let sign_in = SignIn { state: "s".into(), verifier, redirect };
    let back = github.sign_in(&oauth.authorize(&sign_in).unwrap(), "grace");
    let given: std::collections::HashMap<String, String> = back.query_pairs().into_owned().collect();
    assert_eq!((back.path(), given["state"].as_str()), ("/link/github", "s"));
    let account = oauth.account(&sign_in, &given["code"]).await.unwrap();
    assert_eq!((account.login.as_str(), account.kind.as_str()), ("grace", "User"));
    assert_eq!(github.open_sign_ins(), 0);
    let again = oauth.account(&sign_in, &given["code"]).await;
    assert_eq!(again, Err(GitHubError::Code("bad_verification_code".into())), "a code serves once");
    let back = github.sign_in(&oauth.authorize(&sign_in).unwrap(), "grace");
    let code = back.query_pairs().find(|it| it.0 == "code").unwrap().1.into_owned();
    let other = SignIn { verifier: "x".repeat(43).into(), ..sign_in };
    assert!(oauth.account(&other, &code).await.is_err(), "only whoever began it knows the verifier");
}

#[tokio::test]
async fn an_event_that_failed_is_sent_again_only_when_asked_for() {
    let (_world, github, _, client) = world().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let taken = |headers: HeaderMap| async move {
        let signed = headers["x-hub-signature-256"].to_str().is_ok_and(|it| it.starts_with("sha256="));
        if signed && headers["x-github-event"] == "pull_request" {
            StatusCode::ACCEPTED
        } else {
            StatusCode::IM_A_TEAPOT
        }
    };
    tokio::spawn(axum::serve(listener, Router::new().route("/", post(taken))).into_future());
    github.receiver(url.parse().unwrap(), "secret".into());
    github.lose_webhooks(true);
    github.open(REPOSITORY, "ada", "Change");
    github.settled().await;
    github.lose_webhooks(false);
    github.settled().await;
    let failed = client.failed_deliveries(None).await.unwrap();
    let [it] = &failed.items[..] else { panic!("{failed:?}") };
    assert_eq!((it.event.as_str(), it.action.as_deref(), it.status_code), ("pull_request", Some("opened"), 0));
    client.send_again(it.id).await.unwrap();
    github.settled().await;
    assert_eq!(github.events()[0].statuses, [0, 202]);
    assert_eq!(client.send_again(1).await, Err(GitHubError::Gone));
}

fn refused(query: &str, variables: Value) -> String {
    Document::parse(query).and_then(|it| Cost::of(&it, &variables)).map(|it| format!("{it:?}")).unwrap_or_else(|it| it)
}

#[test]
fn a_question_is_refused_as_github_would() {
    let ids: Vec<String> = (0..101).map(|it| it.to_string()).collect();
    insta::assert_snapshot!([
        refused("{ rateLimit { costs } }", Value::Null),
        refused("{ nodes(ids: $ids) { id } }", json!({ "ids": ids })),
        refused("{ node(id: 1) { ... on Repository { pullRequests { nodes { id } } } } }", Value::Null),
        refused("{ node(id: 1) { ... on Repository { pullRequests(first: 101) { nodes { id } } } } }", Value::Null),
        refused("{ node(id: 1) { ... on PullRequest { author { ... on Team { slug } } } } }", Value::Null),
        refused("{ node(id: 1) { ... on PullRequest { title { x } author } } }", Value::Null),
        refused("query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { pullRequests(first: 100) { nodes { labels(first: 100) { nodes { name } } } } } } }", json!({ "ids": &ids[..60] })),
        refused("query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { pullRequests(first: 10) { nodes { labels(first: 10) { nodes { name } } } } } } }", json!({ "ids": &ids[..60] })),
    ].join("\n"), @"
    Field 'costs' doesn't exist on type 'RateLimit'
    You may not provide more than 100 node ids
    You must provide a `first` or `last` value between 1 and 100 to properly paginate the `pullRequests` connection.
    You must provide a `first` or `last` value between 1 and 100 to properly paginate the `pullRequests` connection.
    Fragment on Team can't be spread inside Actor
    Selections can't be made on scalars (field 'title' of PullRequest)
    This query requests up to 606060 possible nodes which exceeds the maximum limit of 500,000.
    Price { points: 7, nodes: 6660 }
    ");
}
