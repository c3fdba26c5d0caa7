//! Programs that run beside the test and end with it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Loading the demo's company on a busy machine may take this long.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program that was asked to end may take this long.
const LAST_WORDS: Duration = Duration::from_secs(30);

/// A program, interrupted and awaited when dropped.
pub(crate) struct Program(Child);

impl Program {
    /// Starts a program and reads what it says, until `wanted` finds something in a line.
    pub(crate) fn start<T>(command: &mut Command, wanted: impl Fn(&str) -> Option<T>) -> (Self, T) {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a program that starts");
        let output = child.stdout.take().expect("its output");
        let program = Self(child);
        let (say, hear) = channel();
        // Goes on reading to the end, so that the program never waits for a reader.
        thread::spawn(move || BufReader::new(output).lines().map_while(Result::ok).for_each(|it| drop(say.send(it))));
        let (begun, mut said) = (Instant::now(), Vec::new());
        loop {
            match hear.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) {
                Ok(line) => match wanted(&line) {
                    Some(found) => return (program, found),
                    None => said.push(line),
                },
                Err(RecvTimeoutError::Timeout) => panic!("it is not ready after {PATIENCE:?}: {said:?}"),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended early: {said:?}"),
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Interrupted rather than killed, so that what it started ends too.
        let _ = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        let begun = Instant::now();
        while matches!(self.0.try_wait(), Ok(None)) {
            if begun.elapsed() > LAST_WORDS {
                let _ = self.0.kill();
                let _ = self.0.wait();
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}
