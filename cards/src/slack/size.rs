use std::io::{self, Write};

use serde::Serialize;

/// Bytes of a value as JSON, counted without writing them anywhere.
pub(super) fn size(value: &impl Serialize) -> usize {
    let mut count = Count(0);
    // Words, numbers and lists of them can always be written.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0 += bytes.len();
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
