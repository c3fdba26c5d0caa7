//! Lines of log on their way to standard error. A thread of its own writes what was said within a few milliseconds in one go,
//! so that an answer waits neither for a system call of its own nor for a collector that stalls.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long lines are gathered, unless one tells of trouble.
const GATHER: Duration = Duration::from_millis(10);

/// Bytes that may wait for a reader that stalls; lines beyond them are dropped, and counted.
const ROOM: usize = 4 * 1024 * 1024;

/// How long the end of the program waits for a reader that stalls.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where lines are said.
#[derive(Clone, Default)]
pub struct Lines(Arc<Shared>);

#[derive(Default)]
struct Shared {
    said: Mutex<Said>,
    /// That something is there to be written, or is urgent; and that all was written.
    news: Condvar,
}

#[derive(Default)]
struct Said {
    waiting: Vec<u8>,
    dropped: u64,
    urgent: bool,
    writing: bool,
}

/// Waits, when it is dropped, until what was said is written.
pub struct Flush(Lines);

impl Lines {
    /// Begins to write to this place; tells how many lines were dropped as soon as others are written again.
    pub fn to(place: impl Write + Send + 'static, missed: impl Fn(u64) + Send + 'static) -> io::Result<(Self, Flush)> {
        let lines = Self::default();
        let writer = lines.clone();
        thread::Builder::new().name("log".into()).spawn(move || writer.write(place, missed))?;
        Ok((lines.clone(), Flush(lines)))
    }

    fn write(self, mut place: impl Write, missed: impl Fn(u64)) {
        loop {
            let (lines, dropped) = self.next();
            // Nobody is left to be told that standard error takes no more.
            let _ = place.write_all(&lines);
            let _ = place.flush();
            self.said().writing = false;
            self.0.news.notify_all();
            if dropped > 0 {
                missed(dropped);
            }
        }
    }

    /// Waits for lines, and gathers those that follow at once.
    fn next(&self) -> (Vec<u8>, u64) {
        let said = self.0.news.wait_while(self.said(), |it| it.waiting.is_empty());
        let said = said.unwrap_or_else(PoisonError::into_inner);
        let said = self.0.news.wait_timeout_while(said, GATHER, |it| !it.urgent);
        let (mut said, _) = said.unwrap_or_else(PoisonError::into_inner);
        (said.urgent, said.writing) = (false, true);
        (std::mem::take(&mut said.waiting), std::mem::take(&mut said.dropped))
    }

    fn say(&self, line: &[u8], urgent: bool) {
        let mut said = self.said();
        if said.waiting.len() + line.len() > ROOM {
            said.dropped += 1;
            return;
        }
        let first = said.waiting.is_empty();
        said.waiting.extend_from_slice(line);
        said.urgent |= urgent;
        drop(said);
        if first || urgent {
            self.0.news.notify_all();
        }
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.0.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        let Self(lines) = self;
        let end = Instant::now() + PATIENCE;
        let mut said = lines.said();
        said.urgent = true;
        lines.0.news.notify_all();
        while !said.waiting.is_empty() || said.writing {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            said = lines.0.news.wait_timeout(said, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// One line.
pub struct Line<'a> {
    lines: &'a Lines,
    urgent: bool,
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.lines.say(line, self.urgent);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { lines: self, urgent: false }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line<'a> {
        Line { lines: self, urgent: *meta.level() <= Level::WARN }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A place that writes only when it is let.
    struct Gate(Receiver<()>, Arc<Mutex<Vec<u8>>>);

    impl Write for Gate {
        fn write(&mut self, part: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            self.1.lock().expect("unharmed").extend_from_slice(part);
            Ok(part.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Gated {
        lines: Lines,
        flush: Flush,
        open: Sender<()>,
        written: Arc<Mutex<Vec<u8>>>,
        missed: Receiver<u64>,
    }

    fn gated() -> Gated {
        let (open, gate) = channel();
        let (told, missed) = channel();
        let written = Arc::new(Mutex::new(Vec::new()));
        let tell = move |lines| told.send(lines).expect("somebody listens");
        let (lines, flush) = Lines::to(Gate(gate, written.clone()), tell).expect("a thread");
        Gated { lines, flush, open, written, missed }
    }

    #[test]
    fn all_that_was_said_is_written_in_order_before_the_end() {
        let Gated { lines, flush, open, written, .. } = gated();
        drop(open);
        let said: Vec<String> = (0..10_000).map(|it| format!("{it}\n")).collect();
        said.iter().for_each(|it| lines.say(it.as_bytes(), it.ends_with("7\n")));
        drop(flush);
        assert_eq!(String::from_utf8_lossy(&written.lock().expect("unharmed")), said.concat());
    }

    #[test]
    fn a_reader_that_stalls_holds_nobody_up_and_what_it_missed_is_told() {
        let Gated { lines, flush, open, written, missed } = gated();
        let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
        let said = 3 * ROOM / line.len();
        (0..said).for_each(|_| lines.say(&line, false));
        drop(open);
        let dropped = missed.recv().expect("told");
        drop(flush);
        let kept = written.lock().expect("unharmed").len() / line.len();
        assert!(
            dropped > 0 && kept >= ROOM / line.len() && kept + dropped as usize == said,
            "{kept} kept, {dropped} dropped"
        );
    }
}
