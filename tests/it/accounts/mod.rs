//! Whose an account of GitHub's is.

mod corrected;
mod linked;
mod ties;
mod whose;
