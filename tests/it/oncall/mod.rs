//! Who is on call and what is broken: asked in chat by anything, shown on pages, told when somebody comes on call.

mod ground;
mod handover;
mod pages;
mod questions;

use ground::Ground;
