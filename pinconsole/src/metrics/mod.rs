//! Figures for Prometheus, on a listener of their own.

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
        let builder = PrometheusBuilder::new();
        let recorder = builder.set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)?.build_recorder();
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
