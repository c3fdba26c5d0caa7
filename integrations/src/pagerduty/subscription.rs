use serde::{Deserialize, Serialize};

use super::lenient::{each, maybe};

/// Where PagerDuty sends its events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// Whether it sends anything.
    pub active: bool,
    /// What it is for.
    pub description: Option<String>,
    /// The types of its events.
    #[serde(deserialize_with = "each")]
    pub events: Vec<String>,
    /// Of what it tells: the account, a service or a team.
    #[serde(deserialize_with = "maybe")]
    pub filter: Option<Filter>,
    /// Where it sends them.
    #[serde(deserialize_with = "maybe")]
    pub delivery_method: Option<DeliveryMethod>,
}

/// Of what a subscription tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Filter {
    /// `account_reference`, `service_reference` or `team_reference`.
    #[serde(rename = "type")]
    pub type_: String,
    /// Which service or team.
    pub id: Option<String>,
}

/// Where a subscription sends its events; what signs them is told once only, and not read here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct DeliveryMethod {
    /// The address.
    pub url: String,
    /// Whether PagerDuty stopped sending because it was refused too often.
    pub temporarily_disabled: bool,
}

impl Subscription {
    /// Whether its events are on their way to this address.
    pub fn reaches(&self, url: &str) -> bool {
        self.active && self.delivery_method.as_ref().is_some_and(|it| it.url == url && !it.temporarily_disabled)
    }
}
