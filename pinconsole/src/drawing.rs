//! Cards as this terminal shows them.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::{env, fs};

use cards::{Card, Reader, terminal};
use chrono::Utc;
use chrono_tz::Tz;
use url::Url;

/// The card as text for the terminal that we write to.
pub fn drawn(card: &Card, public: &Url) -> String {
    let shown = std::io::stdout().is_terminal();
    let colour = shown
        && env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
        && env::var_os("TERM").is_none_or(|it| it != "dumb");
    let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    let accounts = HashMap::new();
    let reader = Reader { public, mentions: &accounts, zone: zone(), now: Some(Utc::now()) };
    terminal::text(card, &reader, terminal::Style { colour, width })
}

/// The zone of this machine, where it names one.
fn zone() -> Tz {
    let named = env::var("TZ").ok().or_else(|| {
        let link = fs::read_link("/etc/localtime").ok()?;
        link.to_str()?.split_once("zoneinfo/").map(|it| it.1.to_string())
    });
    named.and_then(|it| it.trim_start_matches(':').parse().ok()).unwrap_or(Tz::UTC)
}
