use axum::http::Method;

use super::page::Asked;
use super::refusal::Answer;
use super::{PagerDuty, change, incidents, lists, overrides, subscriptions};

/// A route, what it takes, and who answers.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: &'static str,
    /// Whether it must say in whose name it is called.
    pub(super) from: bool,
    /// Parameters beside those of paging.
    pub(super) query: &'static [&'static str],
    pub(super) answer: fn(&PagerDuty, &Asked) -> Answer,
}

const fn get(path: &'static str, query: &'static [&'static str], answer: fn(&PagerDuty, &Asked) -> Answer) -> Route {
    Route { method: Method::GET, path, from: false, query, answer }
}

const fn act(method: Method, path: &'static str, from: bool, answer: fn(&PagerDuty, &Asked) -> Answer) -> Route {
    Route { method, path, from, query: &[], answer }
}

const INCIDENTS: &[&str] =
    &["statuses[]", "service_ids[]", "urgencies[]", "incident_key", "since", "until", "date_range", "sort_by"];
const ONCALLS: &[&str] =
    &["since", "until", "schedule_ids[]", "escalation_policy_ids[]", "user_ids[]", "earliest", "time_zone"];

/// <https://developer.pagerduty.com/api-reference/>
pub(super) static ROUTES: [Route; 23] = [
    get("/services", &["query", "name"], lists::services),
    get("/escalation_policies", &["query"], lists::policies),
    get("/schedules", &["query"], lists::schedules),
    get("/schedules/{id}", &["since", "until"], lists::schedule),
    get("/schedules/{id}/overrides", &["since", "until"], overrides::list),
    act(Method::POST, "/schedules/{id}/overrides", false, overrides::create),
    act(Method::DELETE, "/schedules/{id}/overrides/{id}", false, overrides::delete),
    get("/oncalls", ONCALLS, lists::oncalls),
    get("/users", &["query"], lists::users),
    get("/users/{id}", &[], lists::user),
    get("/priorities", &[], lists::priorities),
    get("/incidents", INCIDENTS, incidents::list),
    get("/incidents/{id}", &[], incidents::one),
    get("/incidents/{id}/log_entries", &["since", "until", "is_overview"], incidents::log),
    get("/incidents/{id}/notes", &[], incidents::notes),
    act(Method::PUT, "/incidents/{id}", true, change::put),
    act(Method::POST, "/incidents/{id}/notes", true, change::note),
    act(Method::POST, "/incidents/{id}/snooze", true, change::snooze),
    act(Method::POST, "/incidents/{id}/responder_requests", false, change::ask),
    get("/webhook_subscriptions", &["filter_type", "filter_id"], subscriptions::list),
    get("/webhook_subscriptions/{id}", &[], subscriptions::one),
    act(Method::POST, "/webhook_subscriptions/{id}/ping", false, subscriptions::ping),
    act(Method::POST, "/webhook_subscriptions/{id}/enable", false, subscriptions::enable),
];

impl Route {
    /// What stands for `{id}` in a path, if it is one of this route.
    pub(super) fn ids(&self, path: &str) -> Option<Vec<String>> {
        let (ours, theirs): (Vec<&str>, Vec<&str>) = (self.path.split('/').collect(), path.split('/').collect());
        let same = ours.len() == theirs.len()
            && ours.iter().zip(&theirs).all(|(ours, theirs)| ours == theirs || *ours == "{id}" && !theirs.is_empty());
        let ids = ours.iter().zip(theirs).filter(|(ours, _)| **ours == "{id}");
        same.then(|| ids.map(|(_, id)| id.to_string()).collect())
    }
}
