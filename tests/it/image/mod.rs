//! The container image and its stack: what their files say is done here without an engine.

mod context;
mod dockerfile;
mod stack;

use dockerfile::Dockerfile;
