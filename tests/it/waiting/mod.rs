//! Which pull requests wait, for whom and since when: asked in chat and on pages.

mod changes;
mod ground;
mod lists;
mod one;
mod pages;

use ground::Ground;
