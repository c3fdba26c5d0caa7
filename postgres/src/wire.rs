//! Just enough of Postgres' protocol to see whether a server answers and to make a database in it.
//! <https://www.postgresql.org/docs/current/protocol-message-formats.html>

use std::fmt;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

const PROTOCOL_3_0: i32 = 3 << 16;
const LONGEST_MESSAGE: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(10);

/// SQLSTATE codes that mean something here. <https://www.postgresql.org/docs/current/errcodes-appendix.html>
pub(crate) const NO_SUCH_DATABASE: &str = "3D000";
pub(crate) const STARTING_OR_STOPPING: &str = "57P03";

/// Why there is no answer.
pub(crate) enum Refusal {
    /// The server's own error: its SQLSTATE and message.
    Told { code: String, message: String },
    /// Nobody answers, or not in this protocol.
    Silent(std::io::Error),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Told { code, message } => write!(f, "{message} ({code})"),
            Refusal::Silent(error) => error.fmt(f),
        }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Refusal::Silent(error)
    }
}

/// An open connection that is ready for a query.
pub(crate) struct Session {
    stream: UnixStream,
}

impl Session {
    pub(crate) fn open(socket: &Path, user: &str, database: &str) -> Result<Session, Refusal> {
        let stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut session = Session { stream };
        let parameters = format!("user\0{user}\0database\0{database}\0\0");
        session.send(&[&PROTOCOL_3_0.to_be_bytes(), parameters.as_bytes()].concat())?;
        session.until_ready()?;
        Ok(session)
    }

    pub(crate) fn run(&mut self, statement: &str) -> Result<(), Refusal> {
        self.stream.write_all(b"Q")?;
        self.send(&[statement.as_bytes(), b"\0"].concat())?;
        self.until_ready()
    }

    fn send(&mut self, body: &[u8]) -> std::io::Result<()> {
        let length = i32::try_from(body.len() + 4).map_err(std::io::Error::other)?;
        self.stream.write_all(&[&length.to_be_bytes(), body].concat())
    }

    fn until_ready(&mut self) -> Result<(), Refusal> {
        let mut error = None;
        loop {
            let mut head = [0; 5];
            if let Err(end) = self.stream.read_exact(&mut head) {
                // A fatal error is the last thing that the server says.
                return Err(error.unwrap_or(Refusal::Silent(end)));
            }
            let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
            if !(4..=LONGEST_MESSAGE).contains(&length) {
                return Err(std::io::Error::other("this is not a Postgres").into());
            }
            let mut body = vec![0; length - 4];
            self.stream.read_exact(&mut body)?;
            match head[0] {
                b'E' => error = Some(told(&body)),
                b'R' if body != [0; 4] => return Err(std::io::Error::other("it asks for a password").into()),
                b'Z' => return error.map_or(Ok(()), Err),
                _ => {}
            }
        }
    }
}

fn told(body: &[u8]) -> Refusal {
    let fields = || body.split(|it| *it == 0);
    let field = |tag| fields().find_map(|it| it.strip_prefix(&[tag])).map(String::from_utf8_lossy);
    let text = |tag| field(tag).unwrap_or_default().into_owned();
    Refusal::Told { code: text(b'C'), message: text(b'M') }
}
