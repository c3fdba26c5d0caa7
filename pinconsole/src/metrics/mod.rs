//! Figures for Prometheus, on a listener of their own.

pub mod counted;
mod measured;
mod names;

use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use console::Ctx;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use tokio_util::sync::CancellationToken;

/// Where answers are counted by how long they took, in seconds.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Where what may wait or last for long is counted: a message to a person, a run of a job.
const LONG: [(&str, [f64; 12]); 2] =
    [("pinconsole_outbox_delivery_duration_seconds", LASTING), ("pinconsole_job_duration_seconds", LASTING)];
const LASTING: [f64; 12] = [0.01, 0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 4.0 * 3600.0, 24.0 * 3600.0];

/// How often what was counted is summed up, so that it takes no more room when nobody reads it.
const UPKEEP: Duration = Duration::from_secs(5);

/// The text format that Prometheus reads.
/// <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything that is counted.
#[derive(Clone)]
pub struct Metrics {
    counted: PrometheusHandle,
    process: Collector,
    ctx: Ctx,
}

impl Metrics {
    /// Begins to count, in the whole process.
    pub fn start(ctx: Ctx) -> Result<Self> {
        let mut builder = PrometheusBuilder::new();
        builder = builder.set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)?;
        for (name, buckets) in LONG {
            builder = builder.set_buckets_for_metric(Matcher::Full(name.into()), &buckets)?;
        }
        let recorder = builder.build_recorder();
        let counted = recorder.handle();
        // A second start, as in one test process, keeps the first.
        let _ = metrics::set_global_recorder(recorder);
        names::describe();
        let process = Collector::default();
        process.describe();
        Ok(Self { counted, process, ctx })
    }

    /// The page that Prometheus reads.
    pub fn router(self) -> Router {
        Router::new().route("/metrics", get(show)).with_state(self)
    }

    /// Sums up what was counted, until told to stop.
    pub async fn keep(self, stop: CancellationToken) {
        loop {
            tokio::select! { () = tokio::time::sleep(UPKEEP) => {}, () = stop.cancelled() => return }
            self.counted.run_upkeep();
        }
    }
}

async fn show(State(metrics): State<Metrics>) -> Response {
    metrics.process.collect();
    measured::measure(&metrics.ctx).await;
    ([(CONTENT_TYPE, TEXT)], metrics.counted.render()).into_response()
}
