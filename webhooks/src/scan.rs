//! One look at the bytes of a body: whether they are well-formed JSON, whether an object, and what a few fields say. No values
//! are built: what an event means is found out later, by whoever applies it.

use std::borrow::Cow;

/// How deep objects and lists may lie in each other.
const MAX_DEPTH: usize = 128;

/// How long the text of a field may be; a longer one is cut.
const MAX_TEXT: usize = 200;

/// How long a path to a field may be.
const MAX_PATH: usize = 4;

/// Why a body cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    Utf8,
    Json,
    Deep,
}

impl Malformed {
    /// In words for whoever reads the sender's log.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "the body is not UTF-8",
            Self::Json => "the body is not well-formed JSON, or was cut short",
            Self::Deep => "the body is nested more than 128 deep",
        }
    }
}

/// What a look at a body found.
#[derive(Debug)]
pub(crate) struct Scanned<'a> {
    /// Whether it is an object.
    pub(crate) object: bool,
    /// The fields that were looked for.
    pub(crate) fields: Fields<'a>,
}

/// The fields that were looked for, in their order, as they are written.
#[derive(Debug)]
pub struct Fields<'a>(Vec<Option<&'a [u8]>>);

impl Fields<'_> {
    /// The text of a string or number, fit to be stored: without NUL, not endless.
    pub(crate) fn text(&self, nth: usize) -> Option<String> {
        let text = decoded((*self.0.get(nth)?)?)?;
        Some(text.chars().take(MAX_TEXT).map(|it| if it == '\0' { char::REPLACEMENT_CHARACTER } else { it }).collect())
    }
}

/// The text of a string with its quotes, or of a number; nothing for any other value, and for half a surrogate pair.
fn decoded(raw: &[u8]) -> Option<Cow<'_, str>> {
    match raw {
        [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => std::str::from_utf8(inner).ok().map(Cow::Borrowed),
        [b'"', ..] => serde_json::from_slice::<String>(raw).ok().map(Cow::Owned),
        [b'-' | b'0'..=b'9', ..] => std::str::from_utf8(raw).ok().map(Cow::Borrowed),
        _ => None,
    }
}

/// Looks at a body, for the fields at these paths; of a repeated field the last one counts.
pub(crate) fn scan<'a>(bytes: &'a [u8], paths: &'static [&'static [&'static str]]) -> Result<Scanned<'a>, Malformed> {
    std::str::from_utf8(bytes).map_err(|_| Malformed::Utf8)?;
    let mut scanner = Scanner {
        bytes,
        at: 0,
        depth: 0,
        objects: 0,
        on: [u32::MAX, 0, 0, 0, 0],
        next: 0,
        paths,
        fields: vec![None; paths.len()],
    };
    scanner.blank();
    let object = scanner.peek() == Some(b'{');
    scanner.document()?;
    Ok(Scanned { object, fields: Fields(scanner.fields) })
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    /// A bit for each depth: whether it is an object.
    objects: u128,
    /// For each depth a bit for each path that led here so far.
    on: [u32; MAX_PATH + 1],
    /// The same for the value that comes next.
    next: u32,
    paths: &'static [&'static [&'static str]],
    fields: Vec<Option<&'a [u8]>>,
}

impl<'a> Scanner<'a> {
    fn document(&mut self) -> Result<(), Malformed> {
        // The document itself lies on every path, and is the end of none.
        self.next = u32::MAX;
        loop {
            if self.value()? {
                continue;
            }
            if !self.after()? {
                return if self.at == self.bytes.len() { Ok(()) } else { Err(Malformed::Json) };
            }
        }
    }

    /// Passes a value, or the beginning of one: then another one follows at once.
    fn value(&mut self) -> Result<bool, Malformed> {
        let from = self.at;
        match self.peek() {
            Some(open @ (b'{' | b'[')) => return self.open(open == b'{'),
            Some(b'"') => self.string()?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal(b"true")?,
            Some(b'f') => self.literal(b"false")?,
            Some(b'n') => self.literal(b"null")?,
            _ => return Err(Malformed::Json),
        }
        if self.next != 0 && self.depth > 0 {
            self.keep(from);
        }
        Ok(false)
    }

    /// Notes the value that begins there for the paths that end with it.
    fn keep(&mut self, from: usize) {
        for (nth, path) in self.paths.iter().enumerate() {
            if self.next & (1 << nth) != 0 && path.len() == self.depth {
                self.fields[nth] = Some(&self.bytes[from..self.at]);
            }
        }
    }

    /// Enters an object or a list; true where a value follows.
    fn open(&mut self, object: bool) -> Result<bool, Malformed> {
        if self.depth == MAX_DEPTH {
            return Err(Malformed::Deep);
        }
        let bit = 1 << self.depth;
        self.objects = if object { self.objects | bit } else { self.objects & !bit };
        if let Some(on) = self.on.get_mut(self.depth) {
            *on = if object { self.next } else { 0 };
        }
        (self.depth, self.at, self.next) = (self.depth + 1, self.at + 1, 0);
        self.blank();
        match (object, self.peek()) {
            (true, Some(b'}')) | (false, Some(b']')) => Ok(false),
            (true, _) => self.name().map(|()| true),
            (false, _) => Ok(true),
        }
    }

    /// Passes what follows a value; true where another one comes, false at the end of the document.
    fn after(&mut self) -> Result<bool, Malformed> {
        loop {
            self.blank();
            if self.depth == 0 {
                return Ok(false);
            }
            let object = self.objects & (1 << (self.depth - 1)) != 0;
            match (self.peek(), object) {
                (Some(b','), _) => {
                    self.at += 1;
                    self.blank();
                    self.next = 0;
                    return if object { self.name().map(|()| true) } else { Ok(true) };
                }
                (Some(b'}'), true) | (Some(b']'), false) => (self.at, self.depth) = (self.at + 1, self.depth - 1),
                _ => return Err(Malformed::Json),
            }
        }
    }

    /// Passes the name of a field and its colon.
    fn name(&mut self) -> Result<(), Malformed> {
        let from = self.at;
        if self.peek() != Some(b'"') {
            return Err(Malformed::Json);
        }
        self.string()?;
        let on = self.on.get(self.depth - 1).copied().unwrap_or_default();
        self.next = if on == 0 { 0 } else { self.leads(on, from) };
        self.blank();
        if self.peek() != Some(b':') {
            return Err(Malformed::Json);
        }
        self.at += 1;
        self.blank();
        Ok(())
    }

    /// Of these paths those that go on with the name that begins there.
    fn leads(&self, on: u32, from: usize) -> u32 {
        let Some(name) = decoded(&self.bytes[from..self.at]) else { return 0 };
        let goes_on = |(nth, path): (usize, &&[&str])| {
            let bit = 1_u32 << nth;
            if on & bit != 0 && path.get(self.depth - 1) == Some(&&*name) { bit } else { 0 }
        };
        self.paths.iter().enumerate().map(goes_on).sum()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Malformed> {
        self.at += word.len();
        let there = self.bytes.get(self.at - word.len()..self.at) == Some(word);
        if there { Ok(()) } else { Err(Malformed::Json) }
    }

    fn number(&mut self) -> Result<(), Malformed> {
        self.at += usize::from(self.peek() == Some(b'-'));
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let count = self.bytes[self.at..].iter().take_while(|it| it.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { Err(Malformed::Json) } else { Ok(()) }
    }

    /// Passes a string with its quotes.
    fn string(&mut self) -> Result<(), Malformed> {
        self.at += 1;
        loop {
            self.at += ordinary(&self.bytes[self.at..]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                _ => return Err(Malformed::Json),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Malformed> {
        let digits = match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 0,
            Some(b'u') => 4,
            _ => return Err(Malformed::Json),
        };
        self.at += 2;
        let code = self.bytes.get(self.at..self.at + digits).ok_or(Malformed::Json)?;
        self.at += digits;
        if code.iter().all(u8::is_ascii_hexdigit) { Ok(()) } else { Err(Malformed::Json) }
    }
}

/// How many bytes come before the next quote, backslash or control character; eight are looked at together.
fn ordinary(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const TOPS: u64 = ONES << 7;
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let (quote, backslash) = (word ^ (ONES * 0x22), word ^ (ONES * 0x5c));
        // A byte that is zero, or below 32, borrows its top bit from the subtraction; only higher bytes may be wrong.
        let zero = |it: u64| it.wrapping_sub(ONES) & !it;
        let found = (zero(quote) | zero(backslash) | (word.wrapping_sub(ONES * 0x20) & !word)) & TOPS;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let special = |it: &u8| matches!(it, b'"' | b'\\' | 0..=0x1f);
    bytes[at..].iter().position(special).map_or(bytes.len(), |it| at + it)
}
