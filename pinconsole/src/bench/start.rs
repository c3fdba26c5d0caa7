//! From the start of the process until it says that it is ready.

use anyhow::Result;

use super::ground::Ground;
use super::limits::Limits;
use super::report::{Goal, Report};
use super::served::Served;

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let mut report = Report::new("start", "from start to ready, warm database with the catalog loaded");
    let database = ground.loaded().await?;
    for round in 0..=rounds {
        let served = Served::start(ground, database, None)?;
        let (ours, cpu, memory) = (served.ready_after, served.cpu()?, served.resident()?);
        drop(served);
        let axum = Limits::start(ground, database)?.ready_after;
        if round == 0 {
            continue;
        }
        report.aim("ours", "ms", Goal::AtMost(100.0), ours);
        report.note("axum hello", "ms", axum);
        report.note("ours / axum hello", "times", ours / axum);
        report.note("CPU until ready", "s", cpu);
        report.note("memory when ready", "MB", memory);
        report.note("one fdatasync", "ms", ground.fdatasync()?);
    }
    Ok(report)
}
