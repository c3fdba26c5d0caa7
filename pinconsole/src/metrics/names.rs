use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// What a figure is.
#[derive(Clone, Copy)]
enum Kind {
    Counter,
    Gauge,
    Seconds,
}

/// Every figure of ours with what it says; those of the process have the names that all programs give them.
///
/// <https://prometheus.io/docs/practices/naming/>
const NAMES: &[(&str, Kind, &str)] = &[
    ("pinconsole_http_requests_total", Kind::Counter, "Requests answered, by route, method and status."),
    ("pinconsole_http_request_duration_seconds", Kind::Seconds, "From a request's headers to its answer, by route."),
    ("pinconsole_commands_total", Kind::Counter, "Commands answered, by command, platform and outcome."),
    ("pinconsole_command_duration_seconds", Kind::Seconds, "From a command to its answer, by command."),
    ("pinconsole_deliveries_total", Kind::Counter, "Deliveries of events, by source and outcome."),
    ("pinconsole_events_total", Kind::Counter, "Events that were applied or not, by source and outcome."),
    ("pinconsole_event_apply_seconds", Kind::Seconds, "From the arrival of an event until it was applied, by source."),
    ("pinconsole_database_up", Kind::Gauge, "Whether the database answered this reading of the figures."),
    ("pinconsole_database_connections", Kind::Gauge, "Connections of this replica to the database, by state."),
    ("pinconsole_people", Kind::Gauge, "People of the directory, by state."),
    ("pinconsole_groups", Kind::Gauge, "Groups of the directory."),
    ("pinconsole_entities", Kind::Gauge, "Entities of the catalog, by state."),
    (
        "pinconsole_errands_total",
        Kind::Counter,
        "What people asked PagerDuty, or GitHub, for, by action and how it ended.",
    ),
    ("pinconsole_inbox_deliveries", Kind::Gauge, "Events that still need somebody, by source and state."),
    ("pinconsole_inbox_oldest_age_seconds", Kind::Gauge, "Age of the oldest of them, by source and state."),
    ("pinconsole_outbox_messages", Kind::Gauge, "Messages to people, by lane and state."),
    ("pinconsole_outbox_oldest_age_seconds", Kind::Gauge, "Age of the oldest message that waits, by lane."),
    (
        "pinconsole_outbox_delivery_duration_seconds",
        Kind::Seconds,
        "From a message's row to its post, by lane; of many that go together, the oldest.",
    ),
    ("pinconsole_job_duration_seconds", Kind::Seconds, "How long runs of jobs took here, by job."),
    ("pinconsole_administrators_configured", Kind::Gauge, "Whether anybody is told what needs administrators."),
    (
        "pinconsole_job_last_run_timestamp_seconds",
        Kind::Gauge,
        "When a job last ended, in seconds since 1970, by how it ended.",
    ),
    (
        "pinconsole_pagerduty_heard_age_seconds",
        Kind::Gauge,
        "How long ago PagerDuty last sent an event, pings included.",
    ),
    (
        "pinconsole_pagerduty_silent",
        Kind::Gauge,
        "Whether PagerDuty's events do not come although it was asked for one.",
    ),
    ("pinconsole_github_calls_total", Kind::Counter, "Calls to GitHub, by kind and how they ended."),
    ("pinconsole_github_points_total", Kind::Counter, "Points that questions in GraphQL cost."),
    (
        "pinconsole_github_calls_left",
        Kind::Gauge,
        "Calls, or points, that GitHub allows until its hour is over, by kind.",
    ),
    ("pinconsole_github_redeliveries_total", Kind::Counter, "Events that GitHub was asked to send again."),
    ("pinconsole_github_read_age_seconds", Kind::Gauge, "How long ago a part of GitHub was last read whole."),
    ("pinconsole_github_missed", Kind::Gauge, "Events that were asked for as often as they may be, and never came."),
    ("pinconsole_pagerduty_read_age_seconds", Kind::Gauge, "How long ago a part of PagerDuty was last read whole."),
    ("pinconsole_source_readable", Kind::Gauge, "Whether the last reading of a source ended well."),
    (
        "pinconsole_source_read_timestamp_seconds",
        Kind::Gauge,
        "When a source was last read whole, in seconds since 1970; absent until it was.",
    ),
];

/// Tells what each figure is, for the lines that explain it.
pub(super) fn describe() {
    for &(name, kind, help) in NAMES {
        match kind {
            Kind::Counter => describe_counter!(name, help),
            Kind::Gauge => describe_gauge!(name, help),
            Kind::Seconds => describe_histogram!(name, Unit::Seconds, help),
        }
    }
}
