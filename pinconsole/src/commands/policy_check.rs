use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use console::access::trial::{self, Tried};
use console::access::{Fault, Policies};

use crate::commands::runtime::exit;
use crate::config::Config;
use crate::logging::say;

/// The arguments of `policy check`.
#[derive(clap::Args)]
pub struct PolicyCheck {
    /// The folder with the policies and their tests; by default the configured one, else those of the program
    folder: Option<PathBuf>,
}

impl PolicyCheck {
    /// Validates the policies, runs their tests, and prints both.
    pub fn run(self, config: Option<&Path>) -> Result<ExitCode> {
        let checked = match self.folder {
            Some(folder) => of_folder(&folder),
            None => {
                let config = Config::read(config)?;
                match config.access.policies.as_os_str().is_empty() {
                    true => shipped(),
                    false => of_folder(&config.folder.join(&config.access.policies)),
                }
            }
        };
        match checked {
            Ok((rules, tried)) => {
                let good = tried.iter().all(|it| it.wrong.is_none());
                print(&rules, &tried)?;
                Ok(exit(good))
            }
            Err(faults) => {
                for fault in &faults {
                    say(format!("FAIL  {fault}"))?;
                }
                Ok(exit(false))
            }
        }
    }
}

type Checked = Result<(Vec<(String, String)>, Vec<Tried>), Vec<Fault>>;

fn shipped() -> Checked {
    let policies = Policies::shipped();
    Ok((policies.rules().to_vec(), trial::shipped(&policies)?))
}

fn of_folder(folder: &Path) -> Checked {
    let policies = Policies::read(folder)?;
    Ok((policies.rules().to_vec(), trial::of_folder(&policies, folder)?))
}

fn print(rules: &[(String, String)], tried: &[Tried]) -> Result<()> {
    let width = rules.iter().map(|it| it.0.chars().count()).max().unwrap_or_default();
    say(format!("Policies: {}", rules.len()))?;
    for (id, rule) in rules {
        say(format!("ok    {id:width$}  {rule}"))?;
    }
    say(format!("Tests: {}", tried.len()))?;
    for Tried { file, says, wrong } in tried {
        match wrong {
            None => say(format!("ok    {says}"))?,
            Some(wrong) => say(format!("FAIL  {says}: {wrong} ({file})"))?,
        }
    }
    Ok(())
}
