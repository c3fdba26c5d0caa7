use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use url::Url;

use crate::commands::runtime::block_on;
use crate::environment::{listen, local};

/// How long a process that lives may take to say so.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks the program that runs here whether it lives, for images without another client.
pub fn run() -> Result<ExitCode> {
    let address = local(listen().map_err(anyhow::Error::msg)?).join("healthz")?;
    block_on(ask(address))?;
    Ok(ExitCode::SUCCESS)
}

async fn ask(address: Url) -> Result<()> {
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
    let answer = client.get(address.clone()).send().await.with_context(|| format!("nothing answers at {address}"))?;
    if !answer.status().is_success() {
        bail!("{address} answered {}", answer.status());
    }
    Ok(())
}
