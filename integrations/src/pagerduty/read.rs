use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client::Call;
use super::lenient;
use super::{
    Client, Incident, LogEntry, Note, Oncall, Override, PagerDutyError, Policy, Priority, Schedule, Service,
    Subscription, User, Window,
};

/// Of one page. <https://developer.pagerduty.com/docs/pagination>
const PAGE: usize = 100;

/// Further than this no list goes.
const DEEPEST: usize = 10_000;

/// Whose turns are asked for; an empty list means anybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OncallQuery<'a> {
    /// When; at most 90 days.
    pub window: Window,
    /// By these schedules.
    pub schedules: &'a [String],
    /// Through these policies.
    pub policies: &'a [String],
    /// Of these users.
    pub users: &'a [String],
}

impl<'a> OncallQuery<'a> {
    /// Everybody who is on call at a time.
    pub fn all(window: Window) -> Self {
        Self { window, schedules: &[], policies: &[], users: &[] }
    }
}

impl Client {
    /// All services.
    pub async fn services(&self) -> Result<Vec<Service>, PagerDutyError> {
        self.objects("services", &[]).await
    }

    /// All escalation policies, with their levels.
    pub async fn policies(&self) -> Result<Vec<Policy>, PagerDutyError> {
        self.objects("escalation_policies", &[]).await
    }

    /// All schedules.
    pub async fn schedules(&self) -> Result<Vec<Schedule>, PagerDutyError> {
        self.objects("schedules", &[]).await
    }

    /// All users.
    pub async fn users(&self) -> Result<Vec<User>, PagerDutyError> {
        self.objects("users", &[]).await
    }

    /// The user with exactly this e-mail address, in any case; a search alone also finds those whose address holds it.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, PagerDutyError> {
        let query = [("query", email.to_string())];
        let found: Vec<User> = self.all(Call { query: &query, ..Call::read(&["users"]) }, "users", true).await?;
        let email = email.to_lowercase();
        Ok(found.into_iter().find(|it| it.email.to_lowercase() == email))
    }

    /// All priorities.
    pub async fn priorities(&self) -> Result<Vec<Priority>, PagerDutyError> {
        self.objects("priorities", &[]).await
    }

    /// Who takes the place of others in a schedule.
    pub async fn overrides(&self, schedule: &str, window: Window) -> Result<Vec<Override>, PagerDutyError> {
        let path = ["schedules", schedule, "overrides"];
        self.one_page(&Call { query: &window.query(), ..background(&path) }, "overrides").await
    }

    /// Who is on call; a person is there once for each policy, level and schedule.
    pub async fn oncalls(&self, of: &OncallQuery<'_>) -> Result<Vec<Oncall>, PagerDutyError> {
        let lists =
            [("schedule_ids[]", of.schedules), ("escalation_policy_ids[]", of.policies), ("user_ids[]", of.users)];
        let ids = lists.iter().flat_map(|(name, ids)| ids.iter().map(|it| (*name, it.clone())));
        let query: Vec<_> = of.window.query().into_iter().chain(ids).collect();
        self.all(Call { query: &query, pause: "pagerduty:oncalls", ..background(&["oncalls"]) }, "oncalls", false).await
    }

    /// All incidents that are not over, however old, in the order of their numbers.
    pub async fn open_incidents(&self) -> Result<Vec<Incident>, PagerDutyError> {
        let query = [
            ("date_range", "all".into()),
            ("statuses[]", "triggered".into()),
            ("statuses[]", "acknowledged".into()),
            ("sort_by", "incident_number:asc".into()),
        ];
        self.objects("incidents", &query).await
    }

    /// All incidents that began in a window of at most six months, in the order of their numbers.
    pub async fn incidents(&self, window: Window) -> Result<Vec<Incident>, PagerDutyError> {
        let [since, until] = window.query();
        self.objects("incidents", &[since, until, ("sort_by", "incident_number:asc".into())]).await
    }

    /// One incident as it is now.
    pub async fn incident(&self, id: &str) -> Result<Incident, PagerDutyError> {
        let answer = self.read(&Call::read(&["incidents", id])).await?;
        one(answer, "incident").map_err(malformed)
    }

    /// All that happened to an incident, the latest first.
    pub async fn log(&self, incident: &str) -> Result<Vec<LogEntry>, PagerDutyError> {
        self.all(background(&["incidents", incident, "log_entries"]), "log_entries", true).await
    }

    /// All that people wrote to an incident.
    pub async fn notes(&self, incident: &str) -> Result<Vec<Note>, PagerDutyError> {
        self.one_page(&background(&["incidents", incident, "notes"]), "notes").await
    }

    /// Where PagerDuty sends its events.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, PagerDutyError> {
        self.objects("webhook_subscriptions", &[]).await
    }

    async fn objects<T: DeserializeOwned>(
        &self,
        name: &'static str,
        query: &[(&'static str, String)],
    ) -> Result<Vec<T>, PagerDutyError> {
        self.all(Call { query, ..background(&[name]) }, name, true).await
    }

    async fn one_page<T: DeserializeOwned>(&self, call: &Call<'_>, name: &str) -> Result<Vec<T>, PagerDutyError> {
        let mut answer = self.read(call).await?;
        items(&mut answer, name, true)
    }

    /// Every page of a list. A list that could not be read whole is an error, since a part would look like the whole.
    async fn all<T: DeserializeOwned>(
        &self,
        call: Call<'_>,
        name: &'static str,
        named: bool,
    ) -> Result<Vec<T>, PagerDutyError> {
        let mut all = Vec::new();
        for offset in (0..DEEPEST).step_by(PAGE) {
            let page = [("limit", PAGE.to_string()), ("offset", offset.to_string())];
            let query: Vec<_> = call.query.iter().cloned().chain(page).collect();
            let mut answer =
                self.read(&Call { query: &query, method: call.method.clone(), body: None, ..call }).await?;
            let more = answer.get("more").and_then(Value::as_bool) == Some(true);
            all.extend(items(&mut answer, name, named)?);
            if !more {
                return Ok(all);
            }
        }
        Err(PagerDutyError::TooMany(name))
    }
}

fn background<'a>(path: &'a [&'a str]) -> Call<'a> {
    Call { background: true, ..Call::read(path) }
}

fn items<T: DeserializeOwned>(answer: &mut Value, name: &str, named: bool) -> Result<Vec<T>, PagerDutyError> {
    let Some(Value::Array(items)) = answer.get_mut(name).map(Value::take) else {
        return Err(PagerDutyError::Malformed(format!("no list of {name}")));
    };
    let read = if named { lenient::object } else { lenient::plain };
    items.into_iter().map(read).collect::<Result<_, _>>().map_err(malformed)
}

/// The object of this name in an answer.
pub(super) fn one<T: DeserializeOwned>(mut answer: Value, name: &str) -> Result<T, lenient::Malformed> {
    answer.get_mut(name).map(Value::take).ok_or(lenient::Malformed("no object")).and_then(lenient::object)
}

fn malformed(error: lenient::Malformed) -> PagerDutyError {
    PagerDutyError::Malformed(error.0.into())
}
