use std::process::ExitCode;

use anyhow::Result;

/// The arguments of `bench`.
#[derive(clap::Args)]
pub struct Bench {}

impl Bench {
    /// Measures.
    pub fn run(self) -> Result<ExitCode> {
        anyhow::bail!("not built")
    }
}
