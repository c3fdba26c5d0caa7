//! What a reading of PagerDuty's API found otherwise than it was known.

use chrono::TimeDelta;
use console::pagerduty::{Log, What, entries};
use domain::delivery::Claimed;
use domain::incidents::{Moment, Origin};
use integrations::pagerduty as wire;

use super::matter::{Happened, Matter};

/// What happened longer ago is written down, but nobody is told of it any more.
const NEWS: TimeDelta = TimeDelta::hours(1);

/// What a reading is about.
pub(super) fn matter<'a>(claimed: &'a Claimed, what: What, body: &[u8]) -> Matter<'a> {
    let at = claimed.occurred_at.unwrap_or(claimed.received_at);
    let read = match what {
        What::Incident => wire::Incident::parse(body).map_err(|it| it.to_string()).map(|it| {
            let moment = Moment { read_at: at, updated_at: it.updated_at };
            Matter::Read(&claimed.external_id, moment, Box::new(it))
        }),
        What::Log => serde_json::from_slice::<Log>(body).map_err(|it| it.to_string()).map(|it| log(claimed, it)),
        What::Service => serde_json::from_slice::<wire::Service>(body)
            .map_err(|it| it.to_string())
            .map(|it| Matter::ReadService(Box::new(it), at)),
    };
    read.unwrap_or_else(Matter::Unclear)
}

fn log<'a>(claimed: &Claimed, it: Log) -> Matter<'a> {
    let entries = entries(&it.entries).into_iter();
    let log = entries.map(|it| {
        let news = claimed.received_at - it.at < NEWS;
        (it, news)
    });
    Matter::Happened(Happened { incident: it.incident, log: log.collect(), origin: Origin::Reading, beside: None })
}
