use std::process::Command;

/// The program, with nothing of this process' environment.
pub(super) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pinconsole"));
    command.env_clear();
    command
}
