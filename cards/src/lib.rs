//! What PinConsole says, free of any platform: a [`Card`] of spans, facts, lists, tables and actions, and one renderer
//! for each surface. Pure: no async, no I/O, no clock.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may fail"))]

mod action;
mod card;
pub mod discord;
mod extras;
mod gallery;
pub mod html;
mod limit;
mod page;
mod reader;
pub mod slack;
mod span;
pub mod terminal;
#[cfg(test)]
mod testing;
mod words;

pub use action::{Act, Action, Ask, Emphasis, Field, FieldKind, Form};
pub use card::{Card, FORMAT, Fact, Item, Part, Table, Tone};
pub use extras::Extras;
pub use gallery::gallery;
pub use page::Page;
pub use reader::Reader;
pub use span::{Span, Target, Text, TimeStyle};
