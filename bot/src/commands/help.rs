use console::Reply;

/// The arguments of `help`.
#[derive(clap::Args, Debug)]
pub struct Help {
    /// The command to explain
    command: Option<String>,
}

impl Help {
    pub(crate) fn run(self) -> Reply {
        match self.command {
            Some(name) => Ok(crate::help::on(&name.to_lowercase())?),
            None => Ok(crate::help::all()),
        }
    }
}
