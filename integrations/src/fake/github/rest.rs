//! The routes of REST, and what they answer.

use axum::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::record::Asked as Reviewer;
use super::refusal::Refusal;
use super::state::{APP, State};
use super::told::time;
use super::{GitHub, oauth};

/// How long a token of an installation opens it.
const TOKEN: TimeDelta = TimeDelta::hours(1);

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    App,
    Installation(i64),
    User(i64),
    /// By the client's id and secret.
    Client,
}

/// What a route was called with.
pub(super) struct Asked {
    /// What stands for `{}` in the path.
    pub(super) ids: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Value,
    pub(super) now: DateTime<Utc>,
}

/// What is told, with a link to what comes next.
type Told = (Option<String>, Value);

pub(super) type Answered = Result<(StatusCode, Told), Refusal>;

/// A route, and who answers.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) answer: fn(&GitHub, &Asked, By) -> Answered,
}

const fn route(method: Method, path: &'static str, answer: fn(&GitHub, &Asked, By) -> Answered) -> Route {
    Route { method, path, answer }
}

/// <https://docs.github.com/en/rest>
pub(super) static ROUTES: [Route; 13] = [
    route(Method::GET, "/app", itself),
    route(Method::GET, "/app/installations", installations),
    route(Method::POST, "/app/installations/{}/access_tokens", token),
    route(Method::GET, "/app/hook/deliveries", deliveries),
    route(Method::POST, "/app/hook/deliveries/{}/attempts", send_again),
    route(Method::GET, "/installation/repositories", repositories),
    route(Method::GET, "/orgs/{}/teams", teams),
    route(Method::GET, "/orgs/{}/teams/{}/members", members),
    route(Method::GET, "/repos/{}/{}/pulls/{}", pull),
    route(Method::POST, "/repos/{}/{}/pulls/{}/requested_reviewers", ask),
    route(Method::DELETE, "/repos/{}/{}/pulls/{}/requested_reviewers", ask_no_longer),
    route(Method::GET, "/user", oauth::user),
    route(Method::DELETE, "/applications/{}/token", oauth::give_back),
];

impl Route {
    /// What stands for `{}` in a path, if it is one of this route.
    pub(super) fn ids(&self, path: &str) -> Option<Vec<String>> {
        let (ours, theirs): (Vec<&str>, Vec<&str>) = (self.path.split('/').collect(), path.split('/').collect());
        let same = ours.len() == theirs.len()
            && ours.iter().zip(&theirs).all(|(ours, theirs)| ours == theirs || *ours == "{}" && !theirs.is_empty());
        let ids = ours.iter().zip(theirs).filter(|(ours, _)| **ours == "{}");
        same.then(|| ids.map(|(_, id)| id.to_string()).collect())
    }
}

impl Asked {
    fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    fn number(&self, name: &str, default: usize) -> Result<usize, Refusal> {
        let wrong = |_| Refusal::unprocessable(format!("{name} is no number"));
        self.value(name).map_or(Ok(default), |it| it.parse().map_err(wrong))
    }

    /// How many a page has. <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>
    fn per_page(&self) -> Result<usize, Refusal> {
        Ok(self.number("per_page", 30)?.clamp(1, 100))
    }

    /// The page that was asked for.
    fn page(&self, items: Vec<Value>) -> Result<Vec<Value>, Refusal> {
        let (size, page) = (self.per_page()?, self.number("page", 1)?.max(1));
        Ok(items.into_iter().skip(size * (page - 1)).take(size).collect())
    }
}

fn well(told: Value) -> Answered {
    Ok((StatusCode::OK, (None, told)))
}

/// Only the app itself may.
fn as_app(by: By) -> Result<(), Refusal> {
    if by == By::App { Ok(()) } else { Err(Refusal::credentials("A JSON web token could not be decoded")) }
}

/// Only an installation may.
fn installed(by: By) -> Result<i64, Refusal> {
    match by {
        By::Installation(id) => Ok(id),
        _ => Err(Refusal::of(StatusCode::FORBIDDEN, "You must authenticate with an installation access token")),
    }
}

fn itself(github: &GitHub, _: &Asked, by: By) -> Answered {
    as_app(by)?;
    let events = ["pull_request", "pull_request_review", "check_run", "push", "issue_comment"];
    let installed = github.state().installations.len();
    well(
        json!({ "id": APP.parse::<i64>().ok(), "slug": "pinconsole", "name": "PinConsole", "events": events, "installations_count": installed }),
    )
}

fn installations(github: &GitHub, asked: &Asked, by: By) -> Answered {
    as_app(by)?;
    let state = github.state();
    let all = state.installations.iter();
    let all = all.map(|(id, of)| json!({ "id": id, "account": state.user(*of), "suspended_at": null, "app_id": APP }));
    well(asked.page(all.collect())?.into())
}

fn token(github: &GitHub, asked: &Asked, by: By) -> Answered {
    as_app(by)?;
    let id = asked.ids[0].parse::<i64>().map_err(|_| Refusal::not_found())?;
    let token = format!("ghs_{}", Uuid::new_v4().simple());
    let until = asked.now + TOKEN;
    github.tell(|state| {
        state.installations.get(&id).ok_or_else(Refusal::not_found)?;
        state.tokens.insert(token.clone(), (id, until));
        Ok((StatusCode::CREATED, (None, json!({ "token": token, "expires_at": time(until), "permissions": {} }))))
    })
}

fn deliveries(github: &GitHub, asked: &Asked, by: By) -> Answered {
    as_app(by)?;
    let before = asked.value("cursor").and_then(|it| it.strip_prefix("v1_")?.parse().ok());
    let (size, failed) = (asked.per_page()?, asked.value("status") == Some("failure"));
    let mut all = github.state().attempts((before, failed));
    let more = all.len() > size;
    all.truncate(size);
    let last = all.last().and_then(|it| it["id"].as_i64()).filter(|_| more);
    let next = last.map(|it| {
        let url = format!("{}/github/api/v3/app/hook/deliveries?per_page={size}&cursor=v1_{it}", github.base);
        format!("<{url}>; rel=\"next\"")
    });
    Ok((StatusCode::OK, (next, all.into())))
}

fn send_again(github: &GitHub, asked: &Asked, by: By) -> Answered {
    as_app(by)?;
    let id = asked.ids[0].parse().map_err(|_| Refusal::not_found())?;
    match github.act(|state| state.send_again(id)) {
        true => Ok((StatusCode::ACCEPTED, (None, json!({})))),
        false => Err(Refusal::not_found()),
    }
}

fn repositories(github: &GitHub, asked: &Asked, by: By) -> Answered {
    let id = installed(by)?;
    let state = github.state();
    let all = state.repositories.values().filter(|it| it.installation == id);
    let all: Vec<Value> = all.map(|it| state.repository_of_rest(it)).collect();
    well(json!({ "total_count": all.len(), "repositories": asked.page(all)? }))
}

fn teams(github: &GitHub, asked: &Asked, by: By) -> Answered {
    installed(by)?;
    let state = github.state();
    let ours = state.teams.values().filter(|it| it.organization.eq_ignore_ascii_case(&asked.ids[0]));
    well(asked.page(ours.map(|it| state.team_of_rest(it.id)).collect())?.into())
}

fn members(github: &GitHub, asked: &Asked, by: By) -> Answered {
    installed(by)?;
    let state = github.state();
    let team = state.teams.values().find(|it| it.organization == asked.ids[0] && it.slug == asked.ids[1]);
    let team = team.ok_or_else(Refusal::not_found)?;
    well(asked.page(team.members.iter().map(|it| state.user(*it)).collect())?.into())
}

/// The pull request of a path, where the installation may see it.
fn found(state: &State, asked: &Asked, by: By) -> Result<i64, Refusal> {
    let (id, name) = (installed(by)?, format!("{}/{}", asked.ids[0], asked.ids[1]));
    let repository = state.repositories.values().find(|it| it.installation == id && it.name == name);
    let repository = repository.ok_or_else(Refusal::not_found)?.id;
    let pull = state.pulls.values().find(|it| it.repository == repository && it.number.to_string() == asked.ids[2]);
    pull.map(|it| it.id).ok_or_else(Refusal::not_found)
}

fn pull(github: &GitHub, asked: &Asked, by: By) -> Answered {
    let state = github.state();
    let id = found(&state, asked, by)?;
    well(state.pull_of_rest(&state.pulls[&id]))
}

fn ask(github: &GitHub, asked: &Asked, by: By) -> Answered {
    github.act(|state| {
        let id = found(state, asked, by)?;
        let who = state.reviewers(asked)?;
        let author = Reviewer::Actor(state.pulls[&id].author);
        if who.contains(&author) {
            return Err(Refusal::unprocessable("Review cannot be requested from pull request author."));
        }
        let sender = state.app_actor();
        who.into_iter().for_each(|it| state.ask(id, it, sender));
        Ok((StatusCode::CREATED, (None, state.pull_of_rest(&state.pulls[&id]))))
    })
}

fn ask_no_longer(github: &GitHub, asked: &Asked, by: By) -> Answered {
    github.act(|state| {
        let id = found(state, asked, by)?;
        let who = state.reviewers(asked)?;
        let sender = state.app_actor();
        who.into_iter().for_each(|it| state.ask_no_longer(id, it, sender));
        Ok((StatusCode::OK, (None, state.pull_of_rest(&state.pulls[&id]))))
    })
}

impl State {
    /// Those whom a body names.
    fn reviewers(&self, asked: &Asked) -> Result<Vec<Reviewer>, Refusal> {
        let named = |name: &str| asked.body[name].as_array().cloned().unwrap_or_default();
        let stranger = || Refusal::unprocessable("Reviews may only be requested from collaborators.");
        let person = |it: &Value| {
            let found =
                self.actors.values().find(|actor| it.as_str().is_some_and(|it| actor.login.eq_ignore_ascii_case(it)));
            found.map(|it| Reviewer::Actor(it.id)).ok_or_else(stranger)
        };
        let team = |it: &Value| {
            let found = self.teams.values().find(|team| it == &team.slug && team.organization == asked.ids[0]);
            found.map(|it| Reviewer::Team(it.id)).ok_or_else(stranger)
        };
        let (people, teams) = (named("reviewers"), named("team_reviewers"));
        people.iter().map(person).chain(teams.iter().map(team)).collect()
    }
}
